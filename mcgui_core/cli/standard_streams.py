"""Standard input, output and error where whoever started us has closed them, or where they take no more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def open_missing_streams() -> None:
    """What was closed before the start leads nowhere from now on: else the next file that is opened takes its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole process


def give_up_stream(stream: Any) -> None:
    """It takes no more. What is left in it goes nowhere: Python would complain at its end, as it flushes."""
    with suppress(OSError, ValueError):  # none of the system's: a test's
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
