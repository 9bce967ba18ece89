"""The slots of one node: how many there are, who may start, and the threads that feed them from the workload."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mcgui_core.base.sizes import bytes_text
from mcgui_core.node.work_places import PlaceUnavailable, WorkPlaces
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, NodeReport, Outcome, TaskOutput
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.slots.slot_interface import Event, Slot, Slots, WorkPlace

#: Seconds without a word, and times as long as a task of its job takes besides, after which a slot is held up.
HELD_UP_SECONDS, HELD_UP_TIMES = 0.25, 3.0
#: Seconds between two looks at the memory of slots.
MEMORY_INTERVAL = 0.2


class SlotFeeder:
    """Threads: `slot n` for each slot takes a chunk, runs it, reports; `memory` ends slots that use more
    memory than their job permits. All share the workload's lock."""

    def __init__(
        self,
        node_name: str,
        work: Workload,
        spawn: Callable[..., None],
        slots: Slots,
        places: WorkPlaces,
        deliver: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`spawn(target, name, *args)` starts a thread; `slots` makes slots; jobs have their `places`; `deliver` is
        called by a slot's thread that has told what came of the last of its tasks."""
        self._name, self._work, self._spawn, self._make, self._clock = node_name, work, spawn, slots, clock
        self._places, self._deliver = places, deliver
        self._slots: list[Slot] = []
        self._running: dict[int, Chunk] = {}  # slot number -> what it is at
        self._heard: dict[int, float] = {}  # and when it was given that, or told what came of some of it
        self._cut_short: set[int] = set()  # those that are at a long task, and have handed back what was behind it
        self._stopped = False
        self._pauses: dict[str, Reason] = {}  # who wants it to pause -> why
        self.draining = False
        self.nprocs = 0
        work.staging.bring = self._stage

    def start(self, nprocs: int) -> None:
        """With so many slots."""
        self._spawn(self._watch_memory, "memory")
        self.resize(nprocs)

    def resize(self, nprocs: int) -> None:
        """Change the number of slots. One too many ends after the chunk it is at; no task is lost."""
        with self._work.lock:
            self.nprocs = nprocs
            while len(self._slots) < nprocs and not self._stopped:
                self._slots.append(self._make.new(self._name))
                self._spawn(self._feed, f"slot-{len(self._slots) - 1}", len(self._slots) - 1)
            self._work.idle_slots.wake_all()

    def pause(self, reason: Reason, by: str) -> None:
        """Start no more tasks, until everybody who paused it has resumed it."""
        with self._work.lock:
            self._pauses[by] = reason
            self._work.give_back()

    def resume(self, by: str) -> None:
        with self._work.lock:
            self._pauses.pop(by, None)
            self._work.idle_slots.wake_all()

    def drain(self) -> None:
        """Start no more tasks for good."""
        with self._work.lock:
            self.draining = True
            self._work.give_back()

    def stop(self) -> None:
        """End all slots, whatever they do."""
        with self._work.lock:
            self._stopped = True
            self._work.idle_slots.wake_all()
            self._work.limited.notify_all()
        for slot in list(self._slots):
            slot.stop_tasks()  # one that runs nothing ends as it likes, when its thread closes it

    def kill(self) -> None:
        """Abandon what runs, and all that slots have loaded."""
        for slot in list(self._slots):
            slot.kill()
        self._make.forget_jobs()

    def kill_surplus(self) -> None:
        """Have what runs in slots of which there are too many begin anew in one that stays, or elsewhere."""
        for number in self._beyond(self.nprocs):
            self._slots[number].kill()

    def suspend(self, keep: int) -> None:
        """Stop what runs in memory, but in the first `keep` slots."""
        for number in self._beyond(keep):
            self._slots[number].suspend()

    def wake(self, keep: int) -> None:
        """Let those of the first `keep` slots go on."""
        for slot in list(self._slots)[:keep]:
            slot.resume()

    @property
    def suspended(self) -> int:
        """Slots whose tasks are stopped in memory."""
        return sum(slot.suspended for slot in list(self._slots))

    def _beyond(self, keep: int) -> list[int]:
        return [number for number in list(self._running) if number >= keep]

    def stop_tasks(self, jobs: tuple[int, ...], before: int) -> None:
        """Stop what runs of these jobs, but for leases from the number `before` on. To be called under the lock."""
        for number, chunk in self._running.items():
            if chunk.job in jobs and chunk.lease < before:
                self._slots[number].stop_tasks()

    @property
    def open(self) -> bool:
        """It takes more work."""
        return not self._pauses and not self.draining and not self._stopped

    @property
    def paused(self) -> bool:
        return bool(self._pauses)

    @property
    def why_paused(self) -> Reason:
        return next(iter(list(self._pauses.values())), NO_REASON)

    @property
    def held_up(self) -> bool:
        """Every slot is at a task that takes much longer than its job's others. What is queued here would wait for
        that, while other nodes may have nothing to do."""
        now = self._clock()
        return len(self._running) >= max(1, self.nprocs) and all(
            number in self._cut_short or now - self._heard[number] > self._patience(chunk.job)
            for number, chunk in list(self._running.items())
        )

    def _patience(self, job: int) -> float:
        return HELD_UP_SECONDS + HELD_UP_TIMES * self._work.task_seconds(job)

    def give_back_if_held_up(self) -> None:
        """Let other nodes have what is queued here, where no slot will come to it soon. To be called now and then."""
        with self._work.lock:
            if self.held_up:
                self._work.give_back_ready()

    @property
    def busy(self) -> int:
        """Slots that run a chunk."""
        return len(self._running)

    @property
    def jobs(self) -> tuple[int, ...]:
        """Whose tasks the slots are at."""
        return tuple({chunk.job for chunk in list(self._running.values())})

    def report(self, nprocs: int, cpu: float, memory: int) -> NodeReport:
        """What a heartbeat tells of it."""
        why = self.why_paused
        return NodeReport(
            nprocs=nprocs,
            busy=self.busy,
            cpu=cpu,
            memory=memory,
            paused=self.paused,
            draining=self.draining,
            reason=why.text,
            jobs=self.jobs,
            reason_code=why.code,
        )

    @property
    def tasks(self) -> tuple[tuple[int, int, int, int], ...]:
        """What the slots are at: slot, job, first task, and the one after the last."""
        running = sorted(self._running.items())
        return tuple((number, chunk.job, chunk.start, chunk.stop) for number, chunk in running)

    @property
    def pids(self) -> list[int]:
        """Of the processes, those included that wait to be needed."""
        return [pid for family in self.families for pid in family]

    @property
    def families(self) -> list[list[int]]:
        """The processes of each slot, with all that they have started."""
        return [slot.pids for slot in list(self._slots)] + [[pid] for pid in self._make.spare_pids]

    def stop_largest(self, ceiling: int) -> str | None:
        """Stop the tasks of the slot that holds the most memory. Where that alone is above the `ceiling`, in bytes, the
        master hears that they are too large for this computer, and what was stopped is said; None, if tasks before them
        may be at fault, so that they start anew in another process. Where all together are, they start anew too."""
        busy = [(slot.memory, number) for number, slot in enumerate(list(self._slots)) if number in self._running]
        if sum(memory for memory, _ in busy) <= ceiling:
            return ""
        memory, number = max(busy)
        slot, chunk = self._slots[number], self._running.get(number)
        if memory > ceiling and chunk is not None:
            if not slot.stop_too_large():
                return None
            return f"A task of job {chunk.job} used {bytes_text(memory)} of memory"
        slot.kill()
        return ""

    def kill_job(self, job: int) -> None:
        """Abandon what runs of this job."""
        for number, chunk in list(self._running.items()):
            if chunk.job == job:
                self._slots[number].kill()

    # --- threads ------------------------------------------------------------------------------------------------

    def _feed(self, number: int) -> None:
        slot, idle = self._slots[number], self._work.idle_slots
        while True:
            with self._work.lock:
                idle.wait(number, lambda: self._may_start(number) or self._is_surplus(number))
                if self._stopped:
                    break
                if self._is_surplus(number):
                    self._slots.pop()  # under the lock, so that a new one can take its place
                    idle.warm.discard(number)
                    idle.wake_all()
                    break
                taken = self._work.take(self._idle_slots(), self.nprocs)
                if taken is None:
                    continue
                chunk, spec, blocks = taken
                self._running[number], self._heard[number] = chunk, self._clock()
                idle.warm.discard(number)
                if spec.memory is not None:
                    self._work.limited.notify_all()  # somebody has to watch it
                slot.begin()
                report = partial(self._report, number, master=self._work.master)
                known = tuple(self._work.specs)
            reached = self._run(slot, chunk, spec, blocks, known, report)
            with self._work.lock:
                left = self._end(number, slot)  # without what it has handed back
                if left is not None and reached < left.stop and not self._stopped:
                    self._work.put_back(replace(left, start=reached))
                if not self.open:
                    self._work.give_back()
        slot.close()

    def _run(
        self,
        slot: Slot,
        chunk: Chunk,
        spec: JobSpec,
        blocks: list[Block],
        known: tuple[int, ...],
        report: Callable[[Event], None],
    ) -> int:
        """As Slot.run, at the place that its job has here."""
        try:
            place = self._take_place(chunk.job, spec, report)
        except PlaceUnavailable as error:
            if self._work.specs.get(chunk.job) is not spec:
                return chunk.start  # it was retried with another one meanwhile, of which this says nothing
            if not self._stopped:
                report(error.unfit)
            return chunk.stop
        try:
            return slot.run(chunk, spec, blocks, known, report, place)
        finally:
            self._places.give_back(place)

    def _take_place(
        self, job: int, spec: JobSpec, report: Callable[[Event], None], wanted: Callable[[], bool] = lambda: True
    ) -> WorkPlace:
        if self._make.take_folders:
            return self._places.take(job, spec, partial(self._say, job, report), wanted)
        return self._places.take_contents(job, spec, wanted)

    def _stage(self, job: int, spec: JobSpec) -> bool:
        """Have what a job needs brought here, in a thread, where it is not; slots run something else meanwhile."""
        if self._places.has(spec, folders=self._make.take_folders):
            return False
        self._spawn(self._bring, f"stage-{job}", job, spec, self._work.master)
        return True

    def _bring(self, job: int, spec: JobSpec, master: int) -> None:
        report = partial(self._work.report, master=master)
        given_up = False

        def wanted() -> bool:
            nonlocal given_up
            given_up = given_up or self._work.specs.get(job) is not spec
            return not given_up

        try:
            self._places.give_back(self._take_place(job, spec, report, wanted))
        except PlaceUnavailable as error:
            if not self._stopped and wanted():
                report(error.unfit)
        finally:
            self._work.staged(job, spec, master)

    def _report(self, number: int, event: Event, master: int) -> None:
        """What a slot tells. Where it hands back the end of what it is at, it goes on with the rest."""
        running = self._running.get(number)  # None: it prints still
        if isinstance(event, Outcome):
            self._heard[number] = self._clock()
            if running is not None and event.stop == running.stop:
                with self._work.lock:
                    self._work.report(event, master, quiet=True)
                    self._end(number, self._slots[number])
                self._deliver()
                return
        if (
            running is None
            or not isinstance(event, Chunk)
            or (event.lease, event.stop) != (running.lease, running.stop)
        ):
            self._work.report(event, master)
            return
        with self._work.lock:
            self._running[number] = replace(running, stop=event.start)
            self._cut_short.add(number)
            self._work.report(event, master)
            self.give_back_if_held_up()

    def _end(self, number: int, slot: Slot) -> Chunk | None:
        """A slot is done with what it was at, which is returned; None where that is over since its last task was told.
        To be called under the lock."""
        self._cut_short.discard(number)
        (self._work.idle_slots.warm.add if slot.warm else self._work.idle_slots.warm.discard)(number)
        return self._running.pop(number, None)

    def _say(self, job: int, report: Callable[[Event], None], line: str) -> None:
        """What is done for a job before its first task runs is in its log."""
        report(TaskOutput(job, -1, "err", f"{line}\n", time.time(), self._name))

    def _may_start(self, number: int) -> bool:
        if number >= self.nprocs or not self.open:
            return False
        ready, warm = self._work.ready, self._work.idle_slots.warm
        return ready > 0 and (number in warm or ready > len(warm))

    def _is_surplus(self, number: int) -> bool:
        """It has to end. Of several, the last goes first, so that slots are always numbered without gaps."""
        return self._stopped or (number >= self.nprocs and number == len(self._slots) - 1)

    def _idle_slots(self) -> int:
        return min(self.nprocs, len(self._slots)) - len(self._running)

    def _watch_memory(self) -> None:
        while not self._stopped:
            with self._work.limited:
                self._work.limited.wait_for(lambda: self._stopped or self._has_limits())
                self._work.limited.wait_for(lambda: self._stopped, MEMORY_INTERVAL)
            for slot in list(self._slots):
                slot.check_memory()

    def _has_limits(self) -> bool:
        """By what slots are given, not by what they have begun: whoever sleeps here is woken once for each task."""
        specs = (self._work.specs.get(chunk.job) for chunk in self._running.values())
        return any(spec is not None and spec.memory is not None for spec in specs)
