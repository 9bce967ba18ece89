"""The panel of workers: the live table, a row that sums up, and a field to filter by."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from mcgui.card import Card
from mcgui.console.empty_state import EmptyStack, EmptyState
from mcgui.console.table_model import SortProxy
from mcgui.console.table_view import ROW_HEIGHT, TableView
from mcgui.console.throughput_history import ThroughputHistory
from mcgui.console.worker_model import TotalModel, WorkerModel
from mcgui.theme import Theme
from mcgui_core.jobs import NodeStatus

_STATE_COLUMN = 1
_MARGIN = 14  # of the card, on both sides
_BAR_WIDTH = 40
#: Pixels that the state gets at least, before the columns below are hidden, one after the other.
_STATE_WIDTH = 130
_DISPENSABLE = ("Last minute", "Memory", "CPU", "Contact")


class WorkerTable(Card):
    """Shows the nodes of a snapshot. `add_wanted` when the person asks how to add one."""

    add_wanted = Signal()

    def __init__(self, history: ThroughputHistory, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Workers", parent)
        self._now = 0.0
        self._nodes: tuple[NodeStatus, ...] = ()
        self.model = WorkerModel(history, theme, self)
        self._total_model = TotalModel(theme, self)
        self.proxy = SortProxy(self.model, self)
        self._make_filter()
        self.view = TableView(theme, "Workers", self, bar_width=_BAR_WIDTH)
        self.view.setModel(self.proxy)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._total = TableView(theme, "All workers together", self, bar_width=_BAR_WIDTH)
        self._make_total()
        self._fit_columns()
        tables = QWidget(self)
        stacked = QVBoxLayout(tables)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(0)
        stacked.addWidget(self.view, 1)
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
        self.body.addLayout(self._stack)
        for signal in (
            self.proxy.rowsInserted,
            self.proxy.rowsRemoved,
            self.proxy.layoutChanged,
            self.proxy.modelReset,
        ):
            signal.connect(self._fit_height)
        # Ages grow also while nothing is heard: that is when they matter.
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_second)
        self._timer.start()

    def _make_filter(self) -> None:
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText("Filter workers")
        self._filter.setAccessibleName("Filter workers")
        self._filter.setToolTip("Show only workers that have this text in some column: a name, a state, a reason")
        self._filter.setClearButtonEnabled(True)
        self._filter.setFixedWidth(180)
        self._filter.textChanged.connect(self._on_filter_changed)
        self.header.addWidget(self._filter)

    def _make_total(self) -> None:
        total = self._total
        total.setModel(self._total_model)
        total.horizontalHeader().hide()
        font = total.font()
        font.setWeight(QFont.Weight.Bold)
        total.setFont(font)
        total.setFixedHeight(ROW_HEIGHT + 2)
        total.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        total.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        total.setSelectionMode(TableView.SelectionMode.NoSelection)
        total.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = self.view.horizontalHeader()
        head.sectionResized.connect(self._on_section_resized)
        head.sectionMoved.connect(self._on_section_moved)
        self.view.horizontalScrollBar().valueChanged.connect(total.horizontalScrollBar().setValue)
        self.view.horizontalScrollBar().rangeChanged.connect(self._fit_height)

    def _fit_columns(self) -> None:
        head = self.view.horizontalHeader()
        head.setSectionsMovable(True)
        head.setStretchLastSection(False)
        for number, column in enumerate(self.model.columns):
            self.view.setColumnWidth(number, column.width)
        head.setSectionResizeMode(_STATE_COLUMN, QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(46)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._fit_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        """Hide what one can do without where there is too little room for what one cannot."""
        margins = self.contentsMargins().left() + self.contentsMargins().right() + 2 * _MARGIN
        room = self.width() - margins - _STATE_WIDTH
        titles = [column.title for column in self.model.columns]
        widths = {title: self.model.columns[number].width for number, title in enumerate(titles)}
        needed = sum(widths.values()) - widths[titles[_STATE_COLUMN]]
        for title in _DISPENSABLE:
            hide = needed > room
            needed -= widths[title] if hide else 0
            for view in (self.view, self._total):
                view.setColumnHidden(titles.index(title), hide)

    def show_nodes(self, nodes: tuple[NodeStatus, ...], now: float) -> None:
        """Show these nodes; `now` is the master's clock."""
        self._nodes, self._now = nodes, now
        self._timer.start()  # a second from now
        self.model.show(nodes, now)
        self._total_model.show(nodes, now)
        self._stack.show_content(self.model.rowCount() > 0)

    def say_connecting(self, sentence: str) -> None:
        """While there is no master yet: why the table is empty."""
        self._empty.say("No worker yet", sentence)

    @Slot()
    def _on_second(self) -> None:
        if self.model.rowCount() and not self.window().isMinimized():
            self._now += 1
            self.model.tick(self._now)

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self.proxy.setFilterFixedString(text.strip())
        self._fit_height()

    @Slot()
    def _fit_height(self) -> None:
        """As high as its rows, so that the sum stands right below the last of them; less where there is less room."""
        scroll_bar = self.view.horizontalScrollBar()
        around = self.view.horizontalHeader().sizeHint().height() + (
            scroll_bar.height() if scroll_bar.isVisible() else 2
        )
        self.view.setMaximumHeight(around + max(self.proxy.rowCount(), 1) * ROW_HEIGHT)

    @Slot(int, int, int)
    def _on_section_resized(self, column: int, _before: int, width: int) -> None:
        self._total.setColumnWidth(column, width)

    @Slot(int, int, int)
    def _on_section_moved(self, _column: int, before: int, after: int) -> None:
        self._total.horizontalHeader().moveSection(before, after)

    def selected(self) -> NodeStatus | None:
        """The node that is selected, if one is."""
        index: QModelIndex = self.view.currentIndex()
        return self.model.item(self.proxy.mapToSource(index).row()) if index.isValid() else None
