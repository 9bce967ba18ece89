"""The panel: one narrow column that says what this computer does for whom, and lets its owner steer it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStyle, QToolButton, QVBoxLayout, QWidget

from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.head import Head
from mcgui.worker.limits_card import LimitsCard
from mcgui.worker.link_card import LinkCard
from mcgui.worker.log_card import LogCard
from mcgui.worker.processors_card import ProcessorsCard
from mcgui.worker.state import WorkerState
from mcgui.worker.state_icon import state_icon
from mcgui.worker.tasks_card import TasksCard

_WIDTH: Final = 432
_HEIGHT: Final = 700
_GAP: Final = 6  # pixels between the tray icon and the panel


class WorkerPanel(QWidget):
    """Puts the parts below one another and hands each state on to them.

    Signals:
        close_asked(): the owner closed the window; what that means depends on whether there is a tray.
    """

    close_asked = Signal()

    def __init__(self, theme: Theme, actions: WorkerActions, link: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = ""
        self.setWindowTitle("mcgui worker")
        self.setAccessibleName("mcgui worker")
        self.head = Head(theme, self)
        self.link = LinkCard(link, self)
        self.processors = ProcessorsCard(theme, self)
        self.tasks = TasksCard(theme, self)
        self.limits = LimitsCard(theme, self)
        self.log = LogCard(theme, self)
        self.limits.header.addWidget(self._preferences_button(actions.preferences))
        self.pause = _button(actions.pause, self)
        self.snooze = QPushButton("Snooze", self)
        self.snooze.setMenu(QMenu(self.snooze))
        self.snooze.menu().addActions(actions.snoozes)
        self._snoozes = actions.snoozes
        self.finish = _button(actions.finish, self)
        self.quit = _button(actions.quit, self)
        self._lay_out()
        self.resize(_WIDTH, _HEIGHT)
        self._grown = 0  # pixels, by the log
        self.log.unfolding.connect(self._on_log_unfolding)
        self.log.folded.connect(self._on_log_folded)
        theme.changed.connect(self._on_theme_changed)

    def _preferences_button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setText(action.text())
        button.setProperty("flat", True)
        button.clicked.connect(action.trigger)
        return button

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        for part in (self.head, self.link, self.processors):
            column.addWidget(part)
        column.addWidget(self.tasks, 1)
        column.addWidget(self.limits)
        column.addWidget(self.log)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.pause)
        row.addWidget(self.snooze)
        row.addWidget(self.finish)
        row.addStretch(1)
        row.addWidget(self.quit)
        column.addLayout(row)

    def show_state(self, state: WorkerState) -> None:
        typing = self.link.field.hasFocus()
        for part in (self.head, self.link, self.processors, self.tasks, self.limits):
            part.show_state(state)
        self.snooze.setEnabled(state.can_pause)
        if typing and not self.link.field.isVisible():
            self.processors.slider.setFocus()  # Qt's choice would be Disconnect
        if state.kind != self._kind:
            self._kind = state.kind
            self.setWindowIcon(state_icon(state.kind, self._theme.colours))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Typing goes where it is wanted: into an empty link field, or to the slider.
        (
            self.link.field if self.link.field.isVisible() and not self.link.field.link else self.processors.slider
        ).setFocus()

    def bring_up(self, beside: QRect) -> None:
        """Show the panel in front of everything, next to this tray icon where its place is known."""
        if not beside.isEmpty() and not self.isVisible():
            screen = self.screen().virtualSiblingAt(beside.center()) or self.screen()
            self.move(place_beside(beside, self._framed_size(), screen.availableGeometry()))
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def _framed_size(self) -> QSize:
        """The window with its frame, whose size is known only once it has been shown: until then a guess."""
        framed = self.frameGeometry().size()
        if framed == self.size():
            framed = framed.expandedTo(self._column.totalMinimumSize())
            framed.setHeight(framed.height() + self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight))
        return framed

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_asked.emit()

    @Slot()
    def _on_log_unfolding(self) -> None:
        """Make room for the log below the rest, as far as the screen has it."""
        room = self.screen().availableGeometry().bottom() - self.frameGeometry().bottom()
        self._grown = max(0, min(self.log.text.minimumHeight(), room))
        self.resize(self.width(), self.height() + self._grown)

    @Slot()
    def _on_log_folded(self) -> None:
        self._make_room()
        self.resize(self.width(), self.height() - self._grown)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return handled

    def _make_room(self) -> None:
        """Be high enough for every line of text: how many there are depends on the width, which Qt does not look at."""
        self._column.activate()
        self.setMinimumHeight(self._column.minimumHeightForWidth(self.width()))

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._kind:
            self.setWindowIcon(state_icon(self._kind, self._theme.colours))  # type: ignore[arg-type]


def place_beside(icon: QRect, size: QSize, screen: QRect) -> QPoint:
    """The top left corner of a window of `size`: beside `icon`, inwards, and wholly on `screen`."""
    middle = screen.center()
    x = icon.center().x() - size.width() // 2
    y = icon.bottom() + 1 + _GAP if icon.center().y() < middle.y() else icon.top() - size.height() - _GAP
    return QPoint(
        max(screen.left(), min(x, screen.right() + 1 - size.width())),
        max(screen.top(), min(y, screen.bottom() + 1 - size.height())),
    )


def _button(action: QAction, parent: QWidget) -> QPushButton:
    """A button that does what the action does, and is called and enabled as it is."""
    button = QPushButton(action.text(), parent)
    button.clicked.connect(action.trigger)
    action.changed.connect(lambda: _follow(button, action))
    return button


def _follow(button: QPushButton, action: QAction) -> None:
    button.setText(action.text())
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip() if action.toolTip() != action.text() else "")
