"""Rows of the table of results as text for the clipboard: whole, and in the columns that somebody looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final

from mcgui_core.base.ranges import RangeSet
from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput
from mcgui_core.protocol.queries import CopiedRows
from mcgui_core.results.chosen_tasks import ChosenTasks
from mcgui_core.results.csv_writer import harmless, in_a_cell
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.results.plain_values import SAFE, cell, numbers_of_any_length, plain
from mcgui_core.results.table.column_store import cell_text
from mcgui_core.results.table.value_columns import parts
from mcgui_core.values.partial_unpickling import Unopened

#: Rows, and characters, that a clipboard takes without trouble.
MOST_ROWS: Final = 100_000
MOST_CHARACTERS: Final = 50_000_000
_TOO_MUCH: Final = (
    "This is too much for the clipboard. Export these rows to a file, or select fewer of them: {:,} at most."
)


def copied_rows(
    job: Job,
    tasks: Sequence[int],
    columns: Sequence[tuple[str, str]],
    exact: bool = False,
    decimal_comma: bool = False,
) -> CopiedRows:
    """The rows of these tasks below the heads of their columns, each a line of cells with tabs between.

    `columns` are titles of the table, each with what stands above it. Of a failed task it stands in the first column of
    its result why it failed. As spreadsheets read it: a cell of several lines has quotation marks, and what a
    spreadsheet would take for a formula an apostrophe in front; with `exact` it has none. Raises BadInput where it is
    too much.
    """
    if len(tasks) > MOST_ROWS:
        raise BadInput(_TOO_MUCH.format(MOST_ROWS))
    made = _Cells(columns, exact, decimal_comma)
    lines: dict[int, str] = {}
    size = 0
    with numbers_of_any_length():
        for index, argument, outcome in _read(job, RangeSet((task, task + 1) for task in tasks)):
            lines[index] = made.line(index, argument, outcome)
            size += len(lines[index])
            if size > MOST_CHARACTERS:
                raise BadInput(_TOO_MUCH.format(len(lines)))
    rows = [lines[task] for task in tasks if task in lines]
    return CopiedRows("\n".join([made.head, *rows]), len(rows), made.changed)


def _read(job: Job, tasks: RangeSet) -> Iterator[tuple[int, Any, Settled | None]]:
    reader = OutcomeReader()  # of its own: nobody waits for it
    for start, stop in ChosenTasks(tasks).spans():
        for first, last, settled in reader.between(job, start, min(stop, job.status.total)):
            for index, argument in enumerate(arguments_between(job, first, last), first):
                if index in tasks:
                    yield index, argument, settled.get(index)


class _Cells:
    """Makes the lines; `changed`: an apostrophe stands before some text."""

    def __init__(self, columns: Sequence[tuple[str, str]], exact: bool, decimal_comma: bool) -> None:
        self._titles = [title for title, _ in columns]
        self._outcome = next((title for title in self._titles if title.startswith("result")), "")
        self._exact, self._comma = exact, decimal_comma
        self.changed = False
        self.head = "\t".join(self._text(head) for _, head in columns)

    def line(self, index: int, argument: Any, task: Settled | None) -> str:
        found: dict[str, Any] = {**parts("argument", argument), "task": index}
        if task is not None:
            found |= {"node": task.node}
            failed = in_one_line(task.failure) if task.failure else ""
            found |= {self._outcome: failed, "error": failed} if failed else parts("result", task.value)
        return "\t".join(self._cell(found.get(title)) for title in self._titles)

    def _cell(self, value: Any) -> str:
        if isinstance(value, Unopened):
            return self._text(cell_text(value))
        try:
            found = plain(value)
            text = cell(found, " ")
        except Exception:  # noqa: BLE001 - the user's own value, which may raise anything, or have no place in a row
            return self._text(cell_text(value))
        if isinstance(found, int | float | Decimal | datetime | time):
            text = text.replace(".", ",") if self._comma and not isinstance(found, bool | int) else text
            if type(found) in SAFE:
                return text
        return self._text(text)

    def _text(self, text: str) -> str:
        text = utf8_text(text).replace("\0", "\\x00")  # Windows' clipboard ends there
        if not self._exact:
            safe = harmless(text, self._comma)
            self.changed |= safe is not text
            text = safe
        return in_a_cell(text)
