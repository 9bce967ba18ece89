"""The panel: one narrow column that says what this computer does for whom, and lets its owner steer it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from mcgui.scrolling.whole_rows import WholeRows
from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.limits.limits_card import LimitsCard
from mcgui.worker.panel.action_button import ActionButton
from mcgui.worker.panel.join_offer_card import JoinOfferCard
from mcgui.worker.panel.link_card import LinkCard
from mcgui.worker.panel.link_field import dropped_link
from mcgui.worker.panel.log_card import LogCard
from mcgui.worker.panel.processors_card import ProcessorsCard
from mcgui.worker.panel.status_header import StatusHeader
from mcgui.worker.panel.tasks_card import TasksCard
from mcgui.worker.state import Kind, WorkerState
from mcgui.worker.tray.state_icon import state_icon

_WIDTH: Final = 432
_HEIGHT: Final = 660
_MARGIN: Final = 14
_SPACING: Final = 10
_GAP: Final = 6  # pixels between the tray icon and the panel
_FRAME: Final = 40  # pixels that a window's frame may take of the screen's height
#: Milliseconds after which what is said of time is said anew: "24 min left".
_REFRESH: Final = 15_000


class WorkerPanel(QMainWindow):
    """Puts the parts below one another and hands each state on to them. Head and buttons stay where they are; what does
    not fit between them on a low screen scrolls.

    Signals:
        close_asked(): the owner closed the window; what that means depends on whether there is a tray.
        shown(bool): it can be seen from now on, or no more.
    """

    close_asked = Signal()
    shown = Signal(bool)

    def __init__(self, theme: Theme, actions: WorkerActions, link: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign: tuple[Kind, str] | None = None  # kind and limit that the window's icon shows
        self.setWindowTitle("mcgui worker")
        self.setAccessibleName("mcgui worker")
        self.setAcceptDrops(True)
        self.head = StatusHeader(theme, actions, self)
        self.offer = JoinOfferCard(self)
        self.link = LinkCard(link, self)
        self.processors = ProcessorsCard(theme, self)
        self.tasks = TasksCard(theme, self)
        self.limits = LimitsCard(theme, self)
        self.limits.header.addWidget(_preferences_button(actions.preferences, self))
        self.log = LogCard(theme, self)
        self.pause = ActionButton(actions.pause, self)
        self.snooze = QPushButton("Snooze", self)
        self.snooze.setMenu(QMenu(self.snooze))
        self.snooze.menu().addActions(actions.snoozes)
        self.finish = ActionButton(actions.finish, self)
        self.quit = ActionButton(actions.quit, self)
        self._lay_out()
        self.resize(_WIDTH, _HEIGHT)
        self._grown = 0  # pixels, by the log
        self._clock = QTimer(self)
        self._clock.setInterval(_REFRESH)
        self._clock.timeout.connect(self._on_clock)
        self.log.unfolding.connect(self._on_log_unfolding)
        self.log.folded.connect(self._on_log_folded)
        self.limits.more.turned.connect(self._on_more_limits)
        self._unfolded: QWidget | None = None  # what is kept in sight
        self._scroll.verticalScrollBar().rangeChanged.connect(self._on_range)
        self._scroll.verticalScrollBar().actionTriggered.connect(self._on_scrolled)  # by a person, and not by us
        theme.changed.connect(self._on_theme_changed)

    def _lay_out(self) -> None:
        held = QWidget(self)
        held.installEventFilter(self)
        self.setCentralWidget(held)
        whole = QVBoxLayout(held)
        whole.setContentsMargins(0, _MARGIN, 0, _MARGIN)
        whole.setSpacing(_SPACING)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._middle = QWidget(self._scroll)
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        column.setSpacing(_SPACING)
        for part in (self.offer, self.link, self.processors):
            column.addWidget(part)
        column.addWidget(self.tasks, 1)
        column.addWidget(self.limits)
        column.addWidget(self.log)
        self._scroll.setWidget(self._middle)
        self._middle.installEventFilter(self)
        WholeRows(self._scroll, self._middle, _MARGIN + 1)
        self._scroll.viewport().setAutoFillBackground(False)
        self._middle.setAutoFillBackground(False)
        self._row = row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(8)
        for button in (self.pause, self.snooze, self.finish):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.quit)
        top = QVBoxLayout()
        top.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        top.addWidget(self.head)
        whole.addLayout(top)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(row)

    def show_state(self, state: WorkerState) -> None:
        typing = self.link.field.hasFocus()
        for part in (self.head, self.link, self.processors, self.tasks, self.limits):
            part.show_state(state)
        self.snooze.setEnabled(state.can_pause)
        if typing and not self.link.field.isVisible():
            self.processors.slider.setFocus()  # Qt's choice would be Disconnect
        if (state.kind, state.limit) != self._sign:
            self._sign = (state.kind, state.limit)
            self._on_theme_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Typing goes where it is wanted: into an empty link field, or to the slider.
        wants_link = self.link.field.isVisible() and not self.link.field.link
        (self.link.field if wants_link else self.processors.slider).setFocus()
        self.windowHandle().screenChanged.connect(self._on_other_screen, Qt.ConnectionType.UniqueConnection)
        self._on_clock()
        self._clock.start()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()
        self.shown.emit(False)

    def bring_up(self, beside: QRect) -> None:
        """Show the panel in front of everything, next to this tray icon where its place is known."""
        if not self.isVisible():
            screen = self.screen().virtualSiblingAt(beside.center()) or self.screen()
            self.setScreen(screen)  # before it makes room there: it may be lower than the one where the panel was last
            self._make_room()
            room = screen.availableGeometry()
            self._fit_screen()
            if not beside.isEmpty():
                self.move(place_beside(beside, self._framed_size(), room))
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(self.size().boundedTo(QSize(room.width(), room.height() - _FRAME)))

    @Slot()
    def _on_other_screen(self) -> None:
        """Moved by hand, or the screen was taken away."""
        self._make_room()
        self._fit_screen()

    def _framed_size(self) -> QSize:
        """The window with its frame, whose size is known only once it has been shown: until then a guess."""
        framed = self.frameGeometry().size()
        if framed == self.size():
            framed = framed.expandedTo(self.minimumSize())
            framed.setHeight(framed.height() + self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight))
        return framed

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_asked.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_link(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A link can be dropped anywhere, also to change from one master to another."""
        event.acceptProposedAction()
        self.link.take(dropped_link(event.mimeData()))

    @Slot()
    def _on_clock(self) -> None:
        self.head.refresh()
        self.limits.refresh()

    @Slot()
    def _on_log_unfolding(self) -> None:
        """Make room for the log below the rest, as far as the screen has it."""
        room = self.screen().availableGeometry().bottom() - self.frameGeometry().bottom()
        self._grown = max(0, min(self.log.text.minimumHeight(), room))
        self.resize(self.width(), self.height() + self._grown)
        self._bring(self.log)

    @Slot(bool)
    def _on_more_limits(self, shown: bool) -> None:
        self._unfolded = None
        if shown:
            self._bring(self.limits)

    def _bring(self, card: QWidget) -> None:
        """Scroll to what was unfolded, on a screen that has no room for all, until somebody scrolls himself: it has its
        height some turns later."""
        self._unfolded = card
        self._on_range()

    @Slot()
    def _on_range(self) -> None:
        if self._unfolded is not None:
            self._scroll.ensureWidgetVisible(self._unfolded, 0, 0)

    @Slot()
    def _on_scrolled(self) -> None:
        self._unfolded = None

    @Slot()
    def _on_log_folded(self) -> None:
        self._unfolded = None
        self._make_room()
        self.resize(self.width(), self.height() - self._grown)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return handled

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return False

    def _make_room(self) -> None:
        """Be high enough for every line of text, as far as the screen is. How many lines there are depends on width,
        which Qt does not look at."""
        column = self._middle.layout()
        row = self._row
        assert column is not None
        column.activate()
        side = 2 * _MARGIN
        bar = self._scroll.verticalScrollBar().sizeHint().width()  # room for it, so that it never hides a thing
        narrowest = max(column.totalMinimumSize().width() + bar, row.minimumSize().width() + side)
        width = max(self.width(), narrowest)
        around = _height(self.head.layout(), width - side) + row.minimumSize().height() + side + 2 * _SPACING
        screen = self.screen().availableGeometry().height() - _FRAME
        least = QSize(narrowest, min(around + _height(column, width - bar), screen))
        grows = self.isVisible() and self.size().expandedTo(least) != self.size()
        self.setMinimumSize(least)
        if grows:
            self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """A window that grows does so downwards and to the right, perhaps beyond the edge of its screen."""
        frame, room = self.frameGeometry(), self.screen().availableGeometry()
        x = max(room.left(), min(frame.x(), room.right() + 1 - frame.width()))
        y = max(room.top(), min(frame.y(), room.bottom() + 1 - frame.height()))
        if (x, y) != (frame.x(), frame.y()):
            self.move(x, y)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._sign is not None:
            kind, limit = self._sign
            self.setWindowIcon(state_icon(kind, self._theme.colours, limit))


def _height(layout: QLayout | None, width: int) -> int:
    """How high a layout wants to be that is so wide."""
    assert layout is not None
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def place_beside(icon: QRect, size: QSize, screen: QRect) -> QPoint:
    """The top left corner of a window of `size`: beside `icon`, inwards, and wholly on `screen`."""
    middle = screen.center()
    x = icon.center().x() - size.width() // 2
    y = icon.bottom() + 1 + _GAP if icon.center().y() < middle.y() else icon.top() - size.height() - _GAP
    return QPoint(
        max(screen.left(), min(x, screen.right() + 1 - size.width())),
        max(screen.top(), min(y, screen.bottom() + 1 - size.height())),
    )


def _preferences_button(action: QAction, parent: QWidget) -> QPushButton:
    button = ActionButton(action, parent)
    button.setProperty("link", True)
    return button
