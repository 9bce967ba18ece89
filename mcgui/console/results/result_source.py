"""Where the panel of results gets what it shows: the session's workbench. Blocks; called in threads."""

from __future__ import annotations

from typing import Protocol

from mcgui.console.master.session import Session
from mcgui_core.protocol.queries import Found, Numbers, TableRow, TableState, TaskDetail

#: Seconds of work after which a search or a plot hears how far it is.
_LOOK = 0.4
#: The same for columns, which pages of rows may have to wait for.
_LOOK_AT_COLUMNS = 0.1


class ResultSource(Protocol):
    """What the panel asks. Each call raises McguiError where it cannot be answered."""

    def table(self, job: int) -> TableState: ...

    def rows(self, job: int, start: int, count: int) -> tuple[TableRow, ...]: ...

    def rows_of(self, job: int, tasks: tuple[int, ...]) -> tuple[TableRow, ...]: ...

    def detail(self, job: int, task: int) -> TaskDetail | None: ...

    def find(self, job: int, state: str, text: str, start: int) -> Found: ...

    def numeric_columns(self, job: int) -> tuple[str, ...]: ...

    def numbers(self, job: int, names: tuple[str, ...], start: int, stride: int) -> Numbers: ...


class WorkbenchResults:
    """Asks the workbench of the session, whichever that is at the moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def table(self, job: int) -> TableState:
        return self._session.bench.table(job, seconds=_LOOK_AT_COLUMNS)

    def rows(self, job: int, start: int, count: int) -> tuple[TableRow, ...]:
        return self._session.bench.table_rows(job, 0, start, count)

    def rows_of(self, job: int, tasks: tuple[int, ...]) -> tuple[TableRow, ...]:
        return self._session.bench.table_rows_of(job, tasks)

    def detail(self, job: int, task: int) -> TaskDetail | None:
        return self._session.bench.detail(job, task)

    def find(self, job: int, state: str, text: str, start: int) -> Found:
        return self._session.bench.find(job, state, text, start, _LOOK)

    def numeric_columns(self, job: int) -> tuple[str, ...]:
        return self._session.bench.numeric_columns(job)

    def numbers(self, job: int, names: tuple[str, ...], start: int, stride: int) -> Numbers:
        return self._session.bench.numbers(job, names, start, stride, _LOOK)
