"""Slots that are processes of ours, each of which runs tasks one at a time. The agent's side of them.

The other side, and what the two say to each other, is in slot_main.py.
"""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from mcgui_core.processes.process_family import resume, suspend
from mcgui_core.processes.processor_count import cpu_count
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
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.slots.slot_answers import checked
from mcgui_core.slots.slot_deaths import BROKEN_OFF, OVER_MEMORY, TIMED_OUT, TOO_LARGE, cleared_away, death
from mcgui_core.slots.slot_interface import BUDGET, NO_PLACE, Event, Site, Slot, Slots, WorkPlace
from mcgui_core.slots.slot_process import SlotProcess, environment_key
from mcgui_core.slots.slot_process_pool import SlotProcessPool
from mcgui_core.slots.time_limits.task_clock import TaskClock
from mcgui_core.slots.time_limits.time_limit import Stopwatch, TimeLimit

#: Seconds that a message may take, from its first byte to its last; the largest results take some.
MESSAGE_SECONDS = 60.0
#: Characters of output that are reported together: there is room for a few such pieces.
OUTPUT_PIECE = 1 << 20
#: Times on end that a slot may die while it loads a job, before that is the job's fault.
LOAD_DEATHS_ALLOWED = 3


class ProcessSlots(Slots):
    """Processes on this computer."""

    def __init__(self) -> None:
        self._site = Site(cpu_count(), platform.python_version(), f"{platform.system()} {platform.machine()}")
        self._pool = SlotProcessPool()

    @property
    def site(self) -> Site:
        return self._site

    def new(self, node_name: str) -> Slot:
        return ProcessSlot(node_name, self._pool, lambda: self.store)

    @property
    def take_folders(self) -> bool:
        return True

    @property
    def read_files(self) -> bool:
        return True

    @property
    def spare_pids(self) -> list[int]:
        return self._pool.pids

    def lower_priority(self) -> None:
        self._pool.lower_priority()

    def forget_jobs(self) -> None:
        self._pool.end_kept()

    def close(self) -> None:
        self._pool.join()


