"""Where the log gets what tasks printed. Blocks; called in threads."""

from __future__ import annotations

from typing import Final, Protocol

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
