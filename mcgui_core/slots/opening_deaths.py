"""Which blocks of arguments have ended processes as they were opened, and at which step: they are opened without it.

A block holds the arguments of many tasks, which are opened together, and one of them may end the process. Such a block
is opened step by step from then on (stepwise_opening.py), in processes that say each step before they do it. At the
agent, for all slots of a node.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from mcgui_core.protocol.messages import Block, JobSpec

#: A step of opening a block: the first task of that, and the number of the step.
Place = tuple[int, int]
#: A step to be left out, and why: the kind of its tasks' failure, and what to tell.
Fatal = tuple[int, int, str, str]

#: Times that a process may end at a step before it is left out: one may have been ended by somebody else. Where others
#: of the job have been left out, once will do.
DEATHS_ALLOWED = 2
#: Steps of one job that are left out at most. Where there are more, its arguments cannot be opened here.
STEPS_LEFT_OUT = 500
#: Ends of processes on end, at no step of a block that is opened by steps, that are taken for bad luck.
ODD_DEATHS_ALLOWED = 3


@dataclass
class _OfJob:
    spec: JobSpec
    suspects: set[int] = field(default_factory=set)  # blocks, by their first task
    deaths: Counter[Place] = field(default_factory=Counter)
    fatal: dict[Place, tuple[str, str]] = field(default_factory=dict)
    odd: int = 0  # deaths at no step


class OpeningDeaths:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, _OfJob] = {}

    def forget_all_but(self, jobs: Collection[int]) -> None:
        """The others are over."""
        if self._jobs:
            with self._lock:
                self._jobs = {job: known for job, known in self._jobs.items() if job in jobs}

    def steps(self, job: int, spec: JobSpec, blocks: Iterable[Block]) -> tuple[Fatal, ...] | None:
        """What is to be left out of these blocks, where some are to be opened step by step; None: none is."""
        with self._lock:
            known = self._jobs.get(job)
            if known is None or known.spec is not spec:  # the job was over meanwhile, and is tried again
                return None
            here = {block.start for block in blocks}
            if not here & known.suspects:
                return None
            return tuple((*place, *why) for place, why in known.fatal.items() if place[0] in here)

    def died(
        self, job: int, spec: JobSpec, blocks: Iterable[Block], place: Place | None, kind: str, message: str
    ) -> bool:
        """A process has ended as it opened these blocks, at that step: None if nobody knows at which, since they were
        opened at once. With `kind` and `message` its tasks are to fail. Returns whether another try is of any use."""
        with self._lock:
            known = self._jobs.get(job)
            if known is None or known.spec is not spec:
                known = self._jobs[job] = _OfJob(spec)
            new = {block.start for block in blocks} - known.suspects
            known.suspects |= new
            if place is None:
                known.odd = 0 if new else known.odd + 1
                return known.odd < ODD_DEATHS_ALLOWED
            known.odd = 0
            known.deaths[place] += 1
            if kind == "timeout" or known.fatal or known.deaths[place] >= DEATHS_ALLOWED:
                known.fatal[place] = kind, message
            return len(known.fatal) <= STEPS_LEFT_OUT
