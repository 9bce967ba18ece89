"""Why tasks failed, in the journal: each kind of traceback once, however many tasks ended with it.

A traceback is kept without its last line, which tells one failure from the next (`ValueError: 17`); the rest is the
same for all that fail at the same place. So a million failures with a long traceback are a million short rows.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
from collections.abc import Iterable

from mcgui_core.jobs import TaskFailure

#: Different tracebacks of one job that are kept. Where each failure has its own, the first thousand tell enough.
TRACEBACKS_KEPT = 1000
#: What stands in the place of any other.
LEFT_OUT = f"(The first {TRACEBACKS_KEPT:,} different tracebacks of this job are kept, and this is not among them.)\n"

SCHEMA = """
CREATE TABLE failures (
    job INTEGER NOT NULL, task INTEGER NOT NULL, seq INTEGER NOT NULL, failure TEXT NOT NULL, traceback INTEGER,
    PRIMARY KEY (job, task));
CREATE INDEX failures_of_outcome ON failures (seq);
CREATE TABLE tracebacks (
    id INTEGER PRIMARY KEY, job INTEGER NOT NULL, digest BLOB NOT NULL, text TEXT NOT NULL, UNIQUE (job, digest));
"""

_SELECT = (
    "SELECT failure, coalesce(tracebacks.text, '') FROM failures LEFT JOIN tracebacks ON tracebacks.id = traceback"
)


class FailureStore:
    """The failures in a journal's database. The caller begins and ends transactions."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[int, dict[bytes, int]] = {}  # job -> digest -> id of its traceback

    def add(self, job: int, seq: int, failures: Iterable[TaskFailure]) -> None:
        """Those of the outcome `seq`."""
        self._db.executemany(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)",
            [(job, failure.index, seq, *self._split(job, failure)) for failure in failures],
        )

    def of_outcome(self, seq: int) -> tuple[TaskFailure, ...]:
        return self._read(f"{_SELECT} WHERE seq = ? ORDER BY task", seq)

    def page(self, job: int, after: int, limit: int) -> tuple[TaskFailure, ...]:
        """With an index of `after` or more, ascending."""
        return self._read(f"{_SELECT} WHERE failures.job = ? AND task >= ? ORDER BY task LIMIT ?", job, after, limit)

    def tasks(self, job: int) -> Iterable[int]:
        """The failed tasks of a job."""
        return (task for (task,) in self._db.execute("SELECT task FROM failures WHERE job = ?", (job,)))

    def forget(self, job: int) -> None:
        self._db.execute("DELETE FROM failures WHERE job = ?", (job,))
        self._db.execute("DELETE FROM tracebacks WHERE job = ?", (job,))
        self._known.pop(job, None)

    def undone(self) -> None:
        """A transaction was rolled back: what we noted of it is not there."""
        self._known.clear()

    # --- inside -------------------------------------------------------------------------------------------------

    def _split(self, job: int, failure: TaskFailure) -> tuple[str, int | None]:
        """A failure as JSON without the part of its traceback that is kept apart, and the id of that part."""
        text = _without_surrogates(failure.traceback)
        last = _last_line(failure)
        shared = bool(text) and text.endswith(last)
        fields = dataclasses.asdict(failure) | {"traceback": "" if not shared else None}
        body = text.removesuffix(last) if shared else text
        return json.dumps(fields), self._id_of(job, body) if body else None

    def _id_of(self, job: int, text: str) -> int:
        if job not in self._known:
            rows = self._db.execute("SELECT digest, id FROM tracebacks WHERE job = ?", (job,))
            self._known[job] = dict(rows.fetchall())
        known = self._known[job]
        if len(known) >= TRACEBACKS_KEPT:
            text = text if _digest(text) in known else LEFT_OUT
        digest = _digest(text)
        if digest not in known:
            cursor = self._db.execute(
                "INSERT INTO tracebacks (job, digest, text) VALUES (?, ?, ?)", (job, digest, text)
            )
            assert cursor.lastrowid is not None
            known[digest] = cursor.lastrowid
        return known[digest]

    def _read(self, query: str, *values: int) -> tuple[TaskFailure, ...]:
        return tuple(_joined(*row) for row in self._db.execute(query, values))


def _joined(text: str, body: str) -> TaskFailure:
    fields = json.loads(text)
    if fields["traceback"] is None:  # its last line was left out, because the type and the message tell it
        fields["traceback"] = ""
        failure = TaskFailure(**fields)
        return dataclasses.replace(failure, traceback=body + _last_line(failure))
    return TaskFailure(**fields | {"traceback": fields["traceback"] or body})


def _last_line(failure: TaskFailure) -> str:
    message = _without_surrogates(failure.message)
    return f"{failure.type}: {message}\n" if message else f"{failure.type}\n"


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
