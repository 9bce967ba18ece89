"""Arguments from a CSV file: each row is one, passed as keyword arguments named by the header."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mcgui_core.arguments.argument_source import ColumnType
from mcgui_core.arguments.readers.cell_reader import CellReader
from mcgui_core.arguments.readers.csv_records import CsvRecords
from mcgui_core.arguments.readers.text_reader import file_encoding


class CsvReader(CellReader):
    """The rows of a CSV file below its header; see `CellReader`."""

    def __init__(
        self, path: Path, skip_bad: bool = False, encoding: str = "", types: Mapping[str, ColumnType] | None = None
    ) -> None:
        """Looks at the header and the first rows; what is not given is found by them. Raises ArgumentsInvalid."""
        self.encoding = file_encoding(path, encoding)
        super().__init__(path, CsvRecords(path, self.encoding), skip_bad, types)
