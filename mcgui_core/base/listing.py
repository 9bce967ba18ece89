"""Names in a sentence: some of them, where there are many."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice


def listed(names: Collection[str], most: int = 12) -> str:
    """Such as "a, b, c and 497 more"."""
    more = len(names) - most
    # One that is left out takes no more room than the words for it.
    return ", ".join(names) if more <= 1 else f"{', '.join(islice(names, most))} and {more:,} more"
