"""One chunk in the process of a slot: what that says of it, what its node is told, and who is to blame where it dies.

Runs at its agent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    JobSpec,
    Outcome,
    SlotDeath,
    Stored,
    TaskFailure,
    TaskOutput,
    TaskStatus,
    Unfit,
)
from mcgui_core.slots.opening_deaths import OpeningDeaths, Place
from mcgui_core.slots.slot_deaths import SLOW_OPENING, TIMED_OUT, death, in_words
from mcgui_core.slots.slot_interface import BUDGET, Event, WorkPlace
from mcgui_core.slots.slot_process import SlotProcess
from mcgui_core.slots.time_limits.task_clock import TaskClock
from mcgui_core.slots.time_limits.time_limit import Stopwatch

#: Characters of output that are reported together: there is room for a few such pieces.
OUTPUT_PIECE = 1 << 20
#: Times on end that a slot may die while it loads a job, before that is the job's fault.
LOAD_DEATHS_ALLOWED = 3


class ChunkRun:
    """Belongs to the thread that runs the chunk; `is_over` may be asked from any."""

    def __init__(
        self,
        chunk: Chunk,
        spec: JobSpec,
        blocks: list[Block],
        report: Callable[[Event], None],
        node: str,
        stopwatch: Stopwatch,
        openings: OpeningDeaths,
        load_deaths: dict[int, int],
    ) -> None:
        """`load_deaths` are those of its slot, by job."""
        self._fatal = openings.steps(chunk.job, spec, blocks)
        self.chunk = replace(chunk, careful=True) if self._fatal is not None and not chunk.careful else chunk
        self.reached = chunk.start  # the first task of which nothing was reported
        self.clock = TaskClock(stopwatch, spec.timeout, exact=self.chunk.careful)
        self.spec, self._blocks, self._report, self._node = spec, blocks, report, node
        self._stopwatch, self._openings, self._load_deaths = stopwatch, openings, load_deaths
        self._process: SlotProcess | None = None
        self._loaded = self._opened = False
        self._step: Place | None = None  # of opening the arguments, that it is at

    @property
    def is_over(self) -> bool:
        """All of its tasks were reported."""
        return self.reached >= self.chunk.stop

    def start(self, process: SlotProcess, place: WorkPlace, store: Path | None) -> None:
        """Have it run there. Raises OSError where that process has ended."""
        chunk, spec, self._process = self.chunk, self.spec, process
        process.raw.told_to(partial(self._pass_raw, chunk.job), chunk.start)
        self._loaded = process.load(chunk.job, spec, place, chunk.careful)
        process.run(chunk, self._blocks, BUDGET, store, spec.timeout, self._fatal)
        if self._loaded:
            self.clock.opening()

    def take(self, message: tuple[Any, ...]) -> int | None:
        """What its process says, but for "stale". Returns the first task that was not run, once nothing more comes."""
        chunk, process = self.chunk, self._process
        assert process is not None
        kind = message[0]
        if kind == "at":
            self.clock.announced(message[1])
            process.raw.at(message[1])
        elif kind == "stop":  # others may run what is behind the task that it is at
            self._report(replace(chunk, start=message[1]))
            self.chunk = replace(chunk, stop=message[1])
        elif kind in ("out", "status"):
            for event in _as_told(chunk.job, message, self._node):
                self._report(event)
        elif kind in ("loaded", "opened", "step"):
            process.has_loaded(chunk.job)
            self._loaded, self._opened = True, kind == "opened"
            self._step = (message[1], message[2]) if kind == "step" else None
            self.clock.opening()
        elif kind == "part":
            self._take_part(process, message[1:])
            if self.is_over and not (chunk.careful or self.spec.timeout):
                return chunk.stop  # nothing more is said of it
        elif kind == "unfit":
            process.was_unfit(chunk.job, message[-1])
            self._report(Unfit(chunk.job, *message[1:]))
            return chunk.stop
        else:
            return int(message[1])
        return None

    def died(self, reason: str, timed_out: int | None) -> int:
        """Its process ended, or had to, by a fault of what it ran. `timed_out` is the task whose time was up, None if
        that may be another one. Returns the first task that was not run."""
        if not self._loaded:
            return self._died_as_it_loaded(reason)
        if self.clock.at_no_task:
            return self._died_as_it_opened(reason)
        return self._died_at_a_task(reason, timed_out)

    # --- inside -------------------------------------------------------------------------------------------------

    def _take_part(self, process: SlotProcess, part: tuple[Any, ...]) -> None:
        process.has_loaded(self.chunk.job)
        told = self._told_of(part)
        self.clock.reported(part[1])
        process.fresh = False
        self._load_deaths.pop(self.chunk.job, None)  # it does load: those that died had bad luck
        self.reached = part[1]  # before the report, which may end the job
        process.raw.at(-1 if self.is_over else self.reached)
        self._report(told)

    def _told_of(self, part: tuple[Any, ...]) -> Outcome | SlotDeath:
        """What to tell of a part. A task may have ended by itself beyond its limit: this process had been stopped, say,
        and could not end it in time. Both clocks must tell so: the slot's runs on while it is stopped in memory, ours
        while we are busy. (Of several tasks, one may have taken so long: they run again, announced one by one.)"""
        start, stop, *_, seconds = part
        limit, ends = self.spec.timeout, self.clock.ends
        if limit is not None and ends is not None and seconds > limit and self._stopwatch.now() > ends:
            return death(self.chunk, self.spec, start, stop, TIMED_OUT)
        return _as_outcome(self.chunk, part, self._node)

    def _pass_raw(self, job: int, index: int, text: str) -> None:
        self._report(_as_output(job, index, text, self._node))

    def _died_as_it_loaded(self, reason: str) -> int:
        """... the environment: bad luck once or twice, then the job's doing."""
        job = self.chunk.job
        self._load_deaths[job] = self._load_deaths.get(job, 0) + 1
        if self._load_deaths[job] < LOAD_DEATHS_ALLOWED:
            return self.reached
        self._report(Unfit(job, "", f"While it loaded the environment, {reason}", ""))
        return self.chunk.stop

    def _died_as_it_opened(self, reason: str) -> int:
        """... the arguments: that of the next task, where those that came together are open already."""
        reached, chunk, spec = self.reached, self.chunk, self.spec
        if reason == TIMED_OUT:
            return reached  # the task was done just as its time was up
        if self._opened and not self.is_over:
            self._report(death(chunk, spec, reached, reached + 1, reason, opening=True))
            return reached + 1
        kind, text = in_words(spec, reason, opening=True)
        if reached > chunk.start or self._openings.died(chunk.job, spec, self._blocks, self._step, kind, text):
            return reached
        self._report(Unfit(chunk.job, "", f"{text[:1].upper()}{text[1:]}", "", "arguments"))
        return chunk.stop

    def _died_at_a_task(self, reason: str, timed_out: int | None) -> int:
        """... with the tasks before `reached` reported."""
        reached, chunk, spec = self.reached, self.chunk, self.spec
        if reason == SLOW_OPENING:
            return reached  # the task began just as the time for its argument was up
        guilty = self.clock.task if chunk.careful else None
        if reason == TIMED_OUT:
            guilty = timed_out
            if guilty is not None and guilty != self.clock.task:
                return reached  # the task was done just as its time was up
        if guilty is None:  # one of those that were not reported
            self._report(death(chunk, spec, reached, chunk.stop, reason))
            return chunk.stop
        if reached < guilty:  # these were done, or not begun: nobody has heard of what came of them
            self._report(replace(chunk, start=reached, stop=guilty))
        self._report(death(chunk, spec, guilty, guilty + 1, reason))
        return guilty + 1


def _as_outcome(chunk: Chunk, part: tuple[Any, ...], node: str) -> Outcome:
    """What came of some tasks."""
    start, stop, values, missing, failures, seconds = part
    if isinstance(values, tuple):
        values = Stored(*values)
    named = tuple(TaskFailure(*(*failure, node)) for failure in failures)
    return Outcome(chunk.job, start, stop, values, named, seconds, node, chunk.lease, missing, token=chunk.token)


def _as_told(job: int, message: tuple[Any, ...], node: str) -> Iterator[TaskOutput | TaskStatus]:
    """What tasks print, and say of how far they are."""
    if message[0] == "status":
        _, index, text, fraction = message
        yield TaskStatus(job, index, text, fraction, node)
        return
    now = time.time()
    for index, stream, text in message[1]:
        for start in range(0, len(text), OUTPUT_PIECE):
            yield TaskOutput(job, index, stream, text[start : start + OUTPUT_PIECE], now, node)


def _as_output(job: int, index: int, text: str, node: str) -> TaskOutput:
    """What was written past Python's streams, while the task of that index ran, or those from there on."""
    return TaskOutput(job, index, "out", text, time.time(), node)
