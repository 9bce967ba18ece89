"""What differs between two descriptions of a job, in words for people: all but the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.run_options import OPTIONS

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing, as it is on the one side and on the other."""

    what: str
    before: str
    after: str


def facts_that_differ(before: JobSpec, after: JobSpec) -> tuple[Fact, ...]:
    """Function, arguments and options, where they are others."""
    pairs = [("Function", before.function, after.function), ("Reduce", before.reduce, after.reduce)]
    pairs += [(kind.title, getattr(before, name), getattr(after, name)) for name, kind in OPTIONS.items()]
    pairs.append(("Arguments", _source(before), _source(after)))
    return tuple(Fact(what, _word(one), _word(other)) for what, one, other in pairs if one != other)


def _source(spec: JobSpec) -> str:
    """On one line: the table of a document without its head."""
    lines = (line.strip() for line in spec.source.splitlines() if line.strip() and not line.startswith("[arguments]"))
    return ", ".join(lines) or "brought by a program"


def _word(value: Any) -> str:
    return _NONE if value in (None, "") else {True: "yes", False: "no"}[value] if type(value) is bool else str(value)
