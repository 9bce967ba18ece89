"""One export, in a process of its own.

Turning one large value into text is a single call into C, which hears of nothing until it is done, and lets no other
thread of its process run. Here a process can be killed in the middle of that, whose death, of too little memory too,
takes nothing else along.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mcgui_core.errors import ExportStopped, FileUnwritable, McguiError, WorkbenchFailed
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export_progress import beside_of, remove_beside, target_of
from mcgui_core.workbench.bench_process import BenchProcess

#: Seconds between two looks at how far it is.
LOOK = 0.2
#: Looks after which one that is not wanted any more is killed: between two values it ends by itself.
STOP_LOOKS = 5


class ExportRun:
    """Its process, from when it is entered to the end, with a folder for what it keeps on disk meanwhile."""

    def __init__(
        self,
        start: Callable[[dict[str, str]], BenchProcess],
        progress: Callable[[float], None] | None,
        stop: threading.Event | None,
    ) -> None:
        """`start` starts a process with these variables in its environment. The others are as `Workbench.export` has
        them.
        """
        self._start, self._progress, self._stop = start, progress, stop
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: BenchProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.close()
        if self._folder is not None:
            self._folder.cleanup()  # a process that was killed left something there

    def wait(self, answer: Future[Any]) -> Any:
        """What somebody else was asked for before this can begin. Raises ExportStopped."""
        while True:
            if self._is_unwanted():
                raise ExportStopped
            if wait((answer,), LOOK).done:
                return answer.result()
            self._tell(0.0)

    def write(self, job: int, path: str, format: str, *options: Any) -> Exported:
        """Have the file written. Raises ExportStopped, and what `results.export` does."""
        ticket = secrets.token_hex(16)
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="mcgui-export-", ignore_cleanup_errors=True)
            process = self._process = self._start({"TMPDIR": self._folder.name})
        except OSError as error:
            raise FileUnwritable(path, error.strerror or str(error)) from error
        answer = process.ask("export", (job, path, format, ticket, *options))
        try:
            self._follow(process, answer)
            written: Exported = answer.result()
        except BaseException as error:  # KeyboardInterrupt too
            if not answer.done():
                process.kill("its export was stopped.")  # so that nothing is open there
            if isinstance(error, WorkbenchFailed | ExportStopped) or not isinstance(error, McguiError):
                remove_beside(beside_of(target_of(Path(path)), ticket))  # its process may have had no time to
            raise
        return written

    # --- inside -------------------------------------------------------------------------------------------------

    def _follow(self, process: BenchProcess, answer: Future[Any]) -> None:
        reached: Future[Any] | None = None
        part, looks = 0.0, 0  # how far it is, and looks since it is not wanted any more
        while not wait((answer,), LOOK).done:
            if self._is_unwanted():
                if not looks:
                    process.ask("stop_export", ())
                looks += 1
                if looks >= STOP_LOOKS:
                    process.kill("its export was stopped.")
                    raise ExportStopped
            # Asked, not waited for: one that turns a large value into text answers nothing meanwhile.
            reached = reached or process.ask("export_reached", ())
            if reached.done():
                part, reached = reached.result(), None
            self._tell(part)

    def _is_unwanted(self) -> bool:
        return self._stop is not None and self._stop.is_set()

    def _tell(self, part: float) -> None:
        if self._progress is not None:
            self._progress(part)
