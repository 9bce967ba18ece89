"""Which columns of the results are shown, and in which order: chosen by a menu, remembered for each function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu

from mcgui.console.results.result_source import Order
from mcgui.console.results.results_model import ResultsModel
from mcgui.console.tables.table_view import TableView
from mcgui.scale import scaled
from mcgui.settings import Settings

#: Pixels: of the first column, of the last, of a number (with all its digits), and of anything else.
_WIDTHS: Final = (76, 112, 158, 130)
#: With no more columns than these, the results get the width that is left.
_FEW: Final = 4
#: Functions of which the columns are remembered: the latest ones.
_REMEMBERED: Final = 50
#: Milliseconds after the last change before it is written down: a column that is dragged changes a hundred times.
_LATER: Final = 400


class ResultColumns(QObject):
    """`sort_wanted(object)`: an Order, from a click on a head or from the menu."""

    sort_wanted = Signal(object)

    def __init__(self, view: TableView, model: ResultsModel, settings: Settings | None) -> None:
        super().__init__(view)
        self._view, self._model, self._settings = view, model, settings
        self._function = ""
        self._hidden: set[str] = set()
        self._order: list[str] = []  # titles as somebody has arranged them
        self._arranging = False
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(_LATER)
        self._save_timer.timeout.connect(self.save)
        self.menu = QMenu(view)
        self.menu.setAccessibleName("Columns")
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._on_triggered)
        self._clicked = ""  # the title above which the menu was opened
        head = view.horizontalHeader()
        head.setMinimumSectionSize(scaled(72))
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._on_menu)
        head.sectionMoved.connect(self._on_moved)
        head.sortIndicatorChanged.connect(self._on_sorted)

    @property
    def titles(self) -> list[str]:
        """Of the columns that are shown, from left to right."""
        head = self._view.horizontalHeader()
        found = map(head.logicalIndex, range(head.count()))
        return [self._model.columns[at].title for at in found if not head.isSectionHidden(at)]

    @property
    def chosen(self) -> bool:
        """Somebody has chosen the columns, or their order."""
        return bool(self._hidden or self._order)

    def show_function(self, name: str) -> None:
        """The columns of the results of this function, as they were left."""
        if name == self._function:
            return
        self.save()
        self._function = name
        self._hidden, self._order = set(), []
        if self._settings is not None:
            self._hidden = set(self._settings.texts(f"results/columns/{name}/hidden"))
            self._order = self._settings.texts(f"results/columns/{name}/order")

    def arrange(self, order: Order) -> None:
        """There are other columns: show them as was chosen. Few take all the room, many are scrolled through."""
        self._arranging = True
        head, columns = self._view.horizontalHeader(), self._model.columns
        last = len(columns) - 1
        for place, at in enumerate(arranged([column.title for column in columns], self._order)):
            head.moveSection(head.visualIndex(at), place)
        for at, column in enumerate(columns):
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            kind = 0 if at == 0 else 1 if at == last else 2 if self._model.is_right(at) else 3
            title = self._view.fontMetrics().horizontalAdvance(self._model.title(at)) + scaled(36)
            self._view.setColumnWidth(at, max(scaled(_WIDTHS[kind]), min(title, scaled(260))))
            self._view.setColumnHidden(at, at > 0 and column.title in self._hidden)
        if last <= _FEW:
            head.setSectionResizeMode(last - 1, QHeaderView.ResizeMode.Stretch)
        self._arranging = False
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        """Mark the column by which the rows are sorted."""
        titles = [column.title for column in self._model.columns]
        at = titles.index(order[0]) if order is not None and order[0] in titles else -1
        down = order is not None and order[1]
        head = self._view.horizontalHeader()
        head.blockSignals(True)
        head.setSortIndicator(at, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        head.blockSignals(False)
        head.viewport().update()

    def choose(self, title: str, wanted: bool) -> None:
        """Show a column, or do not. The first stays."""
        self._hidden = self._hidden - {title} if wanted else self._hidden | {title}
        for at, column in enumerate(self._model.columns):
            if at and column.title == title:
                self._view.setColumnHidden(at, not wanted)
        self._save_timer.start()

    @Slot()
    def reset(self) -> None:
        """All columns, in their first order."""
        self._hidden, self._order = set(), []
        self.arrange(self._model.query.order)
        self._save_timer.start()

    def popup(self, where: QPoint, title: str = "") -> None:
        """Open the menu; `title` is that of the column that it was opened for."""
        self._clicked = title
        self.menu.popup(where)

    @Slot()
    def save(self) -> None:
        """Remember now."""
        if not self._save_timer.isActive():
            return
        self._save_timer.stop()
        if self._settings is None or not self._function:
            return
        known = [name for name in self._settings.texts("results/functions") if name != self._function]
        for name in known[: max(len(known) + 1 - _REMEMBERED, 0)]:
            self._settings.remove(f"results/columns/{name}")
        self._settings.set("results/functions", [*known, self._function][-_REMEMBERED:])
        self._settings.set(f"results/columns/{self._function}/hidden", sorted(self._hidden))
        self._settings.set(f"results/columns/{self._function}/order", self._order)

    @Slot()
    def _on_moved(self) -> None:
        if not self._arranging:
            head = self._view.horizontalHeader()
            self._order = [self._model.columns[head.logicalIndex(at)].title for at in range(head.count())]
            self._save_timer.start()

    @Slot(int, Qt.SortOrder)
    def _on_sorted(self, at: int, order: Qt.SortOrder) -> None:
        known = 0 <= at < len(self._model.columns)
        self.sort_wanted.emit((self._model.columns[at].title, order == Qt.SortOrder.DescendingOrder) if known else None)

    @Slot()
    def _fill(self) -> None:
        self.menu.clear()
        order = self._model.query.order
        if self._clicked:
            name = self._model.name(self._clicked)
            for label, way in ((f"Sort by {name}", False), (f"Sort by {name}, largest first", True)):
                self._add(label, (self._clicked, way)).setEnabled(order != (self._clicked, way))
            self._add("As the arguments were", None).setEnabled(order is not None)
            self.menu.addSeparator()
        for column in self._model.columns[1:]:
            action = self._add(self._model.name(column.title), column.title)
            action.setCheckable(True)
            action.setChecked(column.title not in self._hidden)
        self.menu.addSeparator()
        self._add("Reset the columns", "")

    def _add(self, label: str, data: Order | str) -> QAction:
        action = QAction(label.replace("&", "&&"), self.menu)
        action.setData((data,))
        self.menu.addAction(action)
        return action

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        (data,) = action.data()
        if isinstance(data, str) and data:
            self.choose(data, action.isChecked())
        elif isinstance(data, str):
            self.reset()
        else:
            self.sort_wanted.emit(data)

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        head = self._view.horizontalHeader()
        at = head.logicalIndexAt(where)
        self.popup(head.mapToGlobal(where), self._model.columns[at].title if at >= 0 else "")


def arranged(titles: Sequence[str], order: Sequence[str]) -> list[int]:
    """The places of `titles` in the order that somebody made of some; what is new stays behind what it is behind."""
    first, *rest = range(len(titles))
    ranks = {title: rank for rank, title in enumerate(order)}
    made = sorted((at for at in rest if titles[at] in ranks), key=lambda at: ranks[titles[at]])
    for at in rest:
        if titles[at] not in ranks:
            before = [place for place, one in enumerate(made) if one == at - 1]
            made.insert(before[0] + 1 if before else len(made) if at > 1 else 0, at)
    return [first, *made]
