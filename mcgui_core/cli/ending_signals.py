"""Signals that end a command as Ctrl+C does: in order, with a word and an exit code that names them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Ended(KeyboardInterrupt):
    """A signal other than Ctrl+C's has come: a service manager's, or that of a terminal which was closed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def ending_signals() -> Iterator[None]:
    """Raise Ended in the main thread where one comes; those that whoever started us has us ignore (`nohup`) stay so."""
    numbers = [number for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if (number := getattr(signal, name, None))]
    before = {number: signal.getsignal(number) for number in numbers}

    def handle(number: int, _frame: FrameType | None) -> None:
        raise Ended(number)

    for number, was in before.items():
        if was is not signal.SIG_IGN:
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)
