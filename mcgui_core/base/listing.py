"""Names in a sentence: some of them, where there are many, and the beginning of those that are long."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Final

#: Characters of a name that are told: the first line of a file that is no table is one name.
_LONGEST: Final = 200


def listed(names: Collection[str], most: int = 12) -> str:
    """Such as "a, b, c and 497 more"."""
    more = len(names) - most
    # One that is left out takes no more room than the words for it.
    told = [_beginning(name) for name in islice(names, len(names) if more <= 1 else most)]
    return ", ".join(told) if more <= 1 else f"{', '.join(told)} and {more:,} more"


def _beginning(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
