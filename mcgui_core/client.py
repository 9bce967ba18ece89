"""What scripts, the CLI and the console talk to: a cluster, and its jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from mcgui_core import payloads, results
from mcgui_core.agents import AgentEvent, AgentProcess
from mcgui_core.errors import (
    ArgumentsInvalid,
    ConnectionFailed,
    JobFailed,
    KeyRefused,
    McguiError,
    TaskError,
    VersionMismatch,
)
from mcgui_core.feeding import blocks, read_ahead, streamed_blocks
from mcgui_core.jobs import CallStyle, JobSpec, JobStatus, NodeStatus, Outcome, Snapshot, TaskFailure
from mcgui_core.links import JoinLink
from mcgui_core.nprocs import parse_nprocs
from mcgui_core.reading import ReadAhead
from mcgui_core.remote import Remote
from mcgui_core.specs import checked_options, make_spec

#: Blocks of arguments that travel in the first message of a job, which should start soon, and in each later one.
BLOCKS_FIRST, BLOCKS_LATER = 16, 128
#: Seconds that one call waits at the master for news.
POLL = 10.0
#: Seconds before another attempt to hand over arguments to a master that cannot be reached.
RETRY = 0.3
#: Bytes of outcomes that one call fetches, about.
FETCH_BYTES = 4 << 20
#: Failures that a JobFailed carries.
FAILURES_SHOWN = 10


class Cluster:
    """A master, seen by a client. Thread-safe; calls block, and raise ConnectionFailed where the master is gone."""

    def __init__(self, link: str) -> None:
        self._remote = Remote(JoinLink.parse(link), "cluster")
        try:
            links = self._remote.call("links")
        except BaseException:
            self._remote.close()
            raise
        self.worker_link: str = links["worker"]
        self.console_link: str = links["console"]
        self.address = JoinLink.parse(link).address
        self._workers: list[AgentProcess] = []
        self._closed = threading.Event()
        self._feeders: dict[int, tuple[threading.Thread, ReadAhead]] = {}  # by job

    @classmethod
    def connect(cls, link: str) -> Cluster:
        """A master that runs already, by its console link.

        Raises LinkInvalid, MasterUnreachable, KeyRefused, NotAllowed (for a worker link).
        """
        return Cluster(link)

    def submit(
        self,
        environment: str | Path | None = None,
        function: str | Callable[..., Any] | None = None,
        args: Iterable[Any] = (),
        *,
        call: CallStyle = "single",
        retries: int = 0,
        timeout: float | None = None,
        on_error: Literal["continue", "stop"] = "continue",
        priority: int = 0,
        name: str | None = None,
        reduce: str | None = None,
        chunksize: int | None = None,
        backoff: float = 0.5,
        memory: int | str | None = None,
        hedge: bool = True,
    ) -> Job:
        """Start a job: `function` on each of `args`.

        `environment` is Python source as text, or the path of a file of it, and `function` a name in it; or give only
        `function`, a callable, which travels by cloudpickle (the nodes then need the same minor version of Python).
        An argument is passed as f(a), f(*a) or f(**a), as `call` says. `timeout` is in seconds a task. Arguments
        without a length, such as a generator's, are read in the background while the job runs.

        A task that fails is tried `retries` times more, the first time after `backoff` seconds, then after twice as
        long each time. `memory` ("2 GB", or a number of bytes) is what a slot may use at this job before it is stopped.
        `hedge`: tasks that are late near the end run a second time elsewhere; the first outcome counts.

        Raises EnvironmentInvalid, FunctionNotFound, ArgumentsInvalid, BadInput; nothing was started then.
        """
        options = checked_options(call, retries, timeout, on_error, priority, chunksize, backoff, memory, hedge)
        spec = make_spec(environment, function, reduce, name, options)
        return self.submit_spec(spec, args)

    def submit_spec(self, spec: JobSpec, args: Iterable[Any]) -> Job:
        """As `submit`, from a spec. Raises ArgumentsInvalid."""
        if not isinstance(args, Iterable):
            raise ArgumentsInvalid(
                f"A {type(args).__name__} holds no arguments.", "Give a list, a range, or any iterable."
            )
        if not isinstance(args, Sized):  # a generator: not even the first item is waited for
            id = self._remote.call("submit", spec, (), False)
            self._feed_in_background(id, read_ahead(args))
            return Job(self._remote, id, spec)
        source = blocks(args)
        first = tuple(islice(source, BLOCKS_FIRST))  # short lists travel with the job, in one call
        sealed = len(first) < BLOCKS_FIRST
        id = self._remote.call("submit", spec, first, sealed)
        if not sealed:
            self._feed(id, source)
        return Job(self._remote, id, spec)

    def job(self, id: int) -> Job:
        """A job by its id. Raises JobUnknown."""
        return Job(self._remote, id, self._remote.call("spec", id))

    def jobs(self) -> list[Job]:
        """Every job in the master's journal, the oldest first."""
        return [self.job(id) for id in self._remote.call("job_ids")]

    def nodes(self) -> list[NodeStatus]:
        """Every node that joined since the master started, departed ones too."""
        return list(self.snapshot().nodes)

    def snapshot(self, after: int = 0, timeout: float = 0.0) -> Snapshot:
        """All jobs and nodes, as soon as they are newer than version `after`, or after `timeout` seconds."""
        snapshot: Snapshot = self._remote.call("snapshot", after, timeout, wait=timeout)
        return snapshot

    def steer(
        self, node: str, *, nprocs: int = 0, pause: bool | None = None, retire: Literal["", "finish", "now"] = ""
    ) -> None:
        """Have a node (its `NodeStatus.id`) change its number of slots, pause (or go on), or leave.

        `retire` "finish" lets it end the tasks that run; "now" gives them back. Its owner's own pause is not overruled.
        Raises NodeUnknown.
        """
        self._remote.call("steer", node, nprocs, pause, retire)

    def forget_node(self, node: str) -> None:
        """A node that has gone is not to be shown any more. Raises NodeUnknown."""
        self._remote.call("forget_node", node)

    def abort(self, id: int, reason: str) -> None:
        """Cancel a job whose arguments cannot be brought to their end; it says why. No effect once all have arrived."""
        with suppress(McguiError):  # the master is gone: then the job has stopped with it
            self._remote.call("abort", id, reason)

    def add_local_worker(
        self, nprocs: int | None = None, name: str | None = None, on_event: Callable[[AgentEvent], None] | None = None
    ) -> AgentProcess:
        """Let this computer work too, with `nprocs` slots (all its processors by default). It ends with this object.

        Raises NprocsInvalid.
        """
        slots = None if nprocs is None else parse_nprocs(nprocs)
        worker = AgentProcess(self.worker_link, slots, name, on_event)
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """End the connections and the workers that this object started. Jobs go on.

        But for those whose arguments were still being read: nobody will read the rest, so they are cancelled.
        """
        for worker in self._workers:
            worker.leave()
        self._workers.clear()
        for id, (feeder, _) in self._feeders.items():
            if feeder.is_alive():
                self.abort(id, "The program that read its arguments ended before they were all read.")
        self._closed.set()
        self._remote.close()
        for feeder, reader in self._feeders.values():
            reader.close()
            feeder.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _feed(self, id: int, source: Iterator[Any]) -> None:
        with self._telling(id):
            more = True
            while more:
                batch = tuple(islice(source, BLOCKS_LATER))
                sealed = len(batch) < BLOCKS_LATER
                # All of it at once, even if no worker is there yet: it has an end, and may have been submitted first.
                more = self._remote.call("extend", id, batch, sealed) is not None and not sealed

    def _feed_in_background(self, id: int, reader: ReadAhead) -> None:
        def feed() -> None:
            # The job says why it ended (`abort`); here is nobody who could be told.
            with suppress(Exception), closing(reader), self._telling(id):
                # Block by block: the next may be long in coming.
                if all(self._extend(id, (block,), sealed=False) for block in streamed_blocks(reader)):
                    self._extend(id, (), sealed=True)

        feeder = threading.Thread(target=feed, name=f"mcgui-feeder-{id}", daemon=True)
        self._feeders = {id: (thread, reader) for id, (thread, reader) in self._feeders.items() if thread.is_alive()}
        self._feeders[id] = feeder, reader
        feeder.start()

    def _extend(self, id: int, batch: tuple[Any, ...], sealed: bool) -> bool:
        """Hand over more arguments; waits while the master has enough or is away. Returns whether the job goes on."""
        while True:
            try:
                taken = self._remote.call("extend", id, batch, sealed, POLL, wait=POLL)
            except (KeyRefused, VersionMismatch):
                raise
            except ConnectionFailed:
                if self._closed.wait(RETRY):
                    raise
                continue
            if taken is not False:
                return taken is not None

    @contextmanager
    def _telling(self, id: int) -> Iterator[None]:
        """What keeps the arguments from being read to their end ends the job, which says it."""
        try:
            yield
        except McguiError as error:
            self.abort(id, str(error))
            raise
        except Exception as error:
            self.abort(id, f"Its arguments could not be read to their end: {type(error).__name__}: {error}")
            raise


