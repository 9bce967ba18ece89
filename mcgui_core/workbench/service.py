"""What the workbench does, in its own process: see workbench.py for what each method promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.arguments.call_fit import check_call
from mcgui_core.arguments.column_renaming import RenamedArguments, rename_preview
from mcgui_core.arguments.tasks_of_job import tasks_of_job
from mcgui_core.base.exposed import exposed
from mcgui_core.base.ranges import Range, RangeSet
from mcgui_core.base.user_folders import expanded
from mcgui_core.client.document_arguments import kept_text
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.environment.environment_loader import beside, load_in_place
from mcgui_core.environment.environment_source import Environment
from mcgui_core.environment.import_path import changed_since
from mcgui_core.errors import WorkbenchFailed
from mcgui_core.protocol.messages import ArgumentsPreview, JobSpec, Reduced, ResultRow
from mcgui_core.protocol.queries import Comparison, CopiedRows, Exported, Series, TableRow, TableState, TaskDetail
from mcgui_core.results.export_progress import ExportProgress
from mcgui_core.workbench.read_arguments import differ_from, read_beside, worth_waiting_for

if TYPE_CHECKING:
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.client.job import Job
    from mcgui_core.results.export_formats import ExportedArguments
    from mcgui_core.results.outcome_reader import OutcomeReader
    from mcgui_core.results.table.job_tables import JobTables
    from mcgui_core.workbench.reruns import Code

#: Whose results are opened as they come: of nobody, of the workers that the master's own program started, of all.
WorkbenchTrust = Literal["nobody", "home", "workers"]

#: What makes a module of an environment's source, called as its file is.
Loads = Callable[[str, str], ModuleType]

#: Arguments that a preview shows.
PREVIEWED = 100


class WorkbenchService:
    """Thread-safe; one at a time runs what may run code of the user's."""

    def __init__(self, link: str | None, trust: WorkbenchTrust = "nobody") -> None:
        self._link, self._trust = link, trust
        self._cluster: Cluster | None = None
        self._reader: OutcomeReader | None = None  # for what is looked at, which is mostly near what was before
        self._sweeper: OutcomeReader | None = None  # for what goes through a whole job
        self._made_tables: JobTables | None = None
        self._cluster_lock, self._reader_lock = threading.Lock(), threading.Lock()
        self._user_code_lock = threading.Lock()  # held while code of the user's may run
        self._sweeper_lock = threading.Lock()
        self._export = ExportProgress()  # a process that exports does so once
        self._loaded: tuple[str, str, ModuleType] | None = None
        self._loaded_at = 0.0  # seconds since the epoch
        self._previewed: tuple[Any, ArgumentsPreview] | None = None

    @exposed("parent")
    def preview(self, source: ArgumentSource, environment: str, filename: str, seconds: float) -> ArgumentsPreview:
        with self._user_code_lock:
            if source.kind == "expression":
                arguments = open_arguments(source, environment, filename, self._load_once)
                with beside(filename):  # an iterator is read there
                    return arguments.preview(PREVIEWED)
            if source.kind == "tasks":
                return self._open(source).preview(PREVIEWED)
            if source.kind in ("sweep", "folder"):
                return open_arguments(source).preview(PREVIEWED, seconds)
            return self._preview_file(source, seconds)

    def _preview_file(self, source: ArgumentSource, seconds: float) -> ArgumentsPreview:
        """A file that was counted to its end is not counted again while it stays as it is."""
        plain = replace(source, columns=())
        arguments = open_arguments(source)
        status = expanded(source.path).stat()
        key = (plain, status.st_mtime_ns, status.st_size)
        if self._previewed is None or self._previewed[0] != key or self._previewed[1].count is None:
            self._previewed = (key, open_arguments(plain).preview(PREVIEWED, seconds))
        preview = self._previewed[1]
        return rename_preview(preview, arguments.names) if isinstance(arguments, RenamedArguments) else preview

    @exposed("parent")
    def submit(
        self, spec: JobSpec, source: ArgumentSource, files: tuple[str, ...], shared: tuple[tuple[str, str], ...]
    ) -> int:
        with self._user_code_lock:
            environment = Environment.parse(spec.environment, spec.filename)
            environment.check(spec.function)
            if spec.reduce:
                environment.check(spec.reduce)
            check_call(environment.function(spec.function), spec.call, [name for name, _ in shared], spec.seed)
            load = lru_cache(load_in_place)
            arguments = self._open(source, spec, load)
            arguments.check()
            spec = replace(spec, expected=arguments.count, source=kept_text(source, shared, files))
            spec = self._there().with_project(spec, files)
            if shared:
                spec = self._there().with_shared(spec, _values_of(spec, shared, load))
            if source.kind == "tasks":
                return self._submit_from(arguments, spec)
            values = worth_waiting_for(read_beside(spec.filename, arguments.values))
            return self._there().submit_spec(spec, values).id

    @exposed("parent")
    def feed(self, id: int, source: ArgumentSource) -> None:
        with self._user_code_lock:
            spec = self._there().job(id).spec
            arguments = self._open(source, spec)
            arguments.check()
            self._there().feed(id, read_beside(spec.filename, arguments.values))

    @exposed("parent")
    def arguments_differ(self, id: int, source: ArgumentSource) -> str:
        job = self._there().job(id)
        with self._user_code_lock:
            arguments = self._open(source, job.spec)
        # Read without the lock, as those of a job are that runs: an iterator may take for ever to give the next.
        return differ_from(job, source, read_beside(job.spec.filename, arguments.values))

    @exposed("parent")
    def retry_failed(self, id: int, code: Code) -> None:
        from mcgui_core.workbench.reruns import retry_failed

        with self._user_code_lock:  # it may read many files of a project
            retry_failed(self._there(), id, code)

    @exposed("parent")
    def run_tasks(self, id: int, tasks: tuple[Range, ...], where: str, code: Code | None) -> int:
        from mcgui_core.workbench.reruns import run_tasks

        job = self._there().job(id)
        wanted = self._kept(job, where) if where else RangeSet(tasks)
        with self._user_code_lock:
            return run_tasks(self._there(), id, wanted, code)

    @exposed("parent")
    def tasks_where(self, id: int, where: str, most: int) -> tuple[int, tuple[Range, ...]]:
        ranges = tuple(kept := self._kept(self._there().job(id), where))
        return len(kept), ranges if len(ranges) <= most else ()

    @exposed("parent")
    def argument_as_text(self, id: int, index: int) -> str:
        from mcgui_core.workbench.argument_text import as_expression

        return as_expression(self._there().job(id).arguments(index, index + 1)[0])

    @exposed("parent")
    def rows(self, id: int, start: int, count: int) -> tuple[ResultRow, ...]:
        from mcgui_core.results.search import rows_of

        job = self._there().job(id)
        start = max(0, start)
        stop = min(start + count, job.status.total)
        with self._reader_lock:
            return rows_of(job, self._looking(), tuple(range(start, stop)))

    @exposed("parent")
    def rows_of(self, id: int, indices: tuple[int, ...]) -> tuple[ResultRow, ...]:
        from mcgui_core.results.search import rows_of

        with self._reader_lock:
            return rows_of(self._there().job(id), self._looking(), indices)

    @exposed("parent")
    def detail(self, id: int, index: int) -> TaskDetail | None:
        from mcgui_core.results.task_detail import detail_of, settled_task

        job = self._there().job(id)
        with self._reader_lock:
            task = settled_task(job, self._looking(), index)
        return detail_of(job, index, task, self._there().find_output)  # a figure takes a while, and rows do not wait

    @exposed("parent")
    def table(self, id: int, where: str, order: tuple[str, bool] | None, seconds: float) -> TableState:
        with self._sweeper_lock:
            return self._tables().look(self._there().job(id), self._sweeping(), where, order, seconds)

    @exposed("parent")
    def table_rows(self, id: int, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        if view == 0:
            with self._reader_lock:
                return self._tables().rows(self._there().job(id), self._looking(), view, start, count)
        with self._sweeper_lock:
            return self._tables().rows(self._there().job(id), self._sweeping(), view, start, count)

    @exposed("parent")
    def table_rows_of(self, id: int, tasks: tuple[int, ...]) -> tuple[TableRow, ...]:
        with self._reader_lock:
            return self._tables().rows_of(self._there().job(id), self._looking(), tasks)

    @exposed("parent")
    def copied_rows(
        self,
        id: int,
        view: int,
        rows: tuple[Range, ...],
        columns: tuple[tuple[str, str], ...],
        exact: bool,
        decimal_comma: bool,
    ) -> CopiedRows:
        from mcgui_core.results.table.copied_rows import copied_rows

        job = self._there().job(id)
        with self._sweeper_lock:
            tasks = self._tables().tasks_at(job, view, rows)
        return copied_rows(job, tasks, columns, exact, decimal_comma)

    @exposed("parent")
    def tasks_at(self, id: int, view: int, rows: tuple[Range, ...]) -> tuple[Range, ...]:
        with self._sweeper_lock:
            tasks = self._tables().tasks_at(self._there().job(id), view, rows)
        return tuple(RangeSet((task, task + 1) for task in sorted(tasks)))

    @exposed("parent")
    def table_place(self, id: int, view: int, task: int) -> int | None:
        with self._sweeper_lock:
            return self._tables().place(self._there().job(id), view, task)

    @exposed("parent")
    def compare(self, one: int, other: int) -> Comparison:
        from mcgui_core.results.table.job_comparison import compare

        return compare(self._there().job(one), self._there().job(other))  # with readers of its own: nobody waits for it

    @exposed("parent")
    def series(self, id: int, view: int, titles: tuple[str, ...], most: int) -> Series:
        with self._sweeper_lock:
            return self._tables().series(self._there().job(id), self._sweeping(), view, titles, most)

    @exposed("parent")
    def chosen(
        self, id: int, where: str, order: tuple[str, bool] | None
    ) -> tuple[tuple[Range, ...], tuple[int, ...] | None] | None:
        with self._sweeper_lock:
            found = self._tables().chosen(self._there().job(id), self._sweeping(), where, order)
        return None if found is None else (tuple(found.tasks), found.order)

    @exposed("parent")
    def export(
        self,
        id: int,
        path: str,
        format: str,
        ticket: str,
        arguments: ExportedArguments,
        exact: bool,
        columns: tuple[str, ...],
        decimal_comma: bool,
        chosen: tuple[tuple[Range, ...], tuple[int, ...] | None] | None,
    ) -> Exported:
        from mcgui_core.results.chosen_tasks import ChosenTasks
        from mcgui_core.results.export import export
        from mcgui_core.results.export_formats import ExportOptions

        self._export.ticket = ticket
        options = ExportOptions(arguments, exact, columns=columns, decimal_comma=decimal_comma)
        wanted = None if chosen is None else ChosenTasks(RangeSet(chosen[0]), chosen[1])
        return export(self._there().job(id), Path(path), format, self._export, options, wanted)

    @exposed("parent")
    def export_reached(self) -> float:
        return self._export.part

    @exposed("parent")
    def stop_export(self) -> None:
        self._export.stop()  # also where it is faster than its export: each request has a thread of its own

    @exposed("parent")
    def trust_workers(self) -> None:
        cluster = self._there()
        TrustStore().trust_workers(cluster.fingerprint)
        with self._sweeper_lock, self._reader_lock:
            cluster.trust_workers()
            self._reader = self._sweeper = self._made_tables = None  # with what they hold closed

    @exposed("parent")
    def reduce(self, id: int) -> Reduced:
        from mcgui_core.results.reduce import reduce

        job = self._there().job(id)
        with self._user_code_lock:
            return reduce(job)

    def give_up(self, jobs: tuple[int, ...], reason: str) -> None:
        """Cancel those of the jobs whose arguments have not all arrived: nobody will send the rest."""
        for id in jobs:
            self._there().abort(id, reason)

    def close(self) -> None:
        """End the connection. Jobs whose arguments are still being read are cancelled, and say why."""
        with self._cluster_lock:
            if self._cluster is not None:
                self._cluster.close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _kept(self, job: Job, where: str) -> RangeSet:
        """The tasks that a filter keeps, once the whole job is read."""
        with self._sweeper_lock:
            chosen = self._tables().chosen(job, self._sweeping(), where, None)
        return RangeSet([(0, job.status.total)]) if chosen is None else chosen.tasks

    def _open(
        self,
        source: ArgumentSource,
        spec: JobSpec | None = None,
        load: Callable[[str, str], ModuleType] = load_in_place,
    ) -> Arguments:
        """Arguments from anywhere; those of another job from the master."""
        if source.kind == "tasks":
            from mcgui_core.client.job_arguments import JobArguments

            return JobArguments(self._there(), tasks_of_job(source.text))
        assert spec is not None, "other sources are opened for a job"
        return open_arguments(source, spec.environment, spec.filename, load, spec.function)

    def _submit_from(self, arguments: Any, spec: JobSpec) -> int:
        """On arguments of another job, which stay closed: opened here, they are of its classes, or Refused."""
        self._there().vouch_for(spec)
        return self._there().submit_spec_from(arguments.job, arguments.tasks, spec).id

    def _there(self) -> Cluster:
        """The master. Connects with the first call that needs it."""
        if self._link is None:
            raise WorkbenchFailed("it was opened without a master, so it can only preview arguments.")
        from mcgui_core.client.cluster import Cluster  # here, because a preview alone is quicker without it

        with self._cluster_lock:
            if self._cluster is None:
                workers, home = self._trust == "workers", self._trust == "home"
                self._cluster = Cluster(self._link, trust_workers=workers, home=home, modules_of_jobs=True)
                store, fingerprint = TrustStore(), self._cluster.fingerprint
                if self._trust == "workers":
                    store.trust_workers(fingerprint)
                elif store.trusts_workers(fingerprint):
                    self._cluster.trust_workers()
            return self._cluster

    def _looking(self) -> OutcomeReader:
        from mcgui_core.results.outcome_reader import OutcomeReader

        self._reader = self._reader or OutcomeReader()
        return self._reader

    def _tables(self) -> JobTables:
        from mcgui_core.results.table.job_tables import JobTables

        self._made_tables = self._made_tables or JobTables()
        return self._made_tables

    def _sweeping(self) -> OutcomeReader:
        from mcgui_core.results.outcome_reader import OutcomeReader

        self._sweeper = self._sweeper or OutcomeReader()
        return self._sweeper

    def _load_once(self, source: str, filename: str) -> ModuleType:
        """The environment for a preview: run anew only where it has changed, or a module of the user's that it imports,
        since people type one letter at a time."""
        if self._loaded is None or self._loaded[:2] != (source, filename) or changed_since(self._loaded_at):
            self._loaded_at = time.time()
            self._loaded = (source, filename, load_in_place(source, filename))
        return self._loaded[2]


def _values_of(spec: JobSpec, shared: tuple[tuple[str, str], ...], load: Loads) -> dict[str, Any]:
    """The values that each call is given. Raises BadInput, EnvironmentInvalid."""
    from mcgui_core.arguments.shared_expressions import evaluated  # here, because few jobs need it

    return evaluated(shared, spec.environment, spec.filename, load)
