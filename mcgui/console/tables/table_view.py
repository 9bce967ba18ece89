"""The look of our tables: no grid, a calm head, whole rows. What is in a cell is painted by cell_delegate.py.

A row is seen whole or not at all. Qt shows the last one as far as there is room for it, and scrolled to the end, the
first one: a row of which one sees the feet of its letters tells nothing, and that there is more is told by the scroll
bar.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QStyleOptionHeader, QTableView, QWidget

from mcgui.console.parts.widget_shortcut import widget_shortcut
from mcgui.console.tables.cell_delegate import BAR_WIDTH, CellDelegate
from mcgui.scale import scaled
from mcgui.theme import Theme
from mcgui_core.base.ranges import RangeSet

_ROW_HEIGHT = 28
#: Pixels on both sides of a title, as the style sheet has them.
BESIDE_TITLE = 8


def row_height() -> int:
    """Pixels of a row of any of our tables."""
    return scaled(_ROW_HEIGHT)


class _Head(QHeaderView):
    """Titles, each of which ends within what is seen of its column. Where Qt does not shorten them, each of their lines
    is shortened by itself: Qt makes one of two lines that are whole below each other, and that one is not."""

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        super().initStyleOptionForIndex(option, section)
        if self.textElideMode() == Qt.TextElideMode.ElideNone:
            left = self.sectionViewportPosition(section)
            seen = min(left + self.sectionSize(section), self.viewport().width()) - max(left, 0)
            cut, room = Qt.TextElideMode.ElideRight, seen - 2 * BESIDE_TITLE
            lines = (self.fontMetrics().elidedText(line, cut, room) for line in option.text.split("\n"))
            option.text = "\n".join(lines)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        super().paintSection(painter, rect & self.viewport().rect(), section)


class TableView(QTableView):
    """A table as all of ours look. Ctrl+C copies the selected rows with their titles, with tabs between the cells.

    Attributes:
        copies: what does so instead, where cells show less than there is.
        columns_fit: somebody fits the columns into its width, so that it keeps no room for a scroll bar below them
            but while there is one.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None, bar_width: int = BAR_WIDTH) -> None:
        super().__init__(parent)
        self.copies: Callable[[], object] | None = None
        self.columns_fit = False
        self.setAccessibleName(name)
        self.delegate = CellDelegate(theme, self, bar_width)
        self.setItemDelegate(self.delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab leaves the table, as it leaves any other control
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height())
        head = _Head(Qt.Orientation.Horizontal, self)
        head.setSectionsClickable(True)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)  # of a long title the beginning says what it is
        self.setHorizontalHeader(head)
        # What is seen of a column decides what of its words is: Qt moves what it has painted.
        for sight in (self.viewport(), head.viewport()):
            self.horizontalScrollBar().valueChanged.connect(sight.update)
        head.setHighlightSections(False)
        head.setAccessibleName(f"Columns of {name}")
        self.verticalHeader().setAccessibleName(f"Rows of {name}")
        self.setFont(tabular(self.font()))
        widget_shortcut(QKeySequence.StandardKey.Copy, self, self.copy)

    def setSelectionModel(self, model: QItemSelectionModel) -> None:
        """Qt's head asks of each of its columns whether all rows of it are selected, and does not draw it differently
        where they are: with a million selected rows that takes 6 s. It is given a selection that is always empty."""
        head = self.horizontalHeader()
        super().setSelectionModel(model)
        for before in head.findChildren(QItemSelectionModel):
            before.deleteLater()
        head.setSelectionModel(QItemSelectionModel(model.model(), head))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.delegate.forget_widths()

    def minimumSizeHint(self) -> QSize:
        """With room for one row: Qt's says nothing of how high head and rows are, and where text is large, the row that
        is chosen was cut through."""
        hint, head, bar = super().minimumSizeHint(), self.horizontalHeader(), self.horizontalScrollBar()
        bar_policy = self.horizontalScrollBarPolicy()
        above = 0 if head.isHidden() else head.sizeHint().height()
        none = bar_policy == Qt.ScrollBarPolicy.ScrollBarAlwaysOff or (self.columns_fit and not bar.maximum())
        below = 0 if none else bar.sizeHint().height()
        return QSize(hint.width(), max(hint.height(), above + row_height() + below + 2 * self.frameWidth()))

    def updateGeometries(self) -> None:
        """No part of a row is seen: what is over of the height is left free below the last one. (Qt takes the margin
        away first; what follows from that comes here again before it goes on, and finds it set.)"""
        super().updateGeometries()
        margins, over = self.viewportMargins(), self._over()
        if over != margins.bottom():
            self.setViewportMargins(margins.left(), margins.top(), margins.right(), over)

    def _over(self) -> int:
        """Pixels below the last row that is seen whole."""
        rows = self.verticalHeader()
        high, room = rows.defaultSectionSize(), self.viewport().height() + self.viewportMargins().bottom()
        return room % high if high <= room < high * rows.count() else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The row that is chosen stays in sight, where something takes room of the table: details, or a message."""
        super().resizeEvent(event)
        if isinstance(painting := self.itemDelegate(), CellDelegate):  # a sweep's axes have one of their own
            painting.sight = self.viewport().width()
        index, place = self.currentIndex(), self.visualRect(self.currentIndex())
        if index.isValid() and 0 <= place.top() < event.oldSize().height() and place.bottom() >= event.size().height():
            across = self.horizontalScrollBar().value()
            self.scrollTo(index)
            self.horizontalScrollBar().setValue(across)

    def choose_row(self, row: int) -> None:
        """Select this row alone. (`selectRow` adds it to what is selected while the person holds Ctrl or Shift, as one
        does who has just pressed the keys of an action.)"""
        flag = QItemSelectionModel.SelectionFlag
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)

    def selected_rows(self) -> RangeSet:
        """The rows that are selected. Qt's own list of them takes 8 s for a million."""
        parts = self.selectionModel().selection()
        chosen = (parts.at(number) for number in range(parts.count()))
        return RangeSet((part.top(), part.bottom() + 1) for part in chosen if part.isValid())

    def columns_in_sight(self) -> list[int]:
        """Those that are not hidden, in their order."""
        head = self.horizontalHeader()
        return [column for column in map(head.logicalIndex, range(head.count())) if not head.isSectionHidden(column)]

    @Slot()
    def copy(self) -> None:
        """Put the selected rows on the clipboard: the columns that are seen, in their order, below their titles."""
        if self.copies is not None:
            self.copies()
            return
        from mcgui_core.results.csv_writer import harmless, in_a_cell  # here: the window shows before

        model, columns = self.model(), self.columns_in_sight()
        titles = (str(model.headerData(c, Qt.Orientation.Horizontal) or "") for c in columns)
        rows = (row for start, stop in self.selected_rows() for row in range(start, stop))
        lines = ("\t".join(in_a_cell(harmless(str(model.index(row, c).data() or ""))) for c in columns) for row in rows)
        QApplication.clipboard().setText("\n".join(["\t".join(titles), *lines]))


def tabular(font: QFont) -> QFont:
    """The same font with figures of one width, so that numbers stand under each other."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
