"""The axes of a sweep as a table that is typed into: a parameter, its values as a person writes them, how many."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from mcgui import format
from mcgui.plain_text import plain_tip
from mcgui_core.arguments.argument_source import Combine
from mcgui_core.arguments.sweep import Axes, count_of, read_axes
from mcgui_core.arguments.sweep_axis import axis_values, described
from mcgui_core.errors import ArgumentsInvalid

PARAMETER, VALUES, COUNT = range(3)
_HEADS: Final = ("Parameter", "Values", "Count")
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NONE: Final = QModelIndex()


class SweepAxesModel(QAbstractTableModel):
    """The axes, in the order in which they change: the last the fastest.

    Signals:
        changed(): an axis is different, or there is one more, or one less, or they stand in another order.
    """

    changed = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._axes: list[tuple[str, str]] = []
        self._counts: list[tuple[int | None, str]] = []  # count, or None and why there is none; and the values in words
        self._removed: list[tuple[int, tuple[str, str]]] = []  # row and axis of those that were removed, the last last

    @property
    def axes(self) -> Axes:
        return tuple(self._axes)

    def set_axes(self, axes: Axes) -> None:
        """Have these axes, in place of others."""
        self.beginResetModel()
        self._removed.clear()
        self._axes = list(axes)
        self._counts = [_counted(text) for _, text in axes]
        self.endResetModel()
        self.changed.emit()

    def add(self, name: str, values: str) -> int:
        """Add an axis as the last one. Returns its row."""
        row = len(self._axes)
        self._insert(row, (name, values))
        return row

    def _insert(self, row: int, axis: tuple[str, str]) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        self._axes.insert(row, axis)
        self._counts.insert(row, _counted(axis[1]))
        self.endInsertRows()
        self.changed.emit()

    def bring_back(self) -> int | None:
        """Put the axis that was removed last where it was. Returns its row; None where none was removed."""
        if not self._removed:
            return None
        row, axis = self._removed.pop()
        row = min(row, len(self._axes))
        self._insert(row, axis)
        return row

    def remove(self, row: int) -> None:
        """Remove an axis, which can be brought back."""
        self.beginRemoveRows(QModelIndex(), row, row)
        self._removed.append((row, self._axes[row]))
        del self._axes[row], self._counts[row]
        self.endRemoveRows()
        self.changed.emit()

    def move(self, row: int, by: int) -> bool:
        """Move an axis up (-1) or down (1). False where it stands at that end already."""
        other = row + by
        if not 0 <= other < len(self._axes):
            return False
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), other + 1 if by > 0 else other)
        self._axes.insert(other, self._axes.pop(row))
        self._counts.insert(other, self._counts.pop(row))
        self.endMoveRows()
        self.changed.emit()
        return True

    # What Qt asks

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._axes)

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return _HEADS[section]
        if orientation == Qt.Orientation.Horizontal and role == _Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == COUNT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() != COUNT else flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        count, words = self._counts[index.row()]
        column = index.column()
        if role in (_Role.DisplayRole, _Role.EditRole):
            if column == COUNT:
                return "?" if count is None else format.count(count)
            return self._axes[index.row()][column]
        if role == _Role.ToolTipRole:
            return plain_tip(words)
        if role == _Role.AccessibleTextRole and column == COUNT:
            return words if count is None else f"{format.count(count)} values"
        if role == _Role.TextAlignmentRole and column == COUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or not index.isValid() or index.column() == COUNT:
            return False
        row, axis = index.row(), list(self._axes[index.row()])
        axis[index.column()] = str(value).strip()
        if (axis[0], axis[1]) != self._axes[row]:
            self._axes[row] = (axis[0], axis[1])
            self._counts[row] = _counted(axis[1])
            self.dataChanged.emit(self.index(row, 0), self.index(row, COUNT))
            self.changed.emit()
        return True


def _counted(text: str) -> tuple[int | None, str]:
    try:
        values = axis_values(text)
    except ArgumentsInvalid as error:
        return None, str(error)
    return len(values), described(values)


def count_in_words(axes: Axes, combine: Combine) -> tuple[str, bool]:
    """How the count of a sweep comes about, such as "40 x 3 = 120 tasks", and whether it can be run."""
    try:
        found = read_axes(axes)
        count = count_of(found, combine)
    except ArgumentsInvalid as error:
        return str(error), False
    tasks = format.plural(count, "task")
    if combine == "product" and len(found) > 1:
        return f"{' × '.join(format.count(len(values)) for values in found.values())} = {tasks}", True  # noqa: RUF001
    return tasks, True
