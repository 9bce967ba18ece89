"""Outcomes opened: which task has which value. Only scripts and the workbench do this; the server never does."""

from __future__ import annotations

from collections.abc import Iterator, MutableSequence
from typing import Any

from mcgui_core.protocol.messages import Outcome
from mcgui_core.values import pickling
from mcgui_core.values.partial_unpickling import Unopened, unpickle_what_can_be


def values(outcome: Outcome) -> Iterator[tuple[int, Any]]:
    """(index, value) of each task whose result counts, ascending. Raises what opening them raises."""
    if outcome.accepted:
        yield from _numbered(outcome, _loaded(outcome))


def opened(outcome: Outcome) -> Iterator[tuple[int, Any]]:
    """As `values`, with Unopened in the place of a value that cannot be opened on this computer."""
    if not outcome.accepted:
        return
    try:
        found = _loaded(outcome)
    except Exception:  # noqa: BLE001 - opening a value of the user's may raise anything
        found = _salvaged(outcome)
    yield from _numbered(outcome, found)


def _count(outcome: Outcome) -> int:
    """How many values there have to be."""
    return outcome.stop - outcome.start - len(set(outcome.missing))


def _loaded(outcome: Outcome) -> list[Any]:
    """The values. Raises what opening them raises; ValueError where there are not as many as tasks: one more or less
    would shift all that come after it to other tasks."""
    lists = [_list(data, count) for count, data in pickling.parts(outcome.values, _count(outcome))]
    return lists[0] if len(lists) == 1 else [value for found in lists for value in found]


def _list(data: Any, count: int) -> list[Any]:
    found = pickling.loads(data)
    if type(found) is not list or len(found) != count:
        came = len(found) if type(found) is list else "none"
        raise ValueError(f"{count:,} results were due from this worker, and {came} came")
    return found


def _salvaged(outcome: Outcome) -> list[Any]:
    """What can be opened of the values, with Unopened in the place of what cannot."""
    try:
        parts = pickling.parts(outcome.values, _count(outcome))
    except ValueError as error:
        return [Unopened(error)] * _count(outcome)
    return [value for count, data in parts for value in unpickle_what_can_be(data, count)]


def _numbered(outcome: Outcome, found: list[Any]) -> Iterator[tuple[int, Any]]:
    if not outcome.missing and outcome.accepted == ((outcome.start, outcome.stop),):
        yield from enumerate(found, outcome.start)
        return
    missing = set(outcome.missing)
    indices = (index for index in range(outcome.start, outcome.stop) if index not in missing)
    for index, value in zip(indices, found, strict=True):
        if any(start <= index < stop for start, stop in outcome.accepted):
            yield index, value


def fill(target: MutableSequence[Any], outcome: Outcome) -> None:
    """Put the values of an outcome at their indices in a list as long as the job."""
    if not outcome.missing and outcome.accepted == ((outcome.start, outcome.stop),):
        target[outcome.start : outcome.stop] = _loaded(outcome)
        return
    for index, value in values(outcome):
        target[index] = value