class ProcessSlot(Slot):
    """One process at a time, taken from the pool when it is first needed; another one for another environment."""

    def __init__(self, node_name: str, pool: SlotProcessPool, store: Callable[[], Path | None] = lambda: None) -> None:
        """`store` says where large results may lie."""
        self._node, self._pool, self._store = node_name, pool, store
        self._process: SlotProcess | None = None
        self._key: tuple[JobSpec, WorkPlace, str] | None = None  # the spec and place that it ran last, and their key
        self._killed_because = ""
        self._unwanted = False  # what `begin` announced is not to run
        self._at_work = False  # some of its tasks are not done
        self._timed_out: int | None = None  # the task whose time was up last; None: it may be another one
        self._load_deaths: dict[int, int] = {}
        self._memory_limit: int | None = None  # bytes, of the job that it is at
        self._stopwatch = Stopwatch()  # of the tasks' time
        self._suspended: set[int] = set()  # processes that are stopped in memory
        self._guard = threading.Lock()
        pool.add_slot()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.alive else None

    @property
    def pids(self) -> list[int]:
        process = self._process
        return process.watched.pids if process is not None else []

    @property
    def memory(self) -> int:
        process = self._process
        return process.watched.memory if process is not None else 0

    def begin(self) -> None:
        with self._guard:
            self._unwanted, self._at_work = False, True

    def stop_tasks(self) -> None:
        """End the process if it is at a task; leave it alone if it only has not yet said that all are done."""
        if self._at_work:
            self.kill()

    def run(
        self,
        chunk: Chunk,
        spec: JobSpec,
        blocks: Iterable[Block],
        known_jobs: Collection[int],
        report: Callable[[Event], None],
        place: WorkPlace = NO_PLACE,
    ) -> int:
        try:
            return self._run(chunk, spec, blocks, known_jobs, report, place)
        finally:
            self._at_work = False

    def _run(
        self,
        chunk: Chunk,
        spec: JobSpec,
        blocks: Iterable[Block],
        known_jobs: Collection[int],
        report: Callable[[Event], None],
        place: WorkPlace,
    ) -> int:
        reached = chunk.start
        clock = TaskClock(self._stopwatch, spec.timeout, exact=chunk.careful)
        started = opened = False
        self._memory_limit = spec.memory
        try:
            process = self._ready(spec, known_jobs, place)
            process.forget_all_but(known_jobs)
            raw = process.raw
            raw.told_to(partial(self._pass_raw, chunk.job, report))
            raw.at(chunk.start)
            started = process.load(chunk.job, spec, place, chunk.careful)
            process.run(chunk, blocks, BUDGET, self._store(), spec.timeout)
            while True:
                message = checked(self._receive(process.channel, clock), reached, chunk.stop)
                if message[0] == "at":
                    clock.announced(message[1])
                    raw.at(message[1])
                elif message[0] in ("out", "status"):
                    self._pass_on(chunk.job, message, report)
                elif message[0] in ("loaded", "opened"):
                    process.has_loaded(chunk.job)
                    started, opened = True, message[0] == "opened"
                elif message[0] == "part":
                    process.has_loaded(chunk.job)
                    part = self._part(chunk, spec, message[1:], clock)
                    reached = message[2]
                    clock.reported()
                    raw.at(reached if reached < chunk.stop else -1)
                    process.fresh = False
                    self._load_deaths.pop(chunk.job, None)  # it does load: those that died had bad luck
                    self._at_work = reached < chunk.stop  # before the report, which may end the job
                    report(part)
                    if reached == chunk.stop and not (chunk.careful or spec.timeout):
                        return chunk.stop  # nothing more is said of it
                elif message[0] == "unfit":
                    process.was_unfit(chunk.job, message[-1])
                    report(Unfit(chunk.job, *message[1:]))
                    return chunk.stop
                else:
                    return self._end_of(chunk, process, message)
        except (EOFError, OSError) as error:
            reason = self._reap(error)
            if reason is None:  # killed on purpose, though perhaps on account of the chunk before this one
                return reached
            if not started or (chunk.careful and clock.task is None):
                if opened and reached < chunk.stop and reason != TIMED_OUT:
                    report(death(chunk, spec, reached, reached + 1, reason, "while its argument was opened, "))
                    return reached + 1
                return self._died_before_a_task(chunk, reached, reason, started, report)
            return self._died_at_a_task(chunk, spec, reached, clock, reason, report)

    def _died_at_a_task(
        self,
        chunk: Chunk,
        spec: JobSpec,
        reached: int,
        clock: TaskClock,
        reason: str,
        report: Callable[[Event], None],
    ) -> int:
        """It died, or had to, with the tasks before `reached` reported."""
        guilty = clock.task if chunk.careful else None
        if reason == TIMED_OUT:
            guilty = self._timed_out
            if guilty is not None and guilty != clock.task:
                return reached  # the task was done just as its time was up
        if guilty is None:  # one of those that were not reported
            report(death(chunk, spec, reached, chunk.stop, reason))
            return chunk.stop
        if reached < guilty:  # these were done, or not begun: nobody has heard of what came of them
            report(replace(chunk, start=reached, stop=guilty))
        report(death(chunk, spec, guilty, guilty + 1, reason))
        return guilty + 1

    def _end_of(self, chunk: Chunk, process: SlotProcess, message: tuple[Any, ...]) -> int:
        if message[0] == "end":
            return int(message[1])
        self._let_go(process)  # "stale": another one is to run it
        self._pool.end(process)
        return chunk.start

    def kill(self, because: str = "stopped") -> None:
        """End the process, whatever it does. A chunk that runs is abandoned without a report."""
        with self._guard:
            self._unwanted = True
            if self._process is not None:
                self._killed_because = because
                self._process.kill()

    def close(self) -> None:
        """End the process for good: as Python ends, if no task runs in it."""
        self.stop_tasks()
        with self._guard:
            process, killed = self._process, self._unwanted
        if process is None or killed:
            self._reap()
        else:
            self._let_go(process)
            self._pool.end(process)
        self._pool.remove_slot()

    def check_memory(self) -> None:
        """End the process if it uses more memory than its job permits. To be called now and then, from any thread."""
        limit = self._memory_limit
        if limit is not None and self._at_work and self.memory > limit:
            self.kill(OVER_MEMORY)

    def stop_too_large(self) -> bool:
        process = self._process
        fresh = process is not None and process.fresh
        self.kill(TOO_LARGE)
        return fresh

    def suspend(self) -> None:
        with self._guard:
            if self._process is not None and self._at_work:
                self._stopwatch.stop()
                # What has been stopped is not stopped again: Windows counts.
                started = set(self._process.watched.pids) - self._suspended
                suspend(started)
                self._suspended |= started

    def resume(self) -> None:
        with self._guard:
            self._wake()

    @property
    def suspended(self) -> bool:
        return bool(self._suspended)

    # --- inside -------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        resume(self._suspended)
        self._suspended = set()
        self._stopwatch.go()

    def _ready(self, spec: JobSpec, known_jobs: Collection[int], place: WorkPlace) -> SlotProcess:
        """A process that serves this environment."""
        if self._key is None or self._key[0] is not spec or self._key[1] != place:
            self._key = spec, place, environment_key(spec, place)
        process, key = self._process, self._key[2]
        if process is not None and process.alive:
            if process.serves == key:
                return process
            self._let_go(process)
            self._pool.keep(process, known_jobs)
        else:
            self._reap()
        process = self._pool.take(key, known_jobs, place, spec.interpreter)
        with self._guard:
            self._process = process
            self._killed_because = "stopped" if self._unwanted else ""
            if self._unwanted:
                process.kill()
        return process

    def _let_go(self, process: SlotProcess) -> None:
        """It is not ours any more, so that no kill of ours ends it."""
        process.raw.told_to(None)  # not under the guard, which others take who hold what reports need
        with self._guard:
            if self._process is process:
                self._process, self._killed_because = None, ""

    def _died_before_a_task(
        self, chunk: Chunk, reached: int, reason: str, loaded: bool, report: Callable[[Event], None]
    ) -> int:
        """It died while it loaded the environment, or the arguments: bad luck once or twice, then the job's doing."""
        if reached > chunk.start:
            return reached
        self._load_deaths[chunk.job] = self._load_deaths.get(chunk.job, 0) + 1
        if self._load_deaths[chunk.job] < LOAD_DEATHS_ALLOWED:
            return chunk.start
        if loaded:
            report(Unfit(chunk.job, "", f"While it opened them, {reason}", "", "arguments"))
        else:
            report(Unfit(chunk.job, "", f"While it loaded the environment, {reason}", ""))
        return chunk.stop

    def _receive(self, channel: PipeChannel, clock: TaskClock) -> Any:
        ends = clock.ends
        if ends is None:
            return channel.receive(self._end_soon)
        limit = TimeLimit(self._stopwatch, ends, lambda: self._time_out(clock.culprit))
        try:
            return channel.receive(self._end_soon)
        finally:
            limit.cancel()

    def _part(self, chunk: Chunk, spec: JobSpec, part: tuple[Any, ...], clock: TaskClock) -> Outcome | SlotDeath:
        """What to tell of a part. A task may have ended by itself beyond its limit: this process had been stopped, say,
        and could not end it in time. Both clocks must tell so: the slot's runs on while it is stopped in memory, ours
        while we are busy. (Of several tasks, one may have taken so long: they run again, announced one by one.)"""
        start, stop, *_, seconds = part
        limit, ends = spec.timeout, clock.ends
        if limit is not None and ends is not None and seconds > limit and self._stopwatch.now() > ends:
            return death(chunk, spec, start, stop, TIMED_OUT)
        return self._outcome(chunk, part)

    def _end_soon(self) -> Callable[[], None]:
        """A message has begun, perhaps one that a task wrote, and that has no end. Returns how to say that it ended."""
        now = self._stopwatch.now()
        return TimeLimit(self._stopwatch, now + MESSAGE_SECONDS, lambda: self.kill(BROKEN_OFF)).cancel

    def _time_out(self, task: int | None) -> None:
        self._timed_out = task
        self.kill(TIMED_OUT)

    def _pass_on(self, job: int, message: tuple[Any, ...], report: Callable[[Event], None]) -> None:
        """What tasks print, and say of how far they are."""
        if message[0] == "status":
            _, index, text, fraction = message
            report(TaskStatus(job, index, text, fraction, self._node))
            return
        now = time.time()
        for index, stream, text in message[1]:
            for start in range(0, len(text), OUTPUT_PIECE):
                piece = text[start : start + OUTPUT_PIECE]
                report(TaskOutput(job, index, stream, piece, now, self._node))

    def _pass_raw(self, job: int, report: Callable[[Event], None], index: int, text: str) -> None:
        """What was written past Python's streams, while the task of that index ran, or those from there on."""
        report(TaskOutput(job, index, "out", text, time.time(), self._node))

    def _outcome(self, chunk: Chunk, part: tuple[Any, ...]) -> Outcome:
        start, stop, values, missing, failures, seconds = part
        if isinstance(values, tuple):
            values = Stored(*values)
        named = tuple(TaskFailure(*(*failure, self._node)) for failure in failures)
        return Outcome(
            chunk.job, start, stop, values, named, seconds, self._node, chunk.lease, missing, token=chunk.token
        )

    def _reap(self, error: Exception | None = None) -> str | None:
        """Clear away a process that ended, or has to. Returns why it ended: None where we stopped it.

        `error` is what came of listening to it.
        """
        with self._guard:
            process, self._process = self._process, None
            self._suspended = set()
            self._stopwatch.go()
            because, self._killed_because = self._killed_because, ""
        if process is None:
            return None
        return cleared_away(process, because, error)
