"""Two texts line by line: which lines went, which came, and enough around them to find the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

#: Lines around a difference.
AROUND = 3
#: Lines of both texts together up to which they are compared line by line; more would take seconds.
MOST_LINES = 40_000

DiffKind = Literal["same", "gone", "new", "place"]
_SIGNS: dict[str, DiffKind] = {" ": "same", "-": "gone", "+": "new"}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the one text or the other, or where in them the next ones stand ("place")."""

    kind: DiffKind
    text: str


def line_differences(before: str, after: str) -> tuple[DiffLine, ...]:
    """Nothing where the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        same = before == after
        words = f"The texts differ. With {len(old) + len(new):,} lines they are too long to be compared."
        return () if same else (DiffLine("place", words),)
    return tuple(_lines(old, new))


def _lines(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    import difflib  # here: the window compares nothing before it is there

    for line in islice(difflib.unified_diff(old, new, n=AROUND, lineterm=""), 2, None):  # behind two names of files
        if line.startswith("@@"):
            yield DiffLine("place", _place(line))
        else:
            yield DiffLine(_SIGNS[line[0]], line[1:])


def _place(head: str) -> str:
    """ "@@ -3,7 +4,8 @@" for people."""
    _, _, after, _ = head.split(" ")
    return f"from line {after[1:].partition(',')[0]}"


def changed(lines: tuple[DiffLine, ...]) -> int:
    """How many lines came or went."""
    return sum(line.kind in ("gone", "new") for line in lines)
