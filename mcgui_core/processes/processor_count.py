"""How many processors there are, and how many somebody asked for."""

from __future__ import annotations

import os

from mcgui_core.errors import NprocsInvalid


def cpu_count() -> int:
    """Processors that this process may use (a container or `taskset` may leave it fewer than the machine has)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def parse_nprocs(given: object) -> int:
    """A number of slots from what a person or a program gave.

    Raises NprocsInvalid for anything but a whole number of 1 or more.
    """
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise NprocsInvalid(repr(given))
    try:
        number = int(given)
    except ValueError:
        raise NprocsInvalid(repr(given)) from None
    if number < 1:
        raise NprocsInvalid(str(number))
    return number
