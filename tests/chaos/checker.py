"""Whether what came of the tasks is what had to: nothing lost, nothing doubled, nothing wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mcgui_core.errors import TaskError
from mcgui_core.protocol.messages import TaskFailure
from tests.chaos import work
from tests.chaos.plan import JobPlan

#: Slots that may die with a task before it is given up: what the product promises.
DEATHS = 3
#: Findings of a sort that are kept in words.
SHOWN = 20
#: Kinds of failure that a task ends with whose slots were killed by somebody else.
KILLED = frozenset({"died"})


@dataclass
class Verdict:
    """What a checker has found."""

    tasks: int = 0
    outcomes: int = 0  # different tasks that have one
    failures: dict[str, int] = field(default_factory=dict)  # by kind
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    excused: int = 0  # failed as "died", and the adversary did kill that many slots at that very task
    words: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


class Checker:
    """Is shown every outcome of one job, once."""

    def __init__(self, job: JobPlan) -> None:
        self._job = job
        self._seen = bytearray(len(job.kinds))
        self._failures: Counter[str] = Counter()
        self._doubled: list[int] = []
        self._wrong: list[str] = []
        self._accused: list[tuple[int, int]] = []  # task, kills that would explain what became of it

    def see(self, index: int, outcome: Any) -> None:
        """An outcome: the value of a task, or its TaskFailure (or TaskError)."""
        if isinstance(outcome, TaskError):
            outcome = outcome.failure
        if isinstance(outcome, TaskFailure):
            self._failures[outcome.kind] += 1
        if not 0 <= index < len(self._seen):
            self._wrong.append(f"task {index}: there is none")
            return
        if self._seen[index]:
            self._doubled.append(index)
        self._seen[index] = 1
        self._judge(index, outcome)

    def verdict(self, kills: Mapping[int, int]) -> Verdict:
        """After all of them. `kills`: how many slots the adversary killed while they ran a task, by its index."""
        lost = [index for index, seen in enumerate(self._seen) if not seen]
        excused = [index for index, needed in self._accused if kills.get(index, 0) >= needed]
        guilty = [index for index, needed in self._accused if kills.get(index, 0) < needed]
        words = [f"task {index} is lost ({self._job.kinds[index]})" for index in lost[:SHOWN]]
        words += [f"task {index} has more than one outcome" for index in self._doubled[:SHOWN]]
        words += self._wrong[:SHOWN]
        words += [
            f"task {index} ({self._job.kinds[index]}) failed as died, and {kills.get(index, 0)} slots were killed at it"
            for index in guilty[:SHOWN]
        ]
        return Verdict(
            len(self._seen), sum(self._seen), dict(self._failures), len(lost), len(self._doubled),
            len(self._wrong) + len(guilty), len(excused), [f"{self._job.name}: {line}" for line in words],
        )  # fmt: skip

    def _judge(self, index: int, outcome: Any) -> None:
        expected = self._job.expected(index)
        if isinstance(outcome, TaskFailure) and outcome.kind in KILLED:
            if isinstance(expected, work.Value) or expected.kind not in KILLED:
                # An innocent task is given up after so many deaths; one that takes too much memory dies of that, but
                # the last of its deaths may have been another one.
                limit = isinstance(expected, work.Failure) and expected.kind == "memory"
                self._accused.append((index, 1 if limit else DEATHS))
            return
        if not _fits(expected, outcome):
            self._wrong.append(
                f"task {index} ({self._job.kinds[index]}): {_shown(outcome)} instead of {_shown(expected)}"
            )


def _fits(expected: work.Value | work.Failure, outcome: Any) -> bool:
    if isinstance(expected, work.Value):
        return not isinstance(outcome, TaskFailure) and same(expected.value, outcome)
    if not isinstance(outcome, TaskFailure) or outcome.kind != expected.kind:
        return False
    if expected.kind == "raised" and not outcome.traceback:
        return False
    return outcome.type.rpartition(".")[2] == expected.type and (
        not expected.message or outcome.message == expected.message
    )


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, and of the same type. (Of a class of the environment there are two.)"""
    if type(one).__qualname__ != type(other).__qualname__:
        return False
    if hasattr(one, "tobytes"):
        return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())
    return bool(one == other) or (type(one) is not type(other) and repr(one) == repr(other))


def _shown(thing: Any) -> str:
    return repr(thing)[:300]
