"""Which of many numbers have a text in how they are shown: all are written at once, and searched as one text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
import numpy as np

#: Numbers that are written at once.
AT_ONCE: Final = 1 << 17
#: Between them, all numbers are written by msgspec as by Python; elsewhere the power of ten is not.
_LEAST: Final = 1e-4
_MOST: Final = 1e16
_LETTERS: Final = frozenset("0123456789.+-e")
_MARKS: Final = np.zeros(256, bool)
_MARKS[list(b"[,]")] = True

_MATCHES: Final[dict[str, Callable[[str, str], bool]]] = {
    "contains": lambda shown, text: text in shown,
    "starts": str.startswith,
    "ends": str.endswith,
}


def numbers_with(numbers: np.ndarray, whole: bool, operator: str, text: str) -> np.ndarray:
    """True for each number that, as Python writes it, "contains", "starts" or "ends" with the text.

    `whole`: all of them are, and are written so. The text is of ASCII, and has no comma or bracket.
    """
    found = np.ones(numbers.size, bool)
    if not _LETTERS.issuperset(text):  # only those that are no numbers have others
        found = ~np.isfinite(numbers)
        found[found] = [_MATCHES[operator](repr(number), text) for number in numbers[found].tolist()]
    elif text:
        for start in range(0, numbers.size, AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            found[start : start + AT_ONCE] = _with(part, whole, operator, text)
    return found


def _with(numbers: np.ndarray, whole: bool, operator: str, text: str) -> np.ndarray:
    if whole:
        return _in_written(msgspec.json.encode(numbers.astype(np.int64).tolist()), operator, text)
    size = np.abs(numbers)
    odd = ~((size >= _LEAST) & (size < _MOST)) & (size != 0)
    found = _in_written(msgspec.json.encode(numbers.tolist()), operator, text)
    match = _MATCHES[operator]
    found[odd] = [match(repr(number), text) for number in numbers[odd].tolist()]
    return found


def _in_written(written: bytes, operator: str, text: str) -> np.ndarray:
    """`written`: "[1,2,3]"."""
    letters = np.frombuffer(written, np.uint8)
    marks = np.flatnonzero(_MARKS[letters])
    found = np.zeros(marks.size - 1, bool)
    count = letters.size - len(text) + 1
    if count <= 0:
        return found
    hits = letters[:count] == ord(text[0])
    for at, letter in enumerate(text[1:], 1):
        hits &= letters[at : at + count] == ord(letter)
    places = np.flatnonzero(hits)
    if operator == "starts":
        places = places[_MARKS[letters[places - 1]]]
    elif operator == "ends":
        places = places[_MARKS[letters[places + len(text)]]]
    found[np.searchsorted(marks, places) - 1] = True
    return found
