"""Where the log gets what tasks printed, and how it is written to a file. Blocks; called in threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from mcgui.console.log.log_lines import Event, LogQuery, written
from mcgui.console.master.session import Session
from mcgui_core.protocol.messages import TaskOutput
from mcgui_core.protocol.queries import OutputQuery

Page = tuple[tuple[TaskOutput, ...], int | None]
#: Pieces that are asked for at once.
PIECES: Final = 1000


class OutputSource(Protocol):
    """What the log asks. Each call raises McguiError where it cannot be answered."""

    def output(self, after: int, limit: int) -> tuple[TaskOutput, ...]: ...

    def find_output(self, query: OutputQuery, before: int | None, limit: int) -> Page: ...


class ClusterOutput:
    """Asks the master of the session, whichever that is at the moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def output(self, after: int, limit: int) -> tuple[TaskOutput, ...]:
        return self._session.cluster.output(after, limit)

    def find_output(self, query: OutputQuery, before: int | None, limit: int) -> Page:
        return self._session.cluster.find_output(query, before, limit)


def save(source: OutputSource, events: tuple[Event, ...], query: LogQuery, path: Path) -> int:
    """Write all that fits the query to a file, whole or not at all. Returns the number of entries. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    count = 0
    try:
        with beside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            for entry in _entries(source, events, query):
                file.write(written(entry))
                count += 1
        beside.replace(path)
        return count
    finally:
        beside.unlink(missing_ok=True)


def _entries(source: OutputSource, events: tuple[Event, ...], query: LogQuery) -> Iterator[Event | TaskOutput]:
    """In the order of their times, as far as what was printed came in that order."""
    waiting = sorted((event for event in events if query.fits(event)), key=lambda event: event.time)
    wanted, after = query.output, 0
    while wanted is not None and (pieces := source.output(after, PIECES)):
        after = pieces[-1].seq
        for piece in filter(wanted.fits, pieces):
            while waiting and waiting[0].time <= piece.time:
                yield waiting.pop(0)
            yield piece
    yield from waiting
