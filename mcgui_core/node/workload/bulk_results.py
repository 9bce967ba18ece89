"""Large results of a node elsewhere, which travel beside its reports, in pieces: behind a report that carried them, the
next leases would wait, and what others wait for.

A result is told once the master has all of its bytes. They are kept here until it has acknowledged that: another master
may be in its place by then, which has none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from mcgui_core.protocol.messages import Chunk, Outcome, Report, Stored
from mcgui_core.protocol.messages.field_limits import MOST_FETCHED, MOST_TOLD

#: Bytes from which a result travels so. Of smaller ones, a report with several costs less, and is not long on its way.
BULK = 1 << 20
#: Bytes of results that may wait to travel while slots go on with their jobs. Beyond that, these tasks count as not
#: over yet, so that a node whose wire is slow does not fill its memory; tasks of other jobs run nevertheless.
MOST_WAITING = 128 << 20

Place = tuple[int, int, int]  # lease, first task, and the one after the last


class BulkResults:
    """In the order in which they came. Not thread-safe."""

    def __init__(self) -> None:
        self._waiting: dict[Place, Outcome] = {}  # that the master does not have yet
        self._come: dict[Place, int | None] = {}  # bytes of them that it has; None: it may have some
        self._brought: dict[Place, Outcome] = {}  # that it has, and has not acknowledged

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, outcome: Outcome) -> bool:
        """It travels in pieces from now on. False where it is small, or lies in the store: then nothing has changed."""
        if isinstance(outcome.values, Stored) or len(outcome.values) < BULK:
            return False
        self._waiting[_place(outcome)] = outcome
        return True

    def next(self, urgency: Callable[[int], int]) -> list[tuple[Outcome, int | None]]:
        """What is to travel next: of the most urgent job, the oldest first, each with how many bytes have come."""
        if not self._waiting:
            return []
        first = max((outcome.job for outcome in self._waiting.values()), key=urgency)
        found = [
            (outcome, self._come.get(place, 0)) for place, outcome in self._waiting.items() if outcome.job == first
        ]
        return found[:MOST_FETCHED]

    def came(self, outcome: Outcome, reached: int) -> Outcome | Chunk | None:
        """The master has so many bytes of it; -1: it wants none, since others have been quicker, say. Returns what is
        to be told of it now, if anything is."""
        place = _place(outcome)
        if self._waiting.get(place) is not outcome:
            return None  # nobody wants it any more
        size = len(outcome.values)
        if 0 <= reached < size:
            self._come[place] = reached
            return None
        del self._waiting[place]
        self._come.pop(place, None)
        if reached < 0:
            return Chunk(outcome.lease, outcome.job, outcome.start, outcome.stop, token=outcome.token)
        self._brought[place] = outcome
        return replace(outcome, values=Stored("", 0, size))

    def acknowledge(self, report: Report) -> None:
        """The master has taken this report."""
        if self._brought:
            for outcome in report.outcomes:
                self._brought.pop(_place(outcome), None)

    def start_over(self, keep: bool) -> None:
        """We have joined anew: what the master has, it says when it is asked."""
        self._waiting = {**self._brought, **self._waiting} if keep else {}
        self._brought.clear()
        self.refused()

    def refused(self) -> None:
        """Something could not be written: whether it can be by now is asked before bytes travel once more."""
        self._come = dict.fromkeys(self._waiting)

    def drop(self, jobs: Collection[int], before: int) -> None:
        """Results of these jobs are not wanted any more, but for leases from the number `before` on."""
        gone = [p for p, outcome in self._waiting.items() if outcome.job in jobs and outcome.lease < before]
        for place in gone:
            del self._waiting[place]
            self._come.pop(place, None)

    @property
    def leases(self) -> tuple[int, ...]:
        """Those of which results have not come yet."""
        if not self._waiting:  # as nearly always
            return ()
        return tuple(sorted({outcome.lease for outcome in self._waiting.values()}))[:MOST_TOLD]

    @property
    def tasks(self) -> tuple[dict[int, int], dict[int, int]]:
        """Of each lease, how many tasks are done and have not come; and how many of these count as not over yet, since
        too much waits before them."""
        found: dict[int, int] = {}
        held_back: dict[int, int] = {}
        size = 0
        for outcome in self._waiting.values():
            count = outcome.stop - outcome.start
            found[outcome.lease] = found.get(outcome.lease, 0) + count
            if size > MOST_WAITING:
                held_back[outcome.lease] = held_back.get(outcome.lease, 0) + count
            size += len(outcome.values)
        return found, held_back


def _place(outcome: Outcome) -> Place:
    return outcome.lease, outcome.start, outcome.stop
