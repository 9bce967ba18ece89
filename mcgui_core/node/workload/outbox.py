"""What a node has to report: in which order, how much at a time, and what may wait for its neighbours.

A task that took a second is worth a message of its own, and 64,000 slots would send as many a second. So tasks of one
lease that follow each other and are done are told as one outcome (`_joined`); and where reports gather for long, those
that are done before their neighbours wait for these a while.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from mcgui_core.protocol.messages import Chunk, Outcome, Report, SlotDeath, Stored, TaskOutput, TaskStatus, Unfit
from mcgui_core.protocol.messages.field_limits import MOST_TOLD
from mcgui_core.values import pickling

#: Bytes of results that one report may carry, roughly.
REPORT_BYTES = 8 << 20
#: Characters that a task prints up to which its small pieces become one.
OUTPUT_JOINED = 16_000
#: Bytes of results up to which outcomes are joined with their neighbours, and which they have together at most.
SMALL_BYTES, JOINED_BYTES = 16 << 10, 128 << 10

Entry = Outcome | SlotDeath | Unfit | TaskOutput | TaskStatus | Chunk  # a chunk: to be given back


class Outbox:
    """Entries by number, in the order in which they came. Not thread-safe."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Entry, float]] = {}  # with the time at which it came
        self._serial = 0
        self._told = 0  # the number of the last entry that a report has told, perhaps in vain
        self._printed: dict[tuple[int, int], int] = {}  # job and task -> the number of what it printed last
        self.outcomes = self.tasks = 0  # how many of them, and of how many tasks
        self._words = 0  # entries of what tasks said
        self.text = 0  # characters that tasks printed
        self.size = 0  # bytes of results and failures, roughly

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entry, _ in self._entries.values())

    @property
    def oldest(self) -> float:
        """When what has been here longest came; long ago, where there is nothing."""
        return next((since for _, since in self._entries.values()), float("-inf"))

    def add(self, entry: Entry, now: float) -> None:
        if isinstance(entry, TaskOutput) and self._goes_on(entry):
            return
        self._serial += 1
        self._entries[self._serial] = entry, now
        self._count(entry, 1)

    def remove(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            entry, _ = self._entries.pop(number, (None, 0.0))  # it may have been dropped meanwhile
            self._count(entry, -1)
            if isinstance(entry, TaskOutput) and self._printed.get((entry.job, entry.index)) == number:
                del self._printed[entry.job, entry.index]

    def keep(self, wanted: Callable[[Entry], bool]) -> None:
        """Forget all others."""
        self.remove([number for number, (entry, _) in self._entries.items() if not wanted(entry)])

    def take_doubtful(self) -> list[Entry]:
        """What was told, perhaps in vain, and would count twice if it was not: all but results and what tasks printed.
        Of that, outcomes are still told, for what they count then, and all else is not."""
        numbers = [n for n, (entry, _) in self._entries.items() if n <= self._told and not _counts_once(entry)]
        doubtful = [self._entries[number][0] for number in numbers]
        self.remove(n for n, entry in zip(numbers, doubtful, strict=True) if not isinstance(entry, Outcome))
        return doubtful

    def next(self, until: float, first: Callable[[int], int | None]) -> tuple[Report, tuple[int, ...]]:
        """A report, and the numbers of what it tells.

        Outcomes that came after `until` wait for their neighbours, unless these are told now, or there is anything else
        to tell than outcomes. `first` says which of a lease's tasks the first one is that was not told yet.
        """
        numbers: Collection[int] = self._entries
        if until < max((since for _, since in self._entries.values()), default=until):
            numbers = self._due(until, first)
        taken: list[int] = []
        size = 0
        for number in numbers:
            taken.append(number)
            size += _size(self._entries[number][0])
            if size >= REPORT_BYTES or len(taken) == MOST_TOLD:
                break
        self._told = max(taken, default=self._told)
        return _as_report([self._entries[number][0] for number in taken]), tuple(taken)

    @property
    def last(self) -> int:
        """The number of what came last."""
        return self._serial

    @property
    def first_words(self) -> dict[int, int]:
        """By job, the number of the first thing that it holds of what tasks said."""
        found: dict[int, int] = {}
        for number, (entry, _) in self._entries.items() if self._words else ():
            if isinstance(entry, TaskOutput | TaskStatus):
                found.setdefault(entry.job, number)
        return found

    def outcomes_without(self, numbers: Collection[int]) -> int:
        """How many outcomes there are beside these entries."""
        return self.outcomes - sum(isinstance(self._entries[number][0], Outcome) for number in numbers)

    def _goes_on(self, entry: TaskOutput) -> bool:
        """What a task prints is a piece with what it printed before by the same stream: a library writes word by word,
        and each piece is a row of the journal. What was told already stays as it was told."""
        number = self._printed.get((entry.job, entry.index), 0)
        before, since = self._entries.get(number, (None, 0.0))
        if number > self._told and isinstance(before, TaskOutput) and before.stream == entry.stream:
            text = before.text + entry.text
            if len(text) <= OUTPUT_JOINED:
                self._entries[number] = replace(before, text=text), since
                self.text += len(entry.text)
                return True
        self._printed[entry.job, entry.index] = self._serial + 1
        return False

    def _count(self, entry: Entry | None, times: int) -> None:
        if isinstance(entry, TaskOutput | TaskStatus):
            self._words += times
        if isinstance(entry, TaskOutput):
            self.text += times * len(entry.text)
        elif isinstance(entry, Outcome):
            self.outcomes += times
            self.tasks += times * (entry.stop - entry.start)
            self.size += times * _size(entry)

    def _due(self, until: float, first: Callable[[int], int | None]) -> Collection[int]:
        """What is to be told now."""
        if any(isinstance(entry, SlotDeath | Unfit | Chunk) for entry in self):
            return self._entries
        found = [
            (entry.job, entry.lease, entry.start, entry.stop, number, since)
            for number, (entry, since) in self._entries.items()
            if isinstance(entry, Outcome)
        ]
        due = {number for number, (entry, _) in self._entries.items() if not isinstance(entry, Outcome)}
        run: list[int] = []
        told, before = False, (0, 0, 0)
        for job, lease, start, stop, number, since in sorted(found):
            if (job, lease, start) != before:
                due.update(run if told else ())
                run, told = [], first(lease) in (None, start)
            run.append(number)
            told = told or since <= until
            before = (job, lease, stop)
        due.update(run if told else ())
        return sorted(due)


def _counts_once(entry: Entry) -> bool:
    """However often it is told."""
    return isinstance(entry, TaskOutput) or (isinstance(entry, Outcome) and not (entry.failures or entry.missing))


def _size(entry: Entry) -> int:
    if isinstance(entry, Outcome):
        size = 0 if isinstance(entry.values, Stored) else len(entry.values)  # what lies in the store does not travel
        return size + sum(500 + len(failure.traceback) for failure in entry.failures)
    return len(entry.text) if isinstance(entry, TaskOutput) else 0


def _as_report(entries: list[Entry]) -> Report:
    return Report(
        outcomes=_joined([e for e in entries if isinstance(e, Outcome)]),
        deaths=tuple(e for e in entries if isinstance(e, SlotDeath)),
        returned=tuple(e for e in entries if isinstance(e, Chunk)),
        unfit=tuple(e for e in entries if isinstance(e, Unfit)),
        output=tuple(e for e in entries if isinstance(e, TaskOutput)),
        statuses=tuple(e for e in entries if isinstance(e, TaskStatus)),
    )


def _joined(outcomes: list[Outcome]) -> tuple[Outcome, ...]:
    """Those of one lease that follow each other as one, where nothing failed and the results are small."""
    if len(outcomes) < 2:
        return tuple(outcomes)
    found: list[Outcome] = []
    for _, alike in groupby(sorted(outcomes, key=_place), key=lambda outcome: (outcome.job, outcome.lease)):
        run: list[Outcome] = []
        size = 0
        for outcome in alike:
            size += len(outcome.values)
            if run and (run[-1].stop != outcome.start or not _is_small(outcome) or size > JOINED_BYTES):
                found.append(_as_one(run))
                run, size = [], len(outcome.values)
            run.append(outcome)
            if not _is_small(outcome):
                found += run
                run, size = [], 0
        found += [_as_one(run)] if run else []
    return tuple(found)


def _place(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.job, outcome.lease, outcome.start


def _is_small(outcome: Outcome) -> bool:
    if outcome.failures or outcome.missing or isinstance(outcome.values, Stored):
        return False
    return 0 < len(outcome.values) <= SMALL_BYTES


def _as_one(run: list[Outcome]) -> Outcome:
    if len(run) == 1:
        return run[0]
    first, last = run[0], run[-1]
    values = pickling.joined([(outcome.stop - outcome.start, outcome.values) for outcome in run])
    seconds = sum(outcome.seconds for outcome in run)
    return Outcome(first.job, first.start, last.stop, values, (), seconds, first.node, first.lease, token=first.token)
