"""A row of sums right below a table, whose columns go where those of the table go."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from mcgui.console.tables.table_view import TableView, row_height
from mcgui.theme import Theme

#: Part of the height of a row of the table with which its words are whole.
_LEAST: Final = 0.85


class TotalRow(TableView):
    """Shows the one row of `model`, which has as many columns as the table `above`."""

    def __init__(
        self, above: TableView, model: QAbstractTableModel, theme: Theme, name: str, parent: QWidget, bar_width: int
    ) -> None:
        super().__init__(theme, name, parent, bar_width=bar_width)
        self.setModel(model)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(0)
        font = self.font()
        font.setWeight(QFont.Weight.Bold)
        self.setFont(font)
        self.stand_in(row_height())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(TableView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = above.horizontalHeader()
        head.sectionResized.connect(self._on_section_resized)
        head.sectionMoved.connect(self._on_section_moved)
        above.horizontalScrollBar().valueChanged.connect(self.horizontalScrollBar().setValue)

    @property
    def least_height(self) -> int:
        """Pixels without which it is not shown."""
        return round(_LEAST * row_height())

    def stand_in(self, room: int) -> None:
        """Be as high as a row of the table, or a little less where there are fewer pixels: it says more than nothing
        that is as high."""
        high = min(max(room, self.least_height), row_height())
        self.verticalHeader().setMinimumSectionSize(high)
        self.verticalHeader().setDefaultSectionSize(high)
        self.setFixedHeight(high)

    @Slot(int, int, int)
    def _on_section_resized(self, column: int, _before: int, width: int) -> None:
        self.setColumnHidden(column, width == 0)
        if width:
            self.setColumnWidth(column, width)

    @Slot(int, int, int)
    def _on_section_moved(self, _column: int, before: int, after: int) -> None:
        self.horizontalHeader().moveSection(before, after)
