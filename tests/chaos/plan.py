"""What a chaos run is to do: its jobs, and of which kind each of their tasks is. The same for the same seed."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.chaos import work

#: Of a million tasks, how many are of which kind (all others are fast and return a number).
MIXED = {
    "text": 30_000, "mapping": 20_000, "array": 20_000, "blob": 800, "point": 5_000, "slow": 100_000,
    "printing": 5_000, "flooding": 100, "eating": 300, "raising": 20_000, "locked": 3_000, "deep": 2_000,
    "leaving": 500, "unpicklable": 1_000, "exiting": 150, "crashing": 150, "hungry": 80, "stuck": 20, "rebelling": 10,
}  # fmt: skip
#: The same for the job whose tasks have a time limit. Its slots announce every task, so it is small.
LIMITED = {"slow": 100_000, "raising": 20_000, "text": 30_000, "hanging": 5_000}
#: And for the job whose arguments come by and by, from a client that may be killed meanwhile.
FED = {"text": 30_000, "raising": 20_000, "slow": 50_000}
#: And for the job with large results, which lie in files of the store.
LARGE = {"large": 250_000, "raising": 20_000, "slow": 100_000}
#: One task in so many belongs to the job with the time limit, to the one that is fed, and to the one with large results.
LIMITED_PART, FED_PART, LARGE_PART = 250, 20, 500
#: Arguments that a generator brings at once, and the seconds before it has so many more.
STEP, STEP_SECONDS = 10, 0.1


@dataclass(frozen=True)
class JobPlan:
    """One job, and the options that it is submitted with."""

    number: int
    name: str
    kinds: tuple[str, ...]  # of its tasks
    options: dict[str, Any]
    slowly: bool = False  # its arguments come from a generator

    @property
    def arguments(self) -> list[tuple[int, int, str]]:
        """What `work.work` is called with."""
        return [(self.number, index, kind) for index, kind in enumerate(self.kinds)]

    def stream(self, quick: int = 0) -> Iterator[tuple[int, int, str]]:
        """The same, slowly from the argument `quick` on."""
        for argument in self.arguments:
            if argument[1] >= quick and argument[1] % STEP == 0:
                threading.Event().wait(STEP_SECONDS)
            yield argument

    def expected(self, index: int) -> work.Value | work.Failure:
        return work.expected(index, self.kinds[index])


@dataclass(frozen=True)
class Plan:
    """A seed, a number of tasks, and how many of these are in the job with large results (0: one in LARGE_PART); all
    else follows."""

    seed: int
    tasks: int
    large: int = 0

    @property
    def jobs(self) -> tuple[JobPlan, ...]:
        limited, fed = max(100, self.tasks // LIMITED_PART), max(100, self.tasks // FED_PART)
        large = max(40, self.large or self.tasks // LARGE_PART)
        return (
            self._job(0, "mixed", self.tasks - limited - fed - large, MIXED, {"memory": work.MEMORY_LIMIT}),
            # Tried again, because a slot may be stopped in the middle of an innocent task.
            self._job(1, "limited", limited, LIMITED, {"timeout": work.TIME_LIMIT, "retries": 2, "backoff": 0.1}),
            self._job(2, "fed", fed, FED, {"priority": 1}, slowly=True),
            self._job(3, "large", large, LARGE, {}),
        )

    def _job(
        self, number: int, name: str, count: int, shares: dict[str, int], options: dict[str, Any], slowly: bool = False
    ) -> JobPlan:
        chosen = random.Random(f"{self.seed} {name}")  # a string is hashed the same way everywhere
        names, weights = ["number", *shares], [1_000_000 - sum(shares.values()), *shares.values()]
        kinds = chosen.choices(names, weights, k=count)
        for place, kind in zip(chosen.sample(range(count), len(names)), names, strict=True):
            kinds[place] = kind  # each at least once, also in a short run
        return JobPlan(number, f"chaos-{self.seed}-{name}", tuple(kinds), options, slowly)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Plan:
        return cls(**json.loads(path.read_text(encoding="utf-8")))
