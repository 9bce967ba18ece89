"""The tabs above the editor: one for each open file, with a dot where there are changes that are not saved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from mcgui.icons import icon
from mcgui.plain_text import plain_button, plain_tip
from mcgui.scale import scaled
from mcgui.theme import Theme

_SIDE = QTabBar.ButtonPosition.RightSide
#: Pixels of a tab up to which a name is not cut.
_LEAST = 170
_SHEET = """
QTabBar::tab { padding: 5px 4px 5px 10px; }
QTabBar QToolButton[flat="true"] { padding: 1px; border-radius: 4px; }
"""


class _CloseButton(QToolButton):
    """Closes a tab. While its file has changes, it is a dot until the mouse is over it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._unsaved = self._over = False
        self.setProperty("flat", True)
        self.setIconSize(QSize(scaled(12), scaled(12)))
        self.setFixedSize(scaled(18), scaled(18))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has an action for it
        self.dress()

    def set_unsaved(self, unsaved: bool, name: str) -> None:
        self._unsaved = unsaved
        self.setAccessibleName(f"Close {name}")
        self.setToolTip("Close (changes are not saved)" if unsaved else "Close")
        self.update()

    def dress(self) -> None:
        self.setIcon(icon("close", self._theme.colours.muted))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over = False
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._over or not self._unsaved:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colours.text)
        side = scaled(7)
        painter.drawEllipse((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        painter.end()


class EditorTabBar(QTabBar):
    """Shows itself as soon as there are two files. Tabs can be dragged, and closed by button or middle click.

    Signals:
        close_wanted(int): the tab at this place is to be closed.
    """

    close_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Open files")
        self.setMovable(True)
        self.setAutoHide(True)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setDrawBase(False)
        self.setStyleSheet(_SHEET)
        theme.changed.connect(self._on_theme_changed)

    def minimumTabSizeHint(self, index: int) -> QSize:
        """As wide as its name, within reason: where there are many tabs, they are scrolled, not squeezed."""
        hint = self.tabSizeHint(index)
        return QSize(min(hint.width(), scaled(_LEAST)), hint.height())

    def add(self, at: int) -> None:
        """A tab at this place; `show_name` says of what."""
        self.insertTab(at, "")
        button = _CloseButton(self._theme, self)
        button.clicked.connect(self._on_close_clicked)
        self.setTabButton(at, _SIDE, button)

    def show_name(self, at: int, name: str, path: str, unsaved: bool) -> None:
        """Tell what the file of a tab is called, and whether it has changes that are not saved."""
        self.setTabText(at, plain_button(name))
        self.setTabToolTip(at, plain_tip(path or name))
        self.setAccessibleTabName(at, f"{name}, not saved" if unsaved else name)
        button = self.tabButton(at, _SIDE)
        assert isinstance(button, _CloseButton), "every tab was given one"
        button.set_unsaved(unsaved, name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and at >= 0:
            self.close_wanted.emit(at)
            return
        super().mouseReleaseEvent(event)

    @Slot()
    def _on_close_clicked(self) -> None:
        at = next((at for at in range(self.count()) if self.tabButton(at, _SIDE) is self.sender()), -1)
        if at >= 0:
            self.close_wanted.emit(at)

    @Slot()
    def _on_theme_changed(self) -> None:
        for at in range(self.count()):
            button = self.tabButton(at, _SIDE)
            if isinstance(button, _CloseButton):
                button.dress()
