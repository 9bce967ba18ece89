"""Two jobs argument by argument: what became of the same argument in the one and in the other, differences first."""

from __future__ import annotations

import hashlib
import math
import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput
from mcgui_core.protocol.queries import ComparedTask, Comparison
from mcgui_core.results.chosen_tasks import ChosenTasks
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between, in_one_line
from mcgui_core.results.plain_values import Unsayable, plain
from mcgui_core.results.result_table import Key, parts
from mcgui_core.results.table.column_store import cell_text
from mcgui_core.values.display import shown
from mcgui_core.values.partial_unpickling import Unopened

#: Tasks of both jobs together up to which they are compared: each takes about 200 bytes meanwhile.
MOST_TASKS: Final = 2_000_000
#: Rows that are shown, the differences first.
MOST_ROWS: Final = 2_000
#: Fields of a record whose differences are told.
FIELDS: Final = 3
#: Characters of a value that are kept to be compared; of a longer one, a digest is.
_SHORT: Final = 60


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same argument in both: its tasks, or None."""

    one: int | None
    other: int | None


def compare(one: Job, other: Job, most: int = MOST_ROWS) -> Comparison:
    """What differs between the outcomes of two jobs, as far as they have any.

    An argument that a job has more than once is compared the first time with the first, and so on. Raises BadInput for
    jobs of too many tasks.
    """
    total = one.status.total + other.status.total
    if total > MOST_TASKS:
        raise BadInput(f"The two jobs have {total:,} tasks. Up to {MOST_TASKS:,} are compared.")
    before = {key: (task, mark) for task, key, mark in _marked(one)}
    differ: list[_Pair] = []
    same: list[_Pair] = []
    only: list[_Pair] = []
    for task, key, mark in _marked(other):
        found = before.pop(key, None)
        if found is None:
            only.append(_Pair(None, task))
        else:
            (same if found[1] == mark else differ).append(_Pair(found[0], task))
    lost = [_Pair(task, None) for task, _ in before.values()]
    pairs = list(islice(chain(differ, lost, only, same), most))
    rows = _rows(one, other, pairs, len(differ))
    return Comparison(rows, len(differ), len(same), len(lost), len(only))


def _marked(job: Job) -> Iterator[tuple[int, Hashable, Hashable]]:
    """Each task: its argument, the how-manieth of its kind, and what became of it, as what can be compared."""
    times: dict[Hashable, int] = {}
    total = job.status.total
    for first, last, settled in OutcomeReader().between(job, 0, total):
        for task, argument in enumerate(arguments_between(job, first, last), first):
            mark = comparable(argument)
            time = times[mark] = times.get(mark, -1) + 1
            yield task, (mark, time) if time else mark, _outcome(settled.get(task))


def _outcome(task: Settled | None) -> Hashable:
    if task is None:
        return "waiting", ""
    return comparable(task.value) if task.failure is None else ("failed", in_one_line(task.failure))


def comparable(value: Any) -> Hashable:
    """What is the same for values that say the same, and short. 1, 1.0 and True say the same; nan is itself."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return "nan" if math.isnan(value) else float(value)
    if isinstance(value, Unopened):
        return "unopened", str(value)[:_SHORT]
    if isinstance(value, set | frozenset):
        value = sorted(map(shown, value))  # which come in another order from process to process
    try:
        said = plain(value)
        if type(said) in (bool, int, float):
            return comparable(said)
        text: bytes = repr(_ordered(said)).encode("utf-8", "surrogatepass")
    except Unsayable:
        text = _pickled(value)
    return text if len(text) <= _SHORT else hashlib.blake2b(text, digest_size=16).digest()


def _ordered(said: Any) -> Any:
    """Dicts are the same in whatever order their keys came."""
    if isinstance(said, dict):
        return {key: _ordered(said[key]) for key in sorted(said)}
    return [_ordered(item) for item in said] if isinstance(said, list) else said


def _pickled(value: Any) -> bytes:
    try:
        return pickle.dumps(value, 5)
    except Exception:  # noqa: BLE001 - the user's own value may raise anything
        return shown(value).encode("utf-8", "surrogatepass")


