"""How the lines of a file end: the usual end of its lines, and the own one of each where they differ."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_END: Final = re.compile("\r\n|\r|\n")
#: Pairs of lines up to which it is found which of them are the same; it takes a second for some millions.
_PAIRS: Final = 4_000_000


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
    for start, there, count in _same(old, new):
        for at in range(count):
            if start + at < len(old_ends) and there + at < len(new) - 1:
                ends[there + at] = old_ends[start + at]
    return "".join(line + end for line, end in zip(new, ends, strict=True))


def _same(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    """Which runs of lines are in both: where in the one, where in the other, how many."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    found = [(0, 0, head), (len(old) - tail, len(new) - tail, tail)]
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle[0]) * len(middle[1]) <= _PAIRS:
        from difflib import SequenceMatcher  # here: few files have several kinds of ends

        blocks = SequenceMatcher(None, *middle, autojunk=False).get_matching_blocks()
        found += [(head + block.a, head + block.b, block.size) for block in blocks]
    return found
