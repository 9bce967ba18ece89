"""What a node has to tell its master: small reports in one queue, and beside it the results too large for that."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from mcgui_core.node.workload.large_results import LargeResults
from mcgui_core.node.workload.outbox import Entry, Outbox
from mcgui_core.protocol.messages import Outcome, Report


class PendingReports:
    """Both, and how many outcomes the master knows to be kept here. Not thread-safe: who calls holds the workload's
    lock."""

    def __init__(self, urgency: Callable[[int], int], clock: Callable[[], float]) -> None:
        """`urgency` says the priority of a job."""
        self._clock = clock
        self.small = Outbox()
        self.large = LargeResults(urgency, clock)
        self.kept = 0  # small outcomes that the last report has not told
        self._kept_large = self._told_kept = 0  # what the last report told as kept, and the master has heard

    @property
    def to_tell(self) -> bool:
        """There is something for the next report, large results apart."""
        return bool(self.small) or self.large.kept != self._told_kept

    def add(self, entry: Entry) -> bool:
        """A slot has told this. True where it is a large result, to be brought beside the reports."""
        if isinstance(entry, Outcome) and self.large.takes(entry):
            self.large.add(entry, self.small.last)
            return True
        self.small.add(entry, self._clock())
        return False

    def next(self, until: float, first: Callable[[int], int | None]) -> tuple[Report, tuple[int, ...]]:
        """As `Outbox.next`, with how many outcomes stay here."""
        report, numbers = self.small.next(until, first)
        self.kept = self.small.outcomes_without(numbers)
        self._kept_large = self.large.kept
        kept = self.kept + self._kept_large
        return replace(report, kept=kept) if kept else report, numbers

    def acknowledge(self, numbers: tuple[int, ...]) -> None:
        """The master has heard the last report, which told these."""
        self.small.remove(numbers)
        self._told_kept = self._kept_large

    def next_large(self) -> tuple[Report, tuple[int, ...]] | None:
        """As `LargeResults.next`."""
        return self.large.next(self.small.first_words) if self.large else None

    def bring_next(self) -> tuple[Report, tuple[int, ...]] | None:
        """As `next_large`, where the call begins now."""
        self.large.called = self._clock()
        return self.next_large()

    def brought(self, numbers: tuple[int, ...]) -> None:
        """The master has these large results."""
        self.large.called = math.inf
        self.large.remove(numbers)
        self._told_kept = max(0, self._told_kept - len(numbers))  # so does the master

    def start_over(self, wanted: Callable[[Entry], bool], *, keep_large: bool) -> None:
        """We have joined (again): of small ones these are `wanted`, and the master knows of nothing that is kept."""
        self.small.keep(wanted)
        self._kept_large = self._told_kept = 0
        self.large.called = math.inf
        if not keep_large:
            self.large.clear()
