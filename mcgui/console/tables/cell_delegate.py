"""Paints the cells of our tables: text, a sign before it, a bar or a small line in it.

Qt's own painting asks the model for ten roles of each cell and sends each through the style sheet: 0.3 ms a cell, so
that a table of a hundred cells that changes four times a second costs a tenth of a processor. The cells of a CellModel
are painted here, from one look at the cell.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QBrush, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mcgui.console.tables.table_model import AnyIndex, Cell, CellModel, Role, SortProxy, tone_colour
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone

BAR_WIDTH = 60
#: Pixels that a bar has at any rate; and beside words that are whole.
_STUMP = 24
_BESIDE_WORDS = 40
_BAR_HEIGHT = 7
_GAP = 8
_SIGN = 14
_AIR = 5  # with Qt's own margin of 3, what the style sheet gives the head
_MARGIN = 3
#: Pixels that a part which is there at all is shown with, so that 3 failures of a million can be seen.
_LEAST = 3.0
#: Texts whose width is kept.
_REMEMBERED = 5000
_REMEMBERED_LINES = 200
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CellDelegate(QStyledItemDelegate):
    """Paints a cell; where the model gives a bar or a small line, with that in it.

    Attributes:
        sight: pixels of the width of the table in which cells are seen.

    Signals:
        too_narrow(int, int): this column would have to have so many pixels for a number in it to be whole.
        words_grew(int, int): and this one so many for the longest words that were painted in it.
    """

    too_narrow = Signal(int, int)
    words_grew = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None, bar_width: int = BAR_WIDTH) -> None:
        super().__init__(parent)
        self._theme, self._bar_width = theme, bar_width
        self.sight = 0
        self._sign, self._thick = scaled(_SIGN), scaled(1)
        self._widths: dict[str, int] = {}  # pixels of texts in the font of the table
        self._told: dict[int, int] = {}  # column -> pixels that it would have to have
        self._beside: dict[int, tuple[int, int]] = {}  # column -> pixels of the longest words beside its bars; in short
        self._lines = _Lines()

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        # Rows are selected, not cells: a frame around one cell of a selected row tells nothing.
        option.state &= ~QStyle.StateFlag.State_HasFocus
        option.text = unturned(option.text)
        option.decorationSize = QSize(self._sign, self._sign)
        if option.state & QStyle.StateFlag.State_Selected:
            # The colour of a state cannot be read on that of the selection; its word and its sign can.
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
                option.palette.setColor(role, self._theme.colours.text)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model, row = _source(index)
        if model is None:
            self._paint_by_style(painter, option, index)
            return
        cell = model.cell(row, index.column())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        area = option.rect.adjusted(_AIR + _MARGIN, 0, -_AIR - _MARGIN, 0)
        if cell.spark is not None:
            self._paint_spark(painter, QRectF(area), cell.spark)
            return
        short = False
        if cell.bar is not None:
            width, short = self._bar_beside(option, index.column(), cell, area.width())
            self._paint_bar(painter, QRectF(area), cell.bar, width)
            area.setLeft(area.left() + width + _GAP)
        if cell.sign:
            top = area.top() + (area.height() - self._sign) // 2
            model.sign(cell).paint(painter, QRect(area.left(), top, self._sign, self._sign))
            area.setLeft(area.left() + self._sign + _GAP - 1)
        text = unturned(cell.text)
        if text:
            # The colour of a state cannot be read on that of the selection; its word and its sign can.
            tone: Tone = "" if selected else cell.tone
            painter.setPen(tone_colour(self._theme, tone) if tone else self._theme.colours.text)
            painter.setFont(option.font)
            right = model.is_right(index.column())
            if (
                right
            ):  # a number may use air on its left before a part of it is cut off, but does not touch what is there
                area = area.adjusted(-_AIR, 0, 0, 0)
            missing = self._width(option, text) - area.width()
            if missing > 0 and (right or (cell.bar is not None and not cell.short)):
                self._tell(self.too_narrow, index.column(), option.rect.width() + missing)
            elif cell.bar is None or cell.short:
                spare = 0 if cell.bar is None else width - min(_BESIDE_WORDS, self._bar_width)
                self._tell(self.words_grew, index.column(), option.rect.width() + missing - spare)
            if short or (missing > 0 and cell.short):
                text = unturned(cell.short)
            self._write(painter, option, area, text, right=right)

    def _bar_beside(self, option: QStyleOptionViewItem, column: int, cell: Cell, room: int) -> tuple[int, bool]:
        """Pixels of a bar, and whether the words beside it are in short: the same all down a column, or neither bars
        nor words can be compared. A bar is shorter where the words have no room, down to a stump beside short ones."""
        if not cell.short:
            return self._bar_width, False
        before = self._beside.get(column, (0, 0))
        whole, short = max(before[0], self._width(option, cell.text)), max(before[1], self._width(option, cell.short))
        if (whole, short) != before:
            self._beside[column] = whole, short
            if isinstance(option.widget, QAbstractItemView):
                option.widget.viewport().update()  # those that were painted already
        if room - _GAP - whole >= min(_BESIDE_WORDS, self._bar_width):
            return min(room - _GAP - whole, self._bar_width), False
        return max(min(room - _GAP - short, self._bar_width), min(_STUMP, self._bar_width)), True

    def _tell(self, signal: SignalInstance, column: int, needed: int) -> None:
        if needed > self._told.get(column, 0):
            self._told[column] = needed
            signal.emit(column, needed)

    def _write(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str, *, right: bool) -> None:
        """Of a column that is partly out of sight, what is seen of a text ends in dots: 1.47 is another number than the
        1.4774 that it is the beginning of."""
        mode = Qt.TextElideMode.ElideRight
        if area.left() < 0 or area.right() >= self.sight:
            wide = min(self._width(option, text), area.width())
            left = area.right() + 1 - wide if right else area.left()
            if left < 0 or left + wide > self.sight:
                area = area & self._in_sight(area)
                mode = Qt.TextElideMode.ElideLeft if left < 0 and left + wide <= self.sight else mode
        painter.drawText(area, _RIGHT if right else _LEFT, self._fitting(option, text, area.width(), mode))

    def _in_sight(self, cell: QRect) -> QRect:
        """What is seen of a row, from edge to edge of the table."""
        return QRect(0, cell.top(), self.sight, cell.height())

    def _fitting(self, option: QStyleOptionViewItem, text: str, width: int, mode: Qt.TextElideMode) -> str:
        """As much of a text as there is room for."""
        return text if self._width(option, text) <= width else option.fontMetrics.elidedText(text, mode, width)

    def _width(self, option: QStyleOptionViewItem, text: str) -> int:
        """Pixels of a text. Most were painted before."""
        needed = self._widths.get(text)
        if needed is None:
            if len(self._widths) >= _REMEMBERED:
                self._widths.clear()
            needed = self._widths[text] = option.fontMetrics.horizontalAdvance(text)
        return needed

    def forget_widths(self) -> None:
        """The font is another one now."""
        self._widths.clear()
        self._told.clear()
        self._beside.clear()

    def _paint_by_style(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        style = cell.widget.style()
        # The background first, from edge to edge; then the content, with air on both sides as in the head.
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, cell, painter, cell.widget)
        cell.rect = cell.rect.adjusted(_AIR, 0, -_AIR, 0) & self._in_sight(cell.rect)
        cell.state &= ~QStyle.StateFlag.State_Selected  # painted, and must not paint over a cell's own colour
        cell.backgroundBrush = QBrush()
        bar = index.data(Role.BAR)
        if bar is not None:
            self._paint_bar(painter, QRectF(cell.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)), bar, self._bar_width)
            cell.rect.setLeft(cell.rect.left() + self._bar_width + _GAP)
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)

    def _paint_bar(self, painter: QPainter, area: QRectF, parts: tuple[tuple[float, Tone], ...], width: int) -> None:
        top = area.center().y() - _BAR_HEIGHT / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bar(painter, QRectF(area.left(), top, width, _BAR_HEIGHT), parts, self._theme)
        painter.restore()

    def _paint_spark(self, painter: QPainter, area: QRectF, points: tuple[float, ...]) -> None:
        if len(points) < 2 or max(points) <= 0:
            return
        height = min(area.height() - 12, 14.0)
        painter.save()
        painter.translate(area.left(), area.center().y() + height / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colours.accent, self._thick))
        painter.drawPolyline(self._lines.line(points, area.width(), height))
        painter.restore()


class _Lines:
    """Small lines that were drawn before: the points of one change once a second, and a table is painted more often."""

    def __init__(self) -> None:
        self._made: dict[tuple[tuple[float, ...], float, float], QPolygonF] = {}

    def line(self, points: tuple[float, ...], width: float, height: float) -> QPolygonF:
        """From its lower left corner, as high as its highest point."""
        key = (points, width, height)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= _REMEMBERED_LINES:
                self._made.clear()
            step, scale = width / (len(points) - 1), height / max(points)
            made = QPolygonF([QPointF(at * step, -value * scale) for at, value in enumerate(points)])
            self._made[key] = made
        return made


def _source(index: AnyIndex) -> tuple[CellModel | None, int]:
    """The model of ours that a cell is in, with its row there; None where it is another kind."""
    model, row = index.model(), index.row()
    if isinstance(model, SortProxy):
        row = model.mapToSource(index).row()
        model = model.sourceModel()
    return (model, row) if isinstance(model, CellModel) else (None, row)


def paint_bar(painter: QPainter, area: QRectF, parts: tuple[tuple[float, Tone], ...], theme: Theme) -> None:
    """A rounded bar of segments: (share from 0 to 1, tone) each, from the left, on an empty track."""
    radius = area.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colours.border)
    painter.drawRoundedRect(area, radius, radius)
    left = area.left()
    for share, tone in parts:
        if share <= 0:
            continue
        width = max(min(share, 1.0) * area.width(), _LEAST)
        painter.setBrush(tone_colour(theme, tone))
        if width >= area.width():
            painter.drawRoundedRect(area, radius, radius)
            return
        # Clipped to its own part of one whole rounded bar, so that the ends are round and the seams straight.
        painter.save()
        painter.setClipRect(QRectF(left, area.top(), width, area.height()))
        painter.drawRoundedRect(area, radius, radius)
        painter.restore()
        left += width
