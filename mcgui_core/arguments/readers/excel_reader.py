"""Arguments from a workbook of Excel: each row of a sheet is one, passed as keyword arguments named by the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mcgui_core.arguments.argument_source import ColumnType
from mcgui_core.arguments.readers.cell_reader import CellReader
from mcgui_core.arguments.readers.excel_records import ExcelRecords, Flaw
from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS
from mcgui_core.base.listing import listed
from mcgui_core.protocol.messages import ArgumentsPreview

#: How rows that are not shown are left out.
_COPY: Final = "To leave out what is not shown, copy the rest to another sheet."
#: Seconds for counting in a preview at first.
_SOON: Final = 0.3


class ExcelReader(CellReader):
    """The rows of a sheet below its header; see `CellReader`. A row is bad, too, where a cell shows an error."""

    row_word = "Row"
    _rows_a_part = 1000  # which openpyxl takes a moment for

    def __init__(
        self, path: Path, sheet: str = "", skip_bad: bool = False, types: Mapping[str, ColumnType] | None = None
    ) -> None:
        """Looks at the header and the first rows. Raises ArgumentsInvalid, also where openpyxl is not installed."""
        records = ExcelRecords(path, sheet)
        self._sheets = records.sheets
        super().__init__(path, records, skip_bad, types)
        hidden_columns = [self.columns[at] for at in records.hidden_columns if at < len(self.columns)]
        hidden = (_rows_note(path.name, records.hidden_rows), _columns_note(hidden_columns))
        self.note = " ".join(filter(None, (self.note, *hidden)))

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:
        """As of all readers; but since rows take openpyxl long, who asks for a preview is shown one soon, and has them
        counted by asking for more seconds."""
        if seconds <= PREVIEW_SECONDS:
            seconds = min(seconds, _SOON)
        return replace(super().preview(n, seconds), sheets=self._sheets)

    def _fits(self, cells: Sequence[str]) -> bool:
        return super()._fits(cells) and not any(isinstance(cell, Flaw) for cell in cells)

    def _all_good(self, rows: Sequence[Sequence[str]]) -> bool:
        return all(map(self._fits, rows)) and super()._all_good(rows)

    def _problem(self, line: int, cells: Sequence[str]) -> str:
        for name, cell in zip(self.columns, cells, strict=False):
            if isinstance(cell, Flaw):
                return f"Row {line} of {self._path.name}: the cell in the column {name!r} {cell}."
        return super()._problem(line, cells)

    def _has_something(self) -> bool:
        return False  # a sheet without a header has nothing else either


def _rows_note(name: str, rows: Sequence[int]) -> str:
    """What is told of rows that Excel does not show, which may be more than anybody knows of."""
    if not rows:
        return ""
    if len(rows) == 1:
        return f"Row {rows[0]:,} of {name} is hidden, or filtered out, and an argument all the same. {_COPY}"
    return (
        f"{len(rows):,} rows of {name}, the first of them row {rows[0]:,}, are hidden, or filtered out, and arguments "
        f"all the same. {_COPY}"
    )


def _columns_note(names: Sequence[str]) -> str:
    if not names:
        return ""
    quoted = listed([repr(name) for name in names], 3)
    if len(names) == 1:
        return f"The column {quoted} is hidden, and passed unless you leave it out."
    return f"The columns {quoted} are hidden, and passed unless you leave them out."
