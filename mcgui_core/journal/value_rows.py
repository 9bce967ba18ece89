"""Where the rows of a journal say that large values lie: in files of the store (value_store.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from mcgui_core.protocol.messages import Stored
from mcgui_core.values.value_file import is_name

SCHEMA = """
CREATE TABLE value_files (
    name TEXT PRIMARY KEY, job INTEGER NOT NULL, size INTEGER NOT NULL, durable INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX value_files_of_job ON value_files (job);
"""

#: The bytes of a value by its column: of text as `row_of` makes it, SQLite takes the number that it begins with.
SIZE = "CASE typeof(data) WHEN 'text' THEN CAST(data AS INTEGER) ELSE length(data) END"


def row_of(data: Any) -> Any:
    """What stands in a row: the bytes themselves, or where they lie."""
    return f"{data.size} {data.start} {data.name}" if isinstance(data, Stored) else data


def from_row(data: Any) -> Any:
    """What `row_of` made of it; None where that cannot be read."""
    if not isinstance(data, str):
        return data
    try:
        size, start, name = data.split(" ")
        return Stored(name, int(start), int(size)) if is_name(name) else None
    except ValueError:
        return None


class KnownFiles(Protocol):
    """What those who write and read such rows need of the store."""

    def note(self, job: int, values: Iterable[Any]) -> None:
        """Those of them that are in files belong to a job now. Raises BadInput, sqlite3.Error."""

    def has(self, stored: Stored | None) -> bool:
        """Its file is there, and as long as it has to be."""
