"""Results so large that they travel beside a node's reports: which goes next, and how many may wait.

A report that carried them would hold the node's next leases, and all that others wait for. Their leases stay held until
the master has them, and become late as others do: a wire may let small calls through and no large one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping

from mcgui_core.node.workload.outbox import REPORT_BYTES
from mcgui_core.protocol.messages import Outcome, Report, Stored

#: Bytes of results from which an outcome travels beside the reports.
LARGE = 256 << 10
#: Bytes that may wait for their turn, beside one outcome for each slot, before slots wait too.
MOST_WAITING = 16 << 20
#: Seconds after which a call may stand still: one for each slot has to do then, since others could run these tasks.
STALLED = 2.0


class LargeResults:
    """By number, in the order in which they came. Not thread-safe."""

    def __init__(self, urgency: Callable[[int], int], clock: Callable[[], float]) -> None:
        """`urgency` says the priority of a job."""
        self._urgency, self._clock = urgency, clock
        self.called = math.inf  # when the call began that is under way
        self._waiting: dict[int, tuple[Outcome, int]] = {}  # with the number of what was to be told before it
        self._serial = 0
        self.slots = 1

    def __len__(self) -> int:
        return len(self._waiting)

    @staticmethod
    def takes(outcome: Outcome) -> bool:
        """It travels in this way. What failed does not: whether that was told before a connection broke has to be known
        for sure, and a result counts once however often it is told."""
        if isinstance(outcome.values, Stored) or outcome.failures or outcome.missing:
            return False
        return len(outcome.values) >= LARGE

    def add(self, outcome: Outcome, behind: int) -> None:
        """A slot is done with it; it is told after all that a report has under numbers up to that one."""
        self._serial += 1
        self._waiting[self._serial] = outcome, behind

    def next(self, words: Mapping[int, int]) -> tuple[Report, tuple[int, ...]] | None:
        """What the next call brings, and its numbers: the most urgent job's first, as many as a report holds, or one.
        None where nothing can go. `words` says, by job, the first number of what is still to be told before."""
        found = [(n, o) for n, (o, behind) in self._waiting.items() if words.get(o.job, math.inf) > behind]
        found.sort(key=lambda entry: -self._urgency(entry[1].job))
        taken: list[int] = []
        size = 0
        for number, outcome in found:
            size += len(outcome.values)
            if taken and size > REPORT_BYTES:
                break
            taken.append(number)
        return (Report(tuple(self._waiting[n][0] for n in taken), beside=True), tuple(taken)) if taken else None

    def remove(self, numbers: Iterable[int]) -> None:
        """They are told."""
        for number in numbers:
            self._waiting.pop(number, None)  # it may have been dropped meanwhile

    def drop(self, jobs: Collection[int], before: int) -> None:
        """Nobody wants those of these jobs, but for leases from the number `before` on."""
        self.remove([n for n, (o, _) in self._waiting.items() if o.job in jobs and o.lease < before])

    def clear(self) -> None:
        """Nobody wants any."""
        self._waiting.clear()

    @property
    def full(self) -> bool:
        """More wait than may, so that slots wait too."""
        if len(self._waiting) <= self.slots:  # as nearly always
            return False
        room = MOST_WAITING if self._clock() < self.called + STALLED else 0
        return sum(len(outcome.values) for outcome, _ in list(self._waiting.values())[:-1]) >= room

    @property
    def kept(self) -> int:
        """How many wait without a slot that waits with them."""
        return len(self._waiting) - (self.slots if self.full else 0)

    def hold_up(self, job: int) -> bool:
        """No slot begins anything of this job: only what is more urgent than all that wait."""
        return self.full and self._urgency(job) <= max(self._urgency(o.job) for o, _ in self._waiting.values())
