"""Where the window says what went wrong, and what can be done: over the panels, so that none of them moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.focus_return import FocusReturn
from mcgui.console.parts.message_row import MessageRow
from mcgui.icons import icon, pixmap, show_copied
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.screen_reader import announce
from mcgui.theme import Theme

MessageKind = Literal["error", "warning", "info"]
_TONES = {"error": "bad", "warning": "warn", "info": "accent"}
#: Characters and lines that are shown; all of it goes to the clipboard.
_CHARACTERS = 600
_LINES = 5
#: Milliseconds that a message stays which goes by itself, also one that offers something more to do; and longer while
#: somebody is at it.
STAYS, STAYS_WITH_BUTTONS = 8_000, 20_000


@dataclass(frozen=True)
class Message:
    """One message. A newer one with the same `about` takes its place; `details` are only for the clipboard.

    `asks`: it is a question to whoever has just done something, so the keyboard goes to its first button.
    `passes`: it confirms what was done, and goes by itself after a while.
    """

    about: str
    text: str
    kind: MessageKind = "error"
    details: str = ""
    actions: tuple[tuple[str, Callable[[], object]], ...] = field(default=())
    asks: bool = False
    passes: bool = False

    @classmethod
    def of_error(cls, about: str, error: Exception, before: str = "") -> Message:
        """What an error says, after `before`; of what kind it is, goes to the clipboard."""
        return cls(about, f"{before}{error}", details=f"{type(error).__module__}.{type(error).__qualname__}")


class _Line(QFrame):
    """One message as it is shown."""

    def __init__(self, message: Message, theme: Theme, close: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.message, self._theme = message, theme
        self.setObjectName("message")
        self.setAccessibleName(f"{message.kind.capitalize()}: {message.text}")
        self._sign = QLabel(self)
        self._sign.setAccessibleName(message.kind.capitalize())
        text = QLabel(unturned(shortened(message.text)), self)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        text.setAccessibleName("Message")
        buttons = []
        for label, action in message.actions:
            button = QPushButton(label, self)
            button.setAccessibleName(label)
            button.clicked.connect(action)
            button.clicked.connect(close)
            buttons.append(button)
        self._copy = icon_button("Copy this message", self, size=15)
        self._copy.clicked.connect(self._on_copy)
        self._close = icon_button("Close this message", self, size=15)
        self._close.clicked.connect(close)
        self._row = MessageRow(self, self._sign, text, (self._copy, self._close))
        self._row.setContentsMargins(12, 7, 7, 7)
        self._row.setHorizontalSpacing(8)
        self._row.set_buttons(buttons)
        self.first = buttons[0] if buttons else None
        self._shut = close
        self._timer = QTimer(self)
        self._timer.setInterval(STAYS_WITH_BUTTONS if message.actions else STAYS)
        self._timer.timeout.connect(self._pass)
        if message.passes:
            self._timer.start()
        self.dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.fit()

    def dress(self) -> None:
        colours = self._theme.colours
        colour = getattr(colours, _TONES[self.message.kind])
        self._sign.setPixmap(pixmap(self.message.kind, colour, scaled(18), self.devicePixelRatioF()))
        self._copy.setIcon(icon("copy", colours.muted))
        self._close.setIcon(icon("close", colours.muted))
        self.setStyleSheet(
            f"#message {{ background: {colours.panel.name()}; border: 1px solid {colour.name()}; border-radius: 6px; }}"
        )

    @Slot()
    def _pass(self) -> None:
        if not self.underMouse() and not self.isAncestorOf(QApplication.focusWidget() or self):
            self._shut()

    @Slot()
    def _on_copy(self) -> None:
        message = self.message
        QApplication.clipboard().setText(f"{message.text}\n\n{message.details}" if message.details else message.text)
        show_copied(self._copy)


def shortened(text: str) -> str:
    """What fits above the panels: the first lines."""
    lines = text.strip().split("\n")
    shown = "\n".join(lines[:_LINES])[:_CHARACTERS].rstrip()
    return shown if shown == text.strip() else f"{shown} …"


class MessageBar(QWidget):
    """Shows messages below each other, the newest on top; hidden while there are none. Lies in no layout."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: dict[str, _Line] = {}
        self._focus = FocusReturn(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 4, 12, 8)
        self._layout.setSpacing(6)
        self._layout.addStretch(1)  # it may be higher than they are, so as to cover what it would cut
        theme.changed.connect(self._on_theme_changed)
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is shown, the newest last."""
        return tuple(line.message for line in self._lines.values())

    def say(self, message: Message) -> None:
        """Show a message, in place of an older one about the same thing."""
        if message.about in self._lines and self._lines[message.about].message == message:
            return
        self.clear(message.about)
        line = _Line(message, self._theme, lambda: self.clear(message.about), self)
        self._lines[message.about] = line
        self._layout.insertWidget(1, line)
        self.show()
        self.raise_()
        if message.asks and line.first is not None:
            line.first.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, line.accessibleName(), urgent=message.kind == "error")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing of the panels is seen between two messages, or above them: half a line of words would be."""
        colours, inner = self._theme.colours, self._layout.contentsRect()
        first = self._layout.itemAt(1)
        painter = QPainter(self)
        painter.fillRect(inner, colours.window)
        if first is not None:
            inner.setTop(0)
            inner.setBottom(first.geometry().top())
            painter.fillRect(inner, colours.panel)
        painter.end()

    def clear(self, about: str) -> None:
        """Take away the message about this, if there is one."""
        line = self._lines.pop(about, None)
        if line is not None:
            self._focus.give_back(line)
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.setVisible(bool(self._lines))

    @Slot()
    def _on_theme_changed(self) -> None:
        for line in self._lines.values():
            line.dress()
