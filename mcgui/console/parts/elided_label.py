"""A label, and a choice, that show as much of their text as fits, and the rest in their tips."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from mcgui.plain_text import plain_tip

#: Letters of a choice that are seen at least.
_LETTERS = 7
#: Letters with which what is left of a text says nothing, the "…" among them.
_FEW = 4


def elide_choice(choice: QComboBox) -> None:
    """Have a choice make nothing wider, however long what it offers is; what is chosen stands in its tip."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(_LETTERS)
    tip = choice.toolTip()

    def show(text: str) -> None:
        choice.setToolTip(plain_tip("\n".join(filter(None, (text, tip)))))

    choice.currentTextChanged.connect(show)
    show(choice.currentText())


class ElidedChoice(QComboBox):
    """A choice whose text ends in "…" where it is too long: Qt cuts it within a letter."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        option, style = QStyleOptionComboBox(), self.style()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width() - 2
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class ElidedLabel(QLabel):
    """One line of plain text that ends in "…" where it is too long, and is not there where that leaves a few letters;
    `least` is what it wants to have at any rate."""

    def __init__(self, parent: QWidget | None = None, least: int = 40) -> None:
        super().__init__(parent)
        self._whole, self._kept, self._least = "", "", least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def whole(self) -> str:
        """The text, also what of it does not fit."""
        return self._whole

    def say(self, text: str, tip: str = "", kept: str = "") -> None:
        """Show this text; `tip` is for whoever wants to see more, the text itself if that is cut. Where it is cut, that
        is before `kept`, with which it ends, as long as there is room for that."""
        text += kept
        self._whole, self._kept = text, kept
        self.updateGeometry()
        self.setAccessibleDescription(text)
        self._fit()
        self.setToolTip(plain_tip(tip or text))

    def sizeHint(self) -> QSize:
        """Room for all of it, for whoever lays it out by what it needs."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # As wide as it is, not as it wants to be: a crowded row gives it less, and its edge made "40." of "400 …"
        room, metrics = self.width(), self.fontMetrics()
        kept = self._kept if metrics.horizontalAdvance(f"…{self._kept}") <= room else ""
        room -= metrics.horizontalAdvance(kept)
        cut = self._whole[: len(self._whole) - len(kept)]
        seen = metrics.elidedText(cut, Qt.TextElideMode.ElideRight, room)
        self.setText("" if seen != cut and len(seen) <= _FEW and not kept else seen + kept)
