"""Which values cannot change, so that they may be shared and kept without a copy. Calls nothing of the user's.

Light, because every slot imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain
from typing import Any

#: Types of which every instance stays as it is.
ATOMS = frozenset({int, float, complex, bool, str, bytes, range, type(None), type(...)})
#: Types of which an instance stays as it is, if what it holds does.
_HOLDERS = frozenset({tuple, frozenset})
#: Tuples in tuples that are looked into; what is deeper is taken for changeable.
DEPTH = 4


def are_immutable(values: Iterable[Any], depth: int = DEPTH) -> bool:
    """None of them can change, nor anything in them: numbers, text, bytes, ranges, and tuples of these."""
    values = values if isinstance(values, list) else list(values)
    kinds = set(map(type, values))
    others = kinds - ATOMS
    if not others:
        return True
    if not depth or not all(kind in _HOLDERS or _is_numpy_scalar(kind) for kind in others):
        return False
    # There may be a million: where all are tuples, C does both looks.
    holders = values if kinds <= _HOLDERS else [value for value in values if type(value) in _HOLDERS]
    return ATOMS.issuperset(map(type, chain.from_iterable(holders))) or are_immutable(
        chain.from_iterable(holders), depth - 1
    )


def is_immutable(value: Any) -> bool:
    """It cannot change, nor anything in it."""
    return type(value) in ATOMS or are_immutable((value,))


def _is_numpy_scalar(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    generic, void = getattr(numpy, "generic", None), getattr(numpy, "void", None)
    if generic is None or void is None:
        return False
    return kind.__module__ == "numpy" and issubclass(kind, generic) and not issubclass(kind, void)
