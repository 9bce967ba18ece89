"""The columns of a job for a plot, fetched in the background."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.table_query import TableQuery
from mcgui_core.errors import BadInput
from mcgui_core.protocol.queries import Series

#: Tasks that are drawn at most; of more, every second, third ... one.
MOST: Final = 1_000_000
#: Seconds between two looks at a job that goes on, at least, and in times of what the last one took.
_AGAIN_SECONDS, _AGAIN_TIMES = 2.0, 3.0


class PlotData(QObject):
    """Fetches columns of the rows that `query` has found, while somebody looks (`watch`).

    Signals:
        changed(): there are other numbers, or none: `series`.
        trouble(str): they cannot be fetched.
    """

    changed = Signal()
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, query: TableQuery, parent: QObject) -> None:
        super().__init__(parent)
        self._background, self._source, self._query = background, source, query
        self._watched = self._asking = False
        self._wanted: tuple[str, ...] = ()
        self._asked: object = None  # what was asked for last: of which rows, which columns
        self._took = 0.0
        self.series: Series | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask)
        query.rows_changed.connect(self.look)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return not self._asking and not self._again.isActive()

    @property
    def complete(self) -> bool:
        """All that there is at the moment is here."""
        return self.series is not None and self.at_rest and self._query.part >= 1

    def watch(self, watched: bool) -> None:
        """Somebody looks, or not any more."""
        self._watched = watched
        self.look()

    def choose(self, wanted: tuple[str, ...]) -> None:
        """Fetch these columns."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._forget()
            self.look()

    def _forget(self) -> None:
        self._asked, self._took = None, 0.0
        if self.series is not None:
            self.series = None
            self.changed.emit()

    @Slot()
    def look(self) -> None:
        """Fetch what is there now, soon; at once where nothing is drawn yet."""
        job = self._query.job
        if self.series is not None and (job is None or job.id != self._job_of(self._asked)):
            self._forget()
        if not self._watched or job is None or not self._wanted or self._asking or self._again.isActive():
            return
        if self._standing() != self._asked:
            wait = 0.0 if self.series is None or self._query.part >= 1 else self._wait()
            self._again.start(int(1000 * wait))

    def _wait(self) -> float:
        return max(_AGAIN_SECONDS, min(_AGAIN_TIMES * self._took, 60.0))

    @staticmethod
    def _job_of(standing: object) -> object:
        return standing[0] if isinstance(standing, tuple) else None

    def _standing(self) -> object:
        job = self._query.job
        return (job.id if job is not None else 0, self._query.view, self._query.read, self._wanted)

    @Slot()
    def _ask(self) -> None:
        job, view, wanted = self._query.job, self._query.view, self._wanted
        if job is None or view is None or not wanted or not self._watched or self._asking:
            return
        self._asked, self._asking = self._standing(), True
        begun, asked = time.monotonic(), self._asked
        self._background.run(
            lambda: self._source.series(job.id, view, wanted, MOST),
            lambda found: self._on_series(begun, asked, found),
            lambda error: self._on_trouble(asked, error),
        )

    def _on_series(self, begun: float, asked: object, found: Series) -> None:
        self._asking, self._took = False, time.monotonic() - begun
        if asked == self._asked and self._job_of(asked) == self._job_of(self._standing()):
            self.series = found
            self.look()
            self.changed.emit()
        else:
            self.look()

    def _on_trouble(self, asked: object, error: Exception) -> None:
        self._asking = False
        if asked != self._asked:
            self.look()
        elif isinstance(error, BadInput):  # there are other rows by now
            self._query.again()
        else:
            self.trouble.emit(str(error))
