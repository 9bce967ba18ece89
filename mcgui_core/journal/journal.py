"""The journal: jobs, their arguments and their outcomes, in one SQLite file.

It holds all that the scheduler's state can be rebuilt from. Nothing in it is a pickle of ours: specs and failures are
JSON, so that a newer version reads what an older one wrote; only the user's own values are, and they stay closed.

Without a path the journal is a temporary file: a job that does not fit into memory needs one too.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.errors import JournalUnusable
from mcgui_core.journal import failure_store, output_store
from mcgui_core.journal.failure_store import FailureStore
from mcgui_core.journal.output_store import OutputStore
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, TaskFailure, TaskOutput
from mcgui_core.protocol.reasons import Reason
from mcgui_core.scheduler.job_state import JobRecord

#: Grows with every change of the tables below.
FORMAT = 3
#: Lets one tell a journal from any other SQLite file ("mcgj").
APPLICATION_ID = 0x6D63676A

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, spec TEXT NOT NULL, created REAL NOT NULL, started REAL, finished REAL,
    state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', total INTEGER NOT NULL DEFAULT 0,
    sealed INTEGER NOT NULL DEFAULT 0, task_seconds REAL, reason_code TEXT NOT NULL DEFAULT '');
CREATE TABLE blocks (
    job INTEGER NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (job, start));
CREATE TABLE outcomes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    node TEXT NOT NULL, seconds REAL NOT NULL, missing TEXT NOT NULL, accepted TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX outcomes_of_job ON outcomes (job, start);
CREATE INDEX outcomes_as_they_came ON outcomes (job, seq);
"""

#: The one sentence that was compared in format 2 is known by its code from then on.
_ADD_REASON_CODES = """
ALTER TABLE jobs ADD COLUMN reason_code TEXT NOT NULL DEFAULT '';
UPDATE jobs SET reason_code = 'held'
    WHERE reason = 'The master was started anew, and holds this job until you resume it.';
"""

#: What `sealed` is of a job that is to end without the rest of its arguments; 1 where all are here, 0 where more come.
BROKEN_OFF = 2

#: Bytes that are written to find out whether the disk takes anything again.
PROBE = 256 << 10
#: Pages that are given back to the disk in one go, when runs are deleted: a moment's work.
VACUUM_PAGES = 1000
#: Bytes to which the write-ahead log shrinks again after it had to hold much.
LOG_BYTES = 64 << 20


