"""The tasks of a job with what became of them, window by window, however many there are."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.errors import McguiError
from mcgui_core.protocol.messages import Outcome, TaskFailure
from mcgui_core.values import outcome_values
from mcgui_core.values.partial_unpickling import Unopened
from mcgui_core.values.trust import Trust

#: Tasks that are fetched at once, at most.
TASKS_AT_ONCE = 4096
#: Bytes of outcomes at which fewer tasks are fetched at once, and below which more are.
BYTES_HIGH, BYTES_LOW = 16 << 20, 1 << 20
#: Outcomes, and their bytes, that are kept opened: the next window mostly lies in the same ones.
OPENED_KEPT, OPENED_BYTES = 64, 32 << 20


@dataclass(frozen=True, slots=True)
class Settled:
    """One task that has an outcome: a value, or a failure."""

    index: int
    value: Any
    failure: TaskFailure | None
    node: str
    trusted: bool = False  # its value was opened as it came


class OutcomeReader:
    """Reads the outcomes of jobs, and keeps the ones opened last. Not thread-safe."""

    def __init__(self) -> None:
        self._opened: OrderedDict[tuple[int, int], tuple[int, list[int], list[Any]]] = OrderedDict()

    def between(
        self, job: Job, start: int, stop: int, most: int = TASKS_AT_ONCE
    ) -> Iterator[tuple[int, int, dict[int, Settled]]]:
        """Windows that together cover `start` to `stop`, ascending: (start, stop, tasks that are settled).

        Large results make small windows, so that never much more than a few of them are in memory; small ones make
        windows of up to `most` tasks.
        """
        step = 256
        while start < stop:
            end = min(start + step, stop)
            outcomes, end = job.some_outcomes(start, end)
            yield start, end, self._window(outcomes, start, end, job.trust)
            size = sum(len(outcome.values) for outcome in outcomes)
            if size > BYTES_HIGH:
                step = max(1, step // 4)
            elif size < BYTES_LOW:
                step = min(most, step * 4)
            start = end

    def _window(self, outcomes: tuple[Outcome, ...], start: int, stop: int, trust: Trust) -> dict[int, Settled]:
        found: dict[int, Settled] = {}
        for outcome in sorted(outcomes, key=lambda outcome: outcome.seq):  # a retried task has a later one
            indices, values = self._open(outcome, trust)
            trusted = trust.trusts(outcome)
            first, last = bisect_left(indices, start), bisect_left(indices, stop)
            for index, value in zip(indices[first:last], values[first:last], strict=True):
                found[index] = Settled(index, value, None, outcome.node, trusted)
            for failure in outcome.failures:
                if start <= failure.index < stop:
                    found[failure.index] = Settled(failure.index, None, failure, failure.node or outcome.node)
        return found

    def _open(self, outcome: Outcome, trust: Trust) -> tuple[list[int], list[Any]]:
        key = (outcome.job, outcome.seq)
        if key in self._opened:
            self._opened.move_to_end(key)
            return self._opened[key][1:]
        pairs = list(outcome_values.opened(outcome, trust))
        indices, values = [index for index, _ in pairs], [value for _, value in pairs]
        self._opened[key] = (len(outcome.values), indices, values)
        while len(self._opened) > OPENED_KEPT or sum(entry[0] for entry in self._opened.values()) > OPENED_BYTES:
            self._opened.popitem(last=False)
        return indices, values


def arguments_between(job: Job, start: int, stop: int) -> list[Any]:
    """The arguments `start` to `stop`, as Unopened where they cannot be opened here."""
    try:
        return job.arguments(start, stop)
    except McguiError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        return [Unopened(error)] * (stop - start)


def in_one_line(failure: TaskFailure) -> str:
    """Why a task has no result: "ValueError: no such angle"."""
    lines = failure.message.strip().splitlines()
    message = lines[0] if lines else ""
    return f"{failure.type}: {message}" if failure.type and message else failure.type or message
