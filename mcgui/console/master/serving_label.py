"""The label at the right of the tool bar: where we serve, how safely, and to how many. Pressing it opens a menu."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from mcgui import format
from mcgui.console.master.session import SessionState
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.workers.worker_model import counts
from mcgui.icons import icon, pixmap
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone, set_tone
from mcgui_core.protocol.messages import NodeStatus

#: Pixels between the two texts, and that the first has at any rate.
_GAP: Final = 8
_LEAST: Final = 96
#: Between the parts of the second.
_SEPARATOR: Final = " · "
#: What the sign says, by its name.
_SIGNS: Final = {"connecting": "Connecting", "trouble": "Not connected", "working": "Connected"}


class ServingLabel(QWidget):
    """Shows the session's state. `actions` are what its menu offers; None is a line between two of them."""

    def __init__(self, theme: Theme, actions: tuple[QAction | None, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state: SessionState | None = None
        self._nodes: tuple[NodeStatus, ...] = ()
        self._sign = QLabel(self)
        self._said = _TwoTexts(self)
        self._menu = QMenu(self)
        for action in actions:
            if action is None:
                self._menu.addSeparator()
            else:
                self._menu.addAction(action)
        self._button = QToolButton(self)
        self._button.setProperty("flat", True)
        self._button.setIconSize(QSize(scaled(14), scaled(14)))
        self._button.setAccessibleName("What this master may do")
        self._button.setToolTip("Links, other computers, this computer as a worker")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setMenu(self._menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._sign, self._said, self._button):
            layout.addWidget(widget)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return " ".join(part for part in (self._said.first.whole, _SEPARATOR.join(self._said.more)) if part)

    def needed(self) -> int:
        """Pixels with which it is seen where we serve."""
        around = sum(one.sizeHint().width() for one in (self._sign, self._button)) + 2 * _GAP
        return around + self._said.needed()

    @Slot(object)
    def show_state(self, state: SessionState) -> None:
        self._state = state
        self._dress()

    def show_nodes(self, nodes: tuple[NodeStatus, ...]) -> None:
        if counts(nodes) != counts(self._nodes):
            self._nodes = nodes
            self._dress()

    def _words(self) -> tuple[str, tuple[str, ...], Tone, str]:
        """Text, parts of what is added to it, tone and name of the sign."""
        state = self._state
        if state is None or state.kind == "starting":
            own = state is None or state.wish.own
            where = f" {'on' if own else 'to'} {state.address}" if state is not None and state.address else ""
            return ("Starting to serve" if own else "Connecting") + where, (), "warn", "connecting"
        if state.kind == "failed":
            return "Not serving", (), "bad", "trouble"
        if state.kind == "lost":
            return f"{state.address} does not answer", ("asking again",), "bad", "trouble"
        nodes, processors = counts(self._nodes)
        more: tuple[str, ...] = ("encrypted", format.plural(nodes, "worker"), format.plural(processors, "processor"))
        if state.watches:
            more = ("watching only", *more)
        return f"{'Serving on' if state.wish.own else 'Connected to'} {state.address}", more, "good", "working"

    @Slot()
    def _dress(self) -> None:
        text, more, tone, sign = self._words()
        address = self._state.address if self._state is not None and sign == "working" else ""
        self._said.say(text, more, address)
        colours = self._theme.colours
        self._sign.setAccessibleName(_SIGNS[sign])
        self._sign.setPixmap(pixmap(sign, getattr(colours, tone), scaled(14), self.devicePixelRatioF()))
        self._button.setIcon(icon("chevron-down", colours.muted))
        self.setAccessibleName(self.text)
        self.setToolTip(plain_tip(self._state.problem) if self._state is not None else "")
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)


class _TwoTexts(QWidget):
    """A text and a quieter one behind it, which gives way first where it gets narrow: no layout of Qt's does that."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.first, self.second = ElidedLabel(self, least=0), ElidedLabel(self, least=0)
        self.more: tuple[str, ...] = ()
        self._short = ""
        set_tone(self.second, "muted")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def say(self, first: str, more: tuple[str, ...], short: str) -> None:
        """Show this text, and behind it these parts of another; `short` is what one needs of the first."""
        self.more, self._short = more, short
        self.first.say(first, short=short)
        self.second.say(_SEPARATOR.join(more))
        self.updateGeometry()
        self._place()

    def needed(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._short) + 2 if self._short else self.first.sizeHint().width()

    def sizeHint(self) -> QSize:
        hint, more = self.first.sizeHint(), _SEPARATOR.join(self.more)
        behind = _GAP + self._advance(more) if more else 0
        return QSize(hint.width() + behind, hint.height())

    def _advance(self, text: str) -> int:
        return self.second.fontMetrics().horizontalAdvance(text) + 2

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), scaled(_LEAST)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        first = self.first.sizeHint().width()
        if first > self.width():  # the short text has room for more behind it
            first = min(self.needed(), self.width())
        rest = self.width() - first - _GAP
        self.first.setGeometry(0, 0, first, self.height())
        # No half of a part: the first ones, or of those that come after them one that fits.
        choices = [self.more[:count] for count in range(len(self.more), 0, -1)] + [(part,) for part in self.more[1:]]
        shown = next((some for some in choices if self._advance(_SEPARATOR.join(some)) <= rest), ())
        self.second.setVisible(bool(shown))
        self.second.setGeometry(first + _GAP, 0, max(rest, 0), self.height())
        self.second.say(_SEPARATOR.join(shown), tip=_SEPARATOR.join(self.more))
