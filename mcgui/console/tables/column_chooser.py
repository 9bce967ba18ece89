"""Which columns a table shows, in which order and how wide: chosen by a menu, and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from mcgui.console.tables.column_fitting import fitted
from mcgui.console.tables.table_model import Column
from mcgui.console.tables.table_view import TableView
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled, unscaled
from mcgui.settings import Settings

#: Milliseconds after the last change before it is written down: a column that is dragged changes a hundred times.
_LATER: Final = 400
#: Part of its first width that the column which gives way keeps.
_NARROW: Final = 0.6
#: Pixels that it keeps at any rate: a sign, and a word.
_SECTION: Final = 46  # what Qt gives it at least
_HEAD: Final = 18  # pixels at the sides of a title, as the style sheet has them
_WORD: Final = 110
#: Times its first width that a column may grow to for what is in it.
_MOST: Final = 2.5


class ColumnChooser(QObject):
    """Adds to a view's head a menu in which columns are switched on and off; the first column stays.

    The columns are fitted into the room (`column_fitting`): `wide` gets the width that is left; `dispensable` are
    hidden where it is too little, and `last` where even that does not do; but not once somebody has chosen by hand:
    then the table scrolls. A width that somebody gave a column stays, that of `wide` too, until the columns are reset;
    any other column of numbers is made as wide as the longest that was painted in it, and one of words where there is
    room to spare.
    `settings` is where the choice is kept, under `key`; None: nowhere.
    """

    def __init__(
        self,
        view: TableView,
        columns: Sequence[Column[Any]],
        *,
        wide: str,
        dispensable: Sequence[str] = (),
        last: Sequence[str] = (),
        settings: Settings | None = None,
        key: str = "",
    ) -> None:
        super().__init__(view)
        self._view, self._columns, self._settings, self._key = view, tuple(columns), settings, key
        self._wide, self._dispensable, self._last = wide, tuple(dispensable), tuple(last)
        self._widths = {column.title: column.width for column in self._columns}
        self._chosen = {column.title for column in self._columns if column.shown}
        self._first = frozenset(self._chosen)
        self._kept: set[str] = set()  # somebody wants to see these, room or not
        self._dragged: set[str] = set()  # somebody gave these their widths
        self._needed: dict[str, int] = {}  # pixels of the longest number
        self._words: dict[str, int] = {}  # ... and of the longest words
        self.follow(view)
        view.delegate.words_grew.connect(self._on_words_grew, Qt.ConnectionType.QueuedConnection)
        self._room = 0
        self._fitting = False
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(_LATER)
        self._save_timer.timeout.connect(self._on_settled)
        self._menu = QMenu(view)
        self._menu.setToolTipsVisible(True)
        self._menu.setAccessibleName("Columns")
        self._menu.aboutToShow.connect(self._fill)
        self._menu.triggered.connect(self._on_triggered)
        head = view.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._on_menu)
        head.setSectionsMovable(True)
        head.setFirstSectionMovable(False)
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(_SECTION)
        self._restore()
        view.columns_fit = True
        view.horizontalScrollBar().rangeChanged.connect(view.updateGeometry)
        head.sectionResized.connect(self._on_resized)
        head.sectionMoved.connect(self._save_later)
        head.sortIndicatorChanged.connect(self._save_later)

    def _restore(self) -> None:
        """What was remembered, or else the first columns."""
        head = self._view.horizontalHeader()
        if self._settings is not None and self._settings.has(f"{self._key}/shown"):
            known = {column.title for column in self._columns}
            self._chosen = {self._columns[0].title, *(known & set(self._settings.texts(f"{self._key}/shown")))}
            for number, column in enumerate(self._columns):
                usual = self._settings.number(f"{self._key}/width{number}", column.usual_width)
                self._widths[column.title] = scaled(usual)  # as large as the text is by now
            self._dragged = known & set(self._settings.texts(f"{self._key}/dragged"))
            order = [int(text) for text in self._settings.texts(f"{self._key}/order") if text.isdecimal()]
            if sorted(order) == list(range(len(self._columns))):
                for place, number in enumerate(order):
                    head.moveSection(head.visualIndex(number), place)
            by = self._settings.number(f"{self._key}/sorted_by", -1)
            if self._view.isSortingEnabled() and 0 <= by < len(self._columns):
                down = self._settings.flag(f"{self._key}/descending")
                self._view.sortByColumn(by, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        self._fit()

    @property
    def chosen(self) -> frozenset[str]:
        """Titles of the columns that are wanted."""
        return frozenset(self._chosen)

    @property
    def wide(self) -> Column[Any]:
        """The column that gets the width which is left."""
        return self._column(self._wide)

    def set_dispensable(self, titles: Sequence[str]) -> None:
        """Do without these where there is too little room, the first first."""
        if tuple(titles) != self._dispensable:
            self._dispensable = tuple(titles)
            self._fit()

    @property
    def by_hand(self) -> bool:
        """Somebody has chosen: then each of them is shown, also where it takes a scroll bar."""
        return self._chosen != self._first

    def choose(self, title: str, wanted: bool) -> None:
        """Show a column, or do not."""
        if title == self._columns[0].title:
            return
        self._chosen = self._chosen | {title} if wanted else self._chosen - {title}
        self._kept = self._kept | {title} if wanted else self._kept - {title}
        self._after()

    @Slot()
    def reset(self) -> None:
        """Show the first columns, in their first order and widths."""
        self._chosen, self._kept, self._dragged = set(self._first), set(), set()
        self._widths = {column.title: column.width for column in self._columns}
        head = self._view.horizontalHeader()
        for number in range(len(self._columns)):
            head.moveSection(head.visualIndex(number), number)
        self._after()

    def fit(self, room: int) -> None:
        """Arrange the columns in so many pixels."""
        self._room = room
        self._fit()

    def follow(self, view: TableView) -> None:
        """Give the columns the room that the numbers of this table need."""
        view.delegate.too_narrow.connect(self._on_too_narrow, Qt.ConnectionType.QueuedConnection)

    def follow_size(self) -> None:
        """Fit the columns into the view whenever that has another width."""
        self._view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self.fit(
                self._view.width() - self._view.verticalScrollBar().sizeHint().width()
            )  # it may come at any moment
        return super().eventFilter(watched, event)

    @Slot(int, int)
    def _on_too_narrow(self, number: int, needed: int) -> None:
        column = self._columns[number]
        if column.title not in self._dragged and column.title != self._wide:
            most = round(_MOST * column.width)
            self._needed[column.title] = max(self._needed.get(column.title, 0), min(needed, most))
            self._fit()

    @Slot(int, int)
    def _on_words_grew(self, number: int, needed: int) -> None:
        column = self._columns[number]
        self._words[column.title] = min(needed, round(_MOST * column.width))
        self._fit()

    def popup(self, where: QPoint | None = None) -> None:
        """Open the menu; None: at the head's left."""
        head = self._view.horizontalHeader()
        self._menu.popup(where if where is not None else head.mapToGlobal(QPoint(0, head.height())))

    @Slot()
    def save(self) -> None:
        """Remember now."""
        self._save_timer.stop()
        if self._settings is None:
            return
        head = self._view.horizontalHeader()
        self._settings.set(f"{self._key}/shown", [c.title for c in self._columns if c.title in self._chosen])
        self._settings.set(f"{self._key}/order", [str(head.logicalIndex(i)) for i in range(head.count())])
        self._settings.set(f"{self._key}/sorted_by", head.sortIndicatorSection())
        self._settings.set(f"{self._key}/descending", head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder)
        for number, column in enumerate(self._columns):
            self._settings.set(f"{self._key}/width{number}", unscaled(self._widths[column.title]))
        self._settings.set(f"{self._key}/dragged", sorted(self._dragged))

    def _after(self) -> None:
        self._fit()
        self._save_timer.start()

    def _fit(self) -> None:
        metrics = self._view.horizontalHeader().fontMetrics()
        titled = {title: metrics.horizontalAdvance(title) + _HEAD for title in self._widths}
        wanted = {title: max(width, self._needed.get(title, 0), titled[title]) for title, width in self._widths.items()}
        chosen = {
            title: self._widths[title] if title in self._dragged else width
            for title, width in wanted.items()
            if title in self._chosen
        }
        free = self._wide not in self._dragged
        usual = self.wide.width
        least = min(scaled(self.wide.least_width) or max(round(_NARROW * usual), scaled(_WORD)), usual)
        widths = fitted(
            chosen,
            self._room,
            wide=self._wide if free else "",
            usual=least if self._dragged else usual,  # a column that is dragged wider drives no other out of sight
            least=least,
            dispensable=self._without(self._dispensable) if free else (),
            last=self._without(self._last) if free else (),
            words={title: width for title, width in self._words.items() if title not in self._dragged},
            narrow={
                column.title: max(
                    scaled(column.least_width), titled[column.title], self._needed.get(column.title, 0), _SECTION
                )
                for column in self._columns
                if column.least_width and column.title not in self._dragged
            },
        )
        self._fitting = True
        for number, column in enumerate(self._columns):
            self._view.setColumnHidden(number, column.title not in widths)
            if column.title in widths:
                self._view.setColumnWidth(number, widths[column.title])
        self._fitting = False

    def _without(self, titles: Sequence[str]) -> list[str]:
        """Those of these columns that may be hidden."""
        return [] if self.by_hand else [title for title in titles if title not in self._kept]

    def _column(self, title: str) -> Column[Any]:
        return next(column for column in self._columns if column.title == title)

    @Slot(int, int, int)
    def _on_resized(self, number: int, _before: int, width: int) -> None:
        if not self._fitting and width:  # somebody dragged it
            title = self._columns[number].title
            self._widths[title] = width
            self._dragged.add(title)
            self._save_timer.start()

    @Slot()
    def _save_later(self) -> None:
        self._save_timer.start()  # not connected itself: the number of a column would be its interval

    @Slot()
    def _on_settled(self) -> None:
        """What the person has done is kept; and what they took from a column, or gave it, is the wide one's."""
        if QGuiApplication.mouseButtons():
            self._save_timer.start()  # still at it: nothing moves under the mouse
            return
        self.save()
        self._fit()

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        for number, column in enumerate(self._columns[1:], 1):
            action = QAction(column.title, self._menu)
            action.setCheckable(True)
            action.setChecked(not self._view.isColumnHidden(number))  # as one sees it, also where there is no room
            without = column.title in self._chosen and not action.isChecked()
            action.setToolTip(plain_tip(f"{column.tip}. There is no room for it now" if without else column.tip))
            action.setData(column.title)
            self._menu.addAction(action)
        self._menu.addSeparator()
        reset = QAction("Reset the columns", self._menu)
        reset.setToolTip("The first columns, in their first order and widths")
        self._menu.addAction(reset)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        if action.isCheckable():
            self.choose(str(action.data()), action.isChecked())
        else:
            self.reset()

    @Slot(QPoint)
    def _on_menu(self, where: QPoint) -> None:
        self.popup(self._view.horizontalHeader().mapToGlobal(where))
