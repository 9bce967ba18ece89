"""The row of one task in the table of results: looked for, and chosen again wherever it stands by now."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui.console.results.results_model import ResultsModel
from mcgui.console.tables.table_model import Role
from mcgui.console.tables.table_view import TableView


class TaskRow(QObject):
    """Of a table that is filtered or sorted, the source is asked in which row a task stands, in the background.

    Signals:
    found(int): the task that was looked for is in sight, and its row is chosen.
    missing(): it is in none of the rows, so all of them have to be shown. It is looked for again once they are.
    """

    found = Signal(int)
    missing = Signal()

    def __init__(
        self, background: Background, source: ResultSource, view: TableView, model: ResultsModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background, self._source, self._view, self._model = background, source, view, model
        self._going = -1  # the task that is to be shown
        self._asked = (0, -1)  # the view in which a task was looked for last, and which
        self._is_asking = False

    @property
    def is_asking(self) -> bool:
        """In which row it is, is about to be known."""
        return self._is_asking

    @property
    def chosen(self) -> int:
        """The task that is chosen; -1 where there is none, or it is not known which."""
        selection = self._view.selectionModel().selection()  # and not its rows, which may be a million
        if not selection.count():
            return -1
        return int(self._model.index(selection.at(selection.count() - 1).bottom(), 0).data(Role.KEY))

    def forget(self) -> None:
        """Look for none, and take no row for known."""
        self._going, self._asked = -1, (0, -1)

    def look_for(self, task: int) -> None:
        """Bring this task into sight."""
        if self._model.view == 0:
            self._going = -1
            self._bring(self._model.row_of(task), task)
            return
        self._going = task
        if self._model.view is not None:
            self._ask(task)

    def choose_again(self, task: int) -> None:
        """There are other rows: choose that of the task that is looked for, or else of this one; -1 for none."""
        task = self._going if self._going >= 0 else task
        if task < 0:
            return
        row = self._model.row_of_shown(task)
        if self._model.view and self._asked != (self._model.view, task):
            self._ask(task)
        elif self._model.view == 0 and self._going >= 0:
            self.look_for(task)
        elif self._model.view == 0 and row >= 0 and self.chosen != task:
            self._view.choose_row(row)

    def _ask(self, task: int) -> None:
        assert self._model.job is not None, "there is a table"
        job, view = self._model.job.id, self._model.view or 0
        self._asked, self._is_asking = (view, task), True
        self._background.run(
            lambda: self._source.place(job, view, task),
            lambda row: self._on_place(view, task, row),
            self._on_no_place,
        )

    def _on_place(self, view: int, task: int, row: int | None) -> None:
        self._is_asking = False
        if view != self._model.view:
            return
        going, self._going = self._going == task, -1
        if row is not None and row < self._model.rowCount():
            if going:
                self._bring(row, task)
            else:
                self._view.choose_row(row)
        elif going:
            self._going = task
            self.missing.emit()
        else:
            self._view.clearSelection()

    def _on_no_place(self, _error: Exception) -> None:
        """There is another view by now."""
        self._is_asking = False

    def _bring(self, row: int, task: int) -> None:
        self._view.scrollTo(self._model.index(row, 0), TableView.ScrollHint.PositionAtCenter)
        self._view.choose_row(row)
        self.found.emit(task)
