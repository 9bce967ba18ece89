"""Which rows of a table a filter keeps."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import numpy as np

from mcgui_core.results.table.column_store import DATE, DURATION, FLOAT, MISSING, OTHER, TEXT, TRUTH, WHOLE, ColumnStore
from mcgui_core.results.table.filters import STATES, Both, Compare, Either, Filter, Has, InState, Literal, Missing, Not

_COMPARED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_FOUND: Final[dict[str, Callable[[str, str], bool]]] = {
    **_COMPARED,
    "contains": operator.contains,
    "starts": str.startswith,
    "ends": str.endswith,
}


class Columns(Protocol):
    """What a filter looks at."""

    states: np.ndarray

    def column(self, title: str) -> ColumnStore: ...

    def searched(self) -> list[ColumnStore]: ...


def mask(table: Columns, wanted: Filter) -> np.ndarray:
    """True for each row that is kept."""
    return np.asarray(_mask(table, wanted), bool)


def _mask(table: Columns, wanted: Filter) -> Any:
    match wanted:
        case InState(state):
            return table.states == STATES.index(state)
        case Not(part):
            return ~mask(table, part)
        case Both(parts):
            return np.logical_and.reduce([mask(table, part) for part in parts])
        case Either(parts):
            return np.logical_or.reduce([mask(table, part) for part in parts])
        case Missing(column):
            return table.column(column).kinds == MISSING
        case Compare(column, operator, literal):
            return _compared(table.column(column), operator, literal)
        case Has(text):
            return _having(table, text)
    raise AssertionError(wanted)


def _compared(column: ColumnStore, operator: str, literal: Literal) -> np.ndarray:
    if operator in ("contains", "starts", "ends"):
        return _by_text(column, operator, literal.text)
    compare = _COMPARED[operator]
    kinds = column.kinds
    kept = np.zeros(kinds.size, bool)
    if literal.number is not None:
        numeric = (kinds == TRUTH) | (kinds == WHOLE) | (kinds == FLOAT) | (kinds == DURATION)
        kept |= numeric & compare(column.numbers, literal.number)
    if literal.date is not None:
        moments = column.numbers
        if len(literal.text) == 10 and operator in ("=", "!=", "<=", ">"):
            moments = np.floor(moments / 86_400) * 86_400  # a day is all of its hours
        kept |= (kinds == DATE) & compare(moments, literal.date)
    words = (kinds == TEXT) | (kinds == OTHER)
    if words.any():
        kept |= words & _by_words(column, operator, literal.text)
    if operator == "!=":
        numbers = ~words & (kinds != MISSING)
        kept |= numbers if literal.number is None and literal.date is None else False
    return kept


def _by_words(column: ColumnStore, operator: str, text: str) -> np.ndarray:
    """By the text of those rows that have one."""
    wanted, found = text.casefold(), _FOUND[operator]
    fits = np.fromiter((found(word.casefold(), wanted) for word in column.words), bool, len(column.words))
    fits = np.append(fits, False)
    return fits[column.codes]


def _by_text(column: ColumnStore, operator: str, text: str) -> np.ndarray:
    """By what a cell shows, numbers too."""
    kept = _by_words(column, operator, text)
    if not any(letter.isdigit() or letter in ".+-enaifTruFls" for letter in text):
        return kept  # no number has that
    wanted, found = text.casefold(), _FOUND[operator]
    rows = np.flatnonzero((column.codes < 0) & (column.kinds != MISSING))
    if rows.size and len(text) <= 25:
        numbers = column.numbers[rows]
        whole = column.kinds[rows] == WHOLE
        if whole.all():
            texts: Iterable[str] = map(str, numbers.astype(np.int64).tolist())
        else:
            texts = (column.text(int(row)).casefold() for row in rows)
        kept[rows] |= np.fromiter((found(shown, wanted) for shown in texts), bool, rows.size)
    return kept


def _having(table: Columns, text: str) -> np.ndarray:
    kept = np.zeros(table.states.size, bool)
    for column in table.searched():
        kept |= _by_text(column, "contains", text)
    return kept
