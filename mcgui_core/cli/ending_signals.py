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


class EndingSignals:
    """Remembers the signal that came: what it raises can be lost, in C code that asks Python something and takes any
    error for a no (seen while a decoder was made)."""

    def __init__(self) -> None:
        self._came: KeyboardInterrupt | None = None

    def handle(self, number: int, _frame: FrameType | None) -> None:
        self._came = KeyboardInterrupt() if number == signal.SIGINT else Ended(number)
        raise self._came

    def check(self) -> None:
        """Raises what a signal raised that has come already: who gets so far has not heard of it."""
        if self._came is not None:
            raise self._came


@contextmanager
def ending_signals() -> Iterator[EndingSignals]:
    """Raise Ended (KeyboardInterrupt at Ctrl+C) in the main thread where a signal comes; those that whoever started us
    has us ignore (`nohup`) stay so."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [number for name in names if (number := getattr(signal, name, None))]
    before = {number: signal.getsignal(number) for number in numbers}
    signals = EndingSignals()
    for number, was in before.items():
        if was is not signal.SIG_IGN:
            signal.signal(number, signals.handle)
    try:
        yield signals
    finally:
        for number, was in before.items():
            signal.signal(number, signal.SIG_DFL if was is None else was)
