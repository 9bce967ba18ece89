"""The journal: jobs, their arguments and their outcomes, in one SQLite file and a folder beside it for large values.

It holds all that the scheduler's state can be rebuilt from. Nothing in it is a pickle of ours: specs and failures are
JSON, so that a newer version reads what an older one wrote; only the user's own values are, and they stay closed.

The journal's own methods are its writes, each of which happens as a whole or not at all. What is read is asked of the
stores, one for each kind of row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from mcgui_core.journal.failure_store import FailureStore
from mcgui_core.journal.job_store import JobStore
from mcgui_core.journal.journal_file import JournalFile
from mcgui_core.journal.outcome_store import OutcomeStore
from mcgui_core.journal.printed_output_store import OutputStore
from mcgui_core.journal.spec_json import spec_from_json
from mcgui_core.journal.stored_job import Standing, StoredJob
from mcgui_core.journal.value_store import ValueStore
from mcgui_core.protocol.messages import Block, JobSpec, Outcome, TaskOutput
from mcgui_core.protocol.reasons import NO_REASON
from mcgui_core.values.value_file import is_large


class Journal:
    """One open journal. Not thread-safe: the master calls it under its lock. Writes raise sqlite3.Error."""

    def __init__(self, path: Path | None = None, limit: int | None = None) -> None:
        """Open or create it; it grows to `limit` bytes at most. Without a path it is temporary.

        Raises JournalUnusable where the file is not one, is newer, damaged, in use, or was moved without its
        folder.
        """
        self.file = JournalFile(path, limit)
        try:
            self.values = ValueStore(self.file)
        except BaseException:
            self.file.close()
            raise
        self.failures = FailureStore(self.file.db)
        self.output = OutputStore(self.file.db)
        self.outcomes = OutcomeStore(self.file.db, self.failures, self.values)
        self.jobs = JobStore(self.file.db, self.values)

    def close(self) -> None:
        self.values.close()
        self.file.close()

    def sync(self) -> None:
        """Have the disk keep all that is written by now; returns once it does. Thread-safe: others go on writing."""
        self.values.sync()  # first, so that no row is kept whose values are not
        self.file.sync()

    def restore(self) -> Iterator[StoredJob]:
        """Every job, as it stood. One that cannot be read, or not whole, has a `problem`, and keeps nobody else."""
        return map(self._stored, self.jobs.ids())

    def _stored(self, id: int) -> StoredJob:
        try:
            return self._read(id)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one job, the others are well
            nothing, _ = spec_from_json("{}")
            problem = f"{type(error).__name__}: {error}"
            return StoredJob(id, nothing, 0.0, "stopped", NO_REASON, None, None, 0, False, None, problem=problem)

    def _read(self, id: int) -> StoredJob:
        job = self.jobs.stored(id)
        settled, wrong_outcome = self.outcomes.settled(id, job.total)
        failed, wrong_failure = self.failures.failed(id, job.total)
        problems = [job.problem, wrong_outcome, wrong_failure]
        for start, stop in failed:
            if settled.common(start, stop):
                problems.append(f"of the tasks {start:,} to {stop:,}, some have both a result and a failure")
            settled.add(start, stop)
        return replace(job, settled=settled, failed=failed, problem="; ".join(filter(None, problems)))

    # --- what is written ----------------------------------------------------------------------------------------

    def add_job(
        self, spec: JobSpec, now: float, blocks: Iterable[Block] = (), total: int = 0, sealed: bool = False
    ) -> int:
        """A new job with its first arguments. Returns its id."""
        with self._transaction():
            (spec,) = self.values.keep([spec], "pickled_function")
            id = self.jobs.add(spec, now, self.values.keep(blocks, "data"), total, sealed)
            self.outcomes.begin(id)
            return id

    def extend(self, job: int, blocks: Iterable[Block], total: int, sealed: bool) -> None:
        """More arguments of a job, with which it has `total`."""
        with self._transaction():
            self.jobs.extend(job, self.values.keep(blocks, "data"), total, sealed)

    def save_state(self, job: int, now: Standing) -> None:
        self.jobs.save_state(job, now)

    def save_spec(self, job: int, spec: JobSpec) -> None:
        self.jobs.save_spec(job, spec)

    def record(
        self,
        outcomes: Iterable[Outcome],
        output: Iterable[TaskOutput] = (),
        standings: Mapping[int, Standing] = MappingProxyType({}),
    ) -> None:
        """What counts of a report, and how the jobs stand that are over with it."""
        with self._transaction():
            counted: list[Outcome] = []
            for outcome in self._kept(outcomes):
                if outcome.accepted or outcome.failures:
                    counted.append(outcome)
                else:
                    self.values.unwanted(outcome.values)
            self.outcomes.add(counted)
            self.output.add(output)
            for job, now in standings.items():
                self.jobs.save_state(job, now)

    def forget_failures(self, job: int) -> None:
        """The failed tasks of a job are to run again: so it is not over, also if this process is, before it says so."""
        with self._transaction():
            self.failures.forget(job)
            self.jobs.reopen(job)

    def forget(self, job: int) -> None:
        """Delete a job, with all that belongs to it."""
        with self._transaction():
            self.failures.forget(job)
            self.output.forget(job)
            self.outcomes.forget(job)
            self.jobs.forget(job)
            self.values.forget(job)

    def _kept(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """With what is large in a file: one for each job, with which it goes."""
        by_job: dict[int, list[Outcome]] = {}
        for outcome in outcomes:
            counts = outcome.accepted or not is_large(outcome.values)
            by_job.setdefault(outcome.job, []).append(outcome if counts else replace(outcome, values=b""))
        return [outcome for those in by_job.values() for outcome in self.values.keep(those, "values")]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of the block, or nothing, of what the stores remember too."""
        try:
            with self.file.transaction():
                yield
            self.values.committed()
        except BaseException:
            self.values.undone()
            self.jobs.undone()
            self.outcomes.undone()
            self.failures.undone()
            self.output.undone()
            raise
