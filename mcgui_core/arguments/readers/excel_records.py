"""The rows of a sheet of a workbook of Excel, as cells of text, which say the same as those of a CSV file."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

from mcgui_core.arguments.known_cells import KnownMoment, KnownNumber
from mcgui_core.arguments.readers.row_reader import needed
from mcgui_core.arguments.readers.sheet_marks import SheetMarks, marks_of_sheet
from mcgui_core.arguments.readers.text_reader import unreadable
from mcgui_core.arguments.readers.workbook_archive import check_archive
from mcgui_core.arguments.tables.preamble import lines_above
from mcgui_core.base.listing import listed
from mcgui_core.errors import ArgumentsInvalid

#: Rows by which it is found where the table is.
ROWS_LOOKED_AT: Final = 1000
#: What a sheet of Excel has. A file that names a row far beyond would have all rows before made for it.
MOST_ROWS: Final = 1 << 20
MOST_COLUMNS: Final = 1 << 14
#: Cells that are kept in memory: openpyxl takes 13 us for each, and they are read three times before a job has begun.
CELLS_KEPT: Final = 1_000_000
#: What a cell shows whose formula has no value; "#N/A" is how people write that there is none.
_ERRORS: Final = frozenset(
    f"#{name}"
    for name in (
        *("NULL!", "DIV/0!", "VALUE!", "REF!", "NAME?", "NUM!", "SPILL!", "CALC!", "FIELD!", "BLOCKED!", "CONNECT!"),
        *("UNKNOWN!", "BUSY!", "GETTING_DATA", "PYTHON!", "EXTERNAL!", "TIMEOUT!"),
    )
)
#: How workbooks write characters that XML has no place for.
_BY_NUMBER: Final = re.compile("_x(00[01][0-9A-Fa-f])_")


class Flaw(str):
    """Stands in a cell that has no value; the text says why, and begins with a verb."""

    __slots__ = ()


class ExcelRecords:
    """A sheet by its name, "" the first that is not hidden. Columns with neither a name nor a value are left out.

    Formulas count as what they came to when the workbook was saved. Dates are written as Python does, and midnight as
    a date alone.
    """

    delimiter = ""

    def __init__(self, path: Path, sheet: str) -> None:
        """Raises ArgumentsInvalid."""
        self._path = path
        needed("openpyxl", "xlsx", "Excel")
        self._known: list[tuple[int, list[str]]] | None = None
        warnings.filterwarnings("ignore", module="openpyxl")  # of what it would lose if it saved the workbook
        with self._book(values=True) as book:
            self.sheets = tuple(one.title for one in book.worksheets)
            shown = [one.title for one in book.worksheets if one.sheet_state == "visible"]
            self._sheet = sheet or next(iter(shown or self.sheets), "")
            if self._sheet not in self.sheets:
                has = f"It has: {listed(self.sheets)}." if self.sheets else "It has none but charts."
                raise ArgumentsInvalid(f"{path.name} has no sheet {self._sheet!r}.", has)
            self._marks = self._read_marks(book[self._sheet])
        sample = list(islice(self._filled(), ROWS_LOOKED_AT))
        width = max((len(cells) for _, cells in sample), default=0)
        # Where a table does not begin at the left, what is left of it is empty.
        self._kept = [at for at in range(width) if any(at < len(cells) and cells[at] for _, cells in sample)]
        rows = [(number, self._placed(cells)) for number, cells in sample]
        first = rows[:50]
        below_blank = {at for at, (one, other) in enumerate(pairwise(first), 1) if other[0] > one[0] + 1}
        self._head = lines_above([cells for _, cells in first], below_blank)
        self._header = rows[self._head][1] if rows else []
        self._header_row = rows[self._head][0] if rows else 0
        self.header_below = self._header_row if self._head else 0

    def header(self) -> list[str]:
        return list(self._header)

    def below(self) -> Iterator[tuple[int, list[str]]]:
        rows = self._filled()
        return ((number, self._placed(cells)) for number, cells in islice(rows, self._head + 1, None))

    @property
    def hidden_rows(self) -> list[int]:
        """The numbers of the rows below the header that Excel does not show; of a long sheet also of empty ones."""
        filled = None if self._known is None else {number for number, _ in self._known}
        hidden = (row for row in self._marks.hidden_rows if filled is None or row in filled)
        return sorted(row for row in hidden if row > self._header_row)

    @property
    def hidden_columns(self) -> list[int]:
        """Which columns of the table Excel does not show, counted from 0."""
        return [at for at, column in enumerate(self._kept) if column in self._marks.hidden_columns]

    def in_parts(self, most: int) -> Iterator[list[list[str]]]:
        rows = self.below()
        while part := [cells for _, cells in islice(rows, most)]:
            yield part

    def _placed(self, cells: Sequence[str]) -> list[str]:
        """What is in the columns of the table; what is beside them, further down than was looked, stands behind."""
        placed = [cells[at] if at < len(cells) else "" for at in self._kept]
        if sum(map(bool, placed)) < sum(map(bool, cells)):
            kept = set(self._kept)
            placed += [cell for at, cell in enumerate(cells) if cell and at not in kept]
        return placed

    def _filled(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with anything in them, each with its number. Where they are not many, the file is read once."""
        if self._known is not None:
            yield from self._known
            return
        known: list[tuple[int, list[str]]] = []
        room = CELLS_KEPT
        for number, cells in enumerate(self._rows(), 1):
            self._check_size(number, len(cells))
            if any(cells):
                room -= len(cells)
                if room > 0:
                    known.append((number, cells))
                else:
                    known.clear()
                yield number, cells
        if room > 0:
            self._known = known

    def _check_size(self, rows: int, columns: int) -> None:
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise ArgumentsInvalid(
                f"{self._path.name} has cells beyond the {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns of a sheet.",
                "Save the sheet as CSV.",
            )

    def _rows(self) -> Iterator[list[str]]:
        with self._book(values=True) as book:
            if not self._marks.has_formulas:
                yield from ([_text(value) for value in row] for row in _values(book[self._sheet]))
                return
            with self._book(values=False) as written:
                cells = _values(book[self._sheet], alone=False)
                both = zip(cells, _values(written[self._sheet]), strict=True)
                for row, formulas in both:
                    yield list(map(_calculated, row, formulas))

    @contextmanager
    def _book(self, values: bool) -> Iterator[Any]:
        """The workbook, with the values of its formulas, or with these as they are written."""
        from mcgui_core.arguments.readers.unmeasured_workbook import open_workbook  # here: it takes openpyxl

        book: Any = None
        try:
            check_archive(self._path)
            book = open_workbook(self._path, values)
            yield book
        except (ArgumentsInvalid, GeneratorExit):
            raise
        except OSError as error:
            raise unreadable(self._path, error) from error
        except Exception as error:  # of any kind: it reads XML that anybody wrote
            raise self._refused(error) from error
        finally:
            if book is not None:
                book.close()

    def _refused(self, error: Exception) -> ArgumentsInvalid:
        name = self._path.name
        with self._path.open("rb") as file:
            beginning = file.read(4)
        if beginning == b"\xd0\xcf\x11\xe0":
            return ArgumentsInvalid(
                f"{name} is a workbook of an older Excel, or has a password.",
                "Save it as .xlsx without a password, or the sheet as CSV.",
            )
        if isinstance(error, zipfile.BadZipFile) or beginning != b"PK\x03\x04":
            return ArgumentsInvalid(f"{name} is no workbook of Excel, or only a part of one.")
        reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
        return ArgumentsInvalid(
            f"{name} cannot be read as a workbook of Excel: {reason}.", "Open it in Excel, and save the sheet as CSV."
        )

    def _read_marks(self, sheet: Any) -> SheetMarks:
        with zipfile.ZipFile(self._path) as archive, archive.open(sheet._worksheet_path) as file:
            return marks_of_sheet(file)


