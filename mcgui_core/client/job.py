"""One job of a master, as scripts, the CLI and the console see it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any, NoReturn

from mcgui_core.client import call_arguments as given
from mcgui_core.client.code.changed_code import changed_code
from mcgui_core.client.code.job_code import JobCode
from mcgui_core.client.waiting.idle_reason import IdleWatch
from mcgui_core.client.waiting.patient_client import PatientClient
from mcgui_core.errors import BadInput, JobFailed, ResultNotOpened, TaskError
from mcgui_core.protocol.messages import Block, JobSpec, JobStatus, Outcome, TaskFailure, TaskOutput
from mcgui_core.protocol.queries import FailureGroup
from mcgui_core.values import outcome_values, picked_values
from mcgui_core.values.exception_fields import is_of
from mcgui_core.values.file_slice import ValuesGone
from mcgui_core.values.local_store import LocalStore
from mcgui_core.values.partial_unpickling import Refused, Unopened
from mcgui_core.values.trust import EVERYBODY, Trust

#: Seconds that one call waits at the master for news.
POLL = 10.0
#: Bytes of outcomes that one call fetches, about.
FETCH_BYTES = 4 << 20
#: Seconds for which outcomes gather at the master, where nobody looks at the first of them before the last are there.
GATHER = 0.02
#: Failures that a JobFailed carries.
FAILURES_SHOWN = 10


class Job:
    """One job of a master: `id` is its number (`int`), `spec` what was asked for.

    Every call raises ConnectionFailed where the master is gone, and JobUnknown where it has forgotten the job. Those
    that wait for results go on by themselves when the master comes back (see Cluster.connect), and tell by the logger
    "mcgui_core" where no worker runs anything of the job.

    >>> from mcgui_core import Master
    >>> with Master() as master:
    ...     worker = master.add_local_worker(nprocs=1)
    ...     job = master.submit("def f(x): return 1 / x", "f", [4, 0, 2])
    ...     job.results(return_exceptions=True)[::2]
    ...     job.wait().failed, job.progress
    ...     [(failure.index, failure.type) for failure in job.failures()]
    [0.25, 0.5]
    (1, 1.0)
    [(1, 'ZeroDivisionError')]
    """

    def __init__(
        self, remote: PatientClient, id: int, spec: JobSpec, store: LocalStore, trust: Trust = EVERYBODY
    ) -> None:
        """`trust` says how results are opened."""
        self._remote, self.id, self._store = remote, id, store
        self._watch = IdleWatch(lambda: self._remote.call("snapshot", 0, 0.0), id, remote.worker_is_coming)
        self._open_by(spec, trust)

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.spec.name!r}>"

    def __reduce__(self) -> NoReturn:
        """As a cluster's."""
        raise TypeError(
            f"a Job belongs to the process that made it. Give its results; elsewhere, "
            f"Cluster.connect(link).job({self.id}) is the same"
        )

    @property
    def status(self) -> JobStatus:
        """How it stands now: its `state`, and counts of tasks."""
        status: JobStatus = self._remote.call("status", self.id)
        return status

    @property
    def progress(self) -> float:
        """Part of its tasks that have an outcome, from 0.0 to 1.0."""
        status = self.status
        return (status.done + status.failed) / (status.whole or status.total) if status.total else float(status.final)

    def pause(self) -> None:
        """Start no more of its tasks; those that run go on."""
        self._remote.call("pause", self.id)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._remote.call("resume", self.id)

    def cancel(self) -> None:
        """End it now; tasks that run are stopped. Results so far stay."""
        self._remote.call("cancel", self.id)

    def retry_failed(self, environment: str | Path | None = None, files: Iterable[str | Path] = ()) -> None:
        """Run its failed tasks again, on their original arguments; with what never ran, if it is over.

        With the code as it is now, where that is given: an `environment` with a function of that name, and `files`, as
        for `submit`. It is the job's from then on. Raises BadInput where the job is not over then.
        """
        if environment is None:
            self._remote.call("retry_failed", self.id)
            return
        self.retry_with(changed_code(self._remote, self.spec, environment, files=files))

    def retry_with(self, code: JobSpec) -> None:
        """As `retry_failed`, with the code of this spec, whose files the master has. Raises BadInput."""
        self._remote.call("retry_with", self.id, code)
        self._open_by(self._remote.call("spec", self.id), self.trust)

    def set_priority(self, priority: int) -> None:
        """Jobs of a higher priority run first: an `int` from -1,000,000 to 1,000,000. Raises BadInput."""
        self._remote.call("set_priority", self.id, priority)

    def describe(self, name: str | None = None, note: str | None = None) -> None:
        """Give it another name (`str`, up to 1,000 characters), or a note about it (10,000). Raises BadInput.

        None leaves that as it is. Both are kept in the journal; `status` has them.
        """
        self._remote.call("describe", self.id, name, note)

    def seal(self) -> None:
        """No more arguments will come: end it once those are done that have arrived."""
        self._remote.call("seal", self.id)

    def forget(self) -> None:
        """Delete it, with its arguments and results. Raises BadInput where it is not over."""
        self._remote.call("forget", self.id)

    def wait(self, timeout: float | None = None) -> JobStatus:
        """The status once it is over. Raises TimeoutError after `timeout` seconds; None waits for ever."""
        timeout = given.seconds_or_none("timeout", timeout)
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = POLL if deadline is None else max(deadline - time.monotonic(), 0.0)
            status = self.poll(self._watch.seconds(min(POLL, left)))
            if status.final:
                return status
            self._watch.nothing_new(status)
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"Job {self.id} is not over after {timeout:g} s; it goes on.")

    def poll(self, seconds: float) -> JobStatus:
        """The status once it is over, or after so many seconds."""
        seconds = given.seconds("seconds", seconds)
        status: JobStatus = self._remote.patiently(
            self.id, lambda: self._remote.call("wait", self.id, seconds, wait=seconds)
        )
        return status

    def iter_results(self, return_exceptions: bool = False) -> Iterator[tuple[int, Any]]:
        """(index, value) of each task as it completes: the number of its argument, and what the function returned.

        A failed task, or one whose result cannot be opened on this computer, raises its TaskError once everything that
        arrived before it has been given out, or is given out itself as the value, with `return_exceptions`. Raises
        JobFailed at the end where the job was stopped or cancelled; with `return_exceptions` it is the value of each
        task that never ran.
        """
        for outcomes, status in self._pages():
            for outcome in outcomes:
                unopened: list[TaskError] = []
                for index, value in outcome_values.opened(outcome, self.trust):
                    if isinstance(value, Unopened):
                        unopened.append(_unopened(index, value, outcome.node))
                    else:
                        yield index, value
                for error in [*map(TaskError, outcome.failures), *unopened]:
                    if not return_exceptions:
                        raise error
                    yield error.failure.index, error
            if status is not None and not return_exceptions:
                self._raise_if_incomplete(status)
            elif status is not None:
                for start, stop, unrun in self._never_ran(status):
                    yield from zip(range(start, stop), repeat(unrun))

    def pages(self) -> Iterator[list[tuple[int, Any]]]:
        """As `iter_results(return_exceptions=True)`, but without tasks that never ran: those together that came
        together; nothing here holds them."""
        for outcomes, _ in self._pages():
            for outcome in outcomes:
                found = outcome_values.opened(outcome, self.trust)
                yield [(i, _unopened(i, v, outcome.node) if isinstance(v, Unopened) else v) for i, v in found]
                yield [(failure.index, TaskError(failure)) for failure in outcome.failures]

    def results(self, return_exceptions: bool = False) -> list[Any]:
        """All results in the order of the arguments, once the job is over.

        Raises JobFailed where a task has none; with `return_exceptions` its TaskError stands in its place, and the
        JobFailed in that of each task that never ran.
        """
        found: list[Any] = []
        unopened: list[TaskError] = []
        for outcomes, status in self._pages(GATHER):
            for outcome in outcomes:
                unopened += self._fill(found, outcome)
            if status is not None:
                if not return_exceptions:
                    self._raise_if_incomplete(status)
                found.extend([None] * (status.total - len(found)))
                for start, stop, error in self._never_ran(status):
                    found[start:stop] = [error] * (stop - start)
        if unopened and not return_exceptions:
            raise min(unopened, key=lambda error: error.failure.index)
        return found

    def _fill(self, found: list[Any], outcome: Outcome) -> list[TaskError]:
        """Put what an outcome says at its place in the list of all results; returns what could not be opened."""
        unopened: list[TaskError] = []
        found.extend([None] * (outcome.start - len(found)))
        try:
            outcome_values.fill(found, outcome, self.trust)  # all at once: there may be a million
        except Exception:  # noqa: BLE001 - opening a value of the user's may raise anything
            found.extend([None] * (outcome.stop - len(found)))
            unopened = _fill_one_by_one(found, outcome, self.trust)
        for failure in outcome.failures:
            found[failure.index] = TaskError(failure)
        return unopened

    def outcomes(
        self, after: int = 0, timeout: float = 0.0, limit_bytes: int = FETCH_BYTES
    ) -> tuple[tuple[Outcome, ...], bool]:
        """Outcomes with `seq` > `after` in order of arrival, unopened; and whether there will be no more."""
        found, status = self._page(after, given.seconds("timeout", timeout), limit_bytes)
        return found, status is not None

    def outcomes_between(self, start: int, stop: int) -> tuple[Outcome, ...]:
        """The outcomes that touch the tasks `start` to `stop`, unopened, by their first tasks."""
        start, stop = given.index("start", start), given.index("stop", stop)
        found: dict[int, Outcome] = {}
        while start < stop:
            some, start = self.some_outcomes(start, stop)
            found.update((outcome.seq, outcome) for outcome in some)
        return tuple(found.values())

    def some_outcomes(self, start: int, stop: int) -> tuple[tuple[Outcome, ...], int]:
        """As `outcomes_between`, but no further than what one message carries well: the outcomes, and how far that is.

        It is further than `start`.
        """
        found, reached = self._remote.call("outcomes_between", self.id, start, stop, self._reads_files)
        return tuple(self._store.opened(outcome, "values") for outcome in found), reached

    def failures(self, after: int = 0, limit: int = 1000) -> tuple[TaskFailure, ...]:
        """Failed tasks with an index of `after` or more, ascending."""
        found: tuple[TaskFailure, ...] = self._remote.call("failures", self.id, after, limit)
        return found

    def failure_groups(self) -> Iterator[tuple[FailureGroup, ...]]:
        """Its failures, grouped by what was raised where and counted: a page of them after the other."""
        after: int | None = 0
        while after is not None:
            found, after = self._remote.call("failure_groups", self.id, after)
            yield found

    def failures_like(
        self, group: FailureGroup, after: int = 0, limit: int = 1000
    ) -> tuple[tuple[TaskFailure, ...], int | None]:
        """Failures of one group with an index of `after` or more, ascending; and where to go on, None at the end.

        There may be none of them among those that one call looks through, and more further on.
        """
        found: tuple[tuple[TaskFailure, ...], int | None]
        found = self._remote.call("failures_like", self.id, group, after, limit)
        return found

    def tasks_in(self, state: str, start: int = 0, limit: int = 1000) -> tuple[tuple[tuple[int, int], ...], bool]:
        """The tasks that are "done", "failed", "waiting", or "" for all, as ranges; and whether these were all."""
        found: tuple[tuple[tuple[int, int], ...], bool] = self._remote.call("tasks_in", self.id, state, start, limit)
        return found

    def output(self, after: int = 0, limit: int = 1000) -> tuple[TaskOutput, ...]:
        """What its tasks printed, as it came: up to `limit` pieces with `seq` > `after`, fewer where they are long. For
        all of it, ask again after the last one's `seq` until nothing comes."""
        found: tuple[TaskOutput, ...] = self._remote.call("output", self.id, after, limit)
        return found

    def arguments(self, start: int, stop: int) -> list[Any]:
        """The arguments `start` to `stop`, as far as there are so many, opened as results are. Raises BadInput where
        the master does not have them any more."""
        start, stop = given.index("start", start), given.index("stop", stop)
        found: list[Any] = []
        while blocks := self._blocks(start, stop) if start < stop else ():
            for block in blocks:
                low, high = max(start - block.start, 0), min(stop - block.start, block.count)
                try:
                    found.extend(picked_values.opened_by(block.data, block.count, self._load)[low:high])
                except ValuesGone as error:
                    text = f"Arguments of job {self.id}, from {block.start + low:,} on, cannot be read: {error}."
                    raise BadInput(text) from error
            start = blocks[-1].start + blocks[-1].count
        return found

    def _open_by(self, spec: JobSpec, trust: Trust) -> None:
        """Its values are opened with the code of this spec."""
        self.spec, self.code = spec, JobCode(spec, trust)
        self.trust = self.code.trust

    def _load(self, data: Any, count: int) -> Any:
        return self.trust.load(data, count, self.trust.workers)

    def _blocks(self, start: int, stop: int) -> tuple[Block, ...]:
        found = self._remote.call("blocks", self.id, start, stop, self._reads_files)
        return tuple(self._store.opened(block, "data") for block in found)

    @property
    def _reads_files(self) -> bool:
        """Large values lie in files that we can read."""
        return self._store.folder is not None

    def _pages(self, gather: float = 0.0) -> Iterator[tuple[tuple[Outcome, ...], JobStatus | None]]:
        """All of its outcomes, as they come or have gathered for so many seconds; with the last how the job stands."""
        after, status = 0, None
        while status is None:
            page = partial(self._page, after, self._watch.seconds(POLL), FETCH_BYTES, gather)
            found, status = self._remote.patiently(self.id, page)
            yield found, status
            if found:
                after = found[-1].seq
                self._watch.news()
            elif status is None:
                self._watch.nothing_new(self.poll(0.0))

    def _page(
        self, after: int, timeout: float, limit_bytes: int, gather: float = 0.0
    ) -> tuple[tuple[Outcome, ...], JobStatus | None]:
        found, status = self._remote.call(
            "outcomes", self.id, after, timeout, limit_bytes, self._reads_files, gather, wait=timeout + gather
        )
        return tuple(self._store.opened(outcome, "values") for outcome in found), status

    def _raise_if_incomplete(self, status: JobStatus) -> None:
        if status.done < status.total or status.state != "finished":
            shown = self._remote.patiently(self.id, partial(self.failures, 0, FAILURES_SHOWN))
            raise self._failed(status, shown)

    def _failed(self, status: JobStatus, shown: tuple[TaskFailure, ...] = ()) -> JobFailed:
        reason = status.reason or ("It was cancelled." if status.state == "cancelled" else "")
        return JobFailed(self.id, status.failed, status.total, shown, reason)

    def _never_ran(self, status: JobStatus) -> Iterator[tuple[int, int, JobFailed]]:
        """The tasks that a job which was stopped or cancelled left, as ranges, with what stands for all of them."""
        start, last = 0, status.done + status.failed >= status.total
        error = self._failed(status)
        while not last:
            found, last = self._remote.patiently(self.id, partial(self.tasks_in, "waiting", start))
            for first, stop in found:
                yield first, stop, error
                start = stop


def _fill_one_by_one(found: list[Any], outcome: Outcome, trust: Trust) -> list[TaskError]:
    """Put into `found` what can be opened of an outcome, and an error in the place of what cannot; returns those."""
    errors = []
    for index, value in outcome_values.opened(outcome, trust):
        found[index] = value
        if isinstance(value, Unopened):
            found[index] = _unopened(index, value, outcome.node)
            errors.append(found[index])
    return errors


def _unopened(index: int, value: Unopened, node: str) -> TaskError:
    if isinstance(value, Refused):
        text = (
            f"its result was not opened: it holds {value.kind}, and opening that may run code of the worker that sent "
            "it. Trust the workers (trust_workers=True) if you know who they are, or return plain values, arrays or "
            "classes of the environment."
        )
        return ResultNotOpened(TaskFailure(index, "unpicklable", "", text, "", "", node), value.kind)
    if is_of(value.error, ValuesGone):
        text = f"its result is lost: {value.error}. It is made anew when the master is started again on its journal."
        return TaskError(TaskFailure(index, "unpicklable", "", text, "", "", ""))
    text = f"its result cannot be opened on this computer ({value.reason}). It is kept: open it where that works."
    return TaskError(TaskFailure(index, "unpicklable", "", text, "", "", ""))
