"""The row of buttons at the top of the window, with the serving label at its right, or below it."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from mcgui.console.head_row import BesideOrBelow
from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme

#: An arrow for the menu that takes little room, instead of the split button that Fusion draws.
_SHEET = Template("""
QToolButton { padding: 4px 12px; }
QToolButton[flat="true"] { padding: 4px; }
QToolButton[popupMode="1"] { padding-right: ${room}px; }
QToolButton::menu-button {
    border: none; background: transparent; width: ${arrow_room}px; subcontrol-position: center right;
}
QToolButton::menu-arrow { image: url(mcgui-icons:arrow-down.svg); width: ${arrow}px; height: ${arrow}px; }
QToolButton::menu-indicator { image: none; }
""")


class ToolBar(QWidget):
    """Buttons are added in groups; what is `set_right` stands at the right end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Tool bar")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 10, 12, 4)
        rows.setSpacing(4)
        self._row, self._below = QHBoxLayout(), QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self._below.addStretch(1)
        rows.addLayout(self._row)
        rows.addLayout(self._below)
        self._at = 0
        self._signs: dict[QToolButton, str] = {}
        self._primary: dict[QToolButton, str] = {}
        self.setStyleSheet(_SHEET.substitute(room=scaled(26), arrow_room=scaled(20), arrow=scaled(11)))
        theme.changed.connect(self._dress)

    def add(self, action: QAction, text: str = "", menu: QMenu | None = None, primary: str = "") -> QToolButton:
        """A button for this action, with a menu at its arrow if there is one. `primary` is the sign of the one that is
        filled with colour: the action's own has the colour of menus, which could not be seen there."""
        button = QToolButton(self)
        button.setObjectName(f"button_{action.objectName()}")
        button.setDefaultAction(action)
        # The button would take the action's text without its "…", and again with each change of the action.
        button.setText(_label(action, text, primary))
        action.changed.connect(lambda: button.setText(_label(action, text, primary)))
        if primary:
            self._primary[button] = primary
            action.changed.connect(self._dress)
        button.setAccessibleName(text or action.text())
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if primary else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        button.setIconSize(QSize(scaled(14), scaled(14)))
        button.setProperty("primary", bool(primary))
        if menu is not None:
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._insert(button)
        self._dress()
        return button

    def add_line(self) -> None:
        """A line between two groups."""
        line = QFrame(self)
        line.setObjectName("toolBarLine")
        line.setFrameShape(QFrame.Shape.NoFrame)
        line.setFixedSize(1, scaled(24))
        line.setAutoFillBackground(True)
        line.setStyleSheet("background: palette(mid);")
        self._insert(line)

    def set_right(self, widget: QWidget, needed: Callable[[], int] | None = None) -> None:
        """Put this at the right end, after what is there already. Where it has less than `needed` pixels there, it goes
        below the buttons."""
        self._row.addWidget(widget)
        if needed is not None:
            BesideOrBelow(widget, self._row, self._below, self, needed, last=True)

    def menu_button(self, name: str, sign: str, menu: QMenu) -> QToolButton:
        """A button of just a sign, which opens a menu."""
        button = QToolButton(self)
        button.setProperty("flat", True)
        button.setIconSize(QSize(scaled(16), scaled(16)))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._signs[button] = sign
        self._dress()
        return button

    @Slot()
    def _dress(self) -> None:
        for button, sign in self._signs.items():
            button.setIcon(icon(sign, self._theme.colours.muted))
        for button, sign in self._primary.items():
            button.setIcon(icon(sign, self._theme.colours.on_accent))

    def _insert(self, widget: QWidget) -> None:
        self._row.insertWidget(self._at, widget)
        self._at += 1


def _label(action: QAction, text: str, primary: str) -> str:
    # A style sheet knows no gap between a button's icon and its text.
    return f" {text or action.text()}" if primary else text or action.text()
