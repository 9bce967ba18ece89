"""The tasks of a chaos run: what each kind does, and what has to come of it.

The slots load this file as the environment of the jobs, and whoever checks imports it: so it stands alone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
import threading
import uuid
from dataclasses import dataclass
from typing import Any

#: Where each slot notes what it runs: one file a process, one record for the start and one for the end of a task.
LOG_VARIABLE = "MCGUI_CHAOS_LOG"
#: Where a task that hangs the first time notes that it has been there.
MARKS_VARIABLE = "MCGUI_CHAOS_MARKS"
RECORD = struct.Struct("<BBI")  # job, phase, index
BEGUN, ENDED = 0, 1
#: Bytes that a slot may use, that a hungry task takes, and that one takes which stays within its limit.
MEMORY_LIMIT, MEMORY_TAKEN, MEMORY_PERMITTED = 300 << 20, 500 << 20, 60 << 20
#: Seconds that a task of the job with a limit may take.
TIME_LIMIT = 1.5
_log: list[int] = []  # the descriptor, once it is open


class Locked(Exception):
    """Cannot be pickled."""

    def __init__(self, index: int) -> None:
        super().__init__(f"locked {index}")
        self.lock = threading.Lock()


@dataclass
class Point:
    """A class that exists in the environment only."""

    x: int
    y: int


@dataclass(frozen=True)
class Value:
    """What has to come of a task: this value."""

    value: Any


@dataclass(frozen=True)
class Failure:
    """What has to come of a task: a failure of this kind. Type and message as far as they are known in advance."""

    kind: str
    type: str = ""
    message: str = ""


def work(job: int, index: int, kind: str) -> Any:
    """Task `index` of the job of that number."""
    note(job, index, BEGUN)
    try:
        return _ACTIONS[kind](index)
    finally:
        note(job, index, ENDED)


def expected(index: int, kind: str) -> Value | Failure:
    """What has to come of it."""
    if kind in _FAILURES:
        how, type, message = _FAILURES[kind]
        return Failure(how, type, message.format(index))
    return Value(_VALUES[kind](index))


def note(job: int, index: int, phase: int) -> None:
    """Six bytes: cheap beside the shortest task, and what was written is there however the process ends."""
    if not _log:
        name = os.path.join(os.environ[LOG_VARIABLE], f"{os.getpid()}-{uuid.uuid4().hex}")  # noqa: PTH118
        _log.append(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    os.write(_log[0], RECORD.pack(job, phase, index))


# --- those that have a value ---------------------------------------------------------------------------------------


def number(index: int) -> int:
    return index * index % 1_000_003


def text(index: int) -> str:
    return f"result № {index} " + "x" * (index % 50)


def mapping(index: int) -> dict[str, Any]:
    return {"index": index, "parts": (index, [index % 7] * 3), "nothing": None}


def array(index: int) -> Any:
    import numpy as np

    return np.arange(index, index + 64, dtype=np.float64)


def blob(index: int) -> bytes:
    """A megabyte."""
    return index.to_bytes(8, "big") * (1 << 17)


def large(index: int) -> Any:
    """From 1 to 20 megabytes."""
    import numpy as np

    return np.full(large_size(index) // 8, float(index))


def large_size(index: int) -> int:
    """Bytes."""
    return (1 + index * 7919 % 20) << 20


def point(index: int) -> Point:
    return Point(index, -index)


def slow(index: int) -> int:
    """From 5 to 40 milliseconds."""
    threading.Event().wait(0.005 + index % 36 / 1000)
    return number(index)


def printing(index: int) -> int:
    print(f"{index} says " + "bla " * 500)
    print(f"{index} complains", file=sys.stderr)
    return number(index)


def flooding(index: int) -> int:
    """Prints 200 kilobytes."""
    for line in range(2000):
        print(f"{index:>10} {line:>6} " + "." * 80)
    return number(index)


def eating(index: int) -> int:
    """Takes memory, less than it may, and gives it back."""
    return number(index) + 0 * len(b"x" * MEMORY_PERMITTED)


def stuck(index: int) -> int:
    """Hangs for ever the first time, as on a dead network disk; elsewhere it has its value at once."""
    try:
        mark = os.path.join(os.environ[MARKS_VARIABLE], f"stuck-{index}")  # noqa: PTH118
        os.close(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return number(index)
    while True:
        threading.Event().wait()


_VALUES = {
    "number": number, "text": text, "mapping": mapping, "array": array, "blob": blob, "large": large,
    "point": point, "slow": number,
    "printing": number, "flooding": number, "eating": number, "stuck": number,
}  # fmt: skip


# --- those that fail -----------------------------------------------------------------------------------------------


def raising(index: int) -> None:
    raise ValueError(f"task {index}")


def locked(index: int) -> None:
    raise Locked(index)


def deep(index: int, level: int = 150) -> None:
    if not level:
        raise KeyError(f"deep {index}")
    deep(index, level - 1)


def leaving(index: int) -> None:
    sys.exit(f"leave {index}")


def unpicklable(index: int) -> Any:
    return threading.Lock()


def exiting(index: int) -> None:
    os._exit(index % 200)


def crashing(index: int) -> None:
    """A segmentation fault, of two sorts."""
    if index % 2:
        os.kill(os.getpid(), signal.SIGSEGV)
        threading.Event().wait()
    ctypes.string_at(0)


def rebelling(index: int) -> None:
    """Takes its whole worker down: the agent is the parent of its slots."""
    if (agent := os.getppid()) > 1:  # else it is gone already
        os.kill(agent, signal.SIGKILL)
    threading.Event().wait()


def hungry(index: int) -> str:
    held = b"x" * MEMORY_TAKEN
    threading.Event().wait(20.0)
    return f"was let be with {len(held)} bytes"


def hanging(index: int) -> str:
    threading.Event().wait(60.0)
    return "was let be"


_FAILURES = {
    "raising": ("raised", "ValueError", "task {}"),
    "locked": ("raised", "Locked", "locked {}"),
    "deep": ("raised", "KeyError", "'deep {}'"),
    "leaving": ("raised", "SystemExit", "leave {}"),
    "unpicklable": ("unpicklable", "TypeError", ""),
    "exiting": ("died", "", ""),
    "crashing": ("died", "", ""),
    "rebelling": ("died", "", ""),
    "hungry": ("memory", "", ""),
    "hanging": ("timeout", "", ""),
}

_ACTIONS: dict[str, Any] = {
    "number": number, "text": text, "mapping": mapping, "array": array, "blob": blob, "large": large,
    "point": point, "slow": slow,
    "printing": printing, "flooding": flooding, "eating": eating, "raising": raising, "locked": locked, "deep": deep,
    "leaving": leaving, "unpicklable": unpicklable, "exiting": exiting, "crashing": crashing, "hungry": hungry,
    "hanging": hanging, "stuck": stuck, "rebelling": rebelling,
}  # fmt: skip
