"""The look of our tables: no grid, a calm head, whole rows, and cells that hold bars and small lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QBrush, QFont, QKeySequence, QPainter, QPalette, QPen, QPolygonF, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mcgui.console.table_model import AnyIndex, Role, tone_colour
from mcgui.theme import Theme, Tone

ROW_HEIGHT = 28
_BAR_WIDTH = 60
_BAR_HEIGHT = 7
_GAP = 8
_AIR = 5  # with Qt's own margin of 3, what the style sheet gives the head
_MARGIN = 3
#: Pixels that a part which is there at all is shown with, so that 3 failures of a million can be seen.
_LEAST = 3.0


#: The arrow of the column that sorts stands above its title: beside it, there is no room in a narrow column.
_SHEET = """
QHeaderView::up-arrow, QHeaderView::down-arrow {
    subcontrol-position: top center; width: 9px; height: 7px; image: url(mcgui-icons:arrow-down.svg);
}
QHeaderView::up-arrow { image: url(mcgui-icons:arrow-up.svg); }
"""


class CellDelegate(QStyledItemDelegate):
    """Paints a cell; where the model gives a bar or a small line, with that in it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, bar_width: int = _BAR_WIDTH) -> None:
        super().__init__(parent)
        self._theme, self._bar_width = theme, bar_width

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        # Rows are selected, not cells: a frame around one cell of a selected row tells nothing.
        option.state &= ~QStyle.StateFlag.State_HasFocus
        option.decorationSize = QSize(14, 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        style = cell.widget.style()
        # The background first, from edge to edge; then the content, with air on both sides as in the head.
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, cell, painter, cell.widget)
        cell.rect = cell.rect.adjusted(_AIR, 0, -_AIR, 0)
        cell.state &= ~QStyle.StateFlag.State_Selected  # painted, and must not paint over a cell's own colour
        cell.backgroundBrush = QBrush()
        bar, spark = index.data(Role.BAR), index.data(Role.SPARK)
        if bar is None and spark is None:
            style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(cell.rect).adjusted(_MARGIN, 0, -_MARGIN, 0)
        if spark is not None:
            self._paint_spark(painter, area, spark)
        else:
            self._paint_bar(painter, area, bar)
            painter.setPen(cell.palette.color(QPalette.ColorRole.Text))
            painter.setFont(cell.font)
            area.setLeft(area.left() + self._bar_width + _GAP)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cell.text)
        painter.restore()

    def _paint_bar(self, painter: QPainter, area: QRectF, parts: tuple[tuple[float, Tone], ...]) -> None:
        top = area.center().y() - _BAR_HEIGHT / 2
        paint_bar(painter, QRectF(area.left(), top, self._bar_width, _BAR_HEIGHT), parts, self._theme)

    def _paint_spark(self, painter: QPainter, area: QRectF, points: tuple[float, ...]) -> None:
        most = max(points, default=0)
        if len(points) < 2 or most <= 0:
            return
        height, width = min(area.height() - 12, 14.0), area.width()
        low = area.center().y() + height / 2
        step = width / (len(points) - 1)
        line = QPolygonF(
            [QPointF(area.left() + i * step, low - value / most * height) for i, value in enumerate(points)]
        )
        painter.setPen(QPen(self._theme.colours.accent, 1))
        painter.drawPolyline(line)


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
        # Clipped to its own part of one whole rounded bar, so that the ends are round and the seams straight.
        painter.save()
        painter.setClipRect(QRectF(left, area.top(), width, area.height()))
        painter.drawRoundedRect(area, radius, radius)
        painter.restore()
        left += width


class TableView(QTableView):
    """A table as all of ours look. Ctrl+C copies the selected rows as text with tabs between the cells."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None, bar_width: int = _BAR_WIDTH) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(theme, self, bar_width))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab leaves the table, as it leaves any other control
        self.setCornerButtonEnabled(False)
        self.setStyleSheet(_SHEET)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setAccessibleName(f"Columns of {name}")
        self.verticalHeader().setAccessibleName(f"Rows of {name}")
        self.setFont(tabular(self.font()))
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy, context=Qt.ShortcutContext.WidgetShortcut)

    @Slot()
    def copy(self) -> None:
        """Put the selected rows on the clipboard."""
        model = self.model()
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = ("\t".join(str(model.index(row, c).data() or "") for c in range(model.columnCount())) for row in rows)
        QApplication.clipboard().setText("\n".join(lines))


def tabular(font: QFont) -> QFont:
    """The same font with figures of one width, so that numbers stand under each other."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
