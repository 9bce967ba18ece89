"""The menu on the rows of the results: by a click on a row, or by the keyboard's menu key on the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mcgui.console.results.results_model import ResultsModel
from mcgui.console.tables.table_model import Role
from mcgui.console.tables.table_view import TableView
from mcgui.plain_text import plain_button

#: Characters of a value that the menu shows.
_SHOWN: Final = 30
#: Rows that a filter names one by one.
_FEW: Final = 1_000


class RowsMenu(QObject):
    """Signals:
    exact_copy_wanted(): the selected rows are to be copied as they are, not as is safe for a spreadsheet.
    details_wanted(): the chosen task is to be shown whole.
    try_wanted(int): the task of the one row that is selected is to be tried here.
    argument_wanted(int): its argument is to be opened in the form.
    filter_wanted(str): of the rows that are seen, those are to be kept which fit this filter too.
    """

    exact_copy_wanted = Signal()
    details_wanted = Signal()
    try_wanted = Signal(int)
    argument_wanted = Signal(int)
    filter_wanted = Signal(str)

    def __init__(self, view: TableView, model: ResultsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._model = view, model
        self.menu = QMenu(view)
        self.menu.setAccessibleName("Rows")
        self.copy = self.menu.addAction("Copy")
        self.copy.setShortcut(QKeySequence.StandardKey.Copy)
        self.copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the table has its own
        self.copy.triggered.connect(view.copy)
        self.copy_exactly = self.menu.addAction("Copy exactly")
        self.copy_exactly.setToolTip("With text as it is, and numbers as Python writes them: for programs")
        self.copy_exactly.triggered.connect(self.exact_copy_wanted)
        self.details = self.menu.addAction("Details")
        self.details.triggered.connect(self.details_wanted)
        self.menu.addSeparator()
        self.try_here = self.menu.addAction("Try here")
        self.argument = self.menu.addAction("Open the argument")
        self.new_jobs = QMenu("New job of", self.menu)
        self.menu.addMenu(self.new_jobs)
        self.menu.addSeparator()
        self.these = self.menu.addAction("Only these rows")
        self.same = self.menu.addAction("")
        self.others = self.menu.addAction("")
        self.menu.triggered.connect(self._on_triggered)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open)

    def set_actions(self, these: Sequence[QAction], new_jobs: Sequence[QAction]) -> None:
        """What else can be done with the selected rows, and what new jobs can be made."""
        self.menu.insertActions(self.try_here, these)
        self.new_jobs.addActions(new_jobs)

    @Slot(QPoint)
    def _open(self, at: QPoint) -> None:
        """Below the mouse; by the keyboard, where the chosen row is."""
        chosen = self._view.selected_rows()
        if not chosen:
            return
        area, cell = self._view.viewport(), self._view.indexAt(at)
        if not cell.isValid() or not self._view.selectionModel().isSelected(cell):
            cell = self._view.currentIndex()
            at = self._view.visualRect(cell).bottomLeft()
            at.setX(max(at.x(), 0))
        few = len(chosen) <= _FEW
        tasks = [self._task_in(row) for start, stop in chosen for row in range(start, stop)] if few else [-1]
        self._offer_filters(cell, sorted(tasks), len(chosen))
        for action in (self.try_here, self.argument):
            action.setData(tasks[0])
            action.setEnabled(len(chosen) == 1 and action.data() >= 0)
        self.menu.popup(area.mapToGlobal(at))

    def _task_in(self, row: int) -> int:
        """-1 where that is not known yet."""
        return int(self._model.index(row, 0).data(Role.KEY))

    def _offer_filters(self, cell: QModelIndex, tasks: list[int], rows: int) -> None:
        from mcgui_core.results.table.filters import equals, those  # here: there are no rows before the window is

        self.these.setData(those(tasks))
        self.these.setText("Only these rows" if rows > 1 else "Only this row")
        self.these.setEnabled(tasks[0] >= 0)
        found = self._model.value(cell)
        same = equals(*found) if found is not None else ""
        name = self._model.name(found[0]) if found is not None else ""
        text = " ".join(found[1].split()) if found is not None else ""
        shown = f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
        words = f"{name} = {shown}" if text else f"{name} is missing"
        for action, label, where in ((self.same, "Only", same), (self.others, "Not", f"not {same}")):
            action.setText(plain_button(f"{label} {words}"))
            action.setData(where)
            action.setVisible(bool(same))

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        if action in (self.these, self.same, self.others):
            self.filter_wanted.emit(action.data())
        elif action is self.try_here:
            self.try_wanted.emit(action.data())
        elif action is self.argument:
            self.argument_wanted.emit(action.data())
