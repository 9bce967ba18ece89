"""The slots of one node in a worker process of its executor: kept between chunks, ended when nobody needs them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections import OrderedDict, deque
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil

from mcgui_core.environment.project_layout import lay_out
from mcgui_core.protocol.messages import Block, JobSpec, ProjectFile, TaskStatus
from mcgui_core.slots.executors.executor_orders import Done, Order
from mcgui_core.slots.opening_deaths import OpeningDeaths
from mcgui_core.slots.process_slots import ProcessSlot
from mcgui_core.slots.slot_interface import NO_PLACE, Event, WorkPlace
from mcgui_core.slots.slot_process_pool import SlotProcessPool

#: Seconds after which a slot that has had nothing to do is ended. Its node may have gone without a word.
IDLE_SECONDS = 30.0
#: Blocks of arguments that a worker process keeps, in case another chunk needs them, and bytes in them.
BLOCKS_KEPT, BLOCK_BYTES = 256, 64 << 20
#: Jobs whose specs it keeps.
SPECS_KEPT = 16
#: Seconds that the end of slots which were killed may take.
JOIN_SECONDS = 5.0
#: Seconds between two looks at the memory of a slot whose job has a limit.
MEMORY_INTERVAL = 0.2


class SlotPool:
    """Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._idle: list[tuple[float, ProcessSlot]] = []  # since when
        self._busy: dict[int, ProcessSlot] = {}  # by the number of the order
        self._stopped: deque[int] = deque(maxlen=1000)  # orders that are not to be started
        self._specs: OrderedDict[int, JobSpec] = OrderedDict()
        self._blocks: OrderedDict[tuple[int, int], Block] = OrderedDict()
        self._keeper: threading.Thread | None = None
        self._processes = SlotProcessPool(_variables())
        self._openings = OpeningDeaths()
        self._closed = False
        self._home: tempfile.TemporaryDirectory[str] | None = None  # of what specs name by content
        self._projects: dict[int, Path] = {}  # job -> the folder of its project, in there
        self._numbers = count(1)  # of such folders

    def work(self, order: Order) -> Done:
        """Run an order in a slot of its own."""
        with self._changed:
            found = self._provide(order)
            if found is None:
                return Done(order.chunk.start, missing=True)
            spec, blocks, place = found
            slot = self._take(order)
            if order.number in self._stopped:
                slot.kill()
        events: list[Event] = []
        watch = _MemoryWatch(slot) if spec.memory is not None else None
        before, _ = _usage(slot)
        try:
            reached = slot.run(order.chunk, spec, blocks, order.known_jobs, events.append, place)
            cpu, memory = _usage(slot)
        finally:
            if watch is not None:
                watch.end()
            with self._changed:
                del self._busy[order.number]
                self._idle.append((time.monotonic(), slot))
                self._changed.notify_all()
        # How far a task is comes too late here to be of use: it is done.
        told = tuple(event for event in events if not isinstance(event, TaskStatus))
        return Done(reached, told, max(0.0, cpu - before), memory)

    def stop(self, number: int) -> None:
        with self._changed:
            self._stopped.append(number)
            slot = self._busy.get(number)
            if slot is not None:
                slot.stop_tasks()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            busy, keeper = list(self._busy.values()), self._keeper
            self._changed.notify_all()
        for slot in busy:
            slot.kill()
        if keeper is not None:
            keeper.join(JOIN_SECONDS)

    # --- inside -------------------------------------------------------------------------------------------------

    def _provide(self, order: Order) -> tuple[JobSpec, list[Block], WorkPlace] | None:
        """What the order needs: what came along, and what came with earlier ones. None where some of that has gone."""
        job = order.chunk.job
        if order.spec is not None:
            if self._specs.get(job) != order.spec:  # its node has another master, where this number is another job's
                self._projects.pop(job, None)
            self._specs[job] = order.spec
            self._keep_contents(order)
        for block in order.blocks:
            self._blocks[job, block.start] = block
        keys = [(job, start) for start in order.needed]
        if job not in self._specs or any(key not in self._blocks for key in keys):
            return None
        spec, blocks = self._specs[job], [self._blocks[key] for key in keys]
        self._specs.move_to_end(job)
        for key in keys:
            self._blocks.move_to_end(key)
        while len(self._specs) > SPECS_KEPT:
            self._specs.popitem(last=False)
        while len(self._blocks) > BLOCKS_KEPT or sum(len(block.data) for block in self._blocks.values()) > BLOCK_BYTES:
            self._blocks.popitem(last=False)
        return spec, blocks, self._place_of(job, spec)

    def _keep_contents(self, order: Order) -> None:
        if order.contents and self._home is None:
            self._home = tempfile.TemporaryDirectory(prefix="mcgui-contents-", ignore_cleanup_errors=True)
        for digest, data in order.contents:
            path = Path(self._home.name, digest) if self._home is not None else Path()
            if not path.is_file():  # another slot of this process may have it mapped
                path.write_bytes(data)

    def _forget_contents(self) -> None:
        """Nothing runs; what comes next brings again what it needs."""
        if self._home is not None and not self._busy and not self._idle:
            self._home.cleanup()
            self._home = None
            self._specs.clear()
            self._projects.clear()

    def _place_of(self, job: int, spec: JobSpec) -> WorkPlace:
        if self._home is None or not (spec.contents or spec.files):
            return NO_PLACE
        contents = tuple((c.sha256, str(Path(self._home.name, c.sha256))) for c in spec.contents)
        if not spec.files:
            return WorkPlace(contents=contents)
        return WorkPlace(str(self._project_of(job, spec, Path(self._home.name))), spec.main, contents=contents)

    def _project_of(self, job: int, spec: JobSpec, home: Path) -> Path:
        """The folder of a job's project, which all slots of this process share."""
        if job not in self._projects:
            folder = home.resolve() / f"job-{next(self._numbers)}"

            def copy(file: ProjectFile, target: Path) -> None:
                shutil.copyfile(home / file.sha256, target)

            lay_out(spec, folder, copy)
            self._projects[job] = folder
        return self._projects[job]

    def _take(self, order: Order) -> ProcessSlot:
        self._closed = False  # a node that was taken for gone works again
        if self._idle:
            _, slot = self._idle.pop()
        else:
            slot = ProcessSlot(order.node_name, self._processes, openings=self._openings)
        slot.begin()
        self._busy[order.number] = slot
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="mcgui-slot-pool", daemon=True)
            self._keeper.start()
        return slot

    def _keep(self) -> None:
        """End slots that nobody needs; and this thread with the last of them."""
        while True:
            with self._changed:
                self._changed.wait(IDLE_SECONDS / 2 if not self._closed else None if self._busy else 0.0)
                latest = time.monotonic() - (0.0 if self._closed else IDLE_SECONDS)
                old = [slot for since, slot in self._idle if since <= latest]
                self._idle = [(since, slot) for since, slot in self._idle if since > latest]
                over = not self._idle and not self._busy
                if over:
                    self._keeper = None
            for slot in old:
                slot.close()
            if over:
                self._processes.join()
                with self._changed:
                    self._forget_contents()
                return


class _MemoryWatch:
    """Looks at the memory of a slot for as long as it runs one chunk."""

    def __init__(self, slot: ProcessSlot) -> None:
        self._slot = slot
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mcgui-memory", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(MEMORY_INTERVAL):
            self._slot.check_memory()


def _variables() -> dict[str, str]:
    """A slot finds what its executor's worker finds: modules that were uploaded to it, for example."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _usage(slot: ProcessSlot) -> tuple[float, int]:
    """Seconds of processor that the slot's process has used, and bytes of memory that it uses."""
    pid = slot.pid
    with suppress(psutil.Error):  # it has ended
        if pid is not None:
            process = psutil.Process(pid)
            with process.oneshot():
                times = process.cpu_times()
                return times.user + times.system, process.memory_info().rss
    return 0.0, 0
