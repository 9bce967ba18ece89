"""What tasks say of themselves while they run (`mcgui_core.report`): a line each, with how far they are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mcgui import format
from mcgui.console.tables.column_chooser import ColumnChooser
from mcgui.console.tables.table_model import Cell, Column, SortProxy, TableModel
from mcgui.console.tables.table_view import TableView
from mcgui.theme import Theme, set_tone
from mcgui_core.protocol.messages import TaskStatus


def _number(task: TaskStatus, _now: float) -> Cell:
    return Cell(format.count(task.index), task.index)


def _progress(task: TaskStatus, _now: float) -> Cell:
    if task.fraction is None:
        return Cell(format.UNKNOWN, -1.0)
    return Cell(format.percent(100 * task.fraction), task.fraction, bar=((task.fraction, "accent"),))


_COLUMNS: Final[tuple[Column[TaskStatus], ...]] = (
    Column("Task", _number, "The number of the task", 56, right=True),
    Column("It says", lambda task, _: Cell(task.text), "What the task reported last", 120),
    Column("Progress", _progress, "How far it is, as it says itself", 108),
    Column("Node", lambda task, _: Cell(task.node), "Where it runs", 84),
)


class RunningTasks(QWidget):
    """Shows those of one job. Hidden while none says anything."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        set_tone(self._title, "muted")
        self.model: TableModel[TaskStatus] = TableModel(_COLUMNS, lambda task: (task.job, task.index), theme, self)
        self.proxy = SortProxy(self.model, self)
        self.view = TableView(theme, "Tasks that run now", self)
        self.view.setModel(self.proxy)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        ColumnChooser(self.view, _COLUMNS, wide="It says", dispensable=("Node",)).follow_size()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self.view, 1)
        self.hide()

    def show_tasks(self, job: int | None, tasks: tuple[TaskStatus, ...], now: float) -> None:
        """Show what those of this job say."""
        mine = tuple(task for task in tasks if task.job == job)
        self.model.apply(mine, now)
        self._title.setText(f"{format.plural(len(mine), 'task says', 'tasks say')} how far they are")
        self.setVisible(bool(mine))
