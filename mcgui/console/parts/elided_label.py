"""Labels, and a choice, that show as much of their text as fits, and the rest in their tips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QLocale, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QFont, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from mcgui.plain_text import plain_tip, unturned, with_its_unit

#: Letters of a choice that are seen at least.
_LETTERS = 7
#: Letters with which what is left of a text says nothing, the "…" among them.
_FEW = 4
#: Characters of a wrapped text that are looked at: Qt's time for a word that it breaks grows with the square of them.
_MOST: Final = 8_000
#: Layouts that are kept of a label: one for each width that is tried on the way to its place.
_KEPT: Final = 16
#: What stands between a text and what is told of several, and between what is told of two of them.
_TOLD: Final = "  ·  "
_OTHER: Final = ";  "
#: Pixels at both edges of the text in a choice, which Qt leaves free.
_EDGES = 2


def elide_choice(choice: QComboBox) -> None:
    """Have a choice make nothing wider, however long what it offers is; what is chosen stands in its tip."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(_LETTERS)
    tip = choice.toolTip()

    def show(text: str) -> None:
        choice.setToolTip(plain_tip("\n".join(filter(None, (text, tip)))))

    choice.currentTextChanged.connect(show)
    show(choice.currentText())


class _Unturned(QStyledItemDelegate):
    """Shows what is offered as it looks in source, where it would turn the words behind it."""

    def displayText(self, value: Any, locale: QLocale | QLocale.Language) -> str:
        return unturned(super().displayText(value, locale))


