"""A table whose columns are declared as data, and which takes its rows in batches.

What a cell shows is made when it is first asked for, and kept until its row changes: of a thousand rows, only the few
that are on the screen cost anything. A batch tells (`dataChanged`) of those cells that look different now in the rows
that somebody has looked at, which is all that has to be painted anew; of all other rows that changed, in runs of
neighbours. What sorts and filters these rows without a proxy is arranged_model.py.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QColor, QIcon

from mcgui.icons import icon
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.theme import Theme, Tone

Item = TypeVar("Item")
AnyIndex = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """Roles beside Qt's own."""

    SORT = Qt.ItemDataRole.UserRole + 1  # the raw value that a column sorts by
    KEY = Qt.ItemDataRole.UserRole + 2  # what the row is: a node's or a job's id
    BAR = Qt.ItemDataRole.UserRole + 3  # shares of a bar: a tuple of (share from 0 to 1, tone)
    SPARK = Qt.ItemDataRole.UserRole + 4  # points of a small line


class Cell(NamedTuple):
    """One cell, ready to be painted."""

    text: str = ""
    sort: Any = None  # None: sorts by the text
    tone: Tone = ""
    sign: str = ""  # name of the icon in front, in the colour of `sign_tone`
    sign_tone: Tone = ""
    bar: tuple[tuple[float, Tone], ...] | None = None
    spark: tuple[float, ...] | None = None
    short: str = ""  # what is shown in place of the text where that would be cut
    tip: str = ""  # the last: nobody sees whether it has changed

    def looks_like(self, other: Cell) -> bool:
        """Painted and sorted, it is the same."""
        return self[:-1] == other[:-1]


class Row(Generic[Item]):
    """One row: its item, and the cells that somebody has asked for."""

    __slots__ = ("cells", "item", "seen")

    def __init__(self, item: Item, columns: int) -> None:
        self.item = item
        self.cells: list[Cell | None] = [None] * columns  # None: nobody has asked for it yet
        self.seen = False  # somebody has asked since it was last told that they changed


@dataclass(frozen=True)
class Column(Generic[Item]):
    """One column. `cell(item, now)` makes its cells; `now` is the master's clock, seconds since the epoch."""

    title: str
    cell: Callable[[Item, float], Cell]
    tip: str
    usual_width: int  # pixels, to begin with, where text has its usual size
    right: bool = False  # numbers stand on the right
    ages: bool = False  # changes with time alone: made anew each second
    least_width: int = 0  # pixels, as above, down to which it gives way before the table scrolls; 0: it does not
    shown: bool = True  # until somebody chooses other columns
    order: Callable[[Item, float], Any] | None = None  # what it sorts by, where that is quicker made than the cell

    @property
    def width(self) -> int:
        """Pixels, to begin with."""
        return scaled(self.usual_width)


_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


_Qt = Qt.ItemDataRole
#: The roles that `data` has an answer to.
_ANSWERED: Final = frozenset(
    int(role)
    for role in (
        _Qt.DisplayRole, _Qt.TextAlignmentRole, _Qt.ForegroundRole, _Qt.DecorationRole, _Qt.ToolTipRole,
        _Qt.AccessibleTextRole, *Role,
    )
)  # fmt: skip


class CellModel(QAbstractTableModel):
    """A model whose cells can be had whole: the delegate paints each from one look, in place of one a role."""

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        return Cell()

    def is_right(self, column: int) -> bool:
        """Whether it stands on the right, as numbers do."""
        return False

    def sign(self, cell: Cell) -> QIcon:
        """The icon of a cell that has a sign."""
        return QIcon()


