"""What scripts, the CLI and the console talk to: a cluster. Its jobs are in job.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from mcgui_core.base.article import with_article
from mcgui_core.base.ranges import RangeSet
from mcgui_core.client import call_arguments as given
from mcgui_core.client.access.cluster_access import ClusterAccess
from mcgui_core.client.agent_process import AgentEvent, AgentProcess
from mcgui_core.client.argument_blocks import batch, blocks, holds_arguments, noting, read_ahead
from mcgui_core.client.argument_uploader import BATCH_BYTES, BLOCKS_FIRST, TASKS_FIRST, ArgumentUploader
from mcgui_core.client.code.changed_code import changed_code
from mcgui_core.client.content_upload import with_function, with_shared
from mcgui_core.client.job import Job
from mcgui_core.client.job_spec import callable_first, make_spec, setup_name
from mcgui_core.client.project_upload import with_project, with_requirements
from mcgui_core.client.rerun import WhichTasks, chosen_tasks, run_again, submit_from
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.client.waiting.patient_client import PATIENCE
from mcgui_core.errors import ArgumentsInvalid, BadInput, JournalFull, NotAllowed
from mcgui_core.processes.processor_count import parse_nprocs
from mcgui_core.protocol.job_check import checked_spec
from mcgui_core.protocol.messages import Block, JobSpec, NodeStatus, Snapshot, TaskOutput
from mcgui_core.protocol.queries import OutputQuery
from mcgui_core.protocol.run_options import CallStyle, OnError, RunOptions
from mcgui_core.values.local_store import LocalStore, for_wire
from mcgui_core.values.trust import Trust

if TYPE_CHECKING:
    from mcgui_core.environment.project_modules import ProjectModules


class Cluster(ClusterAccess):
    """A master that runs somewhere, seen by a client. Thread-safe; calls block until the master has answered.

    Every call raises ConnectionFailed where the master is gone; it is tried anew with the next call. `worker_link`,
    `watch_link` and `console_link` (`str`, "" where one is revoked) are what other computers join with, `address`
    ("HOST:PORT") is where it listens. `watches_only` says that this object came by a watch link: what changes
    something, or opens a value, raises NotAllowed then.

    >>> from mcgui_core import Cluster, Master
    >>> with Master() as master, Cluster.connect(master.console_link) as cluster:
    ...     worker = cluster.add_local_worker(nprocs=1)
    ...     cluster.submit("def f(x): return x + 1", "f", range(3)).results()
    [1, 2, 3]
    """

    def __init__(
        self,
        link: str,
        *,
        trust_workers: bool = True,
        home: bool = False,
        patience: float = PATIENCE,
        modules_of_jobs: bool = False,
    ) -> None:
        """`home`: whoever calls started the master, whose own workers are trusted then. `modules_of_jobs`: values are
        opened with the modules that travelled with their job, and not with those that this process imports."""
        super().__init__(link, patience)
        self.home = home
        self._trust = Trust(trust_workers, home, project=self._modules_of if modules_of_jobs else None)
        self._modules: dict[tuple[Any, ...], ProjectModules] = {}
        self._vouched = TrustStore()
        self._submitted: set[tuple[str, ...]] = set()  # what was vouched for already
        self._checked: JobSpec | None = None  # the latest that is as it has to be
        self._workers: list[AgentProcess] = []
        self._remote.worker_is_coming = self.worker_is_coming
        self._store = LocalStore(self._where_values_lie)
        self._uploader = ArgumentUploader(self._remote, self._store)

    @classmethod
    def connect(cls, link: str, *, trust_workers: bool = True, patience: float = PATIENCE) -> Cluster:
        """A master that runs already, by its console link or watch link, a `str` such as mcgui://HOST:PORT#KEY...

        trust_workers: `bool`; False opens results as data only: see Master. Default: True.
        patience: `float`, seconds for which whoever waits for results of a job waits for a master that does not answer:
            one that is started anew on its journal is met again. MasterAway is raised after them. Default: 300.

        Raises LinkInvalid, MasterUnreachable, KeyRefused, NotAllowed (for a worker link).
        """
        return Cluster(link, trust_workers=trust_workers, patience=patience)

    @property
    def trusts_workers(self) -> bool:
        """Whatever workers send is opened as it comes."""
        return self._trust.workers

    def trust_workers(self) -> None:
        """Open from now on whatever workers send, as it comes: that runs code of theirs."""
        self._trust = replace(self._trust, workers=True)

    def _where_values_lie(self) -> tuple[str, str, str]:
        """As the master's `store` says, to who may open values."""
        if self.watches_only:
            return "", "", ""
        found: tuple[str, str, str] = self._remote.call("store")
        return found

    def _use_worker_link(self, link: str) -> None:
        for worker in self._workers:
            worker.use(self._local_link(link))

    def _local_link(self, worker_link: str) -> str:
        """What workers of this computer join by."""
        return worker_link

    def _link_to_join_by(self) -> str:
        if self.watches_only:
            raise NotAllowed("adding workers", "watch")
        link = self._local_link(self.worker_link)
        if not link:
            raise BadInput('The worker link is revoked, so no worker can join. Make a new one: renew_link("worker").')
        return link

    def submit(
        self,
        environment: str | Path | Callable[..., Any] | None = None,
        function: str | Callable[..., Any] | Iterable[Any] | None = None,
        args: Iterable[Any] | None = None,
        *,
        name: str | None = None,
        reduce: str | None = None,
        call: CallStyle = "single",
        retries: int = 0,
        backoff: float = 0.5,
        timeout: float | None = None,
        memory: int | str | None = None,
        hedge: bool = True,
        on_error: OnError = "continue",
        priority: int = 0,
        chunksize: int | None = None,
        setup: str | Callable[[], Any] | None = None,
        seed: Any = None,
        files: Iterable[str | Path] = (),
        requirements: Iterable[str] = (),
        shared: Mapping[str, Any] | None = None,
    ) -> Job:
        """Start a job: one function on each of many arguments. Returns at once, unless a list is long in travelling.

        What is run is source text and the name of a function in it, which reads the same on every version of Python:

            submit("def f(x): ...", "f", arguments)
            submit(Path("model.py"), "f", arguments)     # or "model.py", where there is such a file

        or a callable, which travels by cloudpickle with what it refers to (up to 512 MB), and needs the same minor
        version of Python on the computers that run it:

            submit(f, arguments)

        Parameters (all from `name` on by name only):

        environment: `str`, `Path` or callable. Python source, the file that has it, or the function itself.
        function: `str`, the name of a function in the environment. After a callable: the arguments.
        args: any iterable; one task for each item. Lists, ranges and arrays travel before this returns; what has no
            length, such as a generator, is read in the background while the job runs, for as long as this program does.
        name: `str`, what the job is called. Default: as the function.
        reduce: `str`, the name of a function in the environment that makes one value of the list of all results. The
            console and `mcgui-core run` call it at the end; a script calls it itself. Default: none.
        call: "single", "args" or "kwargs": an argument `a` reaches the function as f(a), f(*a) or f(**a).
            Default: "single".
        retries: `int` from 0 to 1,000,000: how many times more a task runs that has failed, elsewhere if it can.
            Default: 0. A task that kills its process is tried three times in any case.
        backoff: `float`, seconds before the first retry of a task; each later one waits twice as long, up to a minute.
            Default: 0.5.
        timeout: `float`, seconds after which a task is stopped and has failed. Default: None, never.
        memory: `int`, bytes, or `str` such as "2 GB": what a task's process may use before it is stopped and the task
            has failed. Default: None, as much as there is.
        hedge: `bool`: near the end, tasks that are late run a second time elsewhere, and the first outcome counts.
            Default: True. Say False where a second run would do harm.
        on_error: "continue" or "stop": what becomes of the job when a task has failed. Default: "continue".
        priority: `int` from -1,000,000 to 1,000,000: jobs of a higher priority run first. Default: 0.
        chunksize: `int`, how many tasks travel together. Default: None, as many as take a moment (about 50 ms).
        setup: `str`, the name of a function of the environment that takes nothing, and runs once in each process before
            the job's first task there; with a callable, another callable. Default: None.
        seed: `int` or `numpy.random.SeedSequence`: each task is given one of its children as the keyword argument
            `seed`, the same wherever it runs, and again when it is retried. Default: None, it is given none.
        files: `str` or `Path`, each a pattern such as "data/*.csv", from the folder of the environment's file on: what
            travels along, beside the modules that it imports from there. Default: those that its header names.
        requirements: `str` each, such as "scipy>=1.10": packages without which a computer runs no task of the job, as
            well as those of its header (PEP 723). Default: none.
        shared: a dictionary of names and values (up to 4 GB each) that every call is given by name, beside its
            argument: f(a, table=big). Each travels to a computer once, also for later jobs, and is opened once in each
            process; arrays lie in memory once for all of them, and cannot be written to. Default: none.

        Raises BadInput for an option that cannot be (and its kinds EnvironmentInvalid for source that does not compile,
        FunctionNotFound, ArgumentsInvalid for an argument that cannot travel), before anything was started, unless
        that argument comes late in a long list, whose job is cancelled then; and ConnectionFailed or JournalFull, from
        the master.

        >>> from mcgui_core import Master
        >>> with Master() as master:
        ...     worker = master.add_local_worker(nprocs=1)
        ...     job = master.submit("def area(w, h): return w * h", "area", [(2, 3), (4, 5)], call="args", timeout=10)
        ...     job.results()
        ...     master.submit(abs, [-1, 2]).results()
        [6, 20]
        [1, 2]
        """
        reduce = given.text_or_none("reduce", reduce)
        if callable(environment):
            environment, function, args = callable_first(environment, function, args)
        options = RunOptions(
            call=call,
            retries=retries,
            backoff=backoff,
            timeout=timeout,
            memory=memory,  # type: ignore[arg-type]  # "2 GB" becomes a number as it is checked
            hedge=hedge,
            on_error=on_error,
            priority=priority,
            chunksize=chunksize,
            setup=setup_name(setup) if callable(setup) else setup,
            seed=seed,
        ).checked()
        called = setup if callable(setup) else None
        values: Any = shared or ()
        spec = make_spec(
            environment, function, reduce, name, options, called, values if isinstance(values, Iterable) else (values,)
        )
        if args is None:  # perhaps what a function has returned that was to make them
            raise ArgumentsInvalid("There are no arguments.", "Give any iterable of them: submit(f, args).")
        spec = self.with_project(spec, given.several("files", files), given.several("requirements", requirements))
        return self.submit_spec(self.with_shared(spec, shared) if shared else spec, args)

    def with_project(
        self, spec: JobSpec, files: Iterable[str | Path] = (), requirements: Iterable[str] = ()
    ) -> JobSpec:
        """The spec with what its environment requires, and needs beside it, which the master has then: see `submit`.

        Where the environment is no file, it is only text. Raises BadInput for what cannot travel.
        """
        return with_project(self._remote, with_requirements(spec, requirements), files)

    def file_content(self, sha256: str) -> bytes:
        """A file of a job (`JobSpec.files`) by its content, as the master has it. Raises BadInput, NotAllowed."""
        found = bytearray()
        while piece := self._remote.call("content_piece", sha256, len(found)):
            found += piece
        return bytes(found)

    def _modules_of(self, spec: JobSpec) -> ProjectModules | None:
        """The modules that travelled with a job; None where none did."""
        from mcgui_core.environment.import_path import is_source

        files = tuple(file for file in spec.files if is_source(file.path))
        if not any(file.path != spec.main for file in files):
            return None
        from mcgui_core.environment.project_modules import ProjectModules  # here, because scripts have no need of it

        key = spec.filename, spec.main, files
        return self._modules.setdefault(key, ProjectModules(spec.filename, spec.main, files, self.file_content))

    def with_shared(self, spec: JobSpec, values: Mapping[str, Any]) -> JobSpec:
        """The spec with values that each call is given by name, which the master has then: see `submit`.

        Raises BadInput for what cannot travel, JournalFull.
        """
        return with_shared(self._remote, self._store, spec, values)

    def submit_spec(self, spec: JobSpec, args: Iterable[Any]) -> Job:
        """As `submit`, from a spec. Raises BadInput, ArgumentsInvalid; nothing was started then."""
        function = spec.pickled_function  # not in one piece yet, perhaps; the master looks at it
        if function is None:
            self._checked = spec = spec if spec is self._checked else checked_spec(spec)
        else:
            spec = replace(checked_spec(replace(spec, pickled_function=None)), pickled_function=function)
        self.vouch_for(spec)
        if not holds_arguments(args):
            kind = with_article(type(args).__name__)
            raise ArgumentsInvalid(
                f"{kind[0].upper()}{kind[1:]} holds no arguments.", "Give a list, a range, or any iterable."
            )
        spec = with_function(self._remote, self._store, spec)
        if not isinstance(args, Sized):  # a generator: not even the first item is waited for
            id = self._remote.call("submit", spec, (), False)
            self._uploader.bring_in_background(id, read_ahead(args))
            return Job(self._remote, id, spec, self._store, self._trust)
        source = self._store.putting(blocks(args), "data")
        put: list[Block] = []
        try:  # short lists travel with the job, in one call
            first = batch(noting(source, put), BLOCKS_FIRST, TASKS_FIRST, BATCH_BYTES)
        except BaseException:
            source.close()
            self._store.take_back(put, "data")
            raise
        sent = tuple(for_wire(block, "data") for block in first.blocks)
        if not first.last:
            spec = replace(spec, expected=len(args))
        try:
            id = self._remote.call("submit", spec, sent, first.last)
        except (BadInput, JournalFull):
            source.close()
            self._store.take_back(first.blocks, "data")
            raise
        if not first.last:
            self._uploader.bring(id, source)
        return Job(self._remote, id, spec, self._store, self._trust)

    def vouch_for(self, spec: JobSpec) -> None:
        """What this user submits here he may run here."""
        texts = spec.environment, spec.filename, spec.source
        if texts not in self._submitted:
            self._submitted.add(texts)
            self._vouched.vouch_for_source(*texts[:2])
            self._vouched.vouch_for_source(*texts)

    def feed(self, id: int, args: Iterable[Any]) -> Job:
        """Bring the arguments of a job that has not got all of them, because whoever brought them was killed.

        `args` are all of its arguments, from the first on, the same as before; those that have arrived are left out.
        No effect on a job that has all.
        """
        job = self.job(id)
        status = job.status
        if not status.sealed:
            self._uploader.bring_in_background(id, read_ahead(islice(args, status.total, None)), status.total)
        return job

    def job(self, id: int) -> Job:
        """A job by its id. Raises JobUnknown."""
        return Job(self._remote, id, self._remote.call("spec", id), self._store, self._trust)

    def jobs(self) -> list[Job]:
        """Every job in the master's journal, the oldest first."""
        return [self.job(id) for id in self._remote.call("job_ids")]

    def nodes(self) -> list[NodeStatus]:
        """Every node that joined since the master started, departed ones too."""
        return list(self.snapshot().nodes)

    def snapshot(self, after: int = 0, timeout: float = 0.0) -> Snapshot:
        """All jobs and nodes, as soon as they are newer than version `after`, or after `timeout` seconds."""
        timeout = given.seconds("timeout", timeout)
        snapshot: Snapshot = self._remote.call("snapshot", after, timeout, wait=timeout)
        return snapshot

    def forget_older_than(self, days: float) -> int:
        """Delete jobs that ended so many days ago, with all that belongs to them. Returns how many these were."""
        count: int = self._remote.call("forget_older_than", 86400.0 * given.days(days))
        return count

    def journal_bytes(self) -> int:
        """What the master's journal takes of its disk, in bytes: what deleted jobs had goes back within a minute, their
        large functions, shared values and files ten minutes after they were last brought."""
        size: int = self._remote.call("journal_bytes")
        return size

    def output(self, after: int = 0, limit: int = 1000) -> tuple[TaskOutput, ...]:
        """What tasks of all jobs printed, as it came: up to `limit` pieces with `seq` > `after`."""
        found: tuple[TaskOutput, ...] = self._remote.call("output", None, after, limit)
        return found

    def find_output(
        self, query: OutputQuery, before: int | None = None, limit: int = 1000
    ) -> tuple[tuple[TaskOutput, ...], int | None]:
        """The latest that tasks printed and that fits the query, before the piece `before`; and where to go on back.

        There may be nothing among what one call looks through, and more further back; None is the beginning.
        """
        found: tuple[tuple[TaskOutput, ...], int | None] = self._remote.call("find_output", query, before, limit)
        return found

    def run_again(self, id: int) -> Job:
        """Start a job anew, on the same arguments, as another job. Raises BadInput while those still arrive."""
        return run_again(self._remote, self.job(id), self._store)

    def submit_from(
        self,
        job: Job | int,
        which: WhichTasks | Iterable[int] = "failed",
        environment: str | Path | Callable[..., Any] | None = None,
        function: str | None = None,
        *,
        name: str | None = None,
        files: Iterable[str | Path] = (),
        **options: Any,
    ) -> Job:
        """Start a new job on arguments of another one, which are copied where they are and not read here.

        Parameters:

        job: `Job`, or its id.
        which: "failed", "done", "waiting" (without an outcome), "all", or the indices of tasks, which come in
            ascending order. Default: "failed".
        environment, function, files: the code, as in `submit`. Default: what the other job has run. With another
            environment, the function of the same name.
        name: `str`. Default: as the other job.
        options: those of `submit`, such as `timeout=60`. Default: as the other job has them.

        Raises BadInput, ConnectionFailed, JournalFull.

        >>> from mcgui_core import Master
        >>> with Master() as master:
        ...     worker = master.add_local_worker(nprocs=1)
        ...     job = master.submit("def f(x): return 1 / x", "f", [4, 0, 2])
        ...     state = job.wait()
        ...     master.submit_from(job, "failed", "def f(x): return float('inf')").results()
        [inf]
        """
        job = job if isinstance(job, Job) else self.job(job)
        tasks = chosen_tasks(job, which)
        spec = changed_code(self._remote, job.spec, environment, function, files, name, options)
        return self.submit_spec_from(job, tasks, replace(spec, source=""))

    def submit_spec_from(self, job: Job, tasks: RangeSet, spec: JobSpec) -> Job:
        """As `submit_from`, from a spec whose files the master has. Raises BadInput, ConnectionFailed, JournalFull."""
        return submit_from(self._remote, job, tasks, spec, self._store)

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
        self._uploader.abort(id, reason)

    def add_local_worker(
        self, nprocs: int | None = None, name: str | None = None, on_event: Callable[[AgentEvent], None] | None = None
    ) -> AgentProcess:
        """Let this computer work too, with `nprocs` slots (all its processors by default). It ends with this object.

        Raises NprocsInvalid, NotAllowed (for a watch link), BadInput where the worker link is revoked.
        """
        slots = None if nprocs is None else parse_nprocs(nprocs)
        worker = AgentProcess(self._link_to_join_by(), slots, name, on_event)
        self._workers.append(worker)
        return worker

    def add_dask_cluster(
        self,
        address: str,
        nprocs: int | None = None,
        name: str | None = None,
        on_event: Callable[[AgentEvent], None] | None = None,
    ) -> AgentProcess:
        """Let the Dask cluster with the scheduler at `address` work too, as one node. It leaves with this object.

        It runs as many chunks at once as its workers have threads, or `nprocs`. The same version of mcgui has to be
        installed where its workers run. Raises DaskInvalid, and what `add_local_worker` raises.
        """
        worker = AgentProcess(self._link_to_join_by(), nprocs, name, on_event, dask=address)
        self._workers.append(worker)
        return worker

    def worker_is_coming(self) -> bool:
        """A worker that this object started has not joined yet, and nothing keeps it from that."""
        events = [worker.last_event for worker in self._workers if worker.alive]
        return any(event.state == "connecting" and not event.message for event in events)

    def close(self) -> None:
        """End the connections and the workers that this object started. Jobs go on.

        But for those whose arguments were still being read: nobody will read the rest, so they are cancelled.
        """
        for worker in self._workers:
            worker.leave()
        self._workers.clear()
        self._uploader.give_up("The program that read its arguments ended before they were all read.")
        self._remote.close()
        self._uploader.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
