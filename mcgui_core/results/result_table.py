"""The tasks of a job as a table: which columns there are, and its rows, however many.

A dict, a dataclass, a named tuple or a tuple is a column for each key, field or place, where all of them are of that
kind. To know that, they have to be looked through before the first row is written. A value of another kind ends the
look, so only what becomes several columns is read once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Final

from mcgui_core.base.ranges import RangeSet
from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.client.job import Job
from mcgui_core.protocol.messages import TaskFailure
from mcgui_core.results.chosen_tasks import ChosenTasks
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.results.export_notes import ExportNotes
from mcgui_core.results.export_progress import ExportProgress
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.results.plain_values import PLAINEST, Unsayable, fields, plain
from mcgui_core.values.partial_unpickling import Refused, Unopened
from mcgui_core.values.size_estimate import estimated_size

#: Arguments that are looked at together.
ARGUMENTS_AT_ONCE: Final = 32_768
#: Columns of arguments, or of results, at most: what has more keys than that is one column.
MOST_COLUMNS: Final = 1000
#: Characters, or bytes in memory, up to which an argument is short.
SHORT: Final = 10_000

_NOT_OPENED: Final = "Some arguments cannot be opened on this computer, and their cells are empty."
_REFUSED: Final = (
    "Some arguments were not opened, because that may run code of whoever sent them, and their cells are empty. Open "
    "them anyway (in the results, or by --trust-workers) if you trust the workers of this master."
)
_LEFT_OUT: Final = (
    "{} is left out, since it is the input itself and not only its name. Ask for all arguments to have it."
)
_NOT_SHOWN: Final = "Only the columns that are shown were written, without {}."
_REFUSED_RESULTS: Final = (
    "Some results were not opened, because that may run code of the workers that sent them; they stand as errors. Open "
    "them anyway (in the results, or by --trust-workers) if you trust those workers."
)
_UNOPENED_RESULTS: Final = (
    "Some results cannot be opened on this computer: their cells are empty, and 'error' says why."
)

_NUMBERS: Final = frozenset({bool, int, float, complex, type(None)})
_WHOLE: Final = frozenset({*_NUMBERS, str, bytes, list, set})

#: Of several columns: a key, a field's name, or a place in a tuple. None: the whole value is one column.
Key = str | int | None
#: Makes a cell of a value and the title of its column.
Change = Callable[[Any, str], Any]


class Misfit(Exception):
    """Results that the format cannot hold. The message says which, and why."""


@dataclass(frozen=True)
class Column:
    """One column of arguments or results."""

    title: str
    key: Key


class ResultTable:
    """Every task that has an outcome, in the order of the arguments.

    `written` and `results` count what the last pass gave: rows, and those among them that have a result.
    """

    def __init__(
        self,
        job: Job,
        options: ExportOptions,
        watch: ExportProgress,
        *,
        spread: bool = True,
        tuples: bool = True,
        failed: bool = True,
        chosen: ChosenTasks | None = None,
    ) -> None:
        """Looks through the job, or through the `chosen` tasks of it.

        `spread`: values may be several columns; `tuples`: tuples too. `failed`: tasks without a result are rows too.
        """
        self._job, self._watch, self._spread, self._tuples, self._failed = job, watch, spread, tuples, failed
        self._chosen = chosen
        self.options, self.notes = options, ExportNotes()
        self.written = self.results = 0
        self._looked = 0.0  # how much of the progress the look took
        self.arguments, self._left_out = self._argument_columns()
        self.outcomes = self._result_columns({"index", "error", *(column.title for column in self.arguments)})
        every = [
            "index",
            *(column.title for column in (*self.arguments, *self.outcomes)),
            *(["error"] if failed else []),
        ]
        self._picked = picked(every, options.columns)
        self.titles = [every[at] for at in self._picked]  # of all columns, as `rows` gives them
        self._wanted = frozenset(self.titles)
        left_out = [title for title in every if title not in self._wanted]
        for title in left_out:
            self.notes.add(_NOT_SHOWN, title)

    @property
    def total(self) -> int:
        """How many tasks the job has."""
        return self._job.status.total

    def rows(self, change: Change, only: RangeSet | None = None, end: float = 1.0) -> Iterator[list[Any]]:
        """The cells of each task. Arguments and results are what `change` makes of them and of the titles of their
        columns, such as `plain`; it may raise Unsayable.

        `only` these tasks, where others may have ended since they were looked at. Raises Misfit.
        """
        known = frozenset(column.key for column in self.arguments) | self._left_out
        known_results = frozenset(column.key for column in self.outcomes)
        for task, argument in self._tasks(end):
            if (task.failure is None or self._failed) and (only is None or task.index in only):
                row: list[Any] = [task.index]
                if self.arguments:
                    row += self._cells(task.index, self.arguments, known, argument, change)
                row += self._cells(task.index, self.outcomes, known_results, task.value, change)
                if self._failed:
                    row.append("" if task.failure is None else utf8_text(in_one_line(task.failure)))
                self._count(task)
                yield [row[at] for at in self._picked] if self.options.columns else row

    def records(self) -> Iterator[tuple[Settled, Any]]:
        """Each task with its argument, without what is left out of it: for files that have no columns."""
        for task, argument in self._tasks(1.0):
            self._count(task)
            yield task, self._without(argument)

    def plain(self, value: Any, title: str) -> Any:
        """The value in the kinds that files know; of which other types it was is noted. Raises Unsayable."""
        if type(value) in PLAINEST:
            return value
        changes: set[str] = set()
        found = plain(value, changes=changes)
        for change in sorted(changes):
            self.notes.add(f"{{}} {{has}} {change}.", title)
        return found

    # --- inside -------------------------------------------------------------------------------------------------

    def _tasks(self, end: float) -> Iterator[tuple[Settled, Any]]:
        if self._chosen is None:
            return self._all_tasks(end)
        chosen = self._chosen.tasks
        found = ((pair[0].index, pair) for pair in self._all_tasks(end) if pair[0].index in chosen)
        return self._chosen.arranged(found, self.in_place)

    def in_place(self) -> AbstractContextManager[None]:
        """For the time of a block, classes of the job's modules can be pickled by their names."""
        return self._job.code.in_place()

    def _all_tasks(self, end: float) -> Iterator[tuple[Settled, Any]]:
        self.written = self.results = 0
        begin, self._looked = self._looked, end
        total = self._job.status.total
        for first, last, settled in self._windows(total):
            self._watch.reached(begin + (end - begin) * first / total)
            wanted = bool(self.arguments) and bool(settled)
            arguments = arguments_between(self._job, first, last) if wanted else [None] * (last - first)
            for index in sorted(settled):
                yield self._opened(settled[index]), self._opened_argument(arguments[index - first])
        self._watch.reached(end)

    def _windows(self, total: int) -> Iterator[tuple[int, int, dict[int, Settled]]]:
        reader = OutcomeReader()
        for start, stop in [(0, total)] if self._chosen is None else self._chosen.spans():
            yield from reader.between(self._job, start, stop)

    def _count(self, task: Settled) -> None:
        self.written += 1
        self.results += task.failure is None

    def _opened(self, task: Settled) -> Settled:
        """One whose value cannot be opened here is as one that failed: no text takes the place of a result."""
        if not isinstance(task.value, Unopened):
            return task
        if isinstance(task.value, Refused):
            self.notes.add(_REFUSED_RESULTS)
            reason = f"was not opened: {task.value.reason}"
            return replace(task, value=None, failure=TaskFailure(task.index, "unpicklable", "", reason, ""))
        self.notes.add(_UNOPENED_RESULTS)
        reason = f"cannot be opened here: {task.value.reason}"
        return replace(task, value=None, failure=TaskFailure(task.index, "unpicklable", "", reason, ""))

    def _opened_argument(self, argument: Any) -> Any:
        if not isinstance(argument, Unopened):
            return argument
        self.notes.add(_REFUSED if isinstance(argument, Refused) else _NOT_OPENED)
        return None

    def _cells(self, index: int, columns: list[Column], known: frozenset[Key], value: Any, change: Change) -> list[Any]:
        found: dict[Key, Any] = {}
        column = columns[0]
        try:
            if column.key is None:
                return [change(value, column.title) if column.title in self._wanted else None]
            if value is not None:
                inside = self._parts(value)
                if inside is None or not inside.keys() <= known:
                    raise Misfit(f"task {index:,} ended while the file was written. Export again")
                found = inside
            cells = []
            for column in columns:
                wanted = column.title in self._wanted
                cells.append(change(found.get(column.key), column.title) if wanted else None)
            return cells
        except Unsayable as problem:
            raise Misfit(f"'{column.title}' of task {index:,} is {problem}, which has no place in it") from problem

    def _without(self, argument: Any) -> Any:
        if not self._left_out:
            return argument
        found = self._parts(argument) or {}
        kept = {key: item for key, item in found.items() if key not in self._left_out}
        if all(isinstance(key, str) for key in found):
            return kept
        # Of a tuple: the name of a file without its content is the name; of more, each stays in its place.
        return next(iter(kept.values())) if len(kept) == 1 else tuple(kept.get(place) for place in found)

    def _parts(self, value: Any) -> dict[Key, Any] | None:
        return parts(value, self._tuples)

    # What columns there are

    def _argument_columns(self) -> tuple[list[Column], set[Key]]:
        if self.options.arguments == "none":
            return [], set()
        keys = self._keys(self._all_arguments())
        left_out: set[Key] = set()
        if self.options.arguments == "short":
            for values in self._all_arguments():
                left_out |= self._long(values, keys, left_out)
        columns, taken = [], {"index", "result", "error"}
        for key in keys:
            title = "argument" if key is None else f"argument[{key}]" if isinstance(key, int) else utf8_text(key)
            columns.append(Column(_another(title if title not in taken else f"argument.{title}", taken), key))
        for column in columns:
            if column.key in left_out:
                self.notes.add(_LEFT_OUT, column.title)
        return [column for column in columns if column.key not in left_out], left_out

    def _result_columns(self, taken: set[str]) -> list[Column]:
        columns = []
        for key in self._keys(self._all_results()) if self._spread else [None]:
            title = (
                "result" if key is None else f"result[{key}]" if isinstance(key, int) else f"result.{utf8_text(key)}"
            )
            columns.append(Column(_another(title, taken), key))
        return columns

    def _all_arguments(self) -> Iterator[list[Any]]:
        total = self._job.status.total
        for start in range(0, total, ARGUMENTS_AT_ONCE):
            self._watch.reached(0.0)
            yield arguments_between(self._job, start, min(start + ARGUMENTS_AT_ONCE, total))

    def _all_results(self) -> Iterator[list[Any]]:
        total, chosen = self._job.status.total, self._chosen.tasks if self._chosen is not None else None
        for first, _, settled in self._windows(total):
            self._looked = 0.3 * first / total
            self._watch.reached(self._looked)
            found = [task for index, task in sorted(settled.items()) if chosen is None or index in chosen]
            yield [task.value for task in found if task.failure is None]

    def _keys(self, some: Iterable[list[Any]]) -> list[Key]:
        """The keys that are columns of these values; [None] where each is one cell."""
        found: dict[Key, None] = {}
        shape: int | str | None = None  # of the values so far: the length of tuples, or names
        for values in some:
            for value in values:
                if value is None or isinstance(value, Unopened):
                    continue
                inside = self._parts(value)
                if inside is None:
                    return [None]
                this = len(inside) if 0 in inside else "names"
                if (shape or this) != this or len(inside) > MOST_COLUMNS or len(found) > MOST_COLUMNS:
                    return [None]
                shape = this
                found.update(dict.fromkeys(inside))
        return list(found) or [None]

    def _long(self, values: list[Any], keys: list[Key], known: set[Key]) -> set[Key]:
        """Which of these columns have a long argument among these."""
        if _NUMBERS.issuperset(map(type, values)):
            return set()
        if keys == [None]:
            return {None} if not known and any(map(_is_long, values)) else set()
        found: set[Key] = set()
        for value in values:
            inside = self._parts(value) or {}
            found.update(key for key, item in inside.items() if type(item) not in _NUMBERS and _is_long(item))
        return found


