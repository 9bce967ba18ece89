"""Results as CSV: safe for spreadsheets, in the way in which a country writes numbers, or exact."""

from __future__ import annotations

import csv
import re
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.results.export_notes import note_cell
from mcgui_core.results.plain_values import SAFE, cell
from mcgui_core.results.result_table import ResultTable
from mcgui_core.results.row_writer import EMPTY, NO_UTF8, text_file

#: Whole numbers up to which spreadsheets keep every digit.
DIGITS: Final = 10**15
#: What makes a spreadsheet take a cell for a formula, which may fetch and send things; in Asian widths and forms too.
_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
#: What may stand before it unseen: spreadsheets take away blanks as they read, which ones differs. They are
#: what Unicode has for blank, empty and control characters, save those that end a line or a cell.
_BLANK: Final = "\0-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
_BLANKS: Final = re.compile(f"[{_BLANK}]+")
_FORMULA: Final = re.compile(f"[{_BLANK}]*[{_SIGNS}\t\r\n]")
#: One that begins within a cell, with a call or a link in it. Where a spreadsheet expects other marks between columns,
#: quotation marks do not hold a cell together. By whether the file has semicolons.
_INSIDE: Final = {
    comma: re.compile(f'([{mark}\t\r\n]["{_BLANK}]*)([{_SIGNS}][^{mark}\t\r\n]*[(|!])')
    for comma, mark in ((False, ";"), (True, ","))
}
#: By whether commas are decimal ones.
_NUMBER: Final = {
    comma: re.compile(rf"[+-]?([0-9]+{point}?[0-9]*|{point}[0-9]+)([eE][+-]?[0-9]+)?")
    for comma, point in ((False, "[.]"), (True, ","))
}
#: Text that Excel takes for a number or a date, and shows as another one.
_LIKE_A_NUMBER: Final = re.compile(
    r"[+-]?(0[0-9]+|[0-9]{16,}|[0-9]+[eE][0-9]+)|[0-9]{1,4}[-/][0-9]{1,2}([-/][0-9]{1,4})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[- ]?[0-9]{1,4}",
    re.IGNORECASE,
)
_APOSTROPHE: Final = (
    "{} {has} text that spreadsheets would take for a formula, so an apostrophe stands before it. "
    "An exact CSV file has none."
)
_LONG: Final = "{} {has} numbers of more than 15 digits, which Excel rounds where it opens CSV. A workbook keeps them."
_NO_NUMBER: Final = (
    "{} {has} text that Excel takes for numbers or dates as it opens a CSV file (007 becomes 7, and 1-2 a day). "
    "A workbook keeps it as it is."
)


def write_csv(table: ResultTable, path: Path) -> None:
    """For Excel: with a byte-order mark, and no text that it would run; as it is, with the option `exact`.

    With the option `decimal_comma` numbers are as 1,5, and semicolons are between the columns.
    """
    exact = table.options.exact
    cells = _Cells(table)
    with text_file(path, "utf-8" if exact else "utf-8-sig") as file:
        writer = csv.writer(file, delimiter=delimiter_of(table.options))
        writer.writerow([title if exact else harmless(title, table.options.decimal_comma) for title in table.titles])
        made, known = cells.made, cells.as_they_are
        errors = len(table.titles) - 1  # the column of which every cell is empty, mostly
        for row in table.rows(table.plain):
            for at, value in enumerate(row):
                if type(value) in known or (value == "" and at == errors):
                    continue  # the writer makes of them what `cell` does
                row[at] = made(value, at)
            writer.writerow(row)


def delimiter_of(options: ExportOptions) -> str:
    """What stands between the columns."""
    return ";" if options.decimal_comma else ","


def harmless(text: str, decimal_comma: bool = False) -> str:
    """The text, of which no spreadsheet takes anything for a formula. Numbers stay as they are."""
    if _FORMULA.match(text) and not _NUMBER[decimal_comma].fullmatch(_BLANKS.sub("", text)):
        text = f"'{text}"
    inside = _INSIDE[decimal_comma]
    return inside.sub(r"\1'\2", text) if inside.search(text) else text


def in_a_cell(text: str) -> str:
    """The text as a cell between two tabs: in quotes, as spreadsheets have it, where it has lines or tabs of its own or
    begins with a quote, which would be taken for the cell's.
    """
    if text.startswith('"') or any(mark in text for mark in "\t\n\r"):
        return '"' + text.replace('"', '""') + '"'
    return text


class _Cells:
    """Makes the cells, and notes what they cannot say."""

    def __init__(self, table: ResultTable) -> None:
        self._table = table
        self._exact, self._comma = table.options.exact, table.options.decimal_comma
        #: Types of which the writer makes what we would.
        self.as_they_are = {bool, type(None), *([] if self._comma else [float]), *([int] if self._exact else [])}

    def made(self, value: Any, at: int) -> Any:
        """What stands in the column at this place."""
        kind = type(value)
        if kind is int:
            if not -DIGITS < value < DIGITS:
                self._note(_LONG, at)
            return value
        if kind is float:
            return repr(value).replace(".", ",")
        if kind is str:
            if not value:
                self._note(EMPTY, at)
                return value
            self._note_halves(value, at)
            return value if self._exact else self._safe(value, at)
        text = cell(value, "T" if self._exact else " ")  # Excel knows a date by the space
        if isinstance(value, Decimal | datetime | time):
            text = text.replace(".", ",") if self._comma else text
            return text if self._exact or kind in SAFE else self._safe(text, at)
        note_cell(self._table.notes, value, self._table.titles[at])
        if kind is bytes:
            return text
        self._note_halves(text, at)
        return text if self._exact else self._safe(text, at)

    def _note_halves(self, text: str, at: int) -> None:
        if not text.isascii() and utf8_text(text) != text:
            self._note(NO_UTF8, at)

    def _safe(self, text: str, at: int) -> str:
        found = harmless(text, self._comma)
        if found is not text:
            self._note(_APOSTROPHE, at)
        elif _LIKE_A_NUMBER.fullmatch(text.strip()):
            self._note(_NO_NUMBER, at)
        return found

    def _note(self, sentence: str, at: int) -> None:
        self._table.notes.add(sentence, self._table.titles[at])