class TableModel(CellModel, Generic[Item]):
    """Rows of `Item`, known by `key(item)`. New rows go to the end; a proxy sorts."""

    def __init__(
        self, columns: Sequence[Column[Item]], key: Callable[[Item], Hashable], theme: Theme, parent: Any = None
    ) -> None:
        super().__init__(parent)
        self._columns, self._key, self._theme = tuple(columns), key, theme
        self._now = 0.0
        self._rows: list[Row[Item]] = []
        self._places: dict[Hashable, int] = {}  # key -> number of the row
        self._icons: dict[tuple[str, Tone], QIcon] = {}
        theme.changed.connect(self._on_theme_changed)

    # What views ask

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Most of what a view asks has no answer here: fonts, brushes and sizes, of each cell.
        if role not in _ANSWERED or not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if self._columns[index.column()].right else _LEFT
            case Qt.ItemDataRole.ForegroundRole if cell.tone:
                return tone_colour(self._theme, cell.tone)
            case Qt.ItemDataRole.DecorationRole if cell.sign:
                return self.sign(cell)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(cell.tip or cell.text) or None  # names and errors of others
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._columns[index.column()].title}: {cell.text or cell.tip or 'empty'}"
            case Role.SORT:
                return cell.text if cell.sort is None else cell.sort
            case Role.KEY:
                return self._key(self._rows[index.row()].item)
            case Role.BAR:
                return cell.bar
            case Role.SPARK:
                return cell.spark
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(column.tip)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column.right else _LEFT
        return None

    # What panels ask

    @property
    def columns(self) -> tuple[Column[Item], ...]:
        return self._columns

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(row.item for row in self._rows)

    def item(self, row: int) -> Item:
        return self._rows[row].item

    def row_of(self, key: Hashable) -> int | None:
        return self._places.get(key)

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        looked_at = self._rows[row]
        looked_at.seen = True
        return self._made(looked_at, column)

    def is_right(self, column: int) -> bool:
        return self._columns[column].right

    def apply(self, items: Iterable[Item], now: float) -> None:
        """Make the table hold just these items: take out what is gone, change what changed, add what is new."""
        self._now = now
        fresh = {self._key(item): item for item in items}
        self._take_out(fresh.keys())
        self._change(fresh)
        self._add([item for key, item in fresh.items() if key not in self._places])

    def tick(self, now: float) -> None:
        """Make those cells anew that change with time alone."""
        self._now = now
        ageing = [number for number, column in enumerate(self._columns) if column.ages]
        unseen = []
        for place, row in enumerate(self._rows):
            if row.seen:
                self._renew(place, row, ageing)
                continue
            for number in ageing:
                row.cells[number] = None
            unseen.append(place)
        for number in ageing:
            self._tell(unseen, number, number)

    def _made(self, row: Row[Item], column: int) -> Cell:
        made = row.cells[column]
        if made is None:
            made = row.cells[column] = self._columns[column].cell(row.item, self._now)
        return made

    def _renew(self, place: int, row: Row[Item], columns: Iterable[int]) -> None:
        """Make the cells of a row anew that somebody has asked for, and tell of those that look different now."""
        for number in columns:
            before = row.cells[number]
            if before is None:
                continue
            row.cells[number] = None
            if not self._made(row, number).looks_like(before):
                row.seen = False  # until it is painted; if it never is, nobody looks at it any more
                self.dataChanged.emit(self.index(place, number), self.index(place, number))

    def _tell(self, places: Iterable[int], first_column: int, last_column: int) -> None:
        for first, last in runs(places):
            self.dataChanged.emit(self.index(first, first_column), self.index(last, last_column))

    def _take_out(self, staying: Iterable[Hashable]) -> None:
        kept = set(staying)
        gone = [place for place, row in enumerate(self._rows) if self._key(row.item) not in kept]
        # From the end, so that the numbers of those still to go stay true.
        for first, last in reversed(list(runs(gone))):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        if gone:
            self._number_rows()

    def _change(self, fresh: dict[Hashable, Item]) -> None:
        unseen = []
        for place, row in enumerate(self._rows):
            item = fresh[self._key(row.item)]
            if item == row.item:
                continue
            row.item = item
            if row.seen:
                self._renew(place, row, range(len(self._columns)))
            else:
                row.cells = [None] * len(self._columns)
                unseen.append(place)
        self._tell(unseen, 0, len(self._columns) - 1)

    def _add(self, items: list[Item]) -> None:
        if not items:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(items) - 1)
        for item in items:
            self._places[self._key(item)] = len(self._rows)
            self._rows.append(Row(item, len(self._columns)))
        self.endInsertRows()

    def _number_rows(self) -> None:
        self._places = {self._key(row.item): place for place, row in enumerate(self._rows)}

    def sign(self, cell: Cell) -> QIcon:
        """The icon in front of a cell that has one."""
        which = (cell.sign, cell.sign_tone)
        if which not in self._icons:
            self._icons[which] = icon(cell.sign, tone_colour(self._theme, cell.sign_tone))
        return self._icons[which]

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icons.clear()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))


class SortProxy(QSortFilterProxyModel):
    """Sorts by the raw values, and keeps the rows in which some cell holds the text that is typed in a filter."""

    def __init__(self, source: QAbstractTableModel, parent: Any = None) -> None:
        super().__init__(parent)
        self.setSortRole(Role.SORT)
        self.setFilterKeyColumn(-1)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setSourceModel(source)


def tone_colour(theme: Theme, tone: Tone) -> QColor:
    """The colour of a tone in the theme as it is now."""
    return getattr(theme.colours, tone or "text")


def runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as runs of neighbours, (first, last) each."""
    first = last = None
    for row in rows:
        if last is not None and row == last + 1:
            last = row
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = row
    if first is not None and last is not None:
        yield first, last
