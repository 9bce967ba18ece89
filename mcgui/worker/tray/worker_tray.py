"""The icon in the system tray, with its menu and its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.state import WorkerState
from mcgui.worker.tray.state_icon import state_icon
from mcgui.worker.words import tooltip


class WorkerTray(QObject):
    """Shows the state in the tray. The menu holds plain actions only: native menus can show nothing else.

    Signals:
        clicked(): the owner clicked the icon.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, actions: WorkerActions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = WorkerState()
        # Kept as an attribute and never made anew: the tray does not own its menu, and one that is collected while
        # it is open takes the program with it.
        self.menu = _menu(actions)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        theme.changed.connect(self._on_theme_changed)
        self.show_state(self._state)

    def show_state(self, state: WorkerState) -> None:
        if (state.kind, state.limit) != (self._state.kind, self._state.limit) or self.icon.icon().isNull():
            self.icon.setIcon(state_icon(state.kind, self._theme.colours, state.limit))
        self._state = state
        text = tooltip(state)
        if text != self.icon.toolTip():
            self.icon.setToolTip(text)

    @property
    def geometry(self) -> QRect:
        """Where the icon is on the screen; empty where the desktop does not say."""
        return self.icon.geometry()

    @property
    def shown(self) -> bool:
        return self.icon.isVisible()

    def show(self) -> None:
        self.icon.show()

    def hide(self) -> None:
        """Take the icon away; at the end of the program too, or some trays keep a dead one."""
        self.icon.hide()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # A double click begins with a click, which has opened the panel already.
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.clicked.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.icon.setIcon(state_icon(self._state.kind, self._theme.colours, self._state.limit))


def _menu(actions: WorkerActions) -> QMenu:
    menu = QMenu()
    menu.addAction(actions.state)
    menu.addSeparator()
    processors = menu.addMenu("Processors")
    processors.addActions(actions.shares)
    menu.addAction(actions.pause)
    menu.addAction(actions.pause_now)
    menu.addAction(actions.hand_back)
    menu.addMenu("Snooze").addActions(actions.snoozes)
    menu.addAction(actions.ignore)
    menu.addAction(actions.finish)
    menu.addSeparator()
    menu.addAction(actions.open)
    menu.addAction(actions.preferences)
    menu.setDefaultAction(actions.open)
    menu.addSeparator()
    menu.addAction(actions.quit)
    return menu
