"""The panel of workers: the live table, a row that sums up, and a field to filter by."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from mcgui import format
from mcgui.card import Card
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.parts.search_field import SearchField
from mcgui.console.tables.column_chooser import ColumnChooser
from mcgui.console.tables.columns_button import ColumnsButton
from mcgui.console.tables.table_view import TableView, row_height
from mcgui.console.tables.total_row import TotalRow
from mcgui.console.throughput.throughput_history import ThroughputHistory
from mcgui.console.workers.processors_bar import ProcessorsBar
from mcgui.console.workers.worker_model import TotalModel, WorkerModel
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme, set_tone
from mcgui_core.protocol.messages import NodeStatus

_MARGIN = 14  # of the card, on both sides
_BAR_WIDTH = 40
#: What one can do without where there is too little room, the first first.
_DISPENSABLE: Final = ("Contact", "Last minute", "Memory", "CPU")
_LAST: Final = ("Done", "Tasks/s", "Failed")


class _Tables(QWidget):
    """The table and its sum, which it can do without: whether that is there follows from the height, and not the other
    way round."""

    def __init__(self, total: TotalRow, parent: QWidget) -> None:
        super().__init__(parent)
        self._total = total

    def minimumSizeHint(self) -> QSize:
        hint, is_there = super().minimumSizeHint(), self._total.isVisibleTo(self)
        return QSize(hint.width(), hint.height() - self._total.height() * is_there)

    @property
    def needed(self) -> int:
        """Pixels of the height of both at least."""
        return self.minimumSizeHint().height() + self._total.least_height


class WorkerTable(Card):
    """Shows the nodes of a snapshot.

    Signals: `add_wanted` when the person asks how to add one; `selection_changed` when other nodes are selected, or
    those that are stand differently.
    """

    add_wanted = Signal()
    selection_changed = Signal()

    def __init__(
        self, history: ThroughputHistory, theme: Theme, settings: Settings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("Workers", parent)
        self._theme = theme
        self._now = 0.0
        self._nodes: tuple[NodeStatus, ...] = ()
        self._waiting = False  # there is something newer than what is shown
        self._told_the_time = False  # within this second, by the master
        self._actions: tuple[QAction, ...] = ()
        self.model = WorkerModel(history, theme, self)
        self._total_model = TotalModel(theme, self)
        self.view = TableView(theme, "Workers", self, bar_width=_BAR_WIDTH)
        self.view.setModel(self.model)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._make_menu()
        self._total = TotalRow(self.view, self._total_model, theme, "All workers together", self, _BAR_WIDTH)
        self.chooser = ColumnChooser(
            self.view,
            self.model.columns,
            wide="State",
            dispensable=_DISPENSABLE,
            last=_LAST,
            settings=settings,
            key="workers",
        )
        self.chooser.follow(self._total)
        self.notice = Notice(theme, self)
        self.processors = ProcessorsBar(theme, self)
        self._make_head()
        self._make_body()
        self._fit_height()
        self.view.horizontalScrollBar().rangeChanged.connect(self._fit_height)
        self.view.selectionModel().selectionChanged.connect(self.selection_changed)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._fit_height)
        # Ages grow also of those of whom nothing is heard: there they matter.
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_second)
        self._timer.start()

    # Making it

    def _make_head(self) -> None:
        self._filter = SearchField(self)
        self._filter.setPlaceholderText("Filter workers")
        self._filter.setAccessibleName("Filter workers")
        self._filter.setToolTip(
            "Show only workers that have this text in their name, state, reason, address, Python or system"
        )
        self._filter.setFixedWidth(scaled(180))
        self._filter.textChanged.connect(self._on_filter_changed)
        self._columns = ColumnsButton(self.chooser, self._theme, "Choose columns", self)
        self.header.addWidget(self._filter)
        self.header.addWidget(self._columns)

    def _make_body(self) -> None:
        tables = self._tables = _Tables(self._total, self)
        tables.installEventFilter(self)
        stacked = QVBoxLayout(tables)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(0)
        self._no_match = QLabel("No worker has this text.", tables)
        set_tone(self._no_match, "muted")
        self._no_match.setContentsMargins(8, 6, 8, 6)
        self._no_match.hide()
        stacked.addWidget(self.view, 1)
        stacked.addWidget(self._no_match)
        stacked.addWidget(self._total)
        stacked.addStretch(0)
        self._empty = EmptyState(
            "No worker has joined yet",
            "Each computer that joins appears here, with what it does and how fast. This one joins by itself; "
            "others join with one link.",
            self,
        )
        self.add_button = self._empty.add_step("Add workers…", self.add_wanted.emit)
        self._stack = EmptyStack(tables, self._empty)
        # Both are hidden until there is something to say, or to ask.
        self.body.addWidget(self.notice)
        self.body.addWidget(self.processors)
        self.body.addLayout(self._stack)

    def _make_menu(self) -> None:
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.setAccessibleName("What can be done with the selected workers")
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)

    def set_actions(self, actions: tuple[QAction | None, ...]) -> None:
        """What can be done with the selected nodes, for the menu and by their keys; None is a line in the menu."""
        for action in actions:
            if action is None:
                self._menu.addSeparator()
            else:
                self._menu.addAction(action)
        self._actions = tuple(action for action in actions if action is not None)
        self.view.addActions(list(self._actions))  # their keys hold where the table has the focus

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margins = self.contentsMargins().left() + self.contentsMargins().right() + 2 * _MARGIN
        margins += self.view.verticalScrollBar().sizeHint().width()  # it may come at any moment
        self.chooser.fit(self.width() - margins)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._tables and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._fit_height()
        return super().eventFilter(watched, event)

    def comfort(self) -> int:
        """Pixels of its height that it can do without: those of the sum."""
        return row_height() if self._stack.currentWidget() is self._tables else 0

    def least_comfort(self) -> int:
        """Fewer of them are of no use."""
        return min(self._total.least_height, self.comfort())

    @Slot()
    def _fit_height(self) -> None:
        """As high as its rows, so that the sum stands right below the last of them; where there is less room, as those
        of them that are whole: of others, the tops of letters were seen above the sum. Where there is no room for one
        row and the sum, it is the row."""
        scroll_bar = self.view.horizontalScrollBar()
        around = self.view.horizontalHeader().sizeHint().height() + scroll_bar.height() * scroll_bar.isVisible()
        rows = self.model.rowCount()
        if self._tables.isVisible():
            with_total, room = self._tables.height() >= self._tables.needed, self._tables.height() - around
            self._total.setVisible(with_total)
            rows = min(rows, max((room - self._total.least_height * with_total) // row_height(), 1))
            self._total.stand_in(room - rows * row_height())
        self.view.setMaximumHeight(around + rows * row_height())
        self._no_match.setVisible(not self.model.rowCount() and bool(self.model.all))

    # What it shows

    def show_nodes(self, nodes: tuple[NodeStatus, ...], now: float) -> None:
        """Show these nodes; `now` is the master's clock. While nobody can see them, they wait."""
        self._nodes, self._now = nodes, now
        self._told_the_time = True
        self._waiting = True
        if self._seen:
            self._show()

    @property
    def _seen(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def _show(self) -> None:
        self._waiting = False
        self.model.show(self._nodes, self._now)
        self._total_model.show(self._nodes, self._now)
        self._stack.show_content(bool(self.model.all))
        everyone = self._total_model.item(0)
        self.view.setAccessibleDescription(
            f"{everyone.reason}; {everyone.busy} of {format.plural(everyone.nprocs, 'processor')} at work; "
            f"{format.count(everyone.done)} tasks done, {format.count(everyone.failed)} failed"
        )
        if self.view.selectionModel().hasSelection():
            self.selection_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._waiting:
            self._show()

    @Slot()
    def _on_second(self) -> None:
        if not self._told_the_time:
            self._now += 1
        self._told_the_time = False
        if not self._seen:
            return
        if self._waiting:
            self._show()
        if self.model.rowCount():
            self.model.tick(self._now)

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self.model.set_filter(text)
        self._fit_height()

    # What is selected, and what can be done with it

    def selected(self) -> tuple[NodeStatus, ...]:
        """The nodes that are selected, from the top."""
        return tuple(self.model.item(row) for row in sorted(i.row() for i in self.view.selectionModel().selectedRows()))

    @Slot()
    def choose_columns(self) -> None:
        """Open the menu of columns."""
        self._columns.open()

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        if self._actions and self.view.selectionModel().hasSelection():
            # The menu key asks in the middle of the table, wherever the row is.
            row = self.view.visualRect(self.view.currentIndex())
            near = where if self.view.indexAt(where).isValid() else QPoint(row.left() + row.height(), row.bottom())
            self._menu.popup(self.view.viewport().mapToGlobal(near))
