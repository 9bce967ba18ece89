"""Outcomes opened: which task has which value. Only scripts and the workbench do this; the server never does."""

from __future__ import annotations

from collections.abc import Iterator, MutableSequence
from typing import Any

from mcgui_core import payloads
from mcgui_core.jobs import Outcome


def values(outcome: Outcome) -> Iterator[tuple[int, Any]]:
    """(index, value) of each task whose result counts, ascending."""
    if not outcome.accepted:
        return
    found = payloads.loads(outcome.values)
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
        target[outcome.start : outcome.stop] = payloads.loads(outcome.values)
        return
    for index, value in values(outcome):
        target[index] = value
