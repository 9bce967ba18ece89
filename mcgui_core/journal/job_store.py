"""The jobs, their functions and their arguments in a journal's database.

The arguments lie in the blocks in which they came. A pickled function, which may be large, is written once, in a row of
its own: SQLite writes a row as a whole, and a job's changes with its state.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.journal.spec_json import spec_from_json, spec_to_json
from mcgui_core.journal.stored_job import Standing, StoredJob
from mcgui_core.journal.value_rows import SIZE, KnownFiles, from_row, row_of
from mcgui_core.protocol.field_types import field_types, fits
from mcgui_core.protocol.messages import Block, JobSpec, Stored
from mcgui_core.protocol.reasons import NO_REASON, Reason, ReasonCode

SCHEMA = """
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, spec TEXT NOT NULL, created REAL NOT NULL, started REAL, finished REAL,
    state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', total INTEGER NOT NULL DEFAULT 0,
    sealed INTEGER NOT NULL DEFAULT 0, task_seconds REAL, reason_code TEXT NOT NULL DEFAULT '',
    idle REAL NOT NULL DEFAULT 0, rests REAL);
CREATE TABLE blocks (
    job INTEGER NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (job, start));
"""
FUNCTIONS_SCHEMA = "CREATE TABLE functions (job INTEGER PRIMARY KEY, data BLOB NOT NULL);"

#: What `sealed` is of a job that is to end without the rest of its arguments; 1 where all are here, 0 where more come.
BROKEN_OFF = 2

#: Bytes of the arguments that came last which are kept at hand: the node that is to run a small job has them next.
AT_HAND_BYTES = 128 << 10

#: The blocks that hold the arguments ?2 to ?3 of the job ?1: from the one on that begins at or before the first.
_HOLDING = (
    "FROM blocks WHERE job = ?1 AND start < ?3 AND start + count > ?2 AND start >= "
    "coalesce((SELECT max(start) FROM blocks WHERE job = ?1 AND start <= ?2), ?2) ORDER BY start"
)
#: The blocks of the job ?1 that begin at ?2 or later.
_FROM_ON = "FROM blocks WHERE job = ?1 AND start >= ?2 ORDER BY start"


class JobStore:
    """The caller begins and ends transactions."""

    def __init__(self, db: sqlite3.Connection, values: KnownFiles) -> None:
        self._db, self._values = db, values
        # A job, and those of its blocks that came last, all there are from the first of them on: a query takes longer
        # than most else that is done for a small job.
        self._latest: tuple[int, tuple[Block, ...]] = 0, ()
        self._json: tuple[JobSpec | None, str] = None, ""  # a spec, and what it is as text: jobs alike share it

    # --- reading ------------------------------------------------------------------------------------------------

    def ids(self) -> list[int]:
        return [id for (id,) in self._db.execute("SELECT id FROM jobs ORDER BY id")]

    def stored(self, id: int) -> StoredJob:
        """A job, but for what the other stores know of it. What cannot be read of it is named in its `problem`."""
        # Text as bytes: of some that is no UTF-8, SQLite would raise before we have the rest of the row.
        spec, state, reason, code, *numbers = self._db.execute(
            "SELECT CAST(spec AS BLOB), CAST(state AS BLOB), CAST(reason AS BLOB), CAST(reason_code AS BLOB), created, "
            "started, finished, total, sealed, task_seconds, idle, rests FROM jobs WHERE id = ?",
            (id,),
        ).fetchone()
        function = self._db.execute("SELECT data FROM functions WHERE job = ?", (id,)).fetchone()
        read, problem = spec_from_json(spec, self._there(function[0]) if function is not None else None)
        job = StoredJob(id, read, 0.0, "stopped", NO_REASON, None, None, 0, False, None)
        names = ("created", "started", "finished", "total", "sealed", "task_seconds", "idle", "rests")
        fields = dict(zip(names, numbers, strict=True))
        fields["state"], fields["reason"] = _text(state), _reason(_text(code), _text(reason))
        fields["broken_off"] = fields["sealed"] == BROKEN_OFF
        fields["sealed"] = {0: False, 1: True, BROKEN_OFF: False}.get(fields["sealed"])
        hints = field_types(StoredJob)
        wrong = {name for name, value in fields.items() if not fits(value, hints[name])}
        sound = {name: value for name, value in fields.items() if name not in wrong}
        reached, damaged = self._arguments(id)
        problems = [problem, *(f"its {name} cannot be read" for name in sorted(wrong)), damaged]
        if not damaged and sound.get("total", reached) != reached:
            problems.append(f"it has {reached:,} of its {sound['total']:,} arguments")
        total = max(reached, sound.get("total", 0))  # of tasks whose arguments are gone, the outcomes can be read
        return replace(job, **sound | {"total": total}, problem="; ".join(filter(None, problems)))

    def _arguments(self, job: int) -> tuple[int, str]:
        """How many arguments of a job can be read, from the first on; and what is wrong with the next, or ""."""
        reached = 0
        rows = self._db.execute(
            "SELECT start, count, CASE typeof(data) WHEN 'text' THEN data WHEN 'blob' THEN x'' END FROM blocks "
            "WHERE job = ? ORDER BY start",
            (job,),
        )
        for start, count, data in rows:
            if type(count) is not int or count < 1 or start != reached or self._there(data) is None:
                rows.close()
                return reached, f"its arguments from {reached:,} on cannot be read"
            reached += count
        return reached, ""

    def blocks(self, job: int, start: int, stop: int) -> list[Block]:
        """The blocks that hold the arguments `start` to `stop` of a job."""
        if start in (latest := self._reach_of_latest(job)) and stop <= latest.stop:
            return [block for block in self._latest[1] if block.start < stop and start < block.start + block.count]
        rows = self._db.execute(f"SELECT start, count, data {_HOLDING}", (job, start, stop))
        return [Block(first, count, from_row(data)) for first, count, data in rows]

    def block_sizes(self, job: int, start: int) -> list[tuple[int, int, int]]:
        """Of the blocks of a job that begin at `start` or later: the first task, how many there are, and the bytes."""
        if start in self._reach_of_latest(job):
            return [(block.start, block.count, len(block.data)) for block in self._latest[1] if block.start >= start]
        rows = self._db.execute(f"SELECT start, count, {SIZE} {_FROM_ON}", (job, start))
        return rows.fetchall()

    def reach(self, job: int, start: int, stop: int, limit_bytes: int) -> tuple[int, int]:
        """How far from `start` towards `stop` one comes with blocks of so many bytes together, but with one at least;
        and how many bytes these are."""
        rows = self._db.execute(f"SELECT start, {SIZE} {_HOLDING}", (job, start, stop))
        taken = 0
        for first, size in rows:
            if taken and taken + size > limit_bytes:
                rows.close()
                return int(first), taken
            taken += size
        return stop, taken

    # --- writing ------------------------------------------------------------------------------------------------

    def add(self, spec: JobSpec, now: float, blocks: Iterable[Block], total: int, sealed: bool) -> int:
        """A new job with its first arguments. Returns its id, which no other job of this journal ever had."""
        if spec is not self._json[0]:
            self._json = spec, spec_to_json(spec)
        row = self._json[1], now, total, sealed
        job = self._db.execute(
            "INSERT INTO jobs (spec, created, state, total, sealed) VALUES (?, ?, 'waiting', ?, ?)", row
        ).lastrowid
        assert job is not None
        if spec.pickled_function is not None:
            self._values.note(job, [spec.pickled_function])
            self._db.execute("INSERT INTO functions VALUES (?, ?)", (job, row_of(spec.pickled_function)))
        self._add_blocks(job, blocks)
        return job

    def extend(self, job: int, blocks: Iterable[Block], total: int, sealed: bool) -> None:
        """More arguments, with which there are `total`."""
        self._add_blocks(job, blocks)
        self._db.execute("UPDATE jobs SET total = ?, sealed = ? WHERE id = ?", (total, sealed, job))

    def _add_blocks(self, job: int, blocks: Iterable[Block]) -> None:
        blocks = tuple(blocks)
        self._values.note(job, (block.data for block in blocks))
        self._db.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?)", ((job, b.start, b.count, row_of(b.data)) for b in blocks)
        )
        small = blocks and sum(len(block.data) for block in blocks) <= AT_HAND_BYTES
        self._latest = (job, blocks) if small else (0, ())

    def save_state(self, job: int, now: Standing) -> None:
        self._db.execute(
            "UPDATE jobs SET state = ?, reason = ?, reason_code = ?, started = ?, finished = ?, task_seconds = ?, "
            "sealed = ?, idle = ?, rests = ? WHERE id = ?",
            (
                now.state,
                utf8_text(now.reason.text),
                now.reason.code,
                now.started,
                now.finished,
                now.task_seconds,
                BROKEN_OFF if now.broken_off else now.sealed,
                now.idle,
                now.rests,
                job,
            ),
        )

    def save_spec(self, job: int, spec: JobSpec) -> None:
        """Its options; the function stays as it is."""
        self._db.execute("UPDATE jobs SET spec = ? WHERE id = ?", (spec_to_json(spec), job))

    def reopen(self, job: int) -> None:
        """A job that was over is not over any more."""
        self._db.execute(
            "UPDATE jobs SET state = 'waiting', reason = '', reason_code = '', finished = NULL "
            "WHERE id = ? AND finished IS NOT NULL",
            (job,),
        )

    def _there(self, data: Any) -> Any:
        """What a row says of bytes; None where they are not there."""
        found = from_row(data)
        return None if isinstance(found, Stored) and not self._values.has(found) else found

    def forget(self, job: int) -> None:
        self.undone()
        self._db.execute("DELETE FROM blocks WHERE job = ?", (job,))
        self._db.execute("DELETE FROM functions WHERE job = ?", (job,))
        self._db.execute("DELETE FROM jobs WHERE id = ?", (job,))

    def undone(self) -> None:
        """A transaction was rolled back, or rows are gone: what we noted of them is not there."""
        self._latest = 0, ()

    def _reach_of_latest(self, job: int) -> range:
        """Which arguments of a job are at hand."""
        latest, blocks = self._latest
        if latest != job or not blocks:
            return range(0)
        return range(blocks[0].start, blocks[-1].start + blocks[-1].count)


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _reason(code: str, text: str) -> Reason:
    """A code that this version does not know decides nothing."""
    known: ReasonCode = code if fits(code, ReasonCode) else ""  # type: ignore[assignment]
    return Reason(known, text)