# What is shown


def _rows(one: Job, other: Job, pairs: list[_Pair], differing: int) -> tuple[ComparedTask, ...]:
    before = _values(one, (pair.one for pair in pairs))
    after = _values(other, (pair.other for pair in pairs))
    return tuple(
        _row(pair, before.get(pair.one), after.get(pair.other), number < differing) for number, pair in enumerate(pairs)
    )


def _values(job: Job, tasks: Iterable[int | None]) -> dict[int | None, tuple[Any, Settled | None]]:
    """The argument of each of these tasks, and what became of it."""
    chosen = ChosenTasks(RangeSet((task, task + 1) for task in tasks if task is not None))
    reader, found = OutcomeReader(), {}
    for start, stop in chosen.spans():
        for first, last, settled in reader.between(job, start, stop):
            for task, argument in enumerate(arguments_between(job, first, last), first):
                if task in chosen.tasks:
                    found[task] = argument, settled.get(task)
    return found  # type: ignore[return-value]  # a dict of fewer kinds of keys


def _row(
    pair: _Pair, one: tuple[Any, Settled | None] | None, other: tuple[Any, Settled | None] | None, differs: bool
) -> ComparedTask:
    known = one or other
    assert known is not None, "it was there a moment ago"
    difference, amount = "", None
    texts = _text(one), _text(other)
    if differs and one is not None and other is not None:
        difference, amount = _difference(one[1], other[1])
        if texts[0] == texts[1]:
            texts = _text(one, shown), _text(other, shown)
    return ComparedTask(
        cell_text(known[0]),
        -1 if pair.one is None else pair.one,
        -1 if pair.other is None else pair.other,
        *texts,
        "differs" if differs else "same" if one and other else "only",
        difference,
        amount,
    )


def _text(found: tuple[Any, Settled | None] | None, as_text: Callable[[Any], str] = cell_text) -> str:
    if found is None:
        return ""
    task = found[1]
    if task is None:
        return "not done"
    return as_text(task.value) if task.failure is None else in_one_line(task.failure)


def _difference(one: Settled | None, other: Settled | None) -> tuple[str, float | None]:
    if one is None or other is None:
        return "not done", None
    if one.failure is not None or other.failure is not None:
        return ("failed in both" if one.failure and other.failure else "failed" if other.failure else "mended"), None
    before, after = _number(one.value), _number(other.value)
    if before is not None and after is not None:
        return f"{after - before:+.6g}", float(after - before)
    return _fields_that_differ(one.value, other.value), None


def _number(value: Any) -> float | None:
    try:
        said = plain(value)
    except Unsayable:
        return None
    try:
        found = float(said) if type(said) in (int, float) else None
    except OverflowError:
        return None
    return found if found is not None and math.isfinite(found) else None


def _fields_that_differ(before: Any, after: Any) -> str:
    """Such as "loss: 0.5, 0.4; n: 3, 4"; "" where they are no records."""
    one, other = parts(before), parts(after)
    if one is None or other is None:
        return ""
    names = [name for name in {**one, **other} if not _same_field(name, one, other)]
    told = [f"{name}: {', '.join(_unlike(name, one, other))}" for name in names[:FIELDS]]
    more = f" and {len(names) - FIELDS} more" if len(names) > FIELDS else ""
    return "; ".join(told) + more


def _same_field(name: Key, one: dict[Key, Any], other: dict[Key, Any]) -> bool:
    """A field that one of them lacks is another than one that is None there."""
    return name in one and name in other and comparable(one[name]) == comparable(other[name])


def _unlike(name: Key, one: dict[Key, Any], other: dict[Key, Any]) -> list[str]:
    """The texts of a field that differs: of two arrays, a cell tells sizes and types only, which may be the same."""
    found = [record[name] for record in (one, other) if name in record]
    texts = list(map(cell_text, found))
    told = iter(texts if len(set(texts)) == len(texts) else map(shown, found))
    return [next(told) if name in record else "missing" for record in (one, other)]
