"""Which processes a child of ours has started: all of them, also behind `setsid` or a double fork, and their memory.

Each child that is watched gets a mark in its environment, which its own children inherit, however they part from it;
one that starts others without an environment is found by its parent, and on Linux, where that is gone by then too, by a
limit that it has inherited (inherited_mark.py); elsewhere as long as it stays in the child's group. A process is looked
at once, when it is new.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from mcgui_core.processes.inherited_mark import mark_of, number_of, put_mark

#: The variable that says whose family a process is of.
MARK = "MCGUI_FAMILY"
#: Seconds for which a look at the computer's processes is good, where nobody asks for a new one.
GOOD_FOR = 0.15
#: Looks at most until all of a family are ended: each finds only what was started since the one before.
ROUNDS = 50
#: Seconds at most for what sweeps up shared memory: it takes some hundredths, where others leave it the processor.
SWEEPING = 5.0


class ProcessFamilies:
    """Knows every process that carries a mark, or descends from one that does. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark_of: dict[int, str] = {}  # every process there is -> its mark, "" for none
        self._by_number: dict[int, str] = {}  # marks, by the numbers that go with them
        self._by_group: dict[int, str] = {}  # and by the groups of processes that have them
        self._looked = float("-inf")

    def of(self, mark: str, fresh: bool = False) -> list[int]:
        """The processes of a family, by number; `fresh` where not even what was seen a moment ago will do."""
        with self._lock:
            if fresh or time.monotonic() - self._looked >= GOOD_FOR:
                self._look()
            return sorted(pid for pid, found in self._mark_of.items() if found == mark)

    def add(self, pid: int, mark: str) -> None:
        """A process that has just started with this mark, in a group of its own. Until it runs, it has its parent's
        environment."""
        self._know(pid, mark, put_mark(pid, mark))

    def add_self(self, mark: str) -> None:
        """This process, which somebody else has started so."""
        self._know(os.getpid(), mark, number_of(mark, os.getpid()))

    def _know(self, pid: int, mark: str, number: int) -> None:
        with self._lock:
            self._mark_of[pid] = self._by_group[pid] = mark
            if number:
                self._by_number[number] = mark

    def forget(self, mark: str) -> None:
        """Nothing of this family is left."""
        with self._lock:
            self._by_number = {number: found for number, found in self._by_number.items() if found != mark}
            self._by_group = {group: found for group, found in self._by_group.items() if found != mark}

    def _look(self) -> None:
        self._looked = time.monotonic()
        there = psutil.pids()
        known = self._mark_of
        self._mark_of = {pid: known[pid] for pid in there if pid in known}
        # In the order in which they were started, mostly: a parent is known before its children then.
        for pid in there:
            if pid not in known:
                known_by = _mark(pid) or self._by_number.get(mark_of(pid), "") or self._by_group.get(_group(pid), "")
                self._mark_of[pid] = known_by or self._mark_of.get(_parent(pid), "")

    def kill(self, mark: str, sweepers: bool = False) -> list[int]:
        """End every process of a family, and of its `sweepers` if they are to end too; else they are returned. Those
        that are started meanwhile are found by the next look."""
        before = {os.getpid()}
        spared: list[int] = []
        for _ in range(ROUNDS):
            left = [pid for pid in self.of(mark, fresh=True) if pid not in before]
            if not left:
                break
            going_on = [] if sweepers else [pid for pid in left if _sweeps(pid)]
            # They may have been stopped in memory. As a group of processes loses its link to others with its first one,
            # and any of it is still stopped, the system sends all of it SIGHUP: so these go on first, and it ends last.
            resume(going_on)
            for pid in reversed(left):
                if pid not in going_on:
                    _end(pid)
            spared += going_on
            before.update(left)
        return spared

    def clear_away(self, mark: str) -> None:
        """End every process of a family, sweepers as soon as what the others have left is swept away. Returns then, or
        after SWEEPING seconds."""
        if sweepers := self.kill(mark):
            deadline = time.monotonic() + SWEEPING
            while any(map(_runs, sweepers)) and time.monotonic() < deadline:
                time.sleep(0.005)
            self.kill(mark, sweepers=True)


def end_own_family() -> None:
    """End all that this process has started, as a child that is watched, but for itself; and for sweepers, which end
    after it, and not before."""
    families, mark = ProcessFamilies(), _mark(os.getpid()) or "unmarked"
    families.add_self(mark)
    families.kill(mark)


def _mark(pid: int) -> str:
    """What the environment says with which a process was started; "" where that is not ours to read."""
    if sys.platform == "linux":
        with suppress(OSError), Path(f"/proc/{pid}/environ").open("rb") as environment:
            key = MARK.encode() + b"="
            for entry in environment.read().split(b"\0"):
                if entry.startswith(key):
                    return entry[len(key) :].decode(errors="replace")
        return ""
    with suppress(psutil.Error, OSError):
        return psutil.Process(pid).environ().get(MARK, "")
    return ""


def _sweeps(pid: int) -> bool:
    """Whether it is one that Python's multiprocessing, or joblib's, starts to remove shared memory that nobody else
    does: it ends when all have ended whose that was, and without it the memory is lost until the computer starts."""
    with suppress(psutil.Error, OSError):
        return any("resource_tracker import main" in word for word in psutil.Process(pid).cmdline())
    return False


def _runs(pid: int) -> bool:
    with suppress(psutil.Error, OSError):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _group(pid: int) -> int:
    if sys.platform != "win32":
        with suppress(OSError):
            return os.getpgid(pid)
    return 0


def _parent(pid: int) -> int:
    with suppress(psutil.Error, OSError):
        return psutil.Process(pid).ppid()
    return 0


def _end(pid: int) -> None:
    with suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            psutil.Process(pid).kill()
        else:
            os.kill(pid, signal.SIGKILL)


def memory_of(pids: Iterable[int]) -> int:
    """Bytes that processes hold together. What a fork shares with its parent counts once, where the system says so."""
    found = [resident for pid in pids if (resident := _resident(pid))]
    if len(found) < 2:
        return sum(size for _, size in found)
    return sum(_share(process, size) for process, size in found)


def _resident(pid: int) -> tuple[psutil.Process, int] | None:
    with suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        return process, process.memory_info().rss
    return None


def _share(process: psutil.Process, resident: int) -> int:
    """A process's part of what it shares with others, beside what is its own; Linux alone tells it cheaply."""
    if sys.platform == "linux":
        with suppress(OSError, ValueError), Path(f"/proc/{process.pid}/smaps_rollup").open("rb") as sums:
            for line in sums:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    return resident


def suspend(pids: Iterable[int]) -> None:
    """Stop processes where they are, in memory, until `resume`."""
    for pid in pids:
        with suppress(psutil.Error, OSError):
            psutil.Process(pid).suspend()


def resume(pids: Iterable[int]) -> None:
    """Let processes go on that `suspend` has stopped."""
    for pid in pids:
        with suppress(psutil.Error, OSError):
            psutil.Process(pid).resume()
