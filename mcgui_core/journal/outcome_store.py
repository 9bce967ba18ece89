"""What became of the tasks, in a journal's database: a row for each part that a node reported and of which something
counts. The values lie in it as they came, pickled and closed; `accepted` says for which tasks they count."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from mcgui_core.base.ranges import Range
from mcgui_core.journal.failure_store import FailureStore
from mcgui_core.journal.text import storable
from mcgui_core.protocol.messages import Outcome

SCHEMA = """
CREATE TABLE outcomes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    node TEXT NOT NULL, seconds REAL NOT NULL, missing TEXT NOT NULL, accepted TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX outcomes_of_job ON outcomes (job, start);
CREATE INDEX outcomes_as_they_came ON outcomes (job, seq);
"""

_SELECT = "SELECT seq, job, start, stop, node, seconds, missing, accepted, data FROM outcomes"


class OutcomeStore:
    """Writes failures to their own store. The caller begins and ends transactions."""

    def __init__(self, db: sqlite3.Connection, failures: FailureStore) -> None:
        self._db, self._failures = db, failures

    # --- reading ------------------------------------------------------------------------------------------------

    def accepted(self, job: int) -> Iterator[Range]:
        """The ranges of tasks that have a result."""
        for (accepted,) in self._db.execute("SELECT accepted FROM outcomes WHERE job = ?", (job,)):
            yield from json.loads(accepted)

    def after(self, job: int, seq: int, limit_bytes: int) -> tuple[Outcome, ...]:
        """Outcomes of a job in order of arrival, from after the one with that `seq`: as many as fit, one at least."""
        rows = self._db.execute(f"{_SELECT} WHERE job = ? AND seq > ? ORDER BY seq", (job, seq))
        found: list[Outcome] = []
        size = 0
        for row in rows:
            found.append(self._outcome(row))
            size += len(found[-1].values) + 100 * len(found[-1].failures)
            if size >= limit_bytes:
                break
        rows.close()
        return tuple(found)

    def between(self, job: int, start: int, stop: int) -> tuple[Outcome, ...]:
        """The outcomes of a job that touch the tasks `start` to `stop`."""
        rows = self._db.execute(
            f"{_SELECT} WHERE job = ? AND start < ? AND stop > ? ORDER BY start", (job, stop, start)
        ).fetchall()
        return tuple(self._outcome(row) for row in rows)

    def reach(self, job: int, start: int, stop: int, limit_bytes: int) -> int:
        """How far from `start` towards `stop` one comes with outcomes of so many bytes together; a task at least."""
        rows = self._db.execute(
            "SELECT start, length(data) FROM outcomes WHERE job = ? AND start < ? AND stop > ? ORDER BY start",
            (job, stop, start),
        )
        taken = 0
        for first, size in rows:
            if taken + size > limit_bytes and first > start:
                rows.close()
                return int(first)
            taken += size
        return stop

    # --- writing ------------------------------------------------------------------------------------------------

    def add(self, o: Outcome) -> None:
        cursor = self._db.execute(
            "INSERT INTO outcomes (job, start, stop, node, seconds, missing, accepted, data) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (o.job, o.start, o.stop, storable(o.node), o.seconds, _numbers(o.missing), _numbers(o.accepted), o.values),
        )
        assert cursor.lastrowid is not None
        if o.failures:
            self._failures.add(o.job, cursor.lastrowid, o.failures)

    def forget(self, job: int) -> None:
        self._db.execute("DELETE FROM outcomes WHERE job = ?", (job,))

    # --- inside -------------------------------------------------------------------------------------------------

    def _outcome(self, row: tuple[object, ...]) -> Outcome:
        seq, job, start, stop, node, seconds, missing, accepted, data = row
        return Outcome(
            job=job,  # type: ignore[arg-type]
            start=start,  # type: ignore[arg-type]
            stop=stop,  # type: ignore[arg-type]
            values=data,
            failures=self._failures.of_outcome(seq),  # type: ignore[arg-type]
            seconds=seconds,  # type: ignore[arg-type]
            node=node,  # type: ignore[arg-type]
            missing=tuple(json.loads(missing)),  # type: ignore[arg-type]
            accepted=tuple((a, b) for a, b in json.loads(accepted)),  # type: ignore[arg-type]
            seq=seq,  # type: ignore[arg-type]
        )


def _numbers(numbers: tuple[int | tuple[int, int], ...]) -> str:
    """As JSON: lists of whole numbers look in Python as they do there, and `json.dumps` takes ten times as long."""
    return str([list(number) if isinstance(number, tuple) else number for number in numbers])
