"""Slots on any executor of `concurrent.futures` (PEP 3148): a process pool, mpi4py.futures, Dask (dask_slots.py).

Each slot has one chunk at the executor at a time. In the executor's worker process it runs as it runs at home: in a
process of its own (executor_worker.py), so time and memory limits hold, and a task that crashes takes nothing along.
Three things differ, because an executor returns once and cannot be talked to meanwhile:

- Outcomes and what tasks print come when the chunk ends: after a quarter of a second, or when a longer task is done.
- How far a task is (`mcgui_core.report`) is not told.
- What was done before a task that takes long is told with it, and what is behind it in its chunk waits.
- A task that runs is not stopped when its job is cancelled or the node leaves, where the executor has no way to do that
  (Dask has); what comes of it is dropped.
"""

from __future__ import annotations

import pickle
import queue
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from mcgui_core.base.version import __version__
from mcgui_core.errors import SlotsUnavailable
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, SlotDeath
from mcgui_core.slots.executors import executor_worker
from mcgui_core.slots.executors.executor_orders import Done, Look, Order, packed
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import NO_PLACE, Event, Site, Slot, Slots, Steering, WorkPlace

T = TypeVar("T")

#: Seconds that an executor has to run its first call. One of a batch system may wait for its computers.
OPEN_SECONDS = 60.0
#: By what name the executor pauses its node.
BY = "executor"
#: Times that a task may be lost together with what ran beside it. Then it runs alone: a third loss is its own.
TOGETHER = 2


class ExecutorSlots(Slots):
    """Runs chunks on an executor."""

    def __init__(self, executor: Executor | Callable[[], Executor], nprocs: int | None = None) -> None:
        """`executor` is used and left as it is; or it is a function that makes one, which is shut down at the end and
        made anew when it breaks. `nprocs` is how many calls it runs at once."""
        self._make = None if isinstance(executor, Executor) else executor
        self._executor = executor if isinstance(executor, Executor) else None
        self._making = threading.Lock()  # of its own: to make an executor may take long
        self._guard = threading.Lock()
        self._numbers = count(1)
        self.id = uuid.uuid4().hex
        self.suspects: set[int] = set()  # jobs at whose tasks a worker of the executor died
        self.turns = Turns()
        self._node: Steering | None = None
        self._nprocs = nprocs or getattr(executor, "_max_workers", None) or cpu_count()
        self._site = replace(ProcessSlots().site, cpus=self._nprocs)
        self._cpu = 0.0  # seconds that slots have used since `usage` was asked
        self._memory: dict[int, int] = {}  # bytes that the slot of that id uses
        self._asked = time.monotonic()

    # --- a node's slots -----------------------------------------------------------------------------------------

    @property
    def site(self) -> Site:
        return self._site

    def new(self, node_name: str) -> Slot:
        return ExecutorSlot(self, node_name)

    def open(self, node: Steering) -> None:
        self._node = node
        try:
            found: Look = self.submit(self.executor(), executor_worker.look).result(OPEN_SECONDS)
        except FutureTimeout as error:
            raise SlotsUnavailable(f"The executor has run nothing for {OPEN_SECONDS:g} s.") from error
        except Exception as error:
            raise SlotsUnavailable(self.in_words(error)) from error
        self.settle(found)

    def settle(self, found: Look) -> None:
        """What its workers are like is known now. Raises SlotsUnavailable where they cannot be used."""
        if problem := unlike(found):
            raise SlotsUnavailable(problem)
        self._site = Site(self._nprocs, found.python, found.platform)

    def usage(self) -> tuple[float, int]:
        with self._guard:
            now = time.monotonic()
            passed, self._asked = max(now - self._asked, 1e-3), now
            used, self._cpu = self._cpu, 0.0
            return min(100.0, 100.0 * used / passed / max(1, self._site.cpus)), sum(self._memory.values())

    def close(self) -> None:
        with self._making:
            executor = self._executor
        executor_worker.close(
            self.id
        )  # those of an executor whose workers are threads; others end when nobody needs them
        if executor is not None and self._make is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    # --- for the slots ------------------------------------------------------------------------------------------

    def executor(self) -> Executor:
        """The executor, made now where there is none. Raises what making it raises."""
        with self._making:
            if self._executor is None:
                assert self._make is not None
                self._executor = self._make()
            return self._executor

    def submit(self, executor: Executor, function: Callable[..., T], *arguments: object) -> Future[T]:
        """Have a function of executor_worker.py called by a worker of the executor. Raises what the executor raises."""
        return executor.submit(function, *arguments)

    def number(self) -> int:
        """Of the next order."""
        return next(self._numbers)

    def stop(self, number: int) -> None:
        """An order is not wanted any more, and runs. Returns at once; does nothing where the executor cannot do it."""

    def used(self, slot: int, done: Done) -> None:
        """What a slot used for an order."""
        with self._guard:
            self._cpu += done.cpu
            self._memory[slot] = done.memory

    def forget(self, slot: int) -> None:
        """A slot is gone, and with it what was known of its memory."""
        with self._guard:
            self._memory.pop(slot, None)

    def killed_by(self, error: BaseException) -> str:
        """Why a worker of the executor died, if that is what the error says; else ""."""
        return f"a worker process of the executor died ({error})" if isinstance(error, BrokenExecutor) else ""

    def trouble(self, executor: Executor | None, error: BaseException) -> None:
        """The executor did not run a chunk, through no fault of the chunk's."""
        with self._making:
            if executor is not self._executor:
                return  # that one has been replaced meanwhile
            if self._make is not None and executor is not None and isinstance(error, BrokenExecutor):
                self._executor = None
                executor.shutdown(wait=False)
                return
        if self._node is not None:
            self._node.pause(self.in_words(error), BY, "slots")

    def in_words(self, error: BaseException) -> str:
        """What keeps the executor from being used, and what to do about it."""
        if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("mcgui_core"):
            return f"The executor's workers have no mcgui. Install version {__version__} of it there."
        return f"The executor cannot be used: {type(error).__name__}: {error}"