def _values(sheet: Any, alone: bool = True) -> Iterator[tuple[Any, ...]]:
    """The rows; not `alone`, with what openpyxl knows of each cell beside."""
    sheet.reset_dimensions()  # what a program wrote there may be less than there is
    return sheet.iter_rows(values_only=alone)  # type: ignore[no-any-return]


def _calculated(cell: Any, formula: Any) -> str:
    # A text of no letters, of =IF(x, y, ""), is no value to openpyxl either; that it is a text is written at the cell.
    if cell.value is None and formula is not None and cell.data_type != "str":
        return Flaw("has a formula that was never calculated: open the workbook in Excel, and save it")
    return _text(cell.value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if value in _ERRORS:
            return Flaw(f"shows {value}")
        return _BY_NUMBER.sub(lambda found: chr(int(found[1], 16)), value) if "_x00" in value else value
    if isinstance(value, float):
        return KnownNumber(int(value) if value.is_integer() and abs(value) < 1e15 else value)
    if isinstance(value, int) and not isinstance(value, bool):
        return KnownNumber(value)
    if isinstance(value, datetime):
        return KnownMoment(value.isoformat(" ") if value.time() != time.min else value.date().isoformat())
    if isinstance(value, timedelta):
        return _duration(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _duration(value: timedelta) -> str:
    """Written as times of day are, also where it is longer than a day: 25:30:00."""
    seconds, rest = divmod(abs(value), timedelta(seconds=1))
    fraction = f".{rest.microseconds:06}" if rest else ""
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"
