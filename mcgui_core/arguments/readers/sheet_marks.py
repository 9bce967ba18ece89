"""What the XML of a sheet says beside its values: whether there are formulas, and what Excel does not show of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

#: A formula.
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
#: A row or columns that are hidden, by hand or by a filter; a row without cells ends with a slash.
_HIDDEN: Final = re.compile(rb"""<(?:\w+:)?(row|col)\s([^<>]*\bhidden=["'](?:1|true)["'][^<>]*)>""")
_NUMBER: Final = re.compile(rb"""\b(r|min|max)=["'](\d{1,9})["']""")
_CHUNK: Final = 1 << 16
#: Columns that a sheet has.
_MOST_COLUMNS: Final = 1 << 14


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Rows are counted from 1, as Excel does, and columns from 0."""

    has_formulas: bool
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


def marks_of_sheet(file: IO[bytes]) -> SheetMarks:
    """Reads all of the XML."""
    has_formulas = False
    rows: set[int] = set()
    columns: set[int] = set()
    for part in _whole_tags(file):
        has_formulas = has_formulas or _FORMULA.search(part) is not None
        if b"hidden=" not in part:
            continue
        for kind, attributes in _HIDDEN.findall(part):
            numbers = {name: int(digits) for name, digits in _NUMBER.findall(attributes)}
            if kind == b"col":
                columns.update(range(numbers.get(b"min", 1) - 1, min(numbers.get(b"max", 0), _MOST_COLUMNS)))
            elif not attributes.endswith(b"/"):
                rows.add(numbers.get(b"r", 0))
    return SheetMarks(has_formulas, frozenset(rows), frozenset(columns))


def _whole_tags(file: IO[bytes]) -> Iterator[bytes]:
    """The file in parts that end between two tags."""
    rest = b""
    while chunk := file.read(_CHUNK):
        read = rest + chunk
        end = read.rfind(b"<")
        yield read[: max(end, 0)]
        rest = read[max(end, 0) :]
        if len(rest) > _CHUNK:  # a long text, which has no tags
            yield rest
            rest = b""
    yield rest
