"""How the lines of a file end: the usual end of its lines, and the own one of each where they differ."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

_END: Final = re.compile("\r\n|\r|\n")


def usual_end(text: str) -> str:
    """The end that most lines of a text have; "\\n" where none has one."""
    found = Counter(_END.findall(text)).most_common(1)
    return found[0][0] if found else "\n"


def with_ends(text: str, usual: str, before: str) -> str:
    """This text, whose lines end in "\\n", with the end that each line had in the text `before`; lines that are new end
    as is `usual`."""
    old_ends, old, new = _END.findall(before), _END.split(before), text.split("\n")
    if {*old_ends} <= {usual}:
        return text.replace("\n", usual)
    ends = [usual] * (len(new) - 1) + [""]
    for at, there in _same(old, new):
        if at < len(old_ends) and there < len(new) - 1:
            ends[there] = old_ends[at]
    for at, line in enumerate(new[1:], 1):
        if not line and ends[at - 1 : at + 1] == ["\r", "\n"]:
            ends[at] = "\r"  # both would be one end
    return "".join(line + end for line, end in zip(new, ends, strict=True))


def _same(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines that are in both: where in the one, and where in the other.

    As in a patience diff: lines that each has once are landmarks. Between two of them, lines are the same that follow
    the one, precede the other or, where as many are between, stand in the same place. A window waits for this: it takes
    as long as the text is long, where difflib takes the cube of that if many lines are blank.
    """
    at = there = 0
    for next_at, next_there in [*_landmarks(old, new), (len(old), len(new))]:
        yield from _between(old, new, range(at, next_at), range(there, next_there))
        if next_at < len(old):
            yield next_at, next_there
        at, there = next_at + 1, next_there + 1


def _between(old: Sequence[str], new: Sequence[str], ats: range, theres: range) -> Iterator[tuple[int, int]]:
    if len(ats) == len(theres):
        yield from (pair for pair in zip(ats, theres, strict=True) if old[pair[0]] == new[pair[1]])
        return
    taken = 0
    for at, there in zip(ats, theres, strict=False):
        if old[at] != new[there]:
            break
        yield at, there
        taken += 1
    for at, there in zip(reversed(ats[taken:]), reversed(theres[taken:]), strict=False):
        if old[at] != new[there]:
            break
        yield at, there


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that each has once, as many of them as come in the same order in both."""
    once_old, once_new = ({line for line, times in Counter(lines).items() if times == 1} for lines in (old, new))
    where = {line: there for there, line in enumerate(new) if line in once_new}
    pairs = [(at, where[line]) for at, line in enumerate(old) if line in once_old and line in where]
    # The longest increasing subsequence: of each length the one whose last is least, and what comes before each.
    lasts: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        length = bisect_left(lasts, there)
        before.append(ends[length - 1] if length else -1)
        lasts[length : length + 1], ends[length : length + 1] = [there], [number]
    found: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
