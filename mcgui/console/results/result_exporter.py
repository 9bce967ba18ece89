"""Writing results to a file while the window goes on: one file at a time, which can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mcgui.background import Background
from mcgui.console.master.session import Session
from mcgui_core.errors import ExportStopped, FileUnwritable
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export_formats import ALL, ExportOptions

#: What writes the file, as Workbench.export does: job, path, format, progress, stop, options. Blocks.
Export = Callable[[int, str, str, Callable[[float], None], threading.Event, ExportOptions], Exported]


def export_by(session: Session) -> Export:
    """Has the workbench of the session write it, whichever that is at the moment."""
    return lambda job, path, format, progress, stop, options: session.bench.export(
        job, path, format, progress, stop, options=options
    )


class ResultExporter(QObject):
    """Signals: started(path); progressed(part from 0 to 1); written(Exported); failed(str); stopped()."""

    started = Signal(str)
    progressed = Signal(float)
    written = Signal(object)
    failed = Signal(str)
    stopped = Signal()
    _reached = Signal(float)  # from a thread of the background's

    def __init__(self, background: Background, export: Export, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._export = background, export
        self._stop: threading.Event | None = None
        self._path: Path | None = None
        self._reached.connect(self._on_reached, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._stop is not None

    @property
    def path(self) -> Path | None:
        """The file that is being written; None: none is."""
        return self._path

    def start(self, job: int, path: Path, format: str, options: ExportOptions = ALL) -> bool:
        """Begin. False where another file is still being written."""
        if self._stop is not None:
            return False
        stop = self._stop = threading.Event()
        self._path = path
        self.started.emit(str(path))
        self._background.run(
            lambda: self._export(job, str(path), format, self._reached.emit, stop, options),
            self._on_written,
            self._on_failed,
        )
        return True

    @Slot()
    def stop(self) -> None:
        """It is not wanted any more. `stopped` tells when it has ended."""
        if self._stop is not None:
            self._stop.set()

    @Slot(float)
    def _on_reached(self, part: float) -> None:
        if self._stop is not None:
            self.progressed.emit(part)

    def _on_written(self, written: Exported) -> None:
        self._stop = self._path = None
        self.written.emit(written)

    def _on_failed(self, error: Exception) -> None:
        self._stop = self._path = None
        if isinstance(error, ExportStopped):
            self.stopped.emit()
        else:
            other = " Choose a folder that you may write to." if isinstance(error, FileUnwritable) else ""
            self.failed.emit(f"{error}{other}")