class Turns:
    """Who may be at the executor now. Thread-safe.

    An executor that breaks takes all along that runs there, and any of it may be guilty. So everything runs beside
    everything, but for a task that was lost like that twice: it waits until nothing else runs, and others wait for it.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0  # chunks that are there
        self._alone = 0  # chunks that are there alone, or wait to be
        self._losses: Counter[tuple[int, int]] = Counter()  # of single tasks: job, index

    @contextmanager
    def turn(self, chunk: Chunk, given_up: Callable[[], bool]) -> Iterator[None]:
        """For the time that a chunk is there. Waits for its turn, but not once it is `given_up`."""
        with self._changed:
            alone = self._losses[chunk.job, chunk.start] >= TOGETHER
            self._alone += alone
            self._changed.wait_for(lambda: given_up() or not (self._running if alone else self._alone))
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._alone -= alone
                self._changed.notify_all()

    def lost(self, chunk: Chunk) -> None:
        """The executor has broken while this was there."""
        if chunk.count == 1:
            with self._changed:
                self._losses[chunk.job, chunk.start] += 1

    def forget_all_but(self, jobs: Collection[int]) -> None:
        """No more is heard of the tasks of other jobs."""
        with self._changed:
            for key in [key for key in self._losses if key[0] not in jobs]:
                del self._losses[key]

    def look(self) -> None:
        """A chunk was given up: it may wait for its turn."""
        with self._changed:
            self._changed.notify_all()


class ExecutorSlot(Slot):
    """One of the chunks that the executor is given at a time."""

    def __init__(self, slots: ExecutorSlots, node_name: str) -> None:
        self._slots, self._node = slots, node_name
        self._guard = threading.Lock()
        self._news: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._abandoned = False
        self._order: tuple[int, Future[bytes]] | None = None  # at the executor now
        self._is_there = False  # the executor has taken the chunk that was run last
        self._sent: set[tuple[int, int]] = set()  # blocks (-1: the spec) that went along with an earlier order

    def begin(self) -> None:
        with self._guard:
            self._abandoned = False

    def run(
        self,
        chunk: Chunk,
        spec: JobSpec,
        blocks: Iterable[Block],
        known_jobs: Collection[int],
        report: Callable[[Event], None],
        place: WorkPlace = NO_PLACE,
    ) -> int:
        if chunk.careful and chunk.job in self._slots.suspects:
            chunk = replace(chunk, stop=chunk.start + 1)  # so that the next death names the guilty one
        known, whole = tuple(known_jobs), list(blocks)
        self._sent = {(job, start) for job, start in self._sent if job in known}
        self._slots.turns.forget_all_but(known)
        executor, self._is_there = None, False
        try:
            with self._slots.turns.turn(chunk, lambda: self._abandoned):
                executor = self._slots.executor()
                done = self._ask(executor, self._order_for(chunk, spec, whole, known, place))
                if done is not None and done.missing:
                    self._sent.clear()
                    done = self._ask(executor, self._order_for(chunk, spec, whole, known, place))
        except Exception as error:  # noqa: BLE001  # an executor may raise anything
            return self._failed(executor, error, chunk, report)
        if done is None:
            return chunk.start
        self._slots.used(id(self), done)
        for event in done.events:
            report(event)
        return done.reached

    def kill(self) -> None:
        with self._guard:
            self._abandoned = True
            order = self._order
        if order is not None:
            number, future = order
            future.cancel()
            self._slots.stop(number)
            self._news.put(None)
        self._slots.turns.look()

    def close(self) -> None:
        self.kill()
        self._slots.forget(id(self))

    # --- inside -------------------------------------------------------------------------------------------------

    def _order_for(
        self, chunk: Chunk, spec: JobSpec, blocks: list[Block], known: tuple[int, ...], place: WorkPlace
    ) -> Order:
        """Chunks of one block come one after the other: its arguments go along with the first, and are there then."""
        new = [block for block in blocks if (chunk.job, block.start) not in self._sent]
        unknown = (chunk.job, -1) not in self._sent
        self._sent.update((chunk.job, block.start) for block in blocks)
        self._sent.add((chunk.job, -1))
        return Order(
            node=self._slots.id,
            node_name=self._node,
            number=self._slots.number(),
            chunk=chunk,
            spec=spec if unknown else None,
            blocks=tuple(new),
            needed=tuple(block.start for block in blocks),
            known_jobs=known,
            contents=tuple((digest, Path(path).read_bytes()) for digest, path in place.contents) if unknown else (),
        )

    def _ask(self, executor: Executor, order: Order) -> Done | None:
        """What came of an order; None where it was abandoned. Raises what the executor raises."""
        with self._guard:
            if self._abandoned:
                return None
            self._news, self._is_there = queue.SimpleQueue(), False
            future = self._slots.submit(executor, executor_worker.work, packed(order))
            self._order, self._is_there = (order.number, future), True
        news = self._news
        future.add_done_callback(lambda _future: news.put(None))
        news.get()
        with self._guard:
            self._order = None
            if self._abandoned:
                return None
        answer: Done = pickle.loads(future.result())
        return answer

    def _failed(
        self, executor: Executor | None, error: BaseException, chunk: Chunk, report: Callable[[Event], None]
    ) -> int:
        self._sent.clear()
        # What an executor refuses that is broken already has not run there, and is not to blame.
        reason = self._slots.killed_by(error) if self._is_there else ""
        if reason:
            self._slots.suspects.add(chunk.job)
        if reason and isinstance(error, BrokenExecutor):
            self._slots.turns.lost(chunk)
        if reason or not self._abandoned:
            self._slots.trouble(executor, error)
        if not reason:
            return chunk.start
        report(SlotDeath(chunk.lease, chunk.job, chunk.start, chunk.stop, "died", reason, chunk.token))
        return chunk.stop


def unlike(found: Look) -> str:
    """Why a worker cannot be used that is not like us; "" where it can."""
    if found.version == __version__:
        return ""
    return f"The executor's workers have version {found.version} of mcgui, and this is {__version__}. Install the same."
