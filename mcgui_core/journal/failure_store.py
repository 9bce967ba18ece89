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
from typing import Any

from mcgui_core.base.ranges import RangeSet
from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.protocol.messages import TaskFailure
from mcgui_core.protocol.queries import FailureGroup

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

#: A task that no job has.
_BEYOND = 1 << 62

_SELECT = (
    "SELECT task, failure, coalesce(tracebacks.text, '') FROM failures "
    "LEFT JOIN tracebacks ON tracebacks.id = traceback"
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

    def groups(self, job: int, after: int, page: int) -> tuple[tuple[FailureGroup, ...], int | None]:
        """One page of failures from task `after` on, grouped; and the task to go on from, None at the end."""
        rows = self._db.execute(
            "WITH page AS (SELECT task, traceback, failure FROM failures WHERE job = ?1 AND task >= ?2 "
            "AND json_valid(failure) ORDER BY task LIMIT ?3) "
            "SELECT traceback, count(*), min(task), max(task) FROM page "
            "GROUP BY json_extract(failure, '$.kind'), json_extract(failure, '$.type'), 1",
            (job, after, page),
        ).fetchall()
        groups = tuple(self._group(job, traceback, count, first) for traceback, count, first, _ in rows)
        last = max((row[3] for row in rows), default=None)
        full = sum(group.count for group in groups) == page
        return groups, last + 1 if full and last is not None else None

    def like(
        self, job: int, group: FailureGroup, after: int, limit: int, page: int
    ) -> tuple[tuple[TaskFailure, ...], int | None]:
        """Those of one group, out of one page from task `after` on; and the task to go on from, None at the end."""
        end = self._db.execute(
            "SELECT task FROM failures WHERE job = ? AND task >= ? ORDER BY task LIMIT 1 OFFSET ?", (job, after, page)
        ).fetchone()
        stop = end[0] if end else None
        found = self._read(
            f"{_SELECT} WHERE failures.job = ? AND task >= ? AND task < ? AND traceback IS ? "
            "AND json_valid(failure) AND json_extract(failure, '$.kind') = ? "
            "AND json_extract(failure, '$.type') = ? ORDER BY task LIMIT ?",
            job, after, _BEYOND if stop is None else stop, group.traceback, group.kind, utf8_text(group.type), limit,
        )  # fmt: skip
        return found, found[-1].index + 1 if len(found) == limit else stop

    def _group(self, job: int, traceback: int | None, count: int, first: int) -> FailureGroup:
        # Its words from the JSON as Python reads it: older journals hold halves of surrogate pairs there, which
        # json_extract turns into text that is no UTF-8.
        (text,) = self._db.execute("SELECT failure FROM failures WHERE job = ? AND task = ?", (job, first)).fetchone()
        fields = _storable(json.loads(text))
        return FailureGroup(fields["kind"], fields["type"], traceback, count, first, fields["message"])

    def failed(self, job: int, total: int) -> tuple[RangeSet, str]:
        """The failed tasks of a job; and what of its rows cannot be read, or ""."""
        failed, problem = RangeSet(), ""
        for task, valid in self._db.execute("SELECT task, json_valid(failure) FROM failures WHERE job = ?", (job,)):
            if type(task) is not int or not 0 <= task < total or not valid:
                problem = problem or f"the failure of task {task} is damaged"
                continue
            failed.add(task, task + 1)
        return failed, problem

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
        failure = TaskFailure(**_storable(dataclasses.asdict(failure)))
        text = failure.traceback
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

    def _read(self, query: str, *values: object) -> tuple[TaskFailure, ...]:
        return tuple(_joined(*row) for row in self._db.execute(query, values))


def _joined(task: int, text: str, body: str) -> TaskFailure:
    try:
        return _whole(json.loads(text), body)
    except (ValueError, TypeError, KeyError, AttributeError):  # its job was set aside for that
        return TaskFailure(task, "raised", "", "Why it failed cannot be read from the journal.", "")


def _whole(fields: dict[str, Any], body: str) -> TaskFailure:
    fields = _storable(fields)
    if fields["traceback"] is None:  # its last line was left out, because the type and the message tell it
        fields["traceback"] = ""
        failure = TaskFailure(**fields)
        return dataclasses.replace(failure, traceback=body + _last_line(failure))
    return TaskFailure(**fields | {"traceback": fields["traceback"] or body})


def _last_line(failure: TaskFailure) -> str:
    return f"{failure.type}: {failure.message}\n" if failure.message else f"{failure.type}\n"


def _storable(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: utf8_text(value) if isinstance(value, str) else value for name, value in fields.items()}


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
