"""A strip within a panel that says what went wrong there, instead of a box that stops everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.focus_return import FocusReturn
from mcgui.console.parts.hint_room import WholeLabel
from mcgui.console.parts.message_row import MessageRow
from mcgui.console.parts.scroll_when_small import StaysInSight
from mcgui.icons import icon, pixmap
from mcgui.scale import scaled
from mcgui.screen_reader import announce
from mcgui.theme import Theme

NoticeKind = Literal["error", "warning", "info"]


#: What a button is called, and what it does.
NoticeAction = tuple[str, Callable[[], object]]


class Notice(QFrame):
    """Hidden until `say`; hidden again by its button, by that of an action, or by `clear`.

    One that `answers` a command is scrolled to: who gave the command looks for what came of it. Others come unasked.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, answers: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._in_sight = StaysInSight(self) if answers else None
        self._kind: NoticeKind = "info"
        self.setObjectName("notice")
        self._sign = QLabel(self)
        self._text = WholeLabel(self)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = icon_button("Close this message", self)
        self._close.clicked.connect(self.clear)
        self._focus = FocusReturn(self)
        self._buttons: list[QPushButton] = []
        self._row = MessageRow(self, self._sign, self._text, (self._close,))
        self._row.setContentsMargins(10, 6, 6, 6)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; "" while it is hidden."""
        return self._text.text()

    def say(self, text: str, kind: NoticeKind = "error", actions: tuple[NoticeAction, ...] = ()) -> None:
        """Show a sentence, with a button for each of these actions."""
        self._kind = kind
        self._take_buttons_away()
        for name, act in actions:
            button = QPushButton(name, self)
            button.setProperty("segment", True)
            button.setAccessibleName(name)
            button.clicked.connect(self.clear)
            button.clicked.connect(act)
            self._buttons.append(button)
        self._row.set_buttons(self._buttons)
        if text != self.text:
            announce(self, text, urgent=kind == "error")
        self._text.say(text)
        self.setAccessibleName(text)
        self._dress()
        self.show()
        if self._in_sight is not None:
            self._in_sight.begin()

    @Slot()
    def clear(self) -> None:
        self._focus.give_back()
        self._text.clear()
        self._take_buttons_away()
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.fit()

    def _take_buttons_away(self) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()  # one of them may be what called us
        self._buttons.clear()
        self._row.set_buttons(())

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        colour = {"error": colours.bad, "warning": colours.warn, "info": colours.accent}[self._kind]
        self._sign.setAccessibleName(self._kind.capitalize())
        self._sign.setPixmap(pixmap(self._kind, colour, scaled(18), self.devicePixelRatioF()))
        self._close.setIcon(icon("close", colours.muted))
        self.setStyleSheet(
            f"#notice {{ background: {colours.field.name()}; border: 1px solid {colour.name()}; border-radius: 5px; }}"
        )
