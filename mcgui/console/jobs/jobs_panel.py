"""Every job of the master, the newest on top; the one that is selected is the one whose results are shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelection, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.console.head_row import HeadRow
from mcgui.console.jobs.job_commands import held
from mcgui.console.jobs.job_description import JobDescription
from mcgui.console.jobs.job_model import JobModel
from mcgui.console.jobs.running_tasks import RunningTasks
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.parts.hint_room import WholeLabel
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.parts.search_field import SearchField
from mcgui.console.tables.column_chooser import ColumnChooser
from mcgui.console.tables.columns_button import ColumnsButton
from mcgui.console.tables.table_model import Role, SortProxy
from mcgui.console.tables.table_view import TableView
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme, pad, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.messages import JobStatus, TaskStatus

#: Of a menu: see `JobsPanel.set_actions`.
_Actions = tuple[QAction | tuple[QAction, ...] | None, ...]
_BAR_WIDTH = 100
#: What one can do without where there is too little room, the first first. A history is nothing without its dates.
_DISPENSABLE: Final = ("Priority", "Tasks/s", "Took", "Started")
#: The same while no job has a note.
_WITHOUT_NOTES: Final = ("Note", *_DISPENSABLE)
#: What goes only where words of the others would be cut for it.
_LAST: Final = ("Failed",)
#: What the field for the priority reaches; the master takes more.
_PRIORITY = 1000
#: Characters of a name in a sentence.
_NAME: Final = 40


class JobsPanel(QWidget):
    """Shows jobs; `empty` is what stands there while there are none. `settings` is where the choice of columns is kept.

    Signals: `selected(job id)` by the person; `opened(job id)` at a double click or Enter: show its results;
    `priority_wanted(job id, priority)`; `resume_wanted()`: all that are held are to go on.
    """

    selected = Signal(int)
    opened = Signal(int)
    priority_wanted = Signal(int, int)
    resume_wanted = Signal()

    def __init__(
        self, theme: Theme, empty: QWidget, parent: QWidget | None = None, settings: Settings | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions: _Actions = ()
        self._quiet = False  # we change the selection ourselves, or Qt does while rows come: nobody chose anything
        self._shown: int | None = None
        self._journal: int | None = None  # bytes
        self.now = 0.0  # the master's clock, when it was last heard
        self.model = JobModel(theme, self)
        self.proxy = SortProxy(self.model, self)
        self._make_table(theme, settings)
        self._make_head()
        self._make_held()
        self.question = Notice(theme, self, answers=True)  # not over the table: that shows the jobs it asks about
        self.description = JobDescription(self)
        self.description.closed.connect(self.view.setFocus)
        self.running = RunningTasks(theme, self)
        self.none_fits = EmptyState(
            "No job fits", "No job of this master has that in its name, number, function, note, state or reason.", self
        )
        self._fitting = EmptyStack(self.view, self.none_fits)
        left = QWidget(self)
        left.setLayout(self._fitting)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.addWidget(left)
        self._split.addWidget(self.running)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.splitterMoved.connect(self._fit_columns)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._head)
        layout.addWidget(self.held)
        layout.addWidget(self.description)
        layout.addWidget(self.question)
        layout.addWidget(self._split, 1)
        self._stack = EmptyStack(content, empty)
        self.setLayout(self._stack)

    def _make_table(self, theme: Theme, settings: Settings | None) -> None:
        self.view = TableView(theme, "Jobs", self, bar_width=_BAR_WIDTH)
        self.view.setModel(self.proxy)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self.view.setSelectionMode(TableView.SelectionMode.ExtendedSelection)
        self.chooser = ColumnChooser(
            self.view,
            self.model.columns,
            wide="State",
            dispensable=_WITHOUT_NOTES,
            last=_LAST,
            settings=settings,
            key="jobs_table",
        )
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.view.activated.connect(self._on_activated)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)

    def _make_head(self) -> None:
        self.count = ElidedLabel(self)
        set_tone(self.count, "muted")
        words = QLabel("Priority", self)
        set_tone(words, "muted")
        self.priority = guard_from_wheel(QSpinBox(self))
        self.priority.setRange(-_PRIORITY, _PRIORITY)
        self.priority.setKeyboardTracking(False)
        self.priority.setAccessibleName("Priority of the selected job")
        self.priority.setToolTip("Jobs with a higher priority run first; what workers hold already stays with them")
        self.priority.setFixedWidth(scaled(76))
        pad(self.priority)
        self.priority.valueChanged.connect(self._on_priority)
        words.setBuddy(self.priority)
        self.filter = SearchField(self)
        self.filter.setPlaceholderText("Search jobs")
        self.filter.setAccessibleName("Search jobs")
        self.filter.setToolTip("Show only jobs with this text in their name, number, function, note, state or reason")
        self.filter.setMinimumWidth(scaled(90))  # also where text is large: the rest of the row has to have room
        self.filter.setMaximumWidth(scaled(180))
        self.filter.textChanged.connect(self._on_filter)
        self.columns = ColumnsButton(self.chooser, self._theme, "Choose the columns of jobs", self)
        self.menu_button = QPushButton("Job", self)
        self.menu_button.setAccessibleName("What can be done with the selected job")
        self.menu = QMenu(self.menu_button)
        self.menu.setToolTipsVisible(True)
        self.menu_button.setMenu(self.menu)
        self._head = HeadRow(self.count, self)
        for widget in (words, self.priority, self.filter, self.columns, self.menu_button):
            self._head.add(widget)

    def _make_held(self) -> None:
        """What is said of jobs that were not over when the master ended."""
        self.held = QWidget(self)
        self._held_words = WholeLabel(self.held)
        set_tone(self._held_words, "warn")
        self.resume = QPushButton("Resume", self.held)
        self.resume.setAccessibleName("Resume the jobs that are held")
        self.resume.clicked.connect(self.resume_wanted)
        layout = QHBoxLayout(self.held)
        layout.setContentsMargins(8, 0, 4, 2)
        layout.addWidget(self._held_words, 1)
        layout.addWidget(self.resume)
        self.held.hide()

    def set_actions(self, actions: _Actions) -> None:
        """What the menu of a job offers; None is a line, and several are below "New job of", as whose end they read."""
        self._actions = actions
        _fill(self.menu, actions)

    def show_jobs(self, jobs: tuple[JobStatus, ...], now: float) -> None:
        """Show these jobs; `now` is the master's clock."""
        self._quiet = True
        self.now = now
        self.model.show(jobs, now)
        self._quiet = False
        self._stack.show_content(bool(jobs))
        self.chooser.set_dispensable(_DISPENSABLE if any(job.note for job in jobs) else _WITHOUT_NOTES)
        waiting = held(jobs)
        names = ", ".join(_short(job.name) for job in waiting[:3]) + (" …" if len(waiting) > 3 else "")
        were, wait = ("was", "waits") if len(waiting) == 1 else ("were", "wait")
        jobs_words = format.plural(len(waiting), "job")
        words = f"{jobs_words} {were} not over when the master ended, and {wait} for you: {names}"
        self._held_words.say(words)
        self.held.setVisible(bool(waiting))
        self._count()
        self._show_priority()

    def show_tasks(self, tasks: tuple[TaskStatus, ...], now: float) -> None:
        """Show what tasks of the selected job say of themselves."""
        self.running.show_tasks(self._shown, tasks, now)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    @Slot()
    def _fit_columns(self) -> None:
        """Fit them into what the tasks that run leave of the room."""
        # All of it, since the splitter is laid out later than the panel.
        room = self.width() if self.running.isHidden() else self._split.sizes()[0] or self.width() * 3 // 5
        self.chooser.fit(room - self.view.verticalScrollBar().sizeHint().width())  # it may come at any moment

    def job(self, id: int) -> JobStatus | None:
        row = self.model.row_of(id)
        return None if row is None else self.model.item(row)

    @property
    def chosen(self) -> tuple[JobStatus, ...]:
        """All jobs that are selected."""
        jobs = (self.job(index.data(Role.KEY)) for index in self.view.selectionModel().selectedRows())
        return tuple(job for job in jobs if job is not None)

    def select(self, id: int) -> None:
        """Select this job's row, without telling of it; where it is selected with others, leave that as it is."""
        self._shown = id
        row = self.model.row_of(id)
        if row is not None and id not in {job.id for job in self.chosen}:
            self._quiet = True
            self.view.choose_row(self.proxy.mapFromSource(self.model.index(row, 0)).row())
            self._quiet = False
        self._show_priority()

    def _show_priority(self) -> None:
        job = self.job(self._shown) if self._shown is not None else None
        self.priority.setEnabled(job is not None and not job.final)
        if job is not None and not self.priority.hasFocus():
            self.priority.blockSignals(True)
            self.priority.setValue(job.priority)
            self.priority.blockSignals(False)

    def show_journal(self, size: int | None) -> None:
        """What the journal takes of its disk, in bytes; None where nobody knows."""
        self._journal = size
        self._count()

    @property
    def _tip(self) -> str:
        size = "" if self._journal is None else f"The journal takes {format.bytes(self._journal)} of its disk. "
        return f"{size}Job > Delete older jobs makes it smaller." if size else ""

    def _count(self) -> None:
        shown, there = self.proxy.rowCount(), self.model.rowCount()
        over = sum(job.final for job in self.model.items)
        all_jobs = format.plural(there, "job")
        few = all_jobs if shown == there else f"{format.count(shown)} of {all_jobs}"
        words = few + (f", {format.count(there - over)} not over" if there > over else "")
        size = f"  ·  {format.bytes(self._journal)}" if self._journal is not None else ""
        self.count.say(words + size, self._tip, short=(words, few), enough=few)
        self._fitting.show_content(shown > 0)

    @Slot(int)
    def _on_priority(self, priority: int) -> None:
        if self._shown is not None:
            self.priority_wanted.emit(self._shown, priority)

    @Slot(str)
    def _on_filter(self, text: str) -> None:
        self._quiet = True
        self.proxy.setFilterFixedString(text.strip())
        self._quiet = False
        self._count()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.view.selectionModel().selectedRows()
        if rows and not self._quiet:
            current = self.view.currentIndex()
            row = current if any(index.row() == current.row() for index in rows) else rows[0]
            self.selected.emit(row.siblingAtColumn(0).data(Role.KEY))

    @Slot("QModelIndex")
    def _on_activated(self, index: object) -> None:
        self.opened.emit(index.data(Role.KEY))  # type: ignore[attr-defined]

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        if not self.view.indexAt(where).isValid():
            return
        menu = QMenu(self)
        _fill(menu, self._actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(where))


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _fill(menu: QMenu, actions: _Actions) -> None:
    menu.clear()
    for action in actions:
        if action is None:
            menu.addSeparator()
        elif isinstance(action, QAction):
            menu.addAction(action)
        else:
            below = menu.addMenu("New job of")
            below.setAccessibleName("New job of")
            below.addActions(action)