class Journal:
    """One open journal. Not thread-safe: the hub calls it under its lock."""

    def __init__(self, path: Path | None = None, limit: int | None = None) -> None:
        """Open or create it; it grows to `limit` bytes at most.

        Raises JournalUnusable where the file is not one, is newer, damaged, or in use.
        """
        self._limit = limit
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        if path is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="mcgui-")
            path = Path(self._temporary.name, "journal.sqlite")
        self.path = path
        try:
            self._db = self._open()
        except sqlite3.Error as error:
            raise JournalUnusable(str(path), _REASONS.get(error.sqlite_errorcode & 0xFF, str(error))) from error
        except OSError as error:
            raise JournalUnusable(str(path), error.strerror or str(error)) from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # It holds the keys, so nobody else may read it; SQLite gives the mode of the file to its side files.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        # Read-only, so that what is refused stays as it is: SQLite would write its side file into it when it is closed.
        with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)) as db:
            version = self._look(db)
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=2.0)
        try:
            self._prepare(db, version)
        except BaseException:
            db.close()
            raise
        return db

    def _look(self, db: sqlite3.Connection) -> int:
        """The format that it has; 0 where it is empty. Raises JournalUnusable."""
        known = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and known != APPLICATION_ID:
            raise JournalUnusable(str(self.path), "it is a database of another program")
        if version > FORMAT:
            raise JournalUnusable(
                str(self.path), f"it is of format {version}, and this version of mcgui reads {FORMAT}"
            )
        if tables and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise JournalUnusable(str(self.path), "it is damaged")
        return int(version) if tables else 0

    def _prepare(self, db: sqlite3.Connection, version: int) -> None:
        # Exclusive: a second master on the same journal must be refused, not share it.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        if not version:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # so that it shrinks when runs are deleted
        db.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing at this level; a power cut may take the last second, never more.
        # A temporary journal need not outlive the computer, so nobody waits for the disk.
        db.execute(f"PRAGMA synchronous = {'OFF' if self._temporary is not None else 'NORMAL'}")
        db.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        if self._limit is not None:
            size = db.execute("PRAGMA page_size").fetchone()[0]
            db.execute(f"PRAGMA max_page_count = {max(1, self._limit // size)}")
        db.execute("BEGIN IMMEDIATE")
        if not version:
            _execute_all(db, _SCHEMA + failure_store.SCHEMA + output_store.SCHEMA)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute("INSERT INTO meta VALUES ('id', ?)", (secrets.token_hex(16),))
        elif version == 1:  # a failure held its whole traceback; what is there may stay so
            _execute_all(db, "ALTER TABLE failures ADD COLUMN traceback INTEGER")
            _execute_all(db, failure_store.SCHEMA.partition("CREATE INDEX failures_of_outcome ON failures (seq);")[2])
            _execute_all(db, output_store.SCHEMA)
        if version in (1, 2):  # a reason was nothing but its sentence
            _execute_all(db, _ADD_REASON_CODES)
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("COMMIT")
        self.failure_store = self._failures = FailureStore(db)
        self.output_store = self._output = OutputStore(db)
        # What the look left there; nobody else can use it now.
        Path(f"{self.path}-shm").unlink(missing_ok=True)

    @property
    def id(self) -> str:
        """What tells this journal from any other."""
        return self.get("id") or ""

    @property
    def temporary_folder(self) -> str | None:
        """Where a journal without a path of its own is, until `close`."""
        return self._temporary.name if self._temporary is not None else None

    def close(self) -> None:
        self._db.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    # --- what is kept beside the jobs ---------------------------------------------------------------------------

    def get(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, utf8_text(value)))

    @property
    def limit(self) -> int | None:
        """Bytes that it may have, if that is limited."""
        return self._limit

    def probe(self) -> None:
        """Raises sqlite3.Error where the disk takes no more."""
        self.put("probe", "x" * PROBE)
        self._db.execute("DELETE FROM meta WHERE key = 'probe'")

    # --- jobs ---------------------------------------------------------------------------------------------------

    def add_job(self, spec: JobSpec, now: float) -> int:
        cursor = self._db.execute(
            "INSERT INTO jobs (spec, created, state) VALUES (?, ?, 'waiting')", (_spec_to_json(spec), now)
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def extend(self, job: int, blocks: Iterable[Block], total: int, sealed: bool) -> None:
        with self._transaction():
            self._db.executemany(
                "INSERT INTO blocks VALUES (?, ?, ?, ?)", ((job, b.start, b.count, b.data) for b in blocks)
            )
            self._db.execute("UPDATE jobs SET total = ?, sealed = ? WHERE id = ?", (total, sealed, job))

    def save_state(self, job: JobRecord) -> None:
        self._db.execute(
            "UPDATE jobs SET state = ?, started = ?, finished = ?, task_seconds = ?, reason = ?, reason_code = ?, "
            "sealed = ? WHERE id = ?",
            (
                job.state,
                job.started,
                job.finished,
                job.task_seconds,
                utf8_text(job.reason.text),
                job.reason.code,
                BROKEN_OFF if job.broken_off else job.sealed,
                job.id,
            ),
        )

    def save_spec(self, job: int, spec: JobSpec) -> None:
        self._db.execute("UPDATE jobs SET spec = ? WHERE id = ?", (_spec_to_json(spec), job))

    def blocks(self, job: int, start: int, stop: int) -> list[Block]:
        """The blocks that hold the arguments `start` to `stop` of a job."""
        rows = self._db.execute(
            "SELECT start, count, data FROM blocks WHERE job = ?1 AND start < ?3 AND start >= "
            "coalesce((SELECT max(start) FROM blocks WHERE job = ?1 AND start <= ?2), ?2) ORDER BY start",
            (job, start, stop),
        )
        return [Block(*row) for row in rows]

    def reach(self, job: int, start: int, stop: int, limit_bytes: int) -> tuple[int, int]:
        """How far from `start` towards `stop` one comes with blocks of so many bytes together, but with one at least;
        and how many bytes these are."""
        rows = self._db.execute(
            "SELECT start, length(data) FROM blocks WHERE job = ?1 AND start < ?3 AND start >= "
            "coalesce((SELECT max(start) FROM blocks WHERE job = ?1 AND start <= ?2), ?2) ORDER BY start",
            (job, start, stop),
        )
        taken = 0
        for first, size in rows:
            if taken and taken + size > limit_bytes:
                rows.close()
                return int(first), taken
            taken += size
        return stop, taken

    def forget(self, job: int) -> None:
        """Delete a job, with all that belongs to it."""
        with self._transaction():
            self._failures.forget(job)
            self._output.forget(job)
            self._db.execute("DELETE FROM outcomes WHERE job = ?", (job,))
            self._db.execute("DELETE FROM blocks WHERE job = ?", (job,))
            self._db.execute("DELETE FROM jobs WHERE id = ?", (job,))

    def shrink(self) -> bool:
        """Give some of the room that deleted jobs had back to the disk. True if there is more."""
        # By executescript, because each step of this statement frees one page, and execute takes only the first.
        self._db.executescript(f"PRAGMA incremental_vacuum({VACUUM_PAGES})")
        more = bool(self._db.execute("PRAGMA freelist_count").fetchone()[0])
        if not more:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return more

    def restore(self) -> Iterator[JobRecord]:
        """Every job, as it stood."""
        rows = self._db.execute(
            "SELECT id, spec, created, state, reason, reason_code, started, finished, total, sealed, task_seconds "
            "FROM jobs"
        ).fetchall()
        for id, spec, created, state, reason, code, started, finished, total, sealed, task_seconds in rows:
            job = JobRecord(id, _spec_from_json(spec), created, state)
            job.reason, job.started, job.finished = Reason(code, reason), started, finished
            job.task_seconds = task_seconds
            job.extend(total, sealed == 1)
            job.broken_off = sealed == BROKEN_OFF
            self._restore_tasks(job)
            yield job

    def _restore_tasks(self, job: JobRecord) -> None:
        for (accepted,) in self._db.execute("SELECT accepted FROM outcomes WHERE job = ?", (job.id,)):
            for start, stop in json.loads(accepted):
                job.settled.add(start, stop)
        for task in self._failures.tasks(job.id):
            job.settled.add(task, task + 1)
            job.failed.add(task, task + 1)
        for start, stop in job.settled:
            job.waiting.remove(start, stop)
        if job.final:
            job.waiting.remove(0, job.total)

    # --- outcomes -----------------------------------------------------------------------------------------------

    def record(self, outcomes: Iterable[Outcome], output: Iterable[TaskOutput] = ()) -> None:
        """Write what counts of a report: all of it, or nothing where that fails (sqlite3.Error)."""
        with self._transaction():
            for outcome in outcomes:
                if outcome.accepted or outcome.failures:
                    self._record(outcome)
            self._output.add(output)

    def _record(self, o: Outcome) -> None:
        cursor = self._db.execute(
            "INSERT INTO outcomes (job, start, stop, node, seconds, missing, accepted, data) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (o.job, o.start, o.stop, utf8_text(o.node), o.seconds, _numbers(o.missing), _numbers(o.accepted), o.values),
        )
        assert cursor.lastrowid is not None
        if o.failures:
            self._failures.add(o.job, cursor.lastrowid, o.failures)

    def outcomes(self, job: int, after: int, limit_bytes: int) -> tuple[Outcome, ...]:
        """Outcomes of a job in order of arrival, from after `after`: as many as fit, but one at least."""
        rows = self._db.execute(f"{_SELECT} WHERE job = ? AND seq > ? ORDER BY seq", (job, after))
        found: list[Outcome] = []
        size = 0
        for row in rows:
            found.append(self._outcome(row))
            size += len(found[-1].values) + 100 * len(found[-1].failures)
            if size >= limit_bytes:
                break
        rows.close()
        return tuple(found)

    def outcomes_between(self, job: int, start: int, stop: int) -> tuple[Outcome, ...]:
        """The outcomes of a job that touch the tasks `start` to `stop`."""
        rows = self._db.execute(
            f"{_SELECT} WHERE job = ? AND start < ? AND stop > ? ORDER BY start", (job, stop, start)
        ).fetchall()
        return tuple(self._outcome(row) for row in rows)

    def outcomes_reach(self, job: int, start: int, stop: int, limit_bytes: int) -> int:
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

    def failures(self, job: int, after: int, limit: int) -> tuple[TaskFailure, ...]:
        """Failed tasks of a job with an index of `after` or more, ascending."""
        return self._failures.page(job, after, limit)

    def output(self, job: int | None, after: int, limit: int) -> tuple[TaskOutput, ...]:
        """What tasks of a job, or of all, printed: up to `limit` pieces with `seq` > `after`."""
        return self._output.page(job, after, limit)

    def forget_failures(self, job: int) -> None:
        """The failed tasks of a job are to run again: so it is not over, also if this process is, before it says so."""
        with self._transaction():
            self._failures.forget(job)
            self._db.execute(
                "UPDATE jobs SET state = 'waiting', reason = '', reason_code = '', finished = NULL "
                "WHERE id = ? AND finished IS NOT NULL",
                (job,),
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All statements of the block, or none of them."""
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # SQLite has ended it by itself where the disk is full
                self._db.execute("ROLLBACK")
            self._failures.undone()
            self._output.undone()
            raise

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


_REASONS = {
    sqlite3.SQLITE_BUSY: "another master has it open",
    sqlite3.SQLITE_NOTADB: "it is not a journal",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
}

_SELECT = "SELECT seq, job, start, stop, node, seconds, missing, accepted, data FROM outcomes"


def _execute_all(db: sqlite3.Connection, script: str) -> None:
    """Not by executescript, which would end the transaction."""
    for statement in script.split(";"):
        db.execute(statement)


def _numbers(numbers: tuple[int | tuple[int, int], ...]) -> str:
    """As JSON: lists of whole numbers look in Python as they do there, and `json.dumps` takes ten times as long."""
    return str([list(number) if isinstance(number, tuple) else number for number in numbers])


def _spec_to_json(spec: JobSpec) -> str:
    fields = dataclasses.asdict(spec)
    if spec.pickled_function is not None:
        fields["pickled_function"] = base64.b64encode(spec.pickled_function).decode("ascii")
    return json.dumps(fields)


def _spec_from_json(text: str) -> JobSpec:
    fields = json.loads(text)
    if fields["pickled_function"] is not None:
        fields["pickled_function"] = base64.b64decode(fields["pickled_function"])
    return JobSpec(**fields)
