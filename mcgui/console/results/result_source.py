"""Where the panel of results gets what it shows: the session's workbench. Blocks; called in threads."""

from __future__ import annotations

from typing import Protocol

from mcgui.console.master.session import Session
from mcgui_core.base.ranges import Range
from mcgui_core.protocol.queries import CopiedRows, Series, TableRow, TableState, TaskDetail

#: A column's title, and whether the largest comes first. None: as the tasks are.
Order = tuple[str, bool] | None


class ResultSource(Protocol):
    """What the panel asks. Each call raises McguiError where it cannot be answered."""

    def table(self, job: int, where: str, order: Order, seconds: float) -> TableState: ...

    def rows(self, job: int, view: int, start: int, count: int) -> tuple[TableRow, ...]: ...

    def copied_rows(
        self,
        job: int,
        view: int,
        rows: tuple[Range, ...],
        columns: tuple[tuple[str, str], ...],
        exact: bool,
        decimal_comma: bool,
    ) -> CopiedRows: ...

    def place(self, job: int, view: int, task: int) -> int | None: ...

    def detail(self, job: int, task: int) -> TaskDetail | None: ...

    def series(self, job: int, view: int, titles: tuple[str, ...], most: int) -> Series: ...

    def trust_workers(self) -> None: ...


class WorkbenchResults:
    """Asks the workbench of the session, whichever that is at the moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def table(self, job: int, where: str, order: Order, seconds: float) -> TableState:
        return self._session.bench.table(job, where, order, seconds)

    def rows(self, job: int, view: int, start: int, count: int) -> tuple[TableRow, ...]:
        return self._session.bench.table_rows(job, view, start, count)

    def copied_rows(
        self,
        job: int,
        view: int,
        rows: tuple[Range, ...],
        columns: tuple[tuple[str, str], ...],
        exact: bool,
        decimal_comma: bool,
    ) -> CopiedRows:
        return self._session.bench.copied_rows(job, view, rows, columns, exact, decimal_comma)

    def place(self, job: int, view: int, task: int) -> int | None:
        return self._session.bench.table_place(job, view, task)

    def detail(self, job: int, task: int) -> TaskDetail | None:
        return self._session.bench.detail(job, task)

    def series(self, job: int, view: int, titles: tuple[str, ...], most: int) -> Series:
        return self._session.bench.series(job, view, titles, most)

    def trust_workers(self) -> None:
        self._session.bench.trust_workers()
