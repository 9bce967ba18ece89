"""One line of the log, and which of them are wanted. No Qt in here."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from mcgui import format
from mcgui.console.log.terminal_codes import as_overwritten, without_escapes
from mcgui.plain_text import unturned
from mcgui_core.protocol.messages import TaskOutput
from mcgui_core.protocol.queries import OutputQuery

Kind = Literal["", "events", "out", "err"]  # "" is everything
#: Characters of one line that are shown; a file has all of them.
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in the window or in the cluster. `level` is one of logging's; `time` is since the epoch."""

    level: int
    time: float
    text: str


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which lines are wanted."""

    text: str = ""
    node: str = ""
    kind: Kind = ""
    job: int | None = None

    @property
    def output(self) -> OutputQuery | None:
        """Which of what tasks printed; None: nothing of it."""
        if self.kind == "events":
            return None
        return OutputQuery(self.text, self.node, self.kind, self.job)

    def fits(self, event: Event) -> bool:
        """Whether this event is wanted. Whom and what it is about stands in its sentence."""
        return (
            self.kind in ("", "events")
            and self.node in event.text
            and (self.job is None or re.search(rf"\b[Jj]ob {self.job}\b", event.text) is not None)
            and self.text.casefold() in event.text.casefold()
        )


def moment(seconds: float) -> str:
    """A time of day; of another day with its date. (By `time`: `datetime` took half the time of showing a log.)"""
    then, now = time.localtime(seconds), time.localtime(time.time())
    return time.strftime("%H:%M:%S" if then[:3] == now[:3] else "%Y-%m-%d %H:%M:%S", then)


def origin(piece: TaskOutput) -> str:
    """Where it was printed: "lab-3 · job 2 · task 17"."""
    stream = " · stderr" if piece.stream == "err" else ""
    return f"{unturned(piece.node)} · job {piece.job} · task {format.count(piece.index)}{stream}"


def readable(text: str) -> str:
    """As a terminal would leave it: without colours, and of a line that was written over only its last state.
    Nothing in it turns the others."""
    lines = unturned(without_escapes(text)).replace("\r\n", "\n").rstrip("\n").split("\n")
    shown = (as_overwritten(line) for line in lines)
    return "\n".join(line if len(line) <= LONGEST else f"{line[:LONGEST]} …" for line in shown)


def written(entry: Event | TaskOutput) -> str:
    """An entry as lines of a file, each with its time and origin, so that `grep` finds whole sentences."""
    when = datetime.fromtimestamp(entry.time).astimezone().isoformat(timespec="milliseconds")
    if isinstance(entry, Event):
        return "".join(f"{when}\t\t{line}\n" for line in entry.text.rstrip().split("\n"))
    where = f"{entry.node}\tjob {entry.job}\ttask {entry.index}\t{entry.stream}"
    return "".join(f"{when}\t{where}\t{line}\n" for line in entry.text.rstrip("\n").split("\n"))
