"""What a job's spec has to be before anything is done with it: the types and ranges of its fields.

A spec may come from a program of any kind, or from a journal of any age. One that is wrong must be refused where it
comes in: in the journal it would stay, and each master that opens it would meet it again.
"""

from __future__ import annotations

import reprlib

from mcgui_core.errors import BadInput
from mcgui_core.protocol.field_types import field_types, wrong_field
from mcgui_core.protocol.messages import JobSpec

#: Priorities beyond these nobody needs, and whatever shows them has room.
LOWEST_PRIORITY, HIGHEST_PRIORITY = -1_000_000, 1_000_000

_WORDS = {
    "call": '"single", "args" or "kwargs"',
    "on_error": '"continue" or "stop"',
    "retries": "a whole number, 0 or more",
    "backoff": "seconds, 0 or more",
    "timeout": "seconds, more than 0, or None",
    "memory": "a whole number of bytes, 1 or more, or None",
    "chunksize": "a whole number, 1 or more, or None",
    "priority": f"a whole number from {LOWEST_PRIORITY:,} to {HIGHEST_PRIORITY:,}",
    "hedge": "True or False",
    "function": "the name of a function",
}


def check_spec(spec: JobSpec) -> None:
    """Raises BadInput, which names the first field that is wrong."""
    if type(spec) is not JobSpec:
        raise BadInput(f"A job is described by a JobSpec, not by {reprlib.repr(spec)}.")
    if name := wrong_field(spec):
        raise _wrong(spec, name)
    right = {
        "function": bool(spec.function),
        "retries": spec.retries >= 0,
        "backoff": spec.backoff >= 0,
        "timeout": spec.timeout is None or spec.timeout > 0,
        "memory": spec.memory is None or spec.memory >= 1,
        "chunksize": spec.chunksize is None or spec.chunksize >= 1,
        "priority": LOWEST_PRIORITY <= spec.priority <= HIGHEST_PRIORITY,
    }
    for name, fine in right.items():
        if not fine:
            raise _wrong(spec, name)


def _wrong(spec: JobSpec, name: str) -> BadInput:
    expected = _WORDS.get(name) or f"of the type {field_types(JobSpec)[name]!s}"
    return BadInput(f"{name} must be {expected}, not {reprlib.repr(getattr(spec, name))}.")
