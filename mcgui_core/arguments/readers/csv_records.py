"""The records of a CSV file: rows of cells of text, each with the line that it starts on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from mcgui_core.arguments.cell_words import MISSING
from mcgui_core.arguments.readers.text_reader import text_lines
from mcgui_core.arguments.tables.header_rows import is_number
from mcgui_core.arguments.tables.preamble import lines_above
from mcgui_core.errors import ArgumentsInvalid

#: What may stand between two columns; of several that fit a file equally well, the first.
DELIMITERS: Final = (",", ";", "\t", "|")
#: What stands between numbers where none of these does, as `numpy.savetxt` writes them: one or several.
SPACE: Final = " "
#: Endings of files whose columns are separated by tabs, whatever else is in them.
TAB_ENDINGS: Final = (".tsv", ".tab")
#: Rows that are looked at to find the delimiter.
ROWS_SNIFFED: Final = 50
#: Characters of a cell at most: a genome has its place in one. Python's own limit is 131,072.
LONGEST: Final = 1 << 24
#: Lines above the header that may be remarks.
REMARKS: Final = 1000
#: Stands in a line of its own behind the last one, which is part of a cell where a quotation mark is never closed.
_END: Final = "\ufdd0"
_ENDS: Final = (_END, f"{_END}\n")
#: A first line by which Excel is told, and tells, the delimiter.
_SAYS_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
#: What is no column of a line that is divided by spaces.
_LEADING = re.compile(r"\s*#?\s*")
#: How a header begins that is written as a remark ("#city"); "##version=4" is none, nor is "# made by X".
_HASHED_NAME = re.compile(r"#[^#\s]")


class CsvRecords:
    """The file as its delimiter divides it: as its first line says (sep=;), as its ending says, or as fits best.

    Lines above the header that begin with "#" are remarks; the last of them is the header itself where it has as many
    columns as the line below it and that line holds values, not names, as in what `numpy.savetxt` writes. Titles and
    preambles are skipped, too (preamble.py).
    """

    header_below = 0

    def __init__(self, path: Path, encoding: str) -> None:
        """Looks at the first rows. Raises ArgumentsInvalid."""
        self._path, self._encoding = path, encoding
        said = _SAYS_DELIMITER.fullmatch(next(text_lines(path, encoding), ""))
        self._skipped = 1 if said else 0  # lines before the header that are none of the table
        if said:
            self.delimiter = said[1]
            return
        remarks = self._count_remarks()
        for self._skipped in (remarks - 1, remarks) if remarks else (0,):
            self.delimiter = "\t" if path.suffix.lower() in TAB_ENDINGS else self._best_delimiter()
            if self._skipped < remarks and self._begins_with_header():
                return
        self._skip_titles()

    def header(self) -> list[str]:
        """The cells of the first row with anything in it; none where there is no such row."""
        cells = next((cells for _, cells in self._read(self.delimiter) if any(cells)), [])
        if cells and cells[0].startswith("#") and (name := cells[0].lstrip("# ")):
            cells[0] = name  # "# x"
        return cells

    def _begins_with_header(self) -> bool:
        """Whether the first line, a remark, is the header: it is as wide as the line below it, and that is none itself.

        Of words alone nobody can tell, unless numbers stand below them, which they name. Then "#city" is a header, and
        "# made by X" a remark.
        """
        rows: list[list[str]] = []
        with suppress(ArgumentsInvalid):  # whoever reads so far says it
            rows.extend(cells for _, cells in islice((row for row in self._read(self.delimiter) if any(row[1])), 3))
        names, first, second = (*rows, [], [], [])[:3]
        if not names or len(names) != len(first):
            return False
        if any(map(is_number, first)):
            return True
        if any(above.strip() not in MISSING and is_number(below) for above, below in zip(first, second, strict=False)):
            return False
        return _HASHED_NAME.match(names[0]) is not None or any(cell[:1].isdigit() for cell in first)  # a date

    def _skip_titles(self) -> None:
        """Above the header, with something in fewer columns than the table has (preamble.py)."""
        known = self._path.suffix.lower() in TAB_ENDINGS
        for delimiter in (self.delimiter, *(() if known else DELIMITERS)):
            rows, below_blank = self._first_rows(delimiter)
            titles = lines_above([cells for _, cells in rows], below_blank)
            if titles and not (delimiter == "," and self._is_of_texts(rows, titles)):
                self.delimiter, self._skipped = delimiter, rows[titles][0] - 1
                self.header_below = rows[titles][0]
                return
            if delimiter not in {",", SPACE} and len({len(cells) for _, cells in rows}) == 1 < len(rows[0][1]):
                return  # it divides all of them: no comma does that better

    def _first_rows(self, delimiter: str) -> tuple[list[tuple[int, list[str]]], set[int]]:
        """Those with anything in them, each with its line, and which of them have one without above them."""
        rows: list[tuple[int, list[str]]] = []
        below_blank: set[int] = set()
        with suppress(ArgumentsInvalid):  # whoever reads so far says it
            for line, cells in self._read(delimiter):
                if not any(cells):
                    below_blank.add(len(rows))
                    continue
                rows.append((line, cells))
                if len(rows) == ROWS_SNIFFED:
                    break
        return rows, below_blank

    def _is_of_texts(self, rows: Sequence[tuple[int, list[str]]], titles: int) -> bool:
        """Whether what seem titles and a header are an only column of texts with commas, and its name.

        So it is where there is a space behind the comma, and where the title is one word with the header next to it;
        never where there are only numbers below.
        """
        below = (cell for _, cells in rows[titles + 1 :] for cell in cells if cell.strip() not in MISSING)
        if all(map(is_number, below)):
            return False
        line = rows[titles][0]
        text = next(islice(self._lines(), line - 1, None), "")
        (first, (title, *_)) = rows[0]
        return ", " in text or (titles == 1 and line == first + 1 and len(title.split()) == 1)

    def below(self) -> Iterator[tuple[int, list[str]]]:
        """Each row below the header that has anything in it, with its line, counted from 1. Raises ArgumentsInvalid."""
        filled = (record for record in self._read(self.delimiter) if any(record[1]))
        next(filled, None)
        return filled

    def in_parts(self, most: int) -> Iterator[list[list[str]]]:
        """As `below`, in lists made of up to `most` rows at a time and without the lines: in a third of its time."""
        reader = self._reader(self.delimiter)
        for cells in reader:
            if any(cells):
                break
        try:
            while rows := list(islice(reader, most)):
                if rows[-1] and rows[-1][-1].endswith(_ENDS) and rows.pop() != [_END]:
                    raise csv.Error
                yield list(filter(any, rows))
        except csv.Error:
            for _ in self.below():  # which line it is, is known to whoever counts them
                continue
            raise

    def _count_remarks(self) -> int:
        """How many lines at the beginning are remarks; none where there is nothing else."""
        lines = enumerate(islice(text_lines(self._path, self._encoding), REMARKS))
        return next((number for number, line in lines if not line.startswith("#")), 0)

    def _best_delimiter(self) -> str:
        """The delimiter that gives most rows the header's number of columns, and the most columns.

        Where the header is of one column with each, it is one that is in no row: a comma there is a decimal one.
        """
        best, best_fit = DELIMITERS[0], (0, 0)
        alone: list[str] = []
        for delimiter in DELIMITERS:
            widths: list[int] = []
            with suppress(ArgumentsInvalid):  # whoever reads so far says it
                widths.extend(len(cells) for _, cells in islice(self._read(delimiter), ROWS_SNIFFED) if any(cells))
            if not widths:  # nothing but delimiters
                return delimiter
            if widths[0] > 1:
                fit = (Counter(widths)[widths[0]], widths[0])
                if fit > best_fit:
                    best, best_fit = delimiter, fit
            elif set(widths) == {1}:
                alone.append(delimiter)
        if not alone or best_fit != (0, 0):
            return best
        if self._is_divided_by_spaces():
            return SPACE
        return best if best in alone else alone[-1]  # not a semicolon: there is none, to say that commas are decimal

    def _is_divided_by_spaces(self) -> bool:
        """Whether there are several names, and below them as many numbers in each row: words may be a text."""
        rows: list[list[str]] = []
        with suppress(ArgumentsInvalid):  # whoever reads so far says it
            rows.extend(cells for _, cells in islice(self._read(SPACE), ROWS_SNIFFED) if any(cells))
        names, *below = rows or [[]]
        fits = bool(below) and len(names) > 1 and {*map(len, below)} == {len(names)}
        return fits and not any(map(is_number, names)) and all(is_number(cell) for cells in below for cell in cells)

    def _lines(self) -> Iterator[str]:
        return text_lines(self._path, self._encoding, newline="")

    def _reader(self, delimiter: str) -> Any:
        csv.field_size_limit(max(LONGEST, csv.field_size_limit()))
        lines = chain(islice(self._lines(), self._skipped, None), (f"{_END}\n",))
        if delimiter == SPACE:
            lines = chain(f"{_LEADING.sub('', line, count=1).rstrip()}\n" for line in lines)
        return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)

    def _read(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader(delimiter)
        line = 1 + self._skipped
        try:
            for cells in reader:
                if cells and cells[-1].endswith(_ENDS):
                    if cells == [_END]:
                        return
                    raise csv.Error("it does not end")
                yield line, cells
                line = reader.line_num + 1 + self._skipped
        except csv.Error as error:
            raise ArgumentsInvalid(
                f"Line {line} of {self._path.name} cannot be read: {error}.", "Is a quotation mark there never closed?"
            ) from error
