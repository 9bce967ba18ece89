"""A mark that a process cannot lose: all that it starts has it too, whatever they drop and whoever is their parent.

A limit that hardly anybody needs (the bytes of POSIX message queues) is set to a number that no other process has.
Limits go through fork and exec; `setsid`, a double fork and an empty environment leave them as they are, and nothing
has to be looked at before its parent is gone. Linux alone lets us set and read those of another process.

Two other ways were left: a subreaper has orphans come to itself, so that a task's `os.wait()` would hear of children
that it does not have, where it is the slot, and nobody would know which slot they were of, where it is the agent; and a
cgroup can be had only where systemd gives one.
"""

from __future__ import annotations

import sys
from contextlib import suppress

#: The number is from this many on: numbers have to be many, and the queues large enough for whoever does need some.
_LEAST = 1 << 18
#: The most where the system sets none.
_MOST = 1 << 30


def put_mark(pid: int, mark: str) -> int:
    """Mark a process that has not started any other yet. Returns its number, 0 where it cannot have one."""
    number = number_of(mark, pid)
    if sys.platform == "linux" and number:
        import resource

        with suppress(OSError, ValueError):
            _, most = resource.prlimit(pid, resource.RLIMIT_MSGQUEUE)
            resource.prlimit(pid, resource.RLIMIT_MSGQUEUE, (number, most))
            return number
    return 0


def number_of(mark: str, pid: int) -> int:
    """The number that goes with a mark in hexadecimal digits: who has the mark knows it too, whatever has become of its
    limit. 0 where that process cannot have it."""
    if sys.platform == "linux":
        import resource

        with suppress(OSError, ValueError):
            _, most = resource.prlimit(pid, resource.RLIMIT_MSGQUEUE)
            top = most if 0 < most < _MOST else _MOST
            return _LEAST + int(mark, 16) % (top - _LEAST) if top > _LEAST else 0
    return 0


def mark_of(pid: int) -> int:
    """The number of a process, which may be one that nobody has given; 0 where it is not ours to read."""
    if sys.platform == "linux":
        import resource

        with suppress(OSError, ValueError):
            return resource.prlimit(pid, resource.RLIMIT_MSGQUEUE)[0]
    return 0
