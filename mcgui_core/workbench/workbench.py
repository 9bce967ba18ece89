"""A process beside ours that does what a window must not: run the user's expressions and open the user's values.

An expression may loop for ever, crash, or fill the memory; a result may need a class that only the environment has.
All of that happens in a child (`workbench_child.py`), which can be killed and started anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.base.ranges import Range
from mcgui_core.base.user_folders import expanded
from mcgui_core.errors import ExportStopped, WorkbenchFailed
from mcgui_core.protocol.messages import ArgumentsPreview, JobSpec, Reduced, ResultRow
from mcgui_core.protocol.queries import Comparison, CopiedRows, Exported, Series, TableRow, TableState, TaskDetail
from mcgui_core.results.export_formats import ALL, ExportOptions
from mcgui_core.workbench.bench_process import BenchProcess
from mcgui_core.workbench.export_run import ExportRun

if TYPE_CHECKING:
    from mcgui_core.workbench.reruns import Code

#: Seconds for which a preview counts. What is not counted by then can be counted by another look, with more time.
PREVIEW_SECONDS = 0.3


class Workbench:
    """Calls block until the child has answered, and are thread-safe. A child that ended is started anew.

    Every call raises WorkbenchFailed where the child ends before it answers, is killed by `restart`, or is closed;
    those that need the master raise ConnectionFailed where that is gone, and JobUnknown.
    """

    def __init__(self, link: str | None = None, *, home: bool = False, trust_workers: bool = False) -> None:
        """Without a link, there are previews only.

        What workers sent is opened as data, unless this user trusts them (`trust_workers`, or once the method of that
        name was called for this master); with `home`, who calls started the master, and its own workers are trusted.
        """
        self._link, self._trust = link, "workers" if trust_workers else "home" if home else "nobody"
        self._lock = threading.Lock()
        self._closed = False
        self._submitted: tuple[int, ...] = ()
        self._child: BenchProcess | None = None
        self._exports: list[BenchProcess] = []  # a process each

    def preview(
        self,
        source: ArgumentSource,
        environment: str = "",
        filename: str = "<environment>",
        *,
        seconds: float = PREVIEW_SECONDS,
    ) -> ArgumentsPreview:
        """What the arguments are. A file is counted for so many seconds at most, and has no count where it is longer.

        Raises ArgumentsInvalid, and EnvironmentInvalid where the expression needs that.
        """
        preview: ArgumentsPreview = self._call("preview", _absolute(source), environment, filename, seconds)
        return preview

    def submit(
        self,
        spec: JobSpec,
        source: ArgumentSource,
        files: tuple[str, ...] = (),
        shared: tuple[tuple[str, str], ...] = (),
    ) -> int:
        """Start a job; returns its id. Files, iterators and very long lists are read while it runs, by the child.

        `files` are patterns of what travels along, from the folder of the environment's file on; `shared` are names and
        expressions of values that each call is given.

        Raises EnvironmentInvalid, FunctionNotFound, ArgumentsInvalid; nothing was started then.
        """
        id: int = self._call("submit", spec, _absolute(source), files, shared)
        with self._lock:
            self._submitted += (id,)
        return id

    def feed(self, job: int, source: ArgumentSource) -> None:
        """Bring the rest of the arguments of a job whose feeder was killed. Raises ArgumentsInvalid."""
        self._call("feed", job, _absolute(source))
        with self._lock:
            self._submitted += (job,)

    def arguments_differ(self, job: int, source: ArgumentSource) -> str:
        """In what the arguments that this source gives now are others than those of the job, as a sentence; "" where
        nothing of it was found. Raises ArgumentsInvalid and EnvironmentInvalid where they cannot be read any more.
        """
        text: str = self._call("arguments_differ", job, _absolute(source))
        return text

    def retry_failed(self, job: int, code: Code) -> None:
        """Run its failed tasks again, with this source of an environment, of a file of this name, and the files that
        these patterns name beside it; None: those that the job has named.

        Raises BadInput where it is not over; EnvironmentInvalid, FunctionNotFound.
        """
        self._call("retry_failed", job, code)

    def run_tasks(self, job: int, tasks: Iterable[Range] = (), where: str = "", code: Code | None = None) -> int:
        """Start a new job on the arguments of these tasks, or of those that a filter keeps; returns its id.

        `code` as for `retry_failed`; None: what the job has run. Raises BadInput, FilterInvalid, EnvironmentInvalid,
        FunctionNotFound.
        """
        id: int = self._call("run_tasks", job, tuple(tasks), where, code)
        return id

    def tasks_where(self, job: int, where: str, most: int) -> tuple[int, tuple[Range, ...]]:
        """How many tasks a filter keeps, and which; none where they lie in more than `most` ranges. Raises
        FilterInvalid.
        """
        found: tuple[int, tuple[Range, ...]] = self._call("tasks_where", job, where, most)
        return found

    def tasks_at(self, job: int, view: int, rows: Iterable[Range]) -> tuple[Range, ...]:
        """The tasks in these rows of a view, as ranges that ascend. Raises BadInput where it is not kept any more."""
        found: tuple[Range, ...] = self._call("tasks_at", job, view, tuple(rows))
        return found

    def argument_as_text(self, job: int, index: int) -> str:
        """A task's argument as an expression that gives it, without any name in it; "" where there is none."""
        text: str = self._call("argument_as_text", job, index)
        return text

    def rows(self, job: int, start: int, count: int) -> tuple[ResultRow, ...]:
        """The tasks from `start` on, `count` at most."""
        rows: tuple[ResultRow, ...] = self._call("rows", job, start, count)
        return rows

    def rows_of(self, job: int, indices: tuple[int, ...]) -> tuple[ResultRow, ...]:
        """These tasks, which have to ascend."""
        rows: tuple[ResultRow, ...] = self._call("rows_of", job, indices)
        return rows

    def detail(self, job: int, index: int) -> TaskDetail | None:
        """One task with its whole argument and result; None where there is no such task."""
        detail: TaskDetail | None = self._call("detail", job, index)
        return detail

    def table(
        self, job: int, where: str = "", order: tuple[str, bool] | None = None, seconds: float = 0.25
    ) -> TableState:
        """The table of the job's tasks, read on for `seconds` at most: its columns, and a view of the rows that the
        filter `where` keeps, sorted by `order` (a title, and whether the largest comes first). Raises FilterInvalid.
        """
        state: TableState = self._call("table", job, where, order, seconds)
        return state

    def table_rows(self, job: int, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        """Rows of a view. Raises BadInput where it is not kept any more."""
        rows: tuple[TableRow, ...] = self._call("table_rows", job, view, start, count)
        return rows

    def table_rows_of(self, job: int, tasks: tuple[int, ...]) -> tuple[TableRow, ...]:
        """The rows of these tasks, which ascend."""
        rows: tuple[TableRow, ...] = self._call("table_rows_of", job, tasks)
        return rows

    def copied_rows(
        self,
        job: int,
        view: int,
        rows: Iterable[Range],
        columns: Iterable[tuple[str, str]],
        exact: bool = False,
        decimal_comma: bool = False,
    ) -> CopiedRows:
        """Rows of a view as text for the clipboard, whole, in these columns, each a title with what stands above it.
        Raises BadInput where it is too much, or where the view is not kept any more.
        """
        found: CopiedRows = self._call("copied_rows", job, view, tuple(rows), tuple(columns), exact, decimal_comma)
        return found

    def table_place(self, job: int, view: int, task: int) -> int | None:
        """The row of a view in which a task stands; None where it is not in it."""
        row: int | None = self._call("table_place", job, view, task)
        return row

    def compare(self, one: int, other: int) -> Comparison:
        """Two jobs argument by argument. Raises BadInput for very long ones."""
        found: Comparison = self._call("compare", one, other)
        return found

    def series(self, job: int, view: int, titles: tuple[str, ...], most: int = 1_000_000) -> Series:
        """These columns of the rows of a view that are done, `most` of them."""
        found: Series = self._call("series", job, view, titles, most)
        return found

    def export(
        self,
        job: int,
        path: str,
        format: str,
        progress: Callable[[float], None] | None = None,
        stop: threading.Event | None = None,
        options: ExportOptions = ALL,
    ) -> Exported:
        """Write the tasks that have an outcome to a file, in a format of `results.export_formats`, by its name.

        `progress` is called a few times a second with the part that is known last, from 0.0 to 1.0; setting `stop`
        ends it within about a second, whatever value it is at. `options` says which tasks and columns, and how. The
        file is whole or not there; only where `stop` is set just as it is put in its place may it be there after
        ExportStopped. It is written by a process of its own, which `restart` leaves alone. Raises BadInput,
        FilterInvalid, ResultsDoNotFit (a BadInput; all is in a pickle then), ExportStopped.
        """
        if stop is not None and stop.is_set():
            raise ExportStopped
        whole = os.path.abspath(path)  # noqa: PTH100
        with ExportRun(self._start_export, progress, stop) as run:
            chosen = None
            if options.where or options.order:  # the table of results is here, sorted and filtered already
                chosen = run.wait(self._ask("chosen", job, options.where, options.order))
            how = options.arguments, options.exact, options.columns, options.decimal_comma
            return run.write(job, whole, format, *how, chosen)

    def reduce(self, job: int) -> Reduced:
        """What the job's reduce function makes of the results. Raises BadInput, FunctionNotFound."""
        reduced: Reduced = self._call("reduce", job)
        return reduced

    def trust_workers(self) -> None:
        """Open from now on whatever workers of this master sent, as it comes: that runs code of theirs. Remembered."""
        self._call("trust_workers")

    def restart(self) -> None:
        """Kill the child, whatever it is at, and start another. Calls under way fail.

        Jobs whose arguments it was still reading are cancelled, and say why.
        """
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.kill("it was started anew.")
        with self._lock:
            if not self._closed and self._child is None:
                self._child = self._start()

    def close(self) -> None:
        """End the child. Calls under way fail, and later ones."""
        with self._lock:
            self._closed = True
            child, self._child = self._child, None
            exports, self._exports = self._exports, []
        for export in exports:
            export.kill("the workbench is closed.")
        if child is not None:
            child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _call(self, method: str, *arguments: Any) -> Any:
        return self._ask(method, *arguments).result()

    def _ask(self, method: str, *arguments: Any) -> Future[Any]:
        with self._lock:
            if self._closed:
                raise WorkbenchFailed("it is closed.")
            if self._child is None or self._child.ended:
                self._child = self._start()
            child = self._child
        return child.ask(method, arguments)

    def _start_export(self, env: dict[str, str]) -> BenchProcess:
        with self._lock:
            if self._closed:
                raise WorkbenchFailed("it is closed.")
            self._exports = [one for one in self._exports if not one.ended]
            self._exports.append(process := BenchProcess(self._link, self._trust, (), {**os.environ, **env}))
        return process

    def _start(self) -> BenchProcess:
        return BenchProcess(self._link, self._trust, self._submitted)


def _absolute(source: ArgumentSource) -> ArgumentSource:
    """With a path that means the same in the child, which keeps the folder that we were in when it was started."""
    return replace(source, path=os.path.abspath(expanded(source.path))) if source.path.strip() else source  # noqa: PTH100
