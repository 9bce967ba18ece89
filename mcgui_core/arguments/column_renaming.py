"""Columns that are passed under other names: where a file calls things differently from the function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from mcgui_core.arguments.readers.row_reader import PREVIEW_SECONDS, row_text
from mcgui_core.base.listing import listed
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle

#: Column -> the parameter that it is passed as; "" leaves the column out.
ColumnNames = tuple[tuple[str, str], ...]


class RenamedArguments:
    """Rows with their columns renamed, or left out."""

    call: CallStyle = "kwargs"

    def __init__(self, rows: Any, names: ColumnNames, origin: str) -> None:
        """`rows` are the arguments of a table, `origin` is what messages call it. Raises ArgumentsInvalid."""
        self._rows, self.names = rows, names
        renamed([*rows.columns], names, origin)

    @property
    def count(self) -> int | None:
        count: int | None = self._rows.count
        return count

    @property
    def values(self) -> Iterable[Any]:
        return iter(self)

    def check(self) -> None:
        self._rows.check()

    def preview(self, n: int = 5, seconds: float = PREVIEW_SECONDS) -> ArgumentsPreview:
        return rename_preview(self._rows.preview(n, seconds), self.names)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = dict(self.names)
        for row in self._rows:
            yield {name: value for column, value in row.items() if (name := names.get(column, column))}


def rename_preview(preview: ArgumentsPreview, names: ColumnNames) -> ArgumentsPreview:
    """The same preview with its columns renamed; `fields` and `rows` stay as the file has them."""
    mapped = dict(names)
    columns = [mapped.get(field, field) for field in preview.fields]
    first = tuple(
        row_text((name for name in columns if name), (cell for name, cell in zip(columns, row, strict=True) if name))
        for row in preview.rows
    )
    return replace(preview, columns=tuple(name for name in columns if name), first=first)


def renamed(columns: list[str], names: ColumnNames, origin: str) -> tuple[str, ...]:
    """The columns under their other names. Raises ArgumentsInvalid where a name is of no column, or comes twice."""
    mapped = dict(names)
    for column, name in names:
        if column not in columns:
            raise ArgumentsInvalid(
                f"{origin} has no column {column!r} to pass as {name!r}.", f"It has: {listed(columns)}."
            )
    found = [name for column in columns if (name := mapped.get(column, column))]
    for name in found:
        if found.count(name) > 1:
            both = " and ".join(repr(column) for column in columns if mapped.get(column, column) == name)
            raise ArgumentsInvalid(f"The columns {both} would both be passed as {name!r}.", "Leave one of them out.")
    return tuple(found)
