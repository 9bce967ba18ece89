"""The log: what happened in this window and in the cluster, and what tasks printed, the newest at the end.

What tasks printed is in the master's journal, all of it; here is the part that was looked for, and what comes.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.log.log_header import LogHeader
from mcgui.console.log.log_lines import Event, LogQuery
from mcgui.console.log.log_saving import save
from mcgui.console.log.log_source import OutputSource
from mcgui.console.log.log_view import LogView
from mcgui.console.log.logging_relay import LoggingRelay
from mcgui.console.log.output_feed import OutputFeed
from mcgui.console.save_dialog import ask_where_to_save
from mcgui.theme import Theme
from mcgui_core.protocol.messages import Snapshot, TaskOutput

#: Events that are kept.
KEPT: Final = 5000
#: Seconds between an event and the moment at which it is seen, at most.
_ALIKE: Final = 5.0


class LogPanel(QWidget):
    """Shows what is written to it, what tasks print, and what the loggers `mcgui` and `mcgui_core` say.

    Signals: `trouble(str)`; `saved(str)`: a file was written, in a sentence.
    """

    trouble = Signal(str)
    saved = Signal(str)

    def __init__(
        self, background: Background, source: OutputSource, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._query = LogQuery()
        self._stale = True  # nothing was fetched yet, or of another master
        self.relay = LoggingRelay(self)
        self.relay.line.connect(self.write, Qt.ConnectionType.QueuedConnection)
        self.feed = OutputFeed(background, source, self)
        self.feed.replaced.connect(self._show_all)
        self.feed.added.connect(self._on_added)
        self.feed.progressed.connect(self._say)
        self.feed.trouble.connect(self.trouble)
        self.head = LogHeader(theme, self)
        self.feed.heard.connect(self.head.add_nodes)
        self.head.asked.connect(self._on_asked)
        self.head.copy_wanted.connect(self._on_copy)
        self.head.save_wanted.connect(self.save)
        self.head.earlier_wanted.connect(self.feed.earlier)
        self.text = LogView(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.head)
        layout.addWidget(self.text, 1)
        theme.changed.connect(self._show_all)

    def attach(self) -> None:
        """Show also what our loggers say."""
        self.relay.attach()

    def detach(self) -> None:
        self.relay.detach()

    def show_only(self, node: str) -> None:
        """Show all that this node said, and what is about it."""
        self.head.show_only(node)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer its nodes and jobs, and fetch what tasks have printed since the one before."""
        self.head.show_nodes(snapshot.nodes)
        self.head.show_jobs(snapshot.jobs)
        if not self.isVisible():
            return
        if self._stale:
            self._stale = False
            self.feed.ask(self._query.output)
        else:
            self.feed.look()

    def forget(self) -> None:
        """Another master is shown: what tasks printed is its own."""
        self._stale = True
        self.feed.start_over()
        self.head.forget_nodes()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._stale:
            self.feed.look()

    @Slot(int, float, str)
    def write(self, level: int, time: float, text: str) -> None:
        """Add an event. `level` is one of logging's; `time` is seconds since the epoch."""
        self.write_lines([(level, time, text)])

    def write_lines(self, lines: Iterable[tuple[int, float, str]]) -> None:
        """Add events that have just happened: (level, time, text) each."""
        events = [Event(*line) for line in lines]
        self._events.extend(events)
        self.text.add([event for event in events if self._query.fits(event)])
        self._say()

    def write_history(self, lines: Iterable[tuple[int, float, str]]) -> None:
        """Add what happened before: (level, time, text) each, but for what is here, as it was seen when it happened."""
        seen: dict[str, list[float]] = {}
        for event in self._events:
            seen.setdefault(event.text, []).append(event.time)
        told = (Event(*line) for line in lines)
        new = (event for event in told if all(abs(event.time - at) > _ALIKE for at in seen.get(event.text, ())))
        events = [*self._events, *new]
        self._events = deque(sorted(events, key=lambda event: event.time), maxlen=KEPT)
        self._show_all()

    @property
    def entries(self) -> tuple[Event | TaskOutput, ...]:
        """All that is shown, in the order of their times."""
        events = sorted((event for event in self._events if self._query.fits(event)), key=lambda event: event.time)
        return tuple(heapq.merge(events, self.feed.pieces, key=lambda entry: entry.time))

    @Slot()
    def _show_all(self) -> None:
        self.text.show_entries(self.entries)
        self._say()

    @Slot(object)
    def _on_added(self, pieces: tuple[TaskOutput, ...]) -> None:
        self.text.add(pieces)
        self._say()

    @Slot(object)
    def _on_asked(self, query: LogQuery) -> None:
        self._query = query
        if self._stale:
            self._show_all()
        else:
            self.feed.ask(query.output)
            self._say()

    @Slot()
    def _say(self) -> None:
        self.head.offer_earlier(self.feed.has_earlier and not self.feed.searching)
        count = len(self.feed.pieces) + sum(self._query.fits(event) for event in self._events)
        words = short = format.plural(count, "entry", "entries")
        if self.feed.searching:
            words = f"Searching, {words} so far"
        elif self.feed.has_earlier:
            words = f"The latest {words}"
        self.head.words.say(words, short=(short, format.count(count)))
        self.text.say_nothing_is_here(searched=self._query != LogQuery(), over=not self.feed.searching)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.text.exact)

    @Slot()
    def save(self) -> None:
        """Ask for a file, and write all that fits to it."""
        found = ask_where_to_save(self, "Save the log", "mcgui.log", "Log (*.log);;All files (*)")
        if found:
            self.save_to(found[0])

    def save_to(self, path: Path) -> None:
        """Write all that fits to a file, in the background; `saved` or `trouble` tells what came of it."""
        source, events, query = self._source, tuple(self._events), self._query
        self._background.run(
            lambda: save(source, events, query, path),
            lambda count: self.saved.emit(
                f"{format.plural(count, 'entry', 'entries')} of the log written to {path.name} in {path.parent}."
            ),
            lambda error: self._on_not_saved(path, error),
        )

    def _on_not_saved(self, path: Path, error: Exception) -> None:
        reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
        self.trouble.emit(f"The log was not written to {path}: {reason}. Choose a folder that you may write to.")
