"""What became of the tasks, in a journal's database: a row for each part that a node reported and of which something
counts. The values lie in it, or where it says, as they came, pickled and closed; `accepted` says for which tasks they
count."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.journal.failure_store import FailureStore
from mcgui_core.journal.value_rows import SIZE, KnownFiles, from_row, row_of
from mcgui_core.protocol.messages import Outcome

SCHEMA = """
CREATE TABLE outcomes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    node TEXT NOT NULL, seconds REAL NOT NULL, missing TEXT NOT NULL, accepted TEXT NOT NULL, data BLOB NOT NULL,
    home INTEGER NOT NULL DEFAULT 0);
CREATE INDEX outcomes_of_job ON outcomes (job, start);
CREATE INDEX outcomes_as_they_came ON outcomes (job, seq);
"""

_TOUCHING = "FROM outcomes WHERE job = ? AND start < ? AND stop > ? ORDER BY start"
_SELECT = "SELECT seq, job, start, stop, node, seconds, missing, accepted, home, data FROM outcomes"
_INSERT = (
    "INSERT INTO outcomes (job, start, stop, node, seconds, missing, accepted, home, data) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
#: Outcomes of the job that came last which are kept at hand, and their bytes: who waits for a small job has them next.
AT_HAND, AT_HAND_BYTES = 16, 128 << 10


class OutcomeStore:
    """Writes failures to their own store. The caller begins and ends transactions."""

    def __init__(self, db: sqlite3.Connection, failures: FailureStore, values: KnownFiles) -> None:
        self._db, self._failures, self._values = db, failures, values
        self._latest = 0  # the job that came last, while all of its outcomes are at hand
        self._at_hand: list[Outcome] = []

    # --- reading ------------------------------------------------------------------------------------------------

    def settled(self, job: int, total: int) -> tuple[RangeSet, str]:
        """The tasks of a job that have a result; and what of its rows contradicts the job or each other, or ""."""
        settled, problem = RangeSet(), ""
        rows = self._db.execute(
            "SELECT seq, start, stop, missing, accepted, CASE typeof(data) WHEN 'text' THEN data END "
            "FROM outcomes WHERE job = ?",
            (job,),
        )
        for seq, start, stop, missing, accepted, elsewhere in rows:
            ranges = _sound_ranges(start, stop, missing, accepted, total)
            lost = elsewhere is not None and not self._values.has(from_row(elsewhere))
            if ranges is None or lost or any(settled.common(*span) for span in ranges):
                problem = problem or f"outcome {seq} is damaged, or contradicts another"
                continue
            for span in ranges:
                settled.add(*span)
        return settled, problem

    def after(self, job: int, seq: int, limit_bytes: int) -> tuple[Outcome, ...]:
        """Outcomes of a job in order of arrival, from after the one with that `seq`: as many as fit, one at least."""
        if job == self._latest:  # a query takes longer than most else that is done for a small job
            return _fitting((outcome for outcome in self._at_hand if outcome.seq > seq), limit_bytes)
        rows = self._db.execute(f"{_SELECT} WHERE job = ? AND seq > ? ORDER BY seq", (job, seq))
        found = _fitting(filter(None, map(self._outcome, rows)), limit_bytes)
        rows.close()
        return found

    def between(self, job: int, start: int, stop: int) -> tuple[Outcome, ...]:
        """The outcomes of a job that touch the tasks `start` to `stop`."""
        rows = self._db.execute(
            f"{_SELECT} WHERE job = ? AND start < ? AND stop > ? ORDER BY start", (job, stop, start)
        ).fetchall()
        return tuple(filter(None, map(self._outcome, rows)))

    def reach(self, job: int, start: int, stop: int, limit_bytes: int) -> int:
        """How far from `start` towards `stop` one comes with outcomes of so many bytes together; a task at least."""
        rows = self._db.execute(
            f"SELECT start, {SIZE} {_TOUCHING}",
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

    def begin(self, job: int) -> None:
        """This one is new, and has no outcome."""
        self._latest, self._at_hand = job, []

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """In their order; by one call, where there are many, those that follow each other without a failure."""
        for failed, alike in groupby(outcomes, lambda o: bool(o.failures)):
            found = list(alike)
            for o in found:
                self._values.note(o.job, [o.values])
            if not failed and len(found) > AT_HAND:
                self._db.executemany(_INSERT, map(_row, found))
                self.undone()
                continue
            for o in found:
                seq = self._db.execute(_INSERT, _row(o)).lastrowid
                assert seq is not None
                if failed:
                    self._failures.add(o.job, seq, o.failures)
                if o.job == self._latest:
                    self._keep_at_hand(o, seq)

    def forget(self, job: int) -> None:
        self.undone()
        self._db.execute("DELETE FROM outcomes WHERE job = ?", (job,))

    def undone(self) -> None:
        """A transaction was rolled back, or rows are gone: what we noted of them is not there."""
        self._latest, self._at_hand = 0, []

    # --- inside -------------------------------------------------------------------------------------------------

    def _keep_at_hand(self, o: Outcome, seq: int) -> None:
        """As it is read from its row, if it is small, and nothing is wrong with it."""
        node = utf8_text(o.node)
        kept = Outcome(o.job, o.start, o.stop, o.values, (), o.seconds, node, accepted=o.accepted, seq=seq, home=o.home)
        self._at_hand.append(kept)
        size = sum(len(outcome.values) for outcome in self._at_hand)
        if o.failures or o.missing or len(self._at_hand) > AT_HAND or size > AT_HAND_BYTES:
            self.undone()

    def _outcome(self, row: tuple[Any, ...]) -> Outcome | None:
        """None where it is damaged: its job was set aside for that when the journal was opened."""
        seq, job, start, stop, node, seconds, missing, accepted, home, data = row
        ranges, values = _sound_ranges(start, stop, missing, accepted, stop), from_row(data)
        if ranges is None or values is None:
            return None
        return Outcome(
            job=job,
            start=start,
            stop=stop,
            values=values,
            failures=self._failures.of_outcome(seq),
            seconds=seconds,
            node=node,
            missing=tuple(json.loads(missing)),
            accepted=tuple(ranges),
            seq=seq,
            home=home == 1,
        )


def _fitting(outcomes: Iterable[Outcome], limit_bytes: int) -> tuple[Outcome, ...]:
    """The first of them, until they have so many bytes together; one at least."""
    found: list[Outcome] = []
    size = 0
    for outcome in outcomes:
        found.append(outcome)
        size += len(outcome.values) + 100 * len(outcome.failures)
        if size >= limit_bytes:
            break
    return tuple(found)


def _row(o: Outcome) -> tuple[Any, ...]:
    missing = _numbers(o.missing) if o.missing else "[]"
    return o.job, o.start, o.stop, utf8_text(o.node), o.seconds, missing, _numbers(o.accepted), o.home, row_of(o.values)


def _sound_ranges(start: Any, stop: Any, missing: Any, accepted: Any, total: int) -> list[Range] | None:
    """The ranges in which an outcome's results count; None where no job of so many tasks has such an outcome.

    Whoever reported it may have spoken of more tasks than there are; of those none was accepted.
    """
    if type(start) is not int or type(stop) is not int or start >= stop:
        return None
    if missing == "[]" and accepted == f"[[{start}, {stop}]]" and start >= 0 and stop <= total:
        return [(start, stop)]  # as nearly all are, of which there may be a million when a master starts
    try:
        ranges = [(first, last) for first, last in json.loads(accepted)]
        without = json.loads(missing) if missing != "[]" else []
    except (ValueError, TypeError, RecursionError):
        return None
    reached = max(start, 0)
    for first, last in ranges:
        if type(first) is not int or type(last) is not int or not reached <= first < last <= min(stop, total):
            return None
        reached = last
    if type(without) is not list or any(type(task) is not int for task in without):
        return None
    if any(first <= task < last for task in without for first, last in ranges):
        return None
    return ranges


def _numbers(numbers: tuple[int | tuple[int, int], ...]) -> str:
    """As JSON: lists of whole numbers look in Python as they do there, and `json.dumps` takes ten times as long."""
    return str([list(number) if isinstance(number, tuple) else number for number in numbers])
