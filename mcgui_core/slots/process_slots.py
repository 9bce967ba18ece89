"""Slots that are processes of ours, each of which runs tasks one at a time. The agent's side of them.

The other side, and what the two say to each other, is in slot_main.py.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Collection, Iterable
from math import inf
from pathlib import Path
from typing import Any

from mcgui_core.processes.process_family import resume, suspend
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.messages import Block, Chunk, JobSpec
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.slots.chunk_run import ChunkRun
from mcgui_core.slots.opening_deaths import OpeningDeaths
from mcgui_core.slots.slot_answers import checked
from mcgui_core.slots.slot_deaths import BROKEN_OFF, OVER_MEMORY, SLOW_OPENING, TIMED_OUT, TOO_LARGE, cleared_away
from mcgui_core.slots.slot_interface import NO_PLACE, Event, Site, Slot, Slots, WorkPlace
from mcgui_core.slots.slot_process import SlotProcess
from mcgui_core.slots.slot_process_pool import SlotProcessPool
from mcgui_core.slots.time_limits.task_clock import TaskClock
from mcgui_core.slots.time_limits.time_limit import Stopwatch, TimeLimit

#: Seconds that a message may take, from its first byte to its last; the largest results take some.
MESSAGE_SECONDS = 60.0


class ProcessSlots(Slots):
    """Processes on this computer."""

    def __init__(self) -> None:
        self._site = Site(cpu_count(), platform.python_version(), f"{platform.system()} {platform.machine()}")
        self._pool = SlotProcessPool()
        self._openings = OpeningDeaths()

    @property
    def site(self) -> Site:
        return self._site

    def new(self, node_name: str) -> Slot:
        return ProcessSlot(node_name, self._pool, lambda: self.store, self._openings)

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

    def __init__(
        self,
        node_name: str,
        pool: SlotProcessPool,
        store: Callable[[], Path | None] = lambda: None,
        openings: OpeningDeaths | None = None,
    ) -> None:
        """`store` says where large results may lie; `openings` is what all slots of a node know of arguments."""
        self._node, self._pool, self._store = node_name, pool, store
        self._openings = openings or OpeningDeaths()
        self._process: SlotProcess | None = None
        self._killed_because = ""
        self._unwanted = False  # what `begin` announced is not to run
        self._begun = False  # a chunk was announced, and has not ended
        self._current: ChunkRun | None = None
        self._timed_out: int | None = None  # the task whose time was up last; None: it may be another one
        self._load_deaths: dict[int, int] = {}
        self._memory_limit: int | None = None  # bytes, of the job that it is at
        self._stopwatch = Stopwatch()  # of the tasks' time
        self._opening: TimeLimit | None = None  # of the arguments of the chunk that it is at
        self._suspended: set[int] = set()  # processes that are stopped in memory
        self._guard = threading.Lock()
        pool.add_slot()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.alive else None

    @property
    def warm(self) -> bool:
        return self._process is not None  # whether it lives is seen when it is given something

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
            self._unwanted, self._begun = False, True

    @property
    def _at_work(self) -> bool:
        """Some of its tasks are not done."""
        run = self._current
        return self._begun and (run is None or not run.is_over)

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
        self._openings.forget_all_but(known_jobs)
        run = ChunkRun(
            chunk, spec, list(blocks), report, self._node, self._stopwatch, self._openings, self._load_deaths
        )
        self._memory_limit = spec.memory
        self._current = run
        try:
            return self._run(run, known_jobs, place)
        finally:
            self._begun, self._current = False, None
            if self._opening is not None:
                self._opening.cancel()
                self._opening = None

    def _run(self, run: ChunkRun, known_jobs: Collection[int], place: WorkPlace) -> int:
        try:
            process = self._ready(run.spec, known_jobs, place)
            process.forget_all_but(known_jobs)
            run.start(process, place, self._store())
            while True:
                message = checked(self._receive(process.channel, run.clock), run.reached, run.chunk.stop)
                if message[0] == "stale":
                    self._let_go(process)  # another one is to run it
                    self._pool.end(process)
                    return run.chunk.start
                if (reached := run.take(message)) is not None:
                    return reached
        except (EOFError, OSError) as error:
            reason = self._reap(error)
            # None: killed on purpose, though perhaps on account of the chunk before this one
            return run.reached if reason is None else run.died(reason, self._timed_out)

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
        process, key = self._process, self._pool.key_of(spec, place)
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

    def _receive(self, channel: PipeChannel, clock: TaskClock) -> Any:
        ends = clock.ends
        if clock.at_no_task and ends is not None:
            self._watch_opening(clock, ends)
            return channel.receive(self._end_soon)
        if ends is None:
            return channel.receive(self._end_soon)
        limit = TimeLimit(self._stopwatch, ends, lambda: self._time_out(clock.culprit))
        try:
            return channel.receive(self._end_soon)
        finally:
            limit.cancel()

    def _watch_opening(self, clock: TaskClock, ends: float) -> None:
        """By one limit for all steps of that, and all arguments: there may be many, and each limit is a thread."""

        def too_slow() -> None:
            if clock.at_no_task and self._stopwatch.now() >= (clock.ends or inf):
                self.kill(SLOW_OPENING)

        if self._opening is None or not self._opening.postpone(ends):
            self._opening = TimeLimit(self._stopwatch, ends, too_slow)

    def _end_soon(self) -> Callable[[], None]:
        """A message has begun, perhaps one that a task wrote, and that has no end. Returns how to say that it ended."""
        now = self._stopwatch.now()
        return TimeLimit(self._stopwatch, now + MESSAGE_SECONDS, lambda: self.kill(BROKEN_OFF)).cancel

    def _time_out(self, task: int | None) -> None:
        self._timed_out = task
        self.kill(TIMED_OUT)

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
