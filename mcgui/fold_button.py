"""A button that reads as a line of text and unfolds what lies below it; its arrow says which way it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone

#: Pixels that it has at any rate.
_LEAST = 90


class FoldButton(QPushButton):
    """Folded at first. `tip` says what it unfolds, in words.

    Where there is too little room for its text, that ends in "…": what it says must not make the panel wider.
    It is no checkable button, which a screen reader would call a check box: it says in words which way it is.

    Signals:
        turned(bool): it was unfolded, or folded away.
    """

    turned = Signal(bool)

    def __init__(self, text: str, tip: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._open = False
        self.setProperty("link", True)
        self.setIconSize(QSize(scaled(12), scaled(12)))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
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

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), scaled(_LEAST)), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        missing = self.sizeHint().width() - self.width()
        if missing > 0:
            metrics, text = self.fontMetrics(), self.text()
            room = metrics.horizontalAdvance(text) - missing
            option.text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    @Slot()
    def _on_clicked(self) -> None:
        self.set_open(not self._open)

    @Slot()
    def _dress(self) -> None:
        self.setAccessibleDescription("unfolded" if self._open else "folded")
        self.setIcon(icon("chevron-down" if self._open else "chevron-right", self._theme.colours.muted))