def parts(value: Any, tuples: bool = True) -> dict[Key, Any] | None:
    """What is a column of its own in a value: of a dict with text as keys, a dataclass, a named tuple, or a tuple."""
    if type(value) in _WHOLE:
        return None
    if isinstance(value, dict):
        return value if all(isinstance(key, str) for key in value) else None
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return dict(enumerate(value)) if tuples and value else None
    return fields(value)  # type: ignore[return-value]  # a dict of fewer kinds of keys


def picked(titles: list[str], chosen: tuple[str, ...]) -> list[int]:
    """The places of the columns that are chosen, in their order. Those of an array, which are several in the table of
    results, are one in a file. The tasks' numbers come first; without a choice, all columns are as they are."""
    if not chosen:
        return list(range(len(titles)))
    found = [0]
    for title in chosen:
        of_arguments = title not in titles and title not in ("task", "node") and not title.startswith("result")
        for at, one in enumerate(titles):
            fits = title == one or title.startswith((f"{one}.", f"{one}[")) or (of_arguments and one == "argument")
            if at not in found and fits:
                found.append(at)
    return [*found, *(at for at, title in enumerate(titles) if title == "error" and at not in found)]


def _is_long(argument: Any) -> bool:
    if type(argument) in _NUMBERS or isinstance(argument, Unopened):
        return False
    if isinstance(argument, str):
        return len(argument) > SHORT
    if isinstance(argument, bytes | bytearray | memoryview) or estimated_size(argument) > SHORT:
        return True
    try:
        plain(argument)
    except Unsayable:
        return True
    return False


def _another(title: str, taken: set[str]) -> str:
    """The title, made different from those that are taken, and taken itself."""
    while title in taken:
        title += "_"
    taken.add(title)
    return title
