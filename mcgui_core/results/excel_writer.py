"""Results as a workbook of Excel: numbers, dates and text as cells of that kind, so that nothing is guessed.

Excel has its limits, and what is beyond them is refused or written as text, never cut.
"""

from __future__ import annotations

import importlib
import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.results.export_notes import note_cell
from mcgui_core.results.plain_values import cell
from mcgui_core.results.result_table import Misfit, ResultTable
from mcgui_core.results.row_writer import EMPTY, NO_UTF8

#: What a sheet holds, the line of titles included; and what a cell does, in characters as UTF-16 counts them.
ROWS, COLUMNS, CHARACTERS = 1 << 20, 1 << 14, 32_767
#: Whole numbers up to which Excel keeps every digit.
DIGITS: Final = 10**15
#: Excel counts its days from 1900, and takes that for a leap year.
FIRST_DAY: Final = date(1900, 3, 1)
#: The last moment before its days end, to the millisecond.
LAST_MOMENT: Final = datetime.combine(date.max, time(23, 59, 59, 999_000))

#: What XML has no place for, and what Excel would take for that: both are written by number.
_BY_NUMBER: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_LONG: Final = "{} {has} numbers of more than 15 digits, which Excel would round: they are text."
_NO_NUMBER: Final = "{} {has} nan or inf, or what is beyond 1e308, which Excel does not know: they are text."
_NO_DATE: Final = (
    "{} {has} dates with a zone, before March 1900 or after 9999, which Excel does not know: they are text."
)
_DURATION: Final = "{} {has} durations, which Excel has only as parts of a day: they are text, as ISO 8601 has them."
_FINE: Final = "{} {has} times of nanoseconds, which Excel does not know: they are text."
_ROUNDED: Final = "{} {has} times, which Excel keeps to the millisecond."


def write_excel(table: ResultTable, path: Path) -> None:
    """One sheet. Raises Misfit for what is too long or too much for one."""
    openpyxl: Any = importlib.import_module("openpyxl")
    text_cell = importlib.import_module("openpyxl.cell").WriteOnlyCell
    titles = table.titles
    if len(titles) > COLUMNS:
        raise Misfit(f"a sheet has {COLUMNS:,} columns at most, and these are {len(titles):,}")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("results")
    sheet.freeze_panes = "A2"
    cells = _Cells(
        table,
        lambda text: _of_kind("s", text_cell, sheet, text),  # no formula, whatever it begins with
        lambda number: _of_kind("n", text_cell, sheet, repr(number)),  # 17 digits, where openpyxl writes 16
    )
    try:
        sheet.append([cells.text(title, "the title of a column") for title in titles])
        for row in table.rows(table.plain):
            if table.written >= ROWS:
                raise Misfit(
                    f"a sheet has {ROWS:,} rows at most, and these are more. CSV or Parquet have no such limit"
                )
            sheet.append([cells.made(value, title) for value, title in zip(row, titles, strict=True)])
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # the temporary file that only `save` removes
        raise
    book.save(path)


def _of_kind(kind: str, text_cell: Any, sheet: Any, text: str) -> Any:
    made = text_cell(sheet, text)
    made.data_type = kind
    return made


class _Cells:
    """Makes the cells, and notes what they cannot say."""

    def __init__(self, table: ResultTable, text: Any, exact: Any) -> None:
        self._table, self._text, self._exact = table, text, exact

    def made(self, value: Any, title: str) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if value == "" and kind is str:
            if title != self._table.titles[-1]:  # why tasks failed, which most have not
                self._table.notes.add(EMPTY, title)
            return None
        if kind in (int, float, Decimal):
            return self._number(value, title)
        if kind.__name__ in ("timedelta64", "datetime64"):
            return self._as_text(value, title, _FINE if kind.__name__ == "datetime64" else _DURATION)
        if isinstance(value, date | time | timedelta):
            return self._time(value, title)
        note_cell(self._table.notes, value, title)
        text = cell(value)
        if not text.isascii() and utf8_text(text) != text:
            self._table.notes.add(NO_UTF8, title)
        return self.text(text, f"'{title}'")

    def _number(self, value: Any, title: str) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            return self._as_text(value, title, _NO_NUMBER)
        if isinstance(value, Decimal):
            if not value.is_finite() or math.isinf(value):  # as a float, which cells are
                return self._as_text(value, title, _NO_NUMBER)
            return self._as_text(value, title, _LONG) if len(value.as_tuple().digits) > 15 else value
        if isinstance(value, int) and not -DIGITS < value < DIGITS:
            return self._as_text(value, title, _LONG)
        if isinstance(value, float) and float(f"{value:.16g}") != value:
            return self._exact(value)
        return value

    def _time(self, value: Any, title: str) -> Any:
        if isinstance(value, timedelta):
            return self._as_text(value, title, _DURATION)
        if not isinstance(value, time) and date(value.year, value.month, value.day) < FIRST_DAY:
            return self._as_text(value, title, _NO_DATE)
        if getattr(value, "tzinfo", None) is not None or (isinstance(value, datetime) and value > LAST_MOMENT):
            return self._as_text(value, title, _NO_DATE)
        if isinstance(value, datetime | time) and value.microsecond % 1000:
            self._table.notes.add(_ROUNDED, title)
        return value

    def _as_text(self, value: Any, title: str, note: str) -> Any:
        self._table.notes.add(note, title)
        return self.text(cell(value, " "), f"'{title}'")

    def text(self, text: str, what: str) -> Any:
        if not text:
            return None
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > CHARACTERS:
            raise Misfit(f"a cell of Excel holds {CHARACTERS:,} characters, and {what} has {len(text):,} somewhere")
        return self._text(_BY_NUMBER.sub(lambda found: f"_x{ord(found[0]):04X}_", utf8_text(text)))
