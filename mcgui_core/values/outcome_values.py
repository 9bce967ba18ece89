"""Outcomes opened: which task has which value. Only scripts and the workbench do this; the server never does."""

from __future__ import annotations

from collections.abc import Iterator, MutableSequence
from typing import Any

from mcgui_core.protocol.messages import Outcome
from mcgui_core.values import pickling
from mcgui_core.values.partial_unpickling import unpickle_what_can_be


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
        found = unpickle_what_can_be(outcome.values, _count(outcome))
    yield from _numbered(outcome, found)


def _count(outcome: Outcome) -> int:
    """How many values there have to be."""
    return outcome.stop - outcome.start - len(set(outcome.missing))


def _loaded(outcome: Outcome) -> list[Any]:
    """The values. Raises what opening them raises; ValueError where there are not as many as tasks: one more or less
    would shift all that come after it to other tasks."""
    found = pickling.loads(outcome.values)
    if type(found) is not list or len(found) != _count(outcome):
        count = len(found) if type(found) is list else "none"
        raise ValueError(f"{_count(outcome):,} results were due from this worker, and {count} came")
    return found


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
