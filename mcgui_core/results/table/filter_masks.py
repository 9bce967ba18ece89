"""Which rows of a table a filter keeps."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, Protocol

import numpy as np

from mcgui_core.results.table.column_store import DATE, DURATION, FLOAT, MISSING, OTHER, TEXT, TRUTH, WHOLE, ColumnStore
from mcgui_core.results.table.filters import STATES, Both, Compare, Either, Filter, Has, InState, Literal, Missing, Not
from mcgui_core.results.table.number_search import numbers_with

_COMPARED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_FOUND: Final[dict[str, Callable[[str, str], bool]]] = {
    **_COMPARED,
    "contains": operator.contains,
    "starts": str.startswith,
    "ends": str.endswith,
}
#: Characters of a number as it is shown, and of True and False; and how many it has at most.
_OF_NUMBERS: Final = frozenset("0123456789.+-einfatruls")
LONGEST_NUMBER: Final = 25


class Columns(Protocol):
    """What a filter looks at."""

    states: np.ndarray

    def column(self, title: str) -> ColumnStore: ...

    def searched(self) -> list[ColumnStore]: ...


def mask(table: Columns, wanted: Filter, sample: Columns | None = None) -> np.ndarray:
    """True for each row that is kept. What the columns hold is seen by the `sample`, where the table is a part of a
    longer one: all parts are to be filtered alike."""
    return np.asarray(_mask(table, wanted, sample or table), bool)


def unfit(table: Columns, wanted: Filter) -> str:
    """Why it compares a column with what no cell of it can be, as a reason; "" where it does not."""
    match wanted:
        case Not(part):
            return unfit(table, part)
        case Both(parts) | Either(parts):
            return next((found for part in parts if (found := unfit(table, part))), "")
        case Compare(column, operator, literal) if operator in _COMPARED and operator != "!=":
            return _unfit(table.column(column), literal)
    return ""


def _unfit(column: ColumnStore, literal: Literal) -> str:
    there = column.kinds_there - {MISSING}
    if there == {DATE} and literal.date is None:
        return f'"{literal.text}" is no date, and {column.title} holds dates, such as 2024-05-01 or 2024-05-01T14:30'
    is_number = literal.number is not None or literal.text.casefold() == "nan"
    if there and there <= {TRUTH, WHOLE, FLOAT} and not is_number and not column.words:  # fractions have words
        return f'"{literal.text}" is no number, and {column.title} holds numbers'
    return ""


def _mask(table: Columns, wanted: Filter, sample: Columns) -> Any:
    match wanted:
        case InState(state):
            return table.states == STATES.index(state)
        case Not(part):
            return ~mask(table, part, sample)
        case Both(parts):
            return np.logical_and.reduce([mask(table, part, sample) for part in parts])
        case Either(parts):
            return np.logical_or.reduce([mask(table, part, sample) for part in parts])
        case Missing(column):
            return table.column(column).kinds == MISSING
        case Compare(column, operator, literal):
            return _compared(table.column(column), operator, literal, sample.column(column))
        case Has(text):
            return _having(table, text)
    raise AssertionError(wanted)


def _compared(column: ColumnStore, operator: str, literal: Literal, sample: ColumnStore) -> np.ndarray:
    if operator in ("contains", "starts", "ends"):
        return _by_text(column, operator, literal.text)
    if operator == "!=":
        return np.asarray((column.kinds != MISSING) & ~_equal(column, literal), bool)
    if operator == "=":
        return _equal(column, literal)
    kept = np.zeros(column.kinds.size, bool)
    if literal.number is not None:
        kept |= _is_number(column) & _COMPARED[operator](column.numbers, literal.number)
    if literal.date is not None:
        kept |= _of_dates(column, operator, literal.text, literal.date)
    words = (column.kinds == TEXT) | (column.kinds == OTHER)
    # Beside numbers, text is neither more nor less than a number, however its letters compare with the digits.
    if words.any() and not _has_alike(sample, literal):
        kept |= words & _by_words(column, operator, literal.text)
    return kept


def _has_alike(column: ColumnStore, literal: Literal) -> bool:
    """It holds something that is as the literal is: a number, or a date."""
    numbers = literal.number is not None and bool(_is_number(column).any())
    return numbers or (literal.date is not None and bool((column.kinds == DATE).any()))


def _equal(column: ColumnStore, literal: Literal) -> np.ndarray:
    """By its text where it has one; by its number where that says all of it, or something else is not asked for."""
    kept = _by_words(column, "=", literal.text)
    if literal.text.casefold() == "nan":
        kept |= (column.kinds == FLOAT) & np.isnan(column.numbers)
    if literal.number is not None:
        exact = (column.kinds != WHOLE) | (column.codes < 0) if literal.text.strip("+-").isdecimal() else True
        kept |= _is_number(column) & exact & (column.numbers == literal.number)
    if literal.date is not None:
        kept |= _of_dates(column, "=", literal.text, literal.date)
    return kept


def _is_number(column: ColumnStore) -> np.ndarray:
    kinds = column.kinds
    return np.asarray((kinds == TRUTH) | (kinds == WHOLE) | (kinds == FLOAT) | (kinds == DURATION), bool)


def _of_dates(column: ColumnStore, operator: str, text: str, moment: float) -> np.ndarray:
    moments = column.numbers
    if len(text) == len("2024-05-01") and operator in ("=", "<=", ">"):
        moments = np.floor(moments / 86_400) * 86_400  # a day is all of its hours
    return np.asarray((column.kinds == DATE) & _COMPARED[operator](moments, moment), bool)


def _by_words(column: ColumnStore, operator: str, text: str) -> np.ndarray:
    """By the text of those rows that have one."""
    wanted, found = text.casefold(), _FOUND[operator]
    folded = map(str.casefold, column.words)
    # Most often a text is looked for: of a million words, half of the time is the call of a function for each.
    fits = [wanted in word for word in folded] if operator == "contains" else [found(word, wanted) for word in folded]
    return np.array([*fits, False])[column.codes]


def _by_text(column: ColumnStore, operator: str, text: str, wanted: np.ndarray | None = None) -> np.ndarray:
    """By what a cell shows, numbers too. Only rows that are `wanted` are looked at, where writing them takes long."""
    kept = _by_words(column, operator, text)
    if len(text) > LONGEST_NUMBER or not _OF_NUMBERS.issuperset(text.casefold()):
        return kept  # no number has that
    text, found = text.casefold(), _FOUND[operator]
    truth = column.kinds == TRUTH
    for number, word in enumerate(("false", "true")):
        if found(word, text):
            kept |= truth & (column.numbers == number)
    unworded = column.codes < 0 if wanted is None else (column.codes < 0) & wanted
    for kind in (WHOLE, FLOAT):
        rows = np.flatnonzero(unworded & (column.kinds == kind))
        if rows.size:
            kept[rows] |= numbers_with(column.numbers[rows], kind == WHOLE, operator, text)
    return kept


def _having(table: Columns, text: str) -> np.ndarray:
    kept = np.zeros(table.states.size, bool)
    for column in table.searched():
        kept |= _by_text(column, "contains", text, ~kept)
    return kept
