"""Keys and a panel that opens above the others: the focus goes into it, Escape closes it, and the focus goes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class DrawerFocus(QObject):
    """Watches over one panel, from when it is shown until it is hidden."""

    def __init__(self, panel: QWidget, first: QWidget, close: Callable[[], None]) -> None:
        """`first` is where the focus goes, or to the first below it that takes it; `close` shuts the panel."""
        super().__init__(panel)
        self._panel, self._first, self._close = panel, first, close
        self._came_from: QWidget | None = None
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._came_from = QApplication.focusWidget()
            QTimer.singleShot(0, self, self._enter)
        elif event.type() == QEvent.Type.Hide:
            self._leave()
        elif (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and not event.modifiers()
        ):
            self._close()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _enter(self) -> None:
        if not self._panel.isVisible():
            return
        inside = self._panel.findChildren(QWidget)
        start = inside.index(self._first)
        found = next((one for one in (*inside[start:], *inside[:start]) if _takes_focus(one)), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _leave(self) -> None:
        """Back to where the focus was before; unless the person has left the panel meanwhile."""
        before, self._came_from = self._came_from, None
        now = QApplication.focusWidget()
        inside = now is None or now is self._panel or self._panel.isAncestorOf(now)
        if inside and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
