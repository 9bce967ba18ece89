"""The rows of a table that are here, page by page: of a million, those that somebody looks at.

One page is on its way at a time and the one asked for last goes first, so that scrolling through a million rows fetches
what one stops at and not what one passed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mcgui.background import Background
from mcgui_core.protocol.queries import TableRow

#: Rows fetched at once: a few screens full.
PAGE: Final = 200
#: Pages that are kept.
KEPT: Final = 100
#: Milliseconds that are waited for the view to come to rest before a page is fetched.
_REST: Final = 25

Rows = tuple[TableRow, ...]


class RowPages(QObject):
    """`fetching(number)` gives what fetches a page, in a thread; None where there is no such page any more.

    Signals:
    arrived(number): this page is here. Also where it is out of date by now: as it is painted, it is asked for.
    trouble(Exception): it could not be fetched.
    """

    arrived = Signal(int)
    trouble = Signal(object)

    def __init__(
        self, background: Background, fetching: Callable[[int], Callable[[], Rows] | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background, self._fetching = background, fetching
        self._pages: OrderedDict[int, Rows] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._stale: set[int] = set()
        self._others: set[int] = set()  # pages with the rows that stood there before
        self._on_its_way: int | None = None  # the page that was asked for
        self._generation = 0  # answers to questions of an earlier one are dropped
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._ask)

    @property
    def at_rest(self) -> bool:
        """Nothing is on its way."""
        return not (self._wanted or self._on_its_way is not None or self._rest.isActive())

    def row(self, row: int) -> TableRow | None:
        """A row as far as it is here. What is not, or may have changed, is asked for."""
        number = row // PAGE
        # One that is on its way is not asked for a second time; if it is out of date, that shows when it is painted.
        if (number not in self._pages or number in self._stale) and number != self._on_its_way:
            self._wanted[number] = None
            self._wanted.move_to_end(number)
            if not self._rest.isActive() and self._on_its_way is None:
                self._rest.start()
        return self.known(row)

    def known(self, row: int) -> TableRow | None:
        """A row that is here; no other is asked for."""
        page = self._pages.get(row // PAGE, ())
        return page[row % PAGE] if row % PAGE < len(page) else None

    def is_another(self, row: int) -> bool:
        """What is here is still what stood in this row before `replace`."""
        return row // PAGE in self._others

    def clear(self) -> None:
        """Nothing that is here, or on its way, is wanted any more."""
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._stale.clear()
        self._others.clear()

    def replace(self) -> None:
        """What is here is shown until something else is here in its place."""
        self._generation += 1
        self._stale |= self._pages.keys()
        self._others |= self._pages.keys()

    def touch(self, number: int) -> None:
        """A page is not whole any more."""
        self._stale.add(number)

    def unfinished(self, count: int) -> list[int]:
        """The pages, of `count` rows in all, that are not whole or in which a task waits. They are fetched anew."""
        found = []
        for number, rows in self._pages.items():
            whole = len(rows) == min(PAGE, max(count - number * PAGE, 0))
            if number not in self._stale and not (whole and all(row.state == "done" for row in rows)):
                found.append(number)
        self._stale.update(found)
        return found

    @Slot()
    def _ask(self) -> None:
        """Fetch the page that was wanted last."""
        if not self._wanted or self._on_its_way is not None:
            return
        number, _ = self._wanted.popitem()
        # Of those that were passed on the way here, the latest few may still be in sight.
        while len(self._wanted) > 2:
            self._wanted.popitem(last=False)
        self._stale.discard(number)
        fetch, generation = self._fetching(number), self._generation
        if fetch is None:  # there are fewer rows than when it was asked for
            if self._wanted:
                self._rest.start()
            return
        self._on_its_way = number
        self._background.run(
            fetch,
            lambda rows: self._on_page(generation, number, rows),
            lambda error: self._on_trouble(generation, error),
        )

    def _on_page(self, generation: int, number: int, rows: Rows) -> None:
        self._on_its_way = None
        if generation == self._generation:
            self._pages[number] = rows
            self._others.discard(number)
            self._pages.move_to_end(number)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        self.arrived.emit(number)
        if self._wanted:
            self._rest.start()

    def _on_trouble(self, generation: int, error: Exception) -> None:
        self._on_its_way = None
        if generation == self._generation:
            self._wanted.clear()
            self.trouble.emit(error)
