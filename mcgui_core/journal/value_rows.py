"""Where the rows of a journal say that large values lie: in files of the store (value_store.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from mcgui_core.protocol.messages import Content, Stored
from mcgui_core.values.value_file import is_name

SCHEMA = """
CREATE TABLE value_files (
    name TEXT PRIMARY KEY, job INTEGER NOT NULL, size INTEGER NOT NULL, durable INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX value_files_of_job ON value_files (job);
"""

#: Stands in the place of where a value begins, where that is content (master/content).
_CONTENT = "content"
#: The bytes of a value by its column: of text as `row_of` makes it, SQLite takes the number that it begins with.
SIZE = "CASE typeof(data) WHEN 'text' THEN CAST(data AS INTEGER) ELSE length(data) END"


def row_of(data: Any) -> Any:
    """What stands in a row: the bytes themselves, where they lie, or by what content they are known."""
    if isinstance(data, Content):
        return f"{data.size} {_CONTENT} {data.sha256}"
    return f"{data.size} {data.start} {data.name}" if isinstance(data, Stored) else data


def from_row(data: Any) -> Any:
    """What `row_of` made of it; None where that cannot be read."""
    if not isinstance(data, str):
        return data
    try:
        size, start, name = data.split(" ", 2)
        if start == _CONTENT:
            return Content(name, int(size))
        return Stored(name, int(start), int(size)) if is_name(name) else None
    except ValueError:
        return None


class KnownFiles(Protocol):
    """What those who write and read such rows need of the store."""

    def note(self, job: int, values: Iterable[Any]) -> None:
        """Those of them that are in files belong to a job now. Raises BadInput, sqlite3.Error."""

    def has(self, stored: Stored | None) -> bool:
        """Its file is there, and as long as it has to be."""
