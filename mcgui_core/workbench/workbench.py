"""A process beside ours that does what a window must not: run the user's expressions and open the user's values.

An expression may loop for ever, crash, or fill the memory; a result may need a class that only the environment has.
All of that happens in a child (`workbench_child.py`), which can be killed and started anew.
"""

from __future__ import annotations

import itertools
import os
import secrets
import subprocess
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.base.ranges import Range
from mcgui_core.base.user_folders import expanded
from mcgui_core.errors import ExportStopped, WorkbenchFailed
from mcgui_core.processes.child_commands import module_command, own_group, quiet_window
from mcgui_core.processes.exit_status import ending
from mcgui_core.protocol.messages import ArgumentsPreview, JobSpec, Reduced, ResultRow
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.protocol.queries import Comparison, Exported, Series, TableRow, TableState, TaskDetail
from mcgui_core.results.export_formats import ALL, ExportOptions
from mcgui_core.results.export_progress import beside_of, remove_beside, target_of
from mcgui_core.workbench.channel import ADMITTED

if TYPE_CHECKING:
    from mcgui_core.workbench.reruns import Code

#: Seconds for which a preview counts. What is not counted by then can be counted by another look, with more time.
PREVIEW_SECONDS = 0.3
#: Seconds that the child has to end by itself: it tells the master of the jobs whose arguments it was still reading.
CLOSE_TIMEOUT = 5.0
#: Seconds between two looks at how far an export is.
EXPORT_LOOK = 0.2
#: Looks after which one that is not wanted any more is left alone: it hears of that between two values only, and a
#: single one may take a minute.
STOP_LOOKS = 5


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
        self._child: _Child | None = None

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
        ends it within about a second. `options` says which tasks and columns, and how. The file is whole or
        not there; only where `stop` is set just as it is put in its place may it be there after ExportStopped. Raises
        BadInput, FilterInvalid, ResultsDoNotFit (a BadInput; all is in a pickle then), ExportStopped.
        """
        if stop is not None and stop.is_set():
            raise ExportStopped
        whole, ticket = os.path.abspath(path), secrets.token_hex(16)  # noqa: PTH100
        answer = self._ask("export", job, whole, format, ticket, *astuple(options))
        reached: Future[Any] | None = None
        part, looks = 0.0, 0  # how far it is, and looks since it is not wanted any more
        try:
            while not wait((answer,), EXPORT_LOOK).done:
                if stop is not None and stop.is_set():
                    if not looks:
                        self._ask("stop_export", ticket)
                    looks += 1
                    if looks >= STOP_LOOKS:
                        # It ends at the next value, or with the child.
                        answer.add_done_callback(lambda _: remove_beside(beside_of(target_of(Path(whole)), ticket)))
                        raise ExportStopped
                if progress is not None:
                    # Asked, not waited for: a child that turns a large value into text answers nothing meanwhile.
                    reached = reached or self._ask("export_reached", ticket)
                    if reached.done():
                        part, reached = reached.result(), None
                    progress(part)
            written: Exported = answer.result()
        except WorkbenchFailed:
            remove_beside(beside_of(target_of(Path(whole)), ticket))  # its process had no time to
            raise
        return written

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

    def _start(self) -> _Child:
        return _Child(self._link, self._trust, self._submitted)


class _Child:
    """One child, from its start to its end."""

    def __init__(self, link: str | None, trust: str, abandoned: tuple[int, ...]) -> None:
        self._process = subprocess.Popen(
            module_command("mcgui_core.workbench.workbench_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **quiet_window(),
            **own_group(),  # Ctrl+C in the terminal is for us; a child that is still starting would tell of it
        )
        self._channel = PipeChannel(self._process.stdout, self._process.stdin, ADMITTED)
        self._numbers = itertools.count()
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._reason = ""
        self.ended = False
        # By its standard input, not its command line, which everybody on this computer can list.
        self._send((link, trust, abandoned))
        self._reader = threading.Thread(target=self._read, name="mcgui-workbench", daemon=True)
        self._reader.start()

    def ask(self, method: str, arguments: tuple[Any, ...]) -> Future[Any]:
        answer: Future[Any] = Future()
        number = next(self._numbers)
        with self._lock:
            if self.ended:
                answer.set_exception(self._failure())
                return answer
            self._waiting[number] = answer
        self._send((number, method, arguments))
        return answer

    def kill(self, reason: str) -> None:
        self._reason = reason
        self._process.kill()
        self._finish()

    def close(self) -> None:
        self._reason = "it is closed."
        self._fail_all()
        stdin = self._process.stdin
        assert stdin is not None
        # Where a request is stuck half sent, closing the pipe would wait with it.
        if self._sending.acquire(timeout=CLOSE_TIMEOUT):
            try:
                stdin.close()
            except OSError:
                pass  # it is gone already
            finally:
                self._sending.release()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(CLOSE_TIMEOUT)
        self._process.kill()
        self._finish()

    def _finish(self) -> None:
        self._process.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    def _send(self, request: Any) -> None:
        # It may have ended (and then its pipes are closed): the reader says so to everybody who waits.
        with self._sending, suppress(OSError, ValueError):
            self._channel.send(request)

    def _read(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                number, good, answer = self._channel.receive()
                with self._lock:
                    waiting = self._waiting.pop(number, None)
                if waiting is None:
                    continue
                if good:
                    waiting.set_result(answer)
                else:
                    waiting.set_exception(answer)
        self._process.wait()
        self._fail_all()
        self._channel.close()

    def _fail_all(self) -> None:
        with self._lock:
            self.ended = True
            waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            answer.set_exception(self._failure())

    def _failure(self) -> WorkbenchFailed:
        return WorkbenchFailed(self._reason or f"its process {ending(self._process.returncode)}. {_CRASHED}")


_CRASHED = "Something that it ran or opened may have crashed it. It is started anew when it is needed next."


def _absolute(source: ArgumentSource) -> ArgumentSource:
    """With a path that means the same in the child, which keeps the folder that we were in when it was started."""
    return replace(source, path=os.path.abspath(expanded(source.path))) if source.path.strip() else source  # noqa: PTH100