class ElidedChoice(QComboBox):
    """A choice whose text ends in "…" where it is too long: Qt cuts it within a letter.

    It asks for as many pixels more as are left free at the edges of the text, and beside its letters, of which Qt
    measures the ink; without them, the longest of the texts that it was made wide enough for ended in "…".
    `mode` says which end of a text is cut.
    """

    def __init__(self, parent: QWidget | None = None, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(parent)
        self._mode = mode

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(_EDGES + self.fontMetrics().averageCharWidth() // 2, 0)

    def showPopup(self) -> None:
        # Only where it takes one: rows of a delegate are not as high as those of the style.
        of_style = self.itemDelegate().metaObject().className().startswith("QCombo")
        if of_style and any(unturned(text) != text for text in self.texts):
            self.setItemDelegate(_Unturned(self))
        super().showPopup()

    @property
    def texts(self) -> list[str]:
        """All that it offers."""
        return [self.itemText(at) for at in range(self.count())]

    def width_with(self, text: str) -> int:
        """Pixels with which this text is whole."""
        option, metrics = QStyleOptionComboBox(), self.fontMetrics()
        self.initStyleOption(option)
        size = QSize(metrics.horizontalAdvance(text) + _EDGES, metrics.height())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, size, self).width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option, style = QStyleOptionComboBox(), self.style()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width() - _EDGES
        text = unturned(option.currentText)
        option.currentText = self.fontMetrics().elidedText(text, self._mode, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class ElidedLabel(QLabel):
    """One line of plain text that ends in "…" where it is too long, and is not there where that leaves a few letters;
    `least` is what it wants to have at any rate, and `few` how many letters, dots and all, are worth nothing."""

    def __init__(self, parent: QWidget | None = None, least: int = 40, few: int = _FEW) -> None:
        super().__init__(parent)
        self._whole, self._kept, self._enough = "", "", ""
        self._short: tuple[str, ...] = ()
        self._least, self._few = least, few
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def whole(self) -> str:
        """The text, also what of it does not fit."""
        return self._whole

    def say(
        self, text: str, tip: str = "", kept: str = "", short: str | tuple[str, ...] = "", enough: str = ""
    ) -> None:
        """Show this text; `tip` is for whoever wants to see more, the text itself if that is cut. Where it is cut, that
        is before `kept`, with which it ends, as long as there is room for that; or `short` stands in its place, of
        several the first for which there is room. `enough` is the one with which it says what one needs, by default the
        first of them."""
        kept, self._short = unturned(kept), tuple(filter(None, (short,) if isinstance(short, str) else short))
        text = unturned(text) + kept
        self._whole, self._kept = text, kept
        self._enough = enough or next(iter(self._short), text)
        self.updateGeometry()
        self.setAccessibleDescription(text)
        self._fit()
        self.setToolTip(plain_tip(tip or text))

    def sizeHint(self) -> QSize:
        """Room for all of it, for whoever lays it out by what it needs."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    @property
    def needed(self) -> int:
        """Pixels with which it says what one needs."""
        return self.fontMetrics().horizontalAdvance(self._enough) + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # As wide as it is, not as it wants to be: a crowded row gives it less, and its edge made "40." of "400 …"
        room, metrics = self.width(), self.fontMetrics()
        if metrics.horizontalAdvance(self._whole) <= room:  # elidedText cuts what is part of a pixel wider
            self.setText(self._whole)
            return
        if self._short:
            self.setText(next((short for short in self._short if metrics.horizontalAdvance(short) <= room), ""))
            return
        kept = self._kept if metrics.horizontalAdvance(f"…{self._kept}") <= room else ""
        room -= metrics.horizontalAdvance(kept)
        cut = self._whole[: len(self._whole) - len(kept)]
        seen = metrics.elidedText(cut, Qt.TextElideMode.ElideRight, room)
        self.setText("" if seen != cut and len(seen) <= self._few and not kept else seen + kept)


def fewer_parts(text: str) -> tuple[str, ...]:
    """A text of parts, such as "400 results: mean 9.5, from 0 to 19", with one part less each time: what is shown of it
    where it is cut. Of what is told of several, as in "392 results  ·  job 2: mean 95.6, from 2 to 277;  job 6: mean
    95.1, from 2 to 280", each has one part less: half of a comparison would read as all of it."""
    head, _, rest = text.partition(_TOLD)
    groups = [one.split(", ") for one in rest.split(_OTHER)]
    if len(groups) > 1:
        fewer = range(max(map(len, groups)) - 1, 0, -1)
        return (*(head + _TOLD + _OTHER.join(", ".join(one[:few]) for one in groups) for few in fewer), head)
    ends = [found.start() for found in re.finditer(r", |;  |  ·  |: ", text)]
    return tuple(text[:end] for end in reversed(ends))


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text stands in a label of some width."""

    lines: tuple[str, ...]
    height: int  # pixels; -1 where there is no text
    as_qt: bool  # every word is as Qt lays it out


class WrappedLabel(QLabel):
    """Plain text in as many lines as it needs. A word that is wider than the label is broken, where Qt cuts it at the
    edge; and where the label is too low for all lines, the last that is whole ends in "…", where Qt cuts through one.

    It makes nothing wider, and keeps a number in one line with its unit. Of a text that is too long for any label, the
    beginning is looked at, and "…" shown for the rest. Where text can be selected, what is broken or cut is copied
    whole, by a menu, instead: Qt would select by the lines that it would have made.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self._layouts: dict[tuple[str, int, str, int], _Layout] = {}  # layouts ask for the same again and again
        self._wished = self.textInteractionFlags()
        copy = QAction("Copy", self)
        copy.triggered.connect(self._on_copy)
        self.addAction(copy)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        self._said = unturned(text)
        super().setText(with_its_unit(self._said))
        self._offer_selection()

    def text(self) -> str:
        """What it says, with the spaces that it was said with."""
        return self._said

    def clear(self) -> None:
        self.setText("")

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        self._wished = flags
        self._offer_selection()

    @property
    def cut(self) -> bool:
        """Whether some of the text is not seen."""
        return self.height() < self.heightForWidth(self.width()) or len(self.text()) > _MOST

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self._said else QSize(0, 0)  # Qt's is that of a line

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() if self._said else QSize(0, 0)

    def heightForWidth(self, width: int) -> int:
        return self._layout_in(width).height if self._said else 0

    def lines(self, width: int) -> tuple[str, ...]:
        """What stands in each line in a label of this width."""
        return self._layout_in(width).lines

    def shown_lines(self) -> tuple[str, ...]:
        """What stands in the lines for which there is room."""
        width, metrics = self.width(), self.fontMetrics()
        lines, fit = self.lines(width), max(self.height() // metrics.lineSpacing(), 1)
        if len(lines) <= fit:
            return lines
        rest = " ".join(line.rstrip() for line in lines[fit - 1 :])
        return (*lines[: fit - 1], metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._own:
            super().paintEvent(event)
            return
        painter, metrics = QPainter(self), self.fontMetrics()
        painter.setPen(self.palette().color(self.foregroundRole()))
        lines, alignment = self.shown_lines(), self.alignment()
        top = 0
        if alignment & Qt.AlignmentFlag.AlignVCenter and not self.cut:
            top = max((self.height() - len(lines) * metrics.lineSpacing()) // 2, 0)
        for number, line in enumerate(lines):
            left = 0
            if alignment & Qt.AlignmentFlag.AlignHCenter:
                left = max((self.width() - metrics.horizontalAdvance(line.rstrip())) // 2, 0)
            painter.drawText(QPointF(left, top + number * metrics.lineSpacing() + metrics.ascent()), line)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer_selection()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._offer_selection()

    @property
    def _own(self) -> bool:
        """Whether Qt would cut something."""
        return self.cut or not self._layout_in(self.width()).as_qt

    def _offer_selection(self) -> None:
        own = self._own
        super().setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction if own else self._wished)
        by_menu = own and bool(self._wished & Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = Qt.ContextMenuPolicy
        self.setContextMenuPolicy(policy.ActionsContextMenu if by_menu else policy.DefaultContextMenu)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.text())

    def _layout_in(self, width: int) -> _Layout:
        about = (self._said, width, self.font().key(), self.minimumHeight())  # which is in Qt's height
        if about not in self._layouts:
            if len(self._layouts) >= _KEPT:
                self._layouts.clear()
            self._layouts[about] = self._lay_out(width)
        return self._layouts[about]

    def _lay_out(self, width: int) -> _Layout:
        text, metrics = super().text(), self.fontMetrics()
        if len(text) > _MOST:
            text = f"{text[:_MOST]}…"
        lines = tuple(line for paragraph in text.split("\n") for line in _broken(paragraph, self.font(), width))
        wide = width > 0 and any(metrics.horizontalAdvance(word) > width for word in re.split(r"[ \t\n]", text))
        if wide or len(self._said) > _MOST:
            return _Layout(lines, len(lines) * metrics.lineSpacing(), as_qt=False)
        return _Layout(lines, super().heightForWidth(width), as_qt=True)


def _broken(paragraph: str, font: QFont, width: int) -> Iterator[str]:
    """The lines of a paragraph. A word that is wider than they are is broken."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(paragraph, font)
    layout.setTextOption(option)
    units = paragraph.encode("utf-16-le", "surrogatepass")  # Qt counts these; an emoji has two
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        yield units[2 * start : 2 * (start + length)].decode("utf-16-le", "surrogatepass")
    layout.endLayout()
