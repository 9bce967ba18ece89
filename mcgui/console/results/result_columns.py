"""Which columns of the results are shown, and in which order: chosen by a menu, remembered for each function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHeaderView, QMenu

from mcgui.console.results.result_source import Order
from mcgui.console.results.results_model import ResultsModel
from mcgui.console.tables.table_view import TableView
from mcgui.plain_text import plain_button
from mcgui.scale import scaled
from mcgui.settings import Settings

#: Pixels of a column at least and at most, before somebody makes it narrower or wider, and around what is in it.
_LEAST: Final = 72
_MOST: Final = 260
_AIR: Final = 24
#: Rows that are in sight at most, and characters of which the width is of interest.
_SIGHT: Final = 100
_LONG: Final = 100
#: With no more columns than these, the results get the width that is left.
_FEW: Final = 4
#: Functions of which the columns are remembered: the latest ones.
_REMEMBERED: Final = 50
#: Milliseconds after the last change before it is written down: a column that is dragged changes a hundred times.
_LATER: Final = 400
#: Milliseconds for which somebody scrolls no further before the columns fit what is in sight.
_MOMENT: Final = 100


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
        self._set_by_hand: set[str] = set()  # titles of columns that somebody made narrower or wider
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
        head.setMinimumSectionSize(scaled(_LEAST))
        head.setTextElideMode(Qt.TextElideMode.ElideRight)  # of a long title the beginning says what it is
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._on_menu)
        head.sectionMoved.connect(self._on_moved)
        head.sectionResized.connect(self._on_resized)
        self._view.installEventFilter(self)
        self._fit_timer = QTimer(self)  # once the table has its new size, or shows the rows that it was scrolled to
        self._fit_timer.setSingleShot(True)
        self._fit_timer.timeout.connect(self.fit)
        self._view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
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
        for place, at in enumerate(arranged([column.title for column in columns], self._order)):
            head.moveSection(head.visualIndex(at), place)
        for at, column in enumerate(columns):
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            title = self._view.fontMetrics().horizontalAdvance(self._model.title(at)) + scaled(36)
            self._view.setColumnWidth(at, max(scaled(_LEAST), min(title, scaled(_MOST))))
            self._view.setColumnHidden(at, at > 0 and column.title in self._hidden)
        self._set_by_hand = set()
        self._arranging = False
        self.fit()
        self.show_order(order)

    @Slot()
    def fit(self) -> None:
        """Make columns wider in which something does not fit that is in sight, but for those that somebody has set. Of
        few columns, the results get the width that is left."""
        head, last = self._view.horizontalHeader(), len(self._model.columns) - 1
        if self._arranging or head.count() != last + 1:
            return
        self._arranging = True
        needed = {at: self._needed(at) for at in range(last + 1)}
        for at, width in needed.items():
            if self._fits_itself(at) and width > self._view.columnWidth(at):
                self._view.setColumnWidth(at, width)
        if 0 < last <= _FEW and self._fits_itself(last - 1):
            shown = [at for at in range(last) if at != last - 1 and not self._view.isColumnHidden(at)]
            others = sum(self._view.columnWidth(at) for at in [*shown, last])
            # What is not whole in the widest column is none in a narrower one, in which the others are in sight.
            least = needed[last - 1] if needed[last - 1] < scaled(_MOST) else scaled(_MOST) // 2
            room = others + least <= self._view.viewport().width()
            mode = QHeaderView.ResizeMode.Stretch if room else QHeaderView.ResizeMode.Interactive
            head.setSectionResizeMode(last - 1, mode)
            if not room:
                self._view.setColumnWidth(last - 1, needed[last - 1])
        self._arranging = False

    def _fits_itself(self, at: int) -> bool:
        return self._model.columns[at].title not in self._set_by_hand and not self._view.isColumnHidden(at)

    def _needed(self, at: int) -> int:
        """Pixels that a column needs for its title and for what is in sight, as far as that is known."""
        metrics, view = self._view.fontMetrics(), self._view
        first, end = max(view.rowAt(0), 0), view.rowAt(view.viewport().height())
        rows = range(first, min(first + _SIGHT, self._model.rowCount() if end < 0 else end + 1))
        texts = (self._model.known_text(row, at)[:_LONG] for row in rows)
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + scaled(_AIR)
        title = metrics.horizontalAdvance(self._model.title(at)) + scaled(36)
        return max(scaled(_LEAST), min(max(widest, title), scaled(_MOST)))

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self._fit_timer.start(0)
        return super().eventFilter(watched, event)

    @Slot(int, int, int)
    def _on_resized(self, at: int, _before: int, _now: int) -> None:
        pressed = bool(QApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        if pressed and not self._arranging and 0 <= at < len(self._model.columns):
            self._set_by_hand.add(self._model.columns[at].title)

    @Slot()
    def _on_scrolled(self) -> None:
        self._fit_timer.start(
            _MOMENT
        )  # not connected itself: it would wait as many milliseconds as there are rows above

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
        action = QAction(plain_button(label), self.menu)
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