class Job:
    """One job of a master."""

    def __init__(self, remote: Remote, id: int, spec: JobSpec) -> None:
        self._remote, self.id, self.spec = remote, id, spec

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.spec.name!r}>"

    @property
    def status(self) -> JobStatus:
        """How it stands now."""
        status: JobStatus = self._remote.call("status", self.id)
        return status

    @property
    def progress(self) -> float:
        """Part of its tasks that have an outcome, from 0.0 to 1.0."""
        status = self.status
        return (status.done + status.failed) / status.total if status.total else float(status.final)

    def pause(self) -> None:
        """Start no more of its tasks; those that run go on."""
        self._remote.call("pause", self.id)

    def resume(self) -> None:
        self._remote.call("resume", self.id)

    def cancel(self) -> None:
        """End it now; tasks that run are stopped. Results so far stay."""
        self._remote.call("cancel", self.id)

    def retry_failed(self) -> None:
        """Run its failed tasks again, on their original arguments."""
        self._remote.call("retry_failed", self.id)

    def wait(self, timeout: float | None = None) -> JobStatus:
        """The status once it is over. Raises TimeoutError after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = POLL if deadline is None else min(POLL, deadline - time.monotonic())
            status: JobStatus = self._remote.call("wait", self.id, max(left, 0.0), wait=POLL)
            if status.final:
                return status
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"Job {self.id} is not over after {timeout:g} s; it goes on.")

    def iter_results(self, return_exceptions: bool = False) -> Iterator[tuple[int, Any]]:
        """(index, value) of each task as it completes.

        A failed task raises its TaskError once everything that arrived before it has been given out, or is given out
        itself as the value, with `return_exceptions`.
        """
        for outcome in self._all_outcomes():
            yield from results.values(outcome)
            for failure in outcome.failures:
                if not return_exceptions:
                    raise TaskError(failure)
                yield failure.index, TaskError(failure)
        if not return_exceptions:
            self._raise_if_incomplete(self.status)

    def results(self, return_exceptions: bool = False) -> list[Any]:
        """All results in the order of the arguments, once the job is over.

        Raises JobFailed where a task has none; with `return_exceptions` its TaskError stands in its place, and None
        for a task that never ran.
        """
        found: list[Any] = []
        for outcome in self._all_outcomes():
            if len(found) < outcome.stop:
                found.extend([None] * (outcome.stop - len(found)))
            results.fill(found, outcome)
            for failure in outcome.failures:
                found[failure.index] = TaskError(failure)
        status = self.status
        if not return_exceptions:
            self._raise_if_incomplete(status)
        found.extend([None] * (status.total - len(found)))
        return found

    def outcomes(
        self, after: int = 0, timeout: float = 0.0, limit_bytes: int = FETCH_BYTES
    ) -> tuple[tuple[Outcome, ...], bool]:
        """Outcomes with `seq` > `after` in order of arrival, unopened; and whether there will be no more."""
        found: tuple[tuple[Outcome, ...], bool] = self._remote.call(
            "outcomes", self.id, after, timeout, limit_bytes, wait=timeout
        )
        return found

    def outcomes_between(self, start: int, stop: int) -> tuple[Outcome, ...]:
        """The outcomes that touch the tasks `start` to `stop`, unopened."""
        found: tuple[Outcome, ...] = self._remote.call("outcomes_between", self.id, start, stop)
        return found

    def failures(self, after: int = 0, limit: int = 1000) -> tuple[TaskFailure, ...]:
        """Failed tasks with an index of `after` or more, ascending."""
        found: tuple[TaskFailure, ...] = self._remote.call("failures", self.id, after, limit)
        return found

    def arguments(self, start: int, stop: int) -> list[Any]:
        """The arguments `start` to `stop`."""
        found: list[Any] = []
        for block in self._remote.call("blocks", self.id, start, stop):
            low, high = max(start - block.start, 0), min(stop - block.start, block.count)
            found.extend(payloads.loads(block.data)[low:high])
        return found

    def _all_outcomes(self) -> Iterator[Outcome]:
        after, ended = 0, False
        while not ended:
            found, ended = self.outcomes(after, POLL)
            yield from found
            if found:
                after = found[-1].seq

    def _raise_if_incomplete(self, status: JobStatus) -> None:
        if status.done < status.total or status.state != "finished":
            shown = self.failures(0, FAILURES_SHOWN)
            reason = status.reason or ("It was cancelled." if status.state == "cancelled" else "")
            raise JobFailed(self.id, status.failed, status.total, shown, reason)
