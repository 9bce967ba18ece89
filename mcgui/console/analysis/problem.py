"""A problem in a text: where it is, what it is, and how bad. No Qt in here: a process beside the window finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: An error keeps the environment from running as it is meant; a warning is worth a look.
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, counted from 1.

    `start` and `end` say which part of it, in the UTF-16 units that Qt counts in; None means all of it.
    """

    line: int
    text: str
    severity: Severity = "error"
    start: int | None = None
    end: int | None = None


def units(text: str, characters: int) -> int:
    """How many UTF-16 units the first `characters` characters of a text are."""
    head = text[:characters]
    return len(head) + sum(char > "\uffff" for char in head)


def characters(text: str, units: int) -> int:
    """How many characters the first `units` UTF-16 units of a text are; half a character counts as none."""
    if text.isascii():
        return min(units, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))
