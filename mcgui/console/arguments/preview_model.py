"""The first arguments as a table: one row each, one column for each that the source has."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from mcgui import format
from mcgui.console.arguments.column_mapping import type_words
from mcgui.plain_text import plain_tip, unturned
from mcgui_core.protocol.messages import ArgumentsPreview

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NONE: Final = QModelIndex()
#: Columns that are shown; a file of thousands is no table for people.
MOST_COLUMNS: Final = 50


class PreviewModel(QAbstractTableModel):
    """The rows of a preview, each with its number in front."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._heads: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.fields: tuple[str, ...] = ()  # the columns as the file names them
        self.types: tuple[str, ...] = ()  # what they are read as, where that can be chosen

    def show_preview(self, preview: ArgumentsPreview | None, names: dict[str, str]) -> None:
        """Show this; `names` are the columns that are passed under another name ("" where one is left out)."""
        heads: tuple[str, ...] = ()
        fields: tuple[str, ...] = ()
        types: tuple[str, ...] = ()
        rows: tuple[tuple[str, ...], ...] = ()
        if preview is not None and preview.fields:
            fields, types = preview.fields[:MOST_COLUMNS], preview.types[:MOST_COLUMNS]
            heads = tuple(_head(field, names) for field in fields)
            if types:
                heads = tuple(f"{head}\n{type_words(type)}" for head, type in zip(heads, types, strict=True))
            rows = tuple(row[:MOST_COLUMNS] for row in preview.rows)
        elif preview is not None:
            heads, rows = ("Argument",), tuple((text,) for text in preview.first)
        if (heads, rows, fields) == (self._heads, self._rows, self.fields):
            return
        self.beginResetModel()
        self._heads, self._rows, self.fields, self.types = heads, rows, fields, types
        self.endResetModel()

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() or not self._heads else len(self._heads) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return "#" if section == 0 else unturned(self._heads[section - 1])
        if orientation == Qt.Orientation.Horizontal and role == _Role.TextAlignmentRole:
            return _aligned(right=section == 0 or self._is_numeric(section - 1))
        if orientation == Qt.Orientation.Horizontal and role == _Role.ToolTipRole and section and self.types:
            return plain_tip(
                f"{self.fields[section - 1]}: {type_words(self.types[section - 1])}. Press to have it read otherwise."
            )
        return None

    def _is_numeric(self, column: int) -> bool:
        return bool(self.types) and self.types[column] in ("integer", "number")

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == _Role.DisplayRole:
            return format.count(row) if column == 0 else self._rows[row][column - 1]
        if role == _Role.ToolTipRole and column:
            return plain_tip(self._rows[row][column - 1])
        if role == _Role.TextAlignmentRole:
            return _aligned(right=column == 0 or self._is_numeric(column - 1))
        return None


def _head(field: str, names: dict[str, str]) -> str:
    name = names.get(field, field)
    return field if name == field else f"{field} → {name}" if name else f"({field})"


def _aligned(right: bool) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
