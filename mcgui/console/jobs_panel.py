"""Every job of the master, the newest on top; the one that is selected is the one whose results are shown."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from mcgui.console.empty_state import EmptyStack
from mcgui.console.job_model import JobModel
from mcgui.console.table_model import Role, SortProxy
from mcgui.console.table_view import TableView
from mcgui.theme import Theme
from mcgui_core.jobs import JobStatus

_BAR_WIDTH = 110


class JobsPanel(QWidget):
    """Shows jobs; `empty` is what stands there while there are none.

    Signals: `selected(job id)` by the person; `opened(job id)` at a double click or Enter: show its results.
    """

    selected = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: Theme, empty: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: tuple[QAction, ...] = ()
        self._quiet = False  # we change the selection ourselves, or Qt does while rows come: nobody chose anything
        self.model = JobModel(theme, self)
        self.proxy = SortProxy(self.model, self)
        self.view = TableView(theme, "Jobs", self, bar_width=_BAR_WIDTH)
        self.view.setModel(self.proxy)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        for number, column in enumerate(self.model.columns):
            self.view.setColumnWidth(number, column.width)
        self.view.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.view.activated.connect(self._on_activated)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self._stack = EmptyStack(self.view, empty)
        self.setLayout(self._stack)

    def set_actions(self, actions: tuple[QAction, ...]) -> None:
        """What the menu of a job offers."""
        self._actions = actions

    def show_jobs(self, jobs: tuple[JobStatus, ...], now: float) -> None:
        """Show these jobs; `now` is the master's clock."""
        self._quiet = True
        self.model.show(jobs, now)
        self._quiet = False
        self._stack.show_content(bool(jobs))

    def job(self, id: int) -> JobStatus | None:
        row = self.model.row_of(id)
        return None if row is None else self.model.item(row)

    def select(self, id: int) -> None:
        """Select this job's row, without telling of it."""
        row = self.model.row_of(id)
        if row is None:
            return
        self._quiet = True
        self.view.selectRow(self.proxy.mapFromSource(self.model.index(row, 0)).row())
        self._quiet = False

    @Slot(QItemSelection, QItemSelection)
    def _on_selection(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.view.selectionModel().selectedRows()
        if rows and not self._quiet:
            self.selected.emit(rows[0].data(Role.KEY))

    @Slot("QModelIndex")
    def _on_activated(self, index: object) -> None:
        self.opened.emit(index.data(Role.KEY))  # type: ignore[attr-defined]

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        if not self.view.indexAt(where).isValid():
            return
        menu = QMenu(self)
        menu.addActions(self._actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(where))
