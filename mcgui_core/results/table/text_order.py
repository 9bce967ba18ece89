"""Many texts in their order, whatever their case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

#: Bytes, behind what all texts begin with, up to which they are sorted as numbers of 64 bits; of longer ones, as text.
MOST_BYTES: Final = 32


def ranks(words: Sequence[str]) -> np.ndarray:
    """The place of each word among all of them: by its letters, and of those that are alike, as they came."""
    folded = [word.casefold() for word in words]
    found = np.empty(len(folded))
    found[_sorted(folded)] = np.arange(len(folded))
    return found


def _sorted(folded: list[str]) -> np.ndarray:
    """Which is first, which is next ... Bytes of UTF-8 have the order of the letters."""
    if not folded:
        return np.empty(0, np.intp)
    coded = [word.encode("utf-8", "surrogatepass") for word in folded]
    first, last = min(coded), max(coded)
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    longest = max(map(len, coded)) - same
    if longest > MOST_BYTES:
        return np.array(sorted(range(len(folded)), key=folded.__getitem__))
    numbers = -(-max(longest, 1) // 8)
    table = np.array([word[same:] for word in coded] if same else coded, f"S{8 * numbers}")
    columns = table.view(">u8").reshape(len(folded), numbers)
    found: np.ndarray = np.lexsort([columns[:, at].astype(np.uint64) for at in range(numbers - 1, -1, -1)])
    return found
