"""A workbook of Excel that is opened to be read row by row, without measuring its sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet


def open_workbook(path: Path, values: bool) -> Any:
    """As openpyxl's `load_workbook`, with the `values` of formulas or these as they are written.

    Where a program did not write how large a sheet is, openpyxl reads all of it for that, each time it is opened (0.7 s
    for 300,000 cells), and we use no such size. Raises what openpyxl does: any exception.
    """
    reader = _Reader(path, read_only=True, data_only=values)
    reader.read()
    return reader.wb


class _Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    def _get_size(self) -> None:
        pass


class _Reader(ExcelReader):  # type: ignore[misc]
    # Classes of our own: the user's code, and other threads, use openpyxl's in this process.

    def read_worksheets(self) -> None:
        for sheet, part in self.parser.find_sheets():
            if part.target not in self.valid_files:
                continue
            if "chartsheet" in part.Type:
                self.read_chartsheet(sheet, part)
                continue
            found = _Sheet(self.wb, sheet.name, part.target, self.shared_strings)
            found.sheet_state = sheet.state
            self.wb._sheets.append(found)
