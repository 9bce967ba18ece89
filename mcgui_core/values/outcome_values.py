"""Outcomes opened: which task has which value. Only scripts and the workbench do this; the server never does."""

from __future__ import annotations

from collections.abc import Iterator, MutableSequence
from itertools import chain
from typing import Any

from mcgui_core.protocol.messages import Outcome
from mcgui_core.values import pickling
from mcgui_core.values.partial_unpickling import Unopened
from mcgui_core.values.trust import EVERYBODY, Trust


def values(outcome: Outcome, trust: Trust = EVERYBODY) -> Iterator[tuple[int, Any]]:
    """(index, value) of each task whose result counts, ascending. Raises what opening them raises."""
    if outcome.accepted:
        yield from _numbered(outcome, _loaded(outcome, trust))


def opened(outcome: Outcome, trust: Trust = EVERYBODY) -> Iterator[tuple[int, Any]]:
    """As `values`, with Unopened in the place of a value that cannot be opened here, or is not."""
    if not outcome.accepted:
        return
    try:
        found = _listed(outcome, trust)
    except Exception:  # noqa: BLE001 - opening a value of the user's may raise anything
        found = _salvaged(outcome, trust)
    yield from _numbered(outcome, found)


def _count(outcome: Outcome) -> int:
    """How many values there have to be."""
    return outcome.stop - outcome.start - len(set(outcome.missing))


def _loaded(outcome: Outcome, trust: Trust) -> list[Any]:
    """The values. Raises what opening them raises, and NotAdmitted where that would run code of a worker's."""
    found = _listed(outcome, trust)
    if not trust.trusts(outcome):
        for value in found:
            if isinstance(value, Unopened):
                raise value.error
    return found


def _listed(outcome: Outcome, trust: Trust) -> list[Any]:
    """The values, with Refused where opening them would run code of a worker's. Raises what opening them raises;
    ValueError where there are not as many as tasks: one more or less would shift all that come after it to other
    tasks."""
    trusted = trust.trusts(outcome)
    parts = pickling.parts(outcome.values, _count(outcome))
    lists = [_sound(trust.load(data, count, trusted), count) for count, data in parts]
    return lists[0] if len(lists) == 1 else list(chain.from_iterable(lists))


def _sound(found: Any, count: int) -> list[Any]:
    if type(found) is not list or len(found) != count:
        came = len(found) if type(found) is list else "none"
        raise ValueError(f"{count:,} results were due from this worker, and {came} came")
    return found


def _salvaged(outcome: Outcome, trust: Trust) -> list[Any]:
    """What can be opened of the values, with Unopened in the place of what cannot."""
    try:
        parts = pickling.parts(outcome.values, _count(outcome))
    except (OSError, ValueError) as error:
        return [Unopened(error)] * _count(outcome)
    trusted = trust.trusts(outcome)
    return [value for count, data in parts for value in trust.load_what_can_be(data, count, trusted)]


def _numbered(outcome: Outcome, found: list[Any]) -> Iterator[tuple[int, Any]]:
    if not outcome.missing and outcome.accepted == ((outcome.start, outcome.stop),):
        yield from enumerate(found, outcome.start)
        return
    missing = set(outcome.missing)
    indices = (index for index in range(outcome.start, outcome.stop) if index not in missing)
    for index, value in zip(indices, found, strict=True):
        if any(start <= index < stop for start, stop in outcome.accepted):
            yield index, value


def fill(target: MutableSequence[Any], outcome: Outcome, trust: Trust = EVERYBODY) -> None:
    """Put the values of an outcome at their indices in a list, which reaches as far as the outcome starts, and then as
    far as it stops."""
    if not outcome.missing and outcome.accepted == ((outcome.start, outcome.stop),):
        target[outcome.start : outcome.stop] = _loaded(outcome, trust)
        return
    target.extend([None] * (outcome.stop - len(target)))
    for index, value in values(outcome, trust):
        target[index] = value
