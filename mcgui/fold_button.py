"""Buttons that read as text, in as many lines as it needs; and one that unfolds what lies below it, whose arrow says
which way it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone

#: Pixels that it has at any rate, and lines at most.
LEAST, _MOST = 90, 3


class TextButton(QPushButton):
    """Text that can be pressed. What it says must not make the panel wider: where there is too little room for it in a
    line, it has more of them if it `wraps`; and where those do not do, the last ends in "…", before `end`."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wraps: bool) -> None:
        super().__init__(text, parent)
        self._most = _MOST if wraps else 1
        self.end = ""  # of its text, which is never cut
        self.short = ""  # what stands there where the text is too long for a line
        self.setProperty("link", True)
        # A layout gives one of fixed height no more than a line.
        height = QSizePolicy.Policy.Preferred if wraps else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, height)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), scaled(LEAST)), hint.height())

    def heightForWidth(self, width: int) -> int:
        return self.sizeHint().height() + (len(self.lines(width)) - 1) * self.fontMetrics().lineSpacing()

    def lines(self, width: int) -> tuple[str, ...]:
        """What stands in each line of a button of this width."""
        metrics, text = self.fontMetrics(), self.text()
        room = width - (self.sizeHint().width() - _advance(metrics, text))
        if self.short and _advance(metrics, text) > room:
            text = self.short
        lines: list[str] = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".lstrip(" ") if lines[-1] else word
            if lines[-1] and _advance(metrics, longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        kept = lines[: self._most - 1]
        rest = " ".join(lines[self._most - 1 :])
        cut = [_elided(metrics, line, room) for line in kept]
        return (*cut, _elided(metrics, rest, room, self.end)) if rest else tuple(cut)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._hold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold()

    def _hold(self) -> None:
        """A layout with too little room would squeeze it to the height of one line."""
        if self._most > 1:
            self.setMinimumHeight(self.heightForWidth(self.width()) if len(self.lines(self.width())) > 1 else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = "\n".join(self.lines(self.width()))
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()


def _advance(metrics: QFontMetrics, text: str) -> int:
    return metrics.size(Qt.TextFlag.TextShowMnemonic, text).width() if text else 0


def _elided(metrics: QFontMetrics, text: str, room: int, end: str = "") -> str:
    if _advance(metrics, text) <= room:
        return text
    left = room - _advance(metrics, end)
    shown = Qt.TextFlag.TextShowMnemonic
    return metrics.elidedText(text.removesuffix(end), Qt.TextElideMode.ElideRight, left, shown) + end


class FoldButton(TextButton):
    """Folded at first. `tip` says what it unfolds, in words.

    It is no checkable button, which a screen reader would call a check box: it says in words which way it is.

    Signals:
        turned(bool): it was unfolded, or folded away.
    """

    turned = Signal(bool)

    def __init__(
        self, text: str, tip: str, theme: Theme, parent: QWidget | None = None, *, wraps: bool = False
    ) -> None:
        super().__init__(text, parent, wraps=wraps)
        self._theme = theme
        self._open = False
        self.setIconSize(QSize(scaled(12), scaled(12)))
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        set_tone(self, "muted")
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def is_open(self) -> bool:
        """What it leads to is unfolded."""
        return self._open

    def set_open(self, is_open: bool) -> None:
        """Unfold it, or fold it away."""
        if is_open != self._open:
            self._open = is_open
            self._dress()
            self.turned.emit(is_open)

    @Slot()
    def _on_clicked(self) -> None:
        self.set_open(not self._open)

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleDescription("unfolded" if self._open else "folded")
        self.setIcon(icon("chevron-down" if self._open else "chevron-right", self._theme.colours.muted))
