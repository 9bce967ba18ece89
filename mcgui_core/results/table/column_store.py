"""One column of a table: a kind, a number and a text for each row, in arrays of NumPy.

Numbers, dates and truth are numbers; text is kept once, however many rows have it. A row without a value is missing.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.results.plain_values import cell, plain
from mcgui_core.results.table.moments import seconds_of
from mcgui_core.results.table.text_order import ranks
from mcgui_core.values.display import shown
from mcgui_core.values.partial_unpickling import Unopened

#: Kinds of a cell, in the order in which they are sorted. What is missing comes last, whichever way.
MISSING, TRUTH, WHOLE, FLOAT, DATE, DURATION, TEXT, OTHER = range(8)
#: Characters that are kept of a text.
LONGEST: Final = 300
#: Bytes that are shown; of more it is said how many there are.
SHORT_BYTES: Final = 40
#: Different texts of a column up to which they are offered where one is typed.
FEW_WORDS: Final = 200
#: Whole numbers that a float says exactly.
EXACT: Final = 2**53


class ColumnStore:
    """Not thread-safe."""

    def __init__(self, title: str, rows: int, is_within: bool = False) -> None:
        self.title, self.is_within = title, is_within  # a value that another column shows as a part of its own
        self.kinds = np.zeros(rows, np.uint8)
        self.numbers = np.full(rows, np.nan)
        self.codes = np.full(rows, -1, np.int32)  # of the text
        self.words: list[str] = []
        self._code_of: dict[str, int] = {}
        self._order: np.ndarray | None = None
        self._found: np.ndarray | None = None  # how many rows have which kind

    def grow(self, rows: int) -> None:
        more = rows - self.kinds.size
        if more > 0:
            self.kinds = np.concatenate([self.kinds, np.zeros(more, np.uint8)])
            self.numbers = np.concatenate([self.numbers, np.full(more, np.nan)])
            self.codes = np.concatenate([self.codes, np.full(more, -1, np.int32)])
            self._order = self._found = None

    @classmethod
    def of_tasks(cls, title: str, count: int) -> ColumnStore:
        """The numbers of that many tasks."""
        made = cls(title, count)
        made._set(slice(None), WHOLE, np.arange(count))
        return made

    def put(self, rows: Any, values: list[Any]) -> None:
        """The values at these rows: a slice, or an array of indices."""
        self._order = None
        kinds = set(map(type, values))
        if kinds == {float}:
            self._set(rows, FLOAT, np.array(values))
        elif kinds == {bool}:
            self._set(rows, TRUTH, np.array(values, float))
        elif kinds == {int} and max(values) < EXACT and min(values) > -EXACT:
            self._set(rows, WHOLE, np.array(values, float))
        elif kinds == {str}:
            self._set(rows, TEXT, np.nan, self._coded(values))
        else:
            cells = [_cell(value) for value in values]
            texts = [text for _, _, text in cells]
            codes = np.full(len(cells), -1, np.int32)
            have = [at for at, text in enumerate(texts) if text is not None]
            if have:
                codes[have] = self._coded([texts[at] or "" for at in have])
            self._set(rows, np.array([kind for kind, _, _ in cells], np.uint8), [n for _, n, _ in cells], codes)

    def put_names(self, rows: Any, names: list[str]) -> None:
        """The names of the types of values at these rows, one for all or one for each: they stand in other columns, by
        their parts."""
        self._order = None
        self._set(rows, OTHER, np.nan, self._coded(names))

    def clear(self, rows: Any) -> None:
        """Nothing stands at these rows any more."""
        self._order = None
        self._set(rows, MISSING, np.nan)

    def _set(self, rows: Any, kind: Any, numbers: Any, codes: Any = -1) -> None:
        self._found = None
        self.kinds[rows], self.numbers[rows], self.codes[rows] = kind, numbers, codes

    def _coded(self, texts: list[str]) -> np.ndarray:
        known = self._code_of
        if max(map(len, texts), default=0) > LONGEST:
            texts = [text if len(text) <= LONGEST else f"{text[:LONGEST]}…" for text in texts]
        for text in set(texts) - known.keys():
            known[text] = len(self.words)
            self.words.append(utf8_text(text))
        return np.fromiter((known[text] for text in texts), np.int32, len(texts))

    # --- what is asked ------------------------------------------------------------------------------------------

    def _counts(self) -> np.ndarray:
        if self._found is None:
            self._found = np.bincount(self.kinds, minlength=8)
        return self._found

    @property
    def kinds_there(self) -> frozenset[int]:
        """The kinds that some row has."""
        return frozenset(np.flatnonzero(self._counts()).tolist())

    @property
    def right(self) -> bool:
        """Numbers and dates, which stand under each other on the right."""
        found = self._counts()
        return bool(found[WHOLE] + found[FLOAT] + found[DURATION] > found[TEXT] + found[OTHER] + found[DATE])

    @property
    def drawn(self) -> str:
        """What an axis of a plot makes of it: "number", "date", "category" or "" where there is nothing."""
        found = self._counts()
        numbers = found[WHOLE] + found[FLOAT] + found[DURATION] + found[TRUTH]
        if found[DATE] and found[DATE] >= numbers and found[DATE] >= found[TEXT]:
            return "date"
        return "number" if numbers and numbers >= found[TEXT] else "category" if found[TEXT] + found[OTHER] else ""

    @property
    def along_axis(self) -> np.ndarray:
        """The numbers of the cells that are what an axis makes of the column, nan for the others: beside dates 5 is no
        moment of 1970, and beside numbers no date is 1.7e9."""
        if DATE not in self.kinds_there or self.kinds_there <= {DATE, MISSING}:
            return self.numbers
        return np.where((self.kinds == DATE) == (self.drawn == "date"), self.numbers, np.nan)

    def text(self, row: int) -> str:
        """What a cell shows."""
        code = int(self.codes[row])
        if code >= 0:
            return self.words[code]
        number = float(self.numbers[row])
        match self.kinds[row]:
            case 1:
                return "True" if number else "False"
            case 2:
                return str(int(number))
            case 3:
                return repr(number)
        return ""

    def frequent(self, most: int) -> tuple[str, ...]:
        """Its texts, the most frequent first, where there are few of them."""
        if not 0 < len(self.words) <= FEW_WORDS:
            return ()
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.words))
        return tuple(self.words[at] for at in np.argsort(-counts, kind="stable")[:most].tolist() if counts[at])

    def order(self) -> np.ndarray:
        """Numbers by which rows are sorted; nan for what is missing. Text after all numbers, by its letters."""
        if self._order is None:
            self._order = np.where(self.kinds == MISSING, np.nan, self.numbers)
            worded = (self.kinds == TEXT) | (self.kinds == OTHER)
            if worded.any():
                self._order = self._with_text(worded)
        return self._order

    def _with_text(self, worded: np.ndarray) -> np.ndarray:
        places_of_words = ranks(self.words)
        numbers = self.numbers.copy()
        others = numbers[~worded & (self.kinds != MISSING)]
        if others.size:  # mixed: all numbers by their rank, so that text comes after them
            places = np.unique(others[~np.isnan(others)])
            numbers = np.where(np.isnan(numbers), np.nan, np.searchsorted(places, numbers))
            places_of_words += places.size
        numbers[worded] = places_of_words[self.codes[worded]]
        numbers[self.kinds == MISSING] = np.nan
        return numbers


def cell_text(value: Any) -> str:
    """What a cell shows of a value where one of any kind may stand beside it: text has quotes, and None its name."""
    if isinstance(value, str) or value is None:
        return shown(value)
    only = ColumnStore("", 1)
    only.put(slice(None), [value])
    return only.text(0) or shown(value)


def _cell(value: Any) -> tuple[int, float, str | None]:
    """Kind, number and text of a value; no text where the number says it."""
    if value is None:
        return MISSING, np.nan, None
    kind = type(value)
    if kind is float:
        return FLOAT, value, None
    if kind is str:
        return TEXT, np.nan, value
    try:
        return _from_plain(value)
    except Exception:  # noqa: BLE001 - the user's own value, which may raise anything and be anything
        return OTHER, np.nan, _described(value)


def _from_plain(value: Any) -> tuple[int, float, str | None]:
    if getattr(value, "shape", None) or isinstance(value, list | tuple | dict | set | frozenset):
        return OTHER, np.nan, _described(value)
    found = plain(value)
    if found is None:
        return (OTHER, np.nan, shown(value)) if isinstance(value, Unopened) else (MISSING, np.nan, None)
    if isinstance(found, bool):
        return TRUTH, float(found), None
    if isinstance(found, int):
        return WHOLE, _as_float(found), None if -EXACT < found < EXACT else str(found)[:LONGEST]
    if isinstance(found, float):
        return FLOAT, found, None
    if isinstance(found, Decimal):
        return FLOAT, float(found), str(found)
    if isinstance(found, str):
        return (FLOAT, float(value), found) if isinstance(value, Fraction) else (TEXT, np.nan, found)
    return _from_time(found)


def _from_time(found: Any) -> tuple[int, float, str | None]:
    """Of moments and durations; of what is left, as text."""
    if isinstance(found, datetime):
        return DATE, seconds_of(found), found.isoformat(" ")
    if isinstance(found, date):
        return DATE, seconds_of(datetime.combine(found, time())), found.isoformat()
    if isinstance(found, timedelta):
        return DURATION, found.total_seconds(), str(found)
    if isinstance(found, np.datetime64):
        return DATE, float(found.astype("M8[us]").astype(float)) / 1e6, str(found).replace("T", " ")
    if isinstance(found, np.timedelta64):
        return DURATION, float(found / np.timedelta64(1, "s")), str(found)
    if isinstance(found, bytes):
        return OTHER, np.nan, f"{len(found):,} bytes" if len(found) > SHORT_BYTES else repr(found)
    return OTHER, np.nan, cell(found)


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _described(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        size = " x ".join(map(str, shape))
        kind = getattr(value, "dtype", None)
        return f"{type(value).__name__} {size}" + (f" {kind}" if kind is not None else "")
    return shown(value)
