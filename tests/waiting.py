"""Waiting for a condition: what tests do instead of sleeping."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds between two looks. Short beside anything that a process does, long beside a look.
PAUSE = 0.01


def until(condition: Callable[[], T], timeout: float = 20.0, what: str = "", pause: float = PAUSE) -> T:
    """Look at `condition()` until it is true, and return its value. `pause` is longer where a look is dear.

    Raises TimeoutError, which says what was waited for, after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    resting = threading.Event()
    while not (value := condition()):
        if time.monotonic() >= deadline:
            name = what or getattr(condition, "__name__", repr(condition))
            raise TimeoutError(f"{name} did not come true in {timeout:g} s; it is {value!r}")
        resting.wait(pause)
    return value


def comes_true(condition: Callable[[], object], timeout: float) -> bool:
    """Whether `condition()` comes true within `timeout` seconds."""
    try:
        until(condition, timeout)
    except TimeoutError:
        return False
    return True
