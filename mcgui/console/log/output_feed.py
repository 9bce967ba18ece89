"""What tasks printed, for the log: the latest that fits, then what comes, and on demand what was before."""

from __future__ import annotations

from collections import deque
from typing import Final

from PySide6.QtCore import QObject, Signal

from mcgui.background import Background
from mcgui.console.log.log_source import PIECES, OutputSource, Page
from mcgui_core.protocol.messages import TaskOutput
from mcgui_core.protocol.queries import OutputQuery

#: Pieces, and characters of them, that are kept here. The journal has the others.
KEPT: Final = 5000
KEPT_CHARACTERS: Final = 4_000_000
#: Pieces that a search brings before it stops and offers to go on.
ENOUGH: Final = 500
#: Full pages in a row after which what comes is too much to be read: then only the latest is fetched.
_BEHIND: Final = 4


class OutputFeed(QObject):
    """Holds the pieces that fit a query, the oldest first.

    Signals:
        replaced(): the pieces are others.
        added(tuple[TaskOutput, ...]): these came at the end.
        progressed(): a search went on: `searching`, `has_earlier`.
        heard(set[str]): nodes that printed what was fetched.
        trouble(str): they cannot be fetched.
    """

    replaced = Signal()
    added = Signal(object)
    progressed = Signal()
    heard = Signal(object)
    trouble = Signal(str)

    def __init__(self, background: Background, source: OutputSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._query: OutputQuery | None = OutputQuery()
        self._pieces: deque[TaskOutput] = deque()
        self._size = 0
        self._before: int | None = None  # where a search goes on, further back
        self._after = 0  # the latest piece that was looked at
        self._generation = 0
        self._wanted = 0  # pieces that the search under way is to bring
        self._tailing = False
        self._full = 0
        self.searching = False

    @property
    def pieces(self) -> tuple[TaskOutput, ...]:
        return tuple(self._pieces)

    @property
    def has_earlier(self) -> bool:
        """There is more in the journal that was not looked through."""
        return self._before is not None

    def ask(self, query: OutputQuery | None) -> None:
        """Hold what fits this query; None: nothing."""
        self._query = query
        self.start_over()
        if query is not None:
            self._search(None, ENOUGH)

    def start_over(self) -> None:
        """Hold nothing: another master is shown, or something else is wanted."""
        self._generation += 1
        self._pieces.clear()
        self._size, self._before, self._after, self._full = 0, None, 0, 0
        self.searching = self._tailing = False
        self.replaced.emit()

    def earlier(self) -> None:
        """Look further back."""
        if self._before is not None and not self.searching:
            self._search(self._before, ENOUGH)

    def look(self) -> None:
        """Fetch what has come since."""
        if self._query is None or self.searching or self._tailing:
            return
        self._tailing = True
        after, generation = self._after, self._generation
        self._background.run(
            lambda: self._source.output(after, PIECES),
            lambda pieces: self._on_tail(generation, pieces),
            lambda error: self._on_trouble(generation, error),
        )

    def _search(self, before: int | None, wanted: int) -> None:
        assert self._query is not None, "something is searched for"
        self.searching, self._wanted = True, wanted
        query, generation = self._query, self._generation
        # The very latest piece too, whatever it is: from there on, what comes is new.
        self._background.run(
            lambda: (
                self._source.find_output(OutputQuery(), None, 1)[0] if before is None else (),
                self._source.find_output(query, before, wanted),
            ),
            lambda found: self._on_found(generation, before, *found),
            lambda error: self._on_trouble(generation, error),
        )

    def _on_found(self, generation: int, before: int | None, latest: tuple[TaskOutput, ...], page: Page) -> None:
        if generation != self._generation:
            return
        found, self._before = page
        if before is None:
            self._after = latest[-1].seq if latest else 0
            found = tuple(piece for piece in found if piece.seq <= self._after)
        self.heard.emit({piece.node for piece in (*latest, *found)})
        self._pieces.extendleft(reversed(found))
        self._size += sum(len(piece.text) for piece in found)
        full = self._size > KEPT_CHARACTERS or len(self._pieces) > KEPT
        self.searching = False
        if found:
            self.replaced.emit()
        if self._before is not None and len(found) < self._wanted and not full:
            self._search(self._before, self._wanted - len(found))
        self.progressed.emit()

    def _on_tail(self, generation: int, pieces: tuple[TaskOutput, ...]) -> None:
        if generation != self._generation:
            return
        self._tailing = False
        if not pieces:
            self._full = 0
            return
        self.heard.emit({piece.node for piece in pieces})
        self._after = pieces[-1].seq
        self._full = self._full + 1 if len(pieces) == PIECES else 0
        if self._full >= _BEHIND:
            self.ask(self._query)
            return
        fitting = tuple(piece for piece in pieces if self._query is not None and self._query.fits(piece))
        self._pieces.extend(fitting)
        self._size += sum(len(piece.text) for piece in fitting)
        while len(self._pieces) > KEPT or self._size > KEPT_CHARACTERS:
            gone = self._pieces.popleft()
            self._size -= len(gone.text)
            self._before = gone.seq + 1
        if fitting:
            self.added.emit(fitting)
        if self._full:
            self.look()

    def _on_trouble(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self.searching = self._tailing = False
            self.trouble.emit(str(error))
