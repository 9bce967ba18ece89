"""Writes the log to a file: what tasks printed, and what happened meanwhile. Blocks; called in threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mcgui.console.log.log_lines import Event, LogQuery, written
from mcgui.console.log.log_source import PIECES, OutputSource
from mcgui_core.protocol.messages import TaskOutput


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
