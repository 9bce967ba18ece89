"""The first arguments as a table that unfolds, of which one can be chosen to be tried."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QVBoxLayout, QWidget

from mcgui.console.arguments.column_mapping import type_words
from mcgui.console.arguments.preview_model import PreviewModel
from mcgui.console.tables.table_view import BESIDE_TITLE, TableView, row_height
from mcgui.scale import scaled
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import COLUMN_TYPES
from mcgui_core.arguments.column_renaming import ColumnNames
from mcgui_core.protocol.messages import ArgumentsPreview

#: Rows and columns that are seen without scrolling, and pixels of a column at most.
_ROWS: Final = 5
_COLUMNS: Final = 5
_WIDEST: Final = 240
#: Pixels of air beside its words.
_AIR: Final = 12
_ACROSS: Final = Qt.Orientation.Horizontal


class PreviewRows(QWidget):
    """Hidden until it is unfolded by whoever has it.

    Signals:
        chosen(int): which argument the user selected; 0, the first, where none is.
        type_chosen(str, object): a column is to be read as a type; as it is found, for None.
    """

    chosen = Signal(int)
    type_chosen = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PreviewModel(self)
        self._fitted: list[int] = []
        self.view = TableView(theme, "The first arguments", self)
        self.view.setModel(self.model)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setToolTip("Select a row to try that one.")
        head = self.view.horizontalHeader()
        head.setStretchLastSection(True)
        head.setTextElideMode(Qt.TextElideMode.ElideNone)  # a title has two lines, each of which it shortens by itself
        head.sectionClicked.connect(self._on_head_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.model.modelReset.connect(self._on_reset)
        self.hide()

    def show_preview(self, preview: ArgumentsPreview | None, names: ColumnNames) -> None:
        """Show the rows of this preview, with columns passed under these names."""
        self.model.show_preview(preview, dict(names))

    @Slot()
    def _on_selected(self) -> None:
        rows = self.view.selectionModel().selectedRows()
        self.chosen.emit(rows[0].row() if rows else 0)

    @Slot(int)
    def _on_head_clicked(self, section: int) -> None:
        """Let the user say what the column is, in place."""
        if section and self.model.types:
            head = self.view.horizontalHeader()
            left = head.mapToGlobal(QPoint(head.sectionViewportPosition(section), head.height()))
            self.type_menu(section - 1).popup(left)

    def type_menu(self, column: int) -> QMenu:
        """What a column can be read as; it deletes itself once it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        field, now = self.model.fields[column], self.model.types[column]
        for type in COLUMN_TYPES:
            action = menu.addAction(type_words(type).capitalize())
            action.setCheckable(True)
            action.setChecked(type == now)
            action.setData(type)
        menu.addSeparator()
        menu.addAction("As found")
        menu.triggered.connect(lambda action: self.type_chosen.emit(field, action.data()))
        return menu

    @Slot()
    def _on_reset(self) -> None:
        head = self.view.horizontalHeader()
        head.setSectionsClickable(bool(self.model.types))
        wide = self.model.columnCount() > _COLUMNS
        bar = self.view.horizontalScrollBar().sizeHint().height() if wide else 0
        shown = min(max(self.model.rowCount(), 1), _ROWS)
        self.view.setFixedHeight(head.sizeHint().height() + shown * row_height() + bar + 2)
        self._fit_columns()
        self.chosen.emit(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._widths() == self._fitted:  # nobody has dragged one since
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Each as wide as its words, with some air as long as there is room for that."""
        count = self.model.columnCount()
        head = self.view.horizontalHeader()
        needed = [max(self._title_width(column), self.view.sizeHintForColumn(column)) for column in range(count)]
        air = min(max(self.view.viewport().width() - sum(needed), 0) // max(count, 1), _AIR)
        for column, pixels in enumerate(needed):
            head.resizeSection(column, min(pixels + air, scaled(_WIDEST)))
        self._fitted = self._widths()

    def _title_width(self, column: int) -> int:
        """Pixels with which a title is whole. Qt says those that it would have in bold type, and more."""
        words, title = self.view.horizontalHeader().fontMetrics(), str(self.model.headerData(column, _ACROSS))
        return max(map(words.horizontalAdvance, title.split("\n"))) + 2 * BESIDE_TITLE

    def _widths(self) -> list[int]:
        """Of all columns but the last, which has what is left."""
        return [self.view.columnWidth(column) for column in range(self.model.columnCount() - 1)]
