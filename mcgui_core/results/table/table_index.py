"""The tasks of one job in columns, read as they come: arguments in their order, outcomes in that of their arrival."""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np

from mcgui_core.client.job import Job
from mcgui_core.protocol.messages import FINAL_STATES, TaskFailure
from mcgui_core.results.outcome_reader import arguments_between, in_one_line
from mcgui_core.results.table.column_limits import ENOUGH, MOST_IN_ALL
from mcgui_core.results.table.column_store import ColumnStore
from mcgui_core.results.table.filters import STATES
from mcgui_core.results.table.value_columns import spread, type_names, within
from mcgui_core.values import outcome_values
from mcgui_core.values.partial_unpickling import Refused
from mcgui_core.values.trust import Trust

#: Arguments that are read at once.
AT_ONCE: Final = 32_768
_DONE, _FAILED, _WAITING = range(3)


class TableIndex:
    """Not thread-safe. `states` has a number for each task: of STATES."""

    def __init__(self) -> None:
        self.states = np.zeros(0, np.uint8)
        self.version = 0  # goes up with each change
        self.refused = 0  # results that were not opened, because that may run code of a worker
        self.ended = False  # there will be no more
        self._columns: dict[str, ColumnStore] = {}
        # Of arguments and results that are shown by their parts: at which rows, and the names of their types.
        self._parted: dict[str, list[tuple[np.ndarray, list[str]]]] = {"argument": [], "result": []}
        self._node, self._error = ColumnStore("node", 0), ColumnStore("error", 0)
        self._arguments = 0  # that were read
        self._after = 0  # of the outcomes

    @property
    def total(self) -> int:
        return int(self.states.size)

    @property
    def read(self) -> int:
        """Tasks that are done or failed, as far as outcomes were read."""
        return int(np.count_nonzero(self.states != _WAITING))

    @property
    def titles(self) -> list[str]:
        """Of all columns, as they stand in the table."""
        own = [column.title for column in self._ordered()]
        return ["task", *own, *(["error"] if self._error.words else []), "node"]

    def column(self, title: str) -> ColumnStore:
        if title == "task":
            return ColumnStore.of_tasks(title, self.total)
        found = {"node": self._node, "error": self._error, **self._columns}.get(title)
        return found if found is not None else ColumnStore(title, self.total)

    def searched(self) -> list[ColumnStore]:
        return [*self._columns.values(), self._error, self._node]

    def _ordered(self) -> list[ColumnStore]:
        return sorted(self._columns.values(), key=lambda column: column.title.startswith("result"))

    # --- reading ------------------------------------------------------------------------------------------------

    def advance(self, job: Job, seconds: float) -> bool:
        """Read on, for so long at most. True where all that there is has been read."""
        deadline = time.monotonic() + seconds
        status = job.status
        if status.total > self.total:
            self._grow(status.total)
        while self._arguments < self.total:
            stop = min(self._arguments + AT_ONCE, self.total)
            found = arguments_between(job, self._arguments, stop)
            self._put("argument", slice(self._arguments, self._arguments + len(found)), found)
            self._arguments += len(found)
            if time.monotonic() >= deadline or not found:
                break
        while True:
            outcomes, ended = job.outcomes(self._after)
            for outcome in outcomes:
                self._take(outcome, job.trust)
                self._after = outcome.seq
            if not outcomes:
                self.ended = ended and status.state in FINAL_STATES and self._arguments >= self.total
                return self._arguments >= self.total
            if time.monotonic() >= deadline:
                return False

    def fill(self, start: int, arguments: list[Any], settled: dict[int, Any]) -> None:
        """A few rows alone, which begin with the task `start`: for a page that is read before all the others are."""
        self._place(0, start, arguments, settled)

    def append(self, arguments: list[Any], settled: dict[int, Any]) -> None:
        """Rows behind those that are there; `settled` by their place here."""
        self._place(self.total, 0, arguments, settled)

    def _place(self, at: int, start: int, arguments: list[Any], settled: dict[int, Any]) -> None:
        self._grow(at + len(arguments))
        self._put("argument", slice(at, at + len(arguments)), arguments)
        done = [index for index in sorted(settled) if settled[index].failure is None]
        self._settle(np.array(done, int) - start, [settled[index].value for index in done])
        if done:
            self._node.put(np.array(done, int) - start, [settled[index].node for index in done])
        for index, task in settled.items():
            if task.failure is not None:
                self._fail(index - start, task.failure, task.node)

    def _grow(self, total: int) -> None:
        self.states = np.concatenate([self.states, np.full(total - self.total, _WAITING, np.uint8)])
        for column in (*self._columns.values(), self._node, self._error):
            column.grow(total)
        self.version += 1

    def _take(self, outcome: Any, trust: Trust) -> None:
        self._grow(outcome.stop) if outcome.stop > self.total else None
        pairs = list(outcome_values.opened(outcome, trust))
        if pairs:
            indices = [index for index, _ in pairs]
            whole = indices[-1] - indices[0] == len(indices) - 1
            rows: Any = slice(indices[0], indices[-1] + 1) if whole else np.array(indices)
            self.refused += sum(isinstance(value, Refused) for _, value in pairs)
            self._settle(rows, [value for _, value in pairs])
            self._node.put(rows, [outcome.node] * len(pairs))
        for failure in outcome.failures:
            self._fail(failure.index, failure, outcome.node)
        self.version += 1

    def _settle(self, rows: Any, values: list[Any]) -> None:
        if not values:
            return
        if bool((self.states[rows] == _FAILED).any()):  # tried once more
            self._error.clear(rows)
        self.states[rows] = _DONE
        self._put("result", rows, values)

    def _fail(self, row: int, failure: TaskFailure, node: str) -> None:
        at = slice(row, row + 1)
        self.states[row] = _FAILED
        self._error.put(at, [in_one_line(failure)])
        self._node.put(at, [failure.node or node])

    def _put(self, side: str, rows: Any, values: list[Any]) -> None:
        numbers = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
        own = spread(side, values)
        if side in own and side not in self._columns and len(self._columns) < MOST_IN_ALL:
            self._columns[side] = ColumnStore(side, self.total)
            for parted, names in self._parted[side]:
                self._columns[side].put_names(parted, names)
        self._name_parted(side, numbers, values, own.get(side, ([], []))[0])
        for columns, is_within, most in ((own, False, MOST_IN_ALL), (within(own), True, ENOUGH)):
            for title, (places, items) in columns.items():
                column = self._columns.get(title)
                if column is None and len(self._columns) < most:
                    column = self._columns[title] = ColumnStore(title, self.total, is_within)
                if column is None or (is_within and not column.is_within):
                    continue
                column.is_within = is_within
                column.put(rows if places is None else numbers[places], items)

    def _name_parted(self, side: str, numbers: np.ndarray, values: list[Any], whole: list[int] | None) -> None:
        """In the column of those that are whole, others are not missing: they have the names of their types. `whole`
        are the places of the former, None for all."""
        if whole is None:
            return
        if whole:
            known = set(whole)
            parted = [at for at in range(len(values)) if at not in known]
            numbers, values = numbers[parted], [values[at] for at in parted]
        if side in self._columns:
            self._columns[side].put_names(numbers, type_names(values))
        else:
            self._parted[side].append((numbers, type_names(values)))

    def state(self, row: int) -> str:
        return STATES[self.states[row]]
