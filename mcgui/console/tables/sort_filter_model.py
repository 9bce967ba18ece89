"""A table model that sorts and filters its rows itself, by their raw values.

A proxy of Qt's does the same, but asks Python for both values of each comparison, again with each batch: with 500 rows
that change four times a second, a window stutters. Here a batch of 500 rows is sorted in a millisecond, and what
people read does not jump about: while only numbers change, the order follows at most every `CALM` seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt

from mcgui.console.tables.table_model import Column, Item, Row, TableModel
from mcgui.theme import Theme

#: Seconds between two changes of the order that nobody asked for.
CALM: Final = 2.0


class ArrangedModel(TableModel[Item]):
    """Rows in the order of a column (`sort`), of those items that have the text of a filter in their words.

    `words(item)` is what a filter looks into.
    """

    def __init__(
        self,
        columns: Sequence[Column[Item]],
        key: Callable[[Item], Hashable],
        words: Callable[[Item], str],
        theme: Theme,
        parent: Any = None,
    ) -> None:
        super().__init__(columns, key, theme, parent)
        self._words = words
        self._all: tuple[Item, ...] = ()
        self._filter = ""
        self._by: tuple[int, bool] = (0, False)  # column, descending
        self._arranged = 0.0

    @property
    def all(self) -> tuple[Item, ...]:
        """Also those that the filter hides."""
        return self._all

    def apply(self, items: Iterable[Item], now: float) -> None:
        self._all = tuple(items)
        before = set(self._places)
        super().apply(self._passing(), now)
        if not before.issuperset(self._places) or not 0 <= now - self._arranged < CALM:
            self.arrange()

    def set_filter(self, text: str) -> None:
        """Show only what has this text in its words; "" shows all."""
        self._filter = text.strip().casefold()
        super().apply(self._passing(), self._now)
        self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self._columns):
            self._by = (column, order == Qt.SortOrder.DescendingOrder)
            self.arrange()

    def arrange(self) -> None:
        """Put the rows in order now."""
        self._arranged = self._now
        column, descending = self._by
        keys = [self._sort_key(row, column) for row in self._rows]
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=descending)
        if order != list(range(len(order))):
            self._permute(order)

    def _passing(self) -> tuple[Item, ...]:
        if not self._filter:
            return self._all
        return tuple(item for item in self._all if self._filter in self._words(item).casefold())

    def _sort_key(self, row: Row[Item], column: int) -> Any:
        order = self._columns[column].order
        if order is not None:
            return order(row.item, self._now)
        cell = self._made(row, column)
        return cell.text if cell.sort is None else cell.sort

    def _permute(self, order: list[int]) -> None:
        """Row `i` becomes what row `order[i]` was."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        self._rows = [self._rows[row] for row in order]
        self._number_rows()
        places = {row: place for place, row in enumerate(order)}
        self.changePersistentIndexList(before, [self.index(places[i.row()], i.column()) for i in before])
        self.layoutChanged.emit()
