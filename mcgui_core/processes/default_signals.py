"""Signals as an ordinary program has them, whatever those have made of them that started us."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

#: Python itself ignores these, and restores them in what `subprocess` starts.
_IGNORED_BY_PYTHON = {"SIGPIPE", "SIGXFSZ", "SIGXFZ"}


def default_signals() -> None:
    """From now on a signal does what it does in a program that was started from a shell, here and in our children.

    What a process ignores, the programs that it starts ignore too. The terminal's Ctrl+C does not reach us all the
    same: we have a process group of our own.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == "win32":
        return
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals():
        if getattr(number, "name", "") in _IGNORED_BY_PYTHON:  # a real-time signal has none
            continue
        if signal.getsignal(number) is signal.SIG_IGN:
            with suppress(OSError, ValueError):  # not one that can be set
                signal.signal(number, signal.SIG_DFL)
