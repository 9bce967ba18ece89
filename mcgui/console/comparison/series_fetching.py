"""The columns of two jobs for a plot, fetched in the background."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from mcgui.background import Background
from mcgui.console.comparison.joined_series import JoinedSeries, columns_of_both, joined_series
from mcgui.console.results.result_source import ResultSource
from mcgui_core.protocol.queries import TableColumn

#: Tasks of each job that are drawn at most; of more, every second, third ... one.
MOST: Final = 500_000
#: Seconds of reading between two looks whether it is still wanted.
_LOOK: Final = 0.5


class SeriesFetching(QObject):
    """Signals:
    columns_changed(): it is known which columns the jobs have: `columns`.
    changed(): other numbers are here, or none: `found`.
    trouble(str): they cannot be fetched.
    """

    columns_changed = Signal()
    changed = Signal()
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, parent: QObject) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self.jobs = (0, 0)
        self.columns: tuple[TableColumn, ...] = ()
        self.found: JoinedSeries | None = None
        self._wanted: tuple[str, ...] = ()
        self._asking = 0

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return not self._asking

    @property
    def names(self) -> tuple[str, str]:
        """What the jobs are called."""
        return f"job {self.jobs[0]}", f"job {self.jobs[1]}"

    def show_jobs(self, jobs: tuple[int, int]) -> None:
        """Look through these jobs for columns, as they stand now."""
        self.jobs, self.columns, self.found, self._wanted = jobs, (), None, ()
        self.columns_changed.emit()
        self._asking += 1
        self._background.run(
            lambda: tuple(self._read(job, jobs) for job in jobs),
            lambda found: self._on_columns(jobs, found),
            lambda error: self._on_trouble(jobs == self.jobs, error),
        )

    def _read(self, job: int, jobs: tuple[int, int]) -> tuple[TableColumn, ...]:
        """In a thread: read this job to its end, as long as that is wanted."""
        state = self._source.table(job, "", None, _LOOK)
        while not state.complete and self.jobs == jobs:
            state = self._source.table(job, "", None, _LOOK)
        return state.columns

    def _on_columns(self, jobs: tuple[int, int], found: tuple[tuple[TableColumn, ...], ...]) -> None:
        self._asking -= 1
        if jobs == self.jobs:
            self.columns = columns_of_both(found[0], found[1])
            self.columns_changed.emit()

    def choose(self, titles: tuple[str, ...]) -> None:
        """Fetch these columns."""
        if titles == self._wanted:
            return
        self._wanted, self.found = titles, None
        self.changed.emit()
        if not titles:
            return
        jobs, names = self.jobs, self.names
        self._asking += 1
        self._background.run(
            lambda: joined_series(
                self._source.series(jobs[0], 0, titles, MOST),
                self._source.series(jobs[1], 0, titles, MOST),
                titles,
                names,
            ),
            lambda found: self._on_found((jobs, titles), found),
            lambda error: self._on_trouble((jobs, titles) == (self.jobs, self._wanted), error),
        )

    def _on_found(self, asked: tuple[tuple[int, int], tuple[str, ...]], found: JoinedSeries) -> None:
        self._asking -= 1
        if asked == (self.jobs, self._wanted):
            self.found = found
            self.changed.emit()

    def _on_trouble(self, wanted: bool, error: Exception) -> None:
        self._asking -= 1
        if wanted:
            self.trouble.emit(str(error))
