"""What tasks printed, in a journal's database: capped for each job, searched from the latest backwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.protocol.messages import TaskOutput
from mcgui_core.protocol.queries import OutputQuery

#: Characters that are kept of what the tasks of one job print. A loop that prints must not fill the disk.
KEPT = 20_000_000
#: Characters that one search looks through before it tells how far it is.
LOOKED = 4_000_000

#: A number that no piece has.
_BEYOND = 1 << 62

SCHEMA = """
CREATE TABLE output (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL, task INTEGER NOT NULL, stream TEXT NOT NULL,
    time REAL NOT NULL, node TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX output_of_job ON output (job, seq);
"""


class OutputStore:
    """The output in a journal's database. The caller begins and ends transactions."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._size: dict[int, int] = {}  # job -> characters that are kept of it

    def add(self, pieces: Iterable[TaskOutput]) -> None:
        """Of each job, as long as it has not printed too much."""
        for piece in pieces:
            size = self._size_of(piece.job)
            if size > KEPT:
                continue
            text = utf8_text(piece.text)
            if size + len(text) > KEPT:
                text += f"\n(More than {KEPT:,} characters were printed by this job. What follows is not kept.)\n"
            self._size[piece.job] = size + len(text)
            self._db.execute(
                "INSERT INTO output (job, task, stream, time, node, text) VALUES (?, ?, ?, ?, ?, ?)",
                (piece.job, piece.index, piece.stream, piece.time, utf8_text(piece.node), text),
            )

    def page(self, job: int | None, after: int, limit: int) -> tuple[TaskOutput, ...]:
        """Up to `limit` pieces with `seq` > `after`, as they came; of one job, or of all.

        Fewer where they are long, one at least.
        """
        rows = self._db.execute(
            "SELECT job, task, stream, text, time, node, seq FROM output "
            "WHERE seq > ?1 AND (?2 IS NULL OR job = ?2) ORDER BY seq LIMIT ?3",
            (after, job, limit),
        )
        found: list[TaskOutput] = []
        size = 0
        for row in rows:
            found.append(TaskOutput(*row))
            size += len(row[3])
            if size > LOOKED:
                break
        rows.close()
        return tuple(found)

    def find(
        self, query: OutputQuery, before: int | None, limit: int, page: int
    ) -> tuple[tuple[TaskOutput, ...], int | None]:
        """The latest that fit the query, before `before`, out of `page` pieces; and where to go on, None at the end."""
        top = _BEYOND if before is None else before
        rows = self._db.execute(
            "SELECT job, task, stream, text, time, node, seq FROM output "
            "WHERE seq < ?1 AND (?2 IS NULL OR job = ?2) ORDER BY seq DESC LIMIT ?3",
            (top, query.job, page),
        )
        found: list[TaskOutput] = []
        looked = size = 0
        for row in rows:
            looked, size, top = looked + 1, size + len(row[3]), row[6]
            piece = TaskOutput(*row)
            if query.fits(piece):
                found.append(piece)
            if len(found) == limit or size > LOOKED:
                break
        rows.close()
        more = len(found) == limit or looked == page or size > LOOKED
        return tuple(reversed(found)), top if more else None

    def forget(self, job: int) -> None:
        self._db.execute("DELETE FROM output WHERE job = ?", (job,))
        self._size.pop(job, None)

    def undone(self) -> None:
        """A transaction was rolled back: what we noted of it is not there."""
        self._size.clear()

    def _size_of(self, job: int) -> int:
        if job not in self._size:
            row = self._db.execute("SELECT coalesce(sum(length(text)), 0) FROM output WHERE job = ?", (job,)).fetchone()
            self._size[job] = row[0]
        return self._size[job]
