"""A slot says at what it is while that takes long, and nothing while tasks are quick."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Outcome
from mcgui_core.slots import task_runner
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import Event
from mcgui_core.slots.time_limits.long_tasks import LongTasks
from mcgui_core.values.pickling import pickled
from tests.waiting import until


class Slot:
    """Runs tasks that end when they are told to, and notes what is said."""

    def __init__(self) -> None:
        self.position, self.lock = task_runner.Position(), threading.Lock()
        self.said: list[int] = []
        self.long_tasks = LongTasks(self.position, self.lock, self.said.append)
        self.gates = [threading.Event() for _ in range(3)]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for _ in task_runner.run(lambda x: self.gates[x].wait(), "value", range(3), 10, 60.0, self.position):
            pass

    def end(self) -> None:
        for gate in self.gates:
            gate.set()
        self._thread.join()
        self.long_tasks.close()


@pytest.fixture
def slot() -> Iterator[Slot]:
    made = Slot()
    yield made
    made.end()


def test_a_task_that_takes_long_is_announced_again_and_again_and_then_the_next(slot: Slot) -> None:
    slot.long_tasks.watch(0.01, 13)
    until(lambda: slot.said[:3] == [10, 10, 10])
    slot.gates[0].set()
    until(lambda: slot.said[-2:] == [11, 11])
    assert slot.said == sorted(slot.said)


def test_nothing_is_said_of_what_is_behind_the_chunk_nor_at_rest(slot: Slot) -> None:
    slot.long_tasks.watch(0.01, 11)
    until(lambda: slot.said[:1] == [10])
    slot.gates[0].set()
    until(lambda: slot.position.index == 11)
    slot.long_tasks.rest()
    said = list(slot.said)
    slot.long_tasks.watch(0.01, 11)  # at the task behind it now
    other = threading.Event()
    again = LongTasks(slot.position, slot.lock, lambda _index: other.set())
    again.watch(0.05, 13)
    assert other.wait(20), "which is announced where it belongs to the chunk, after many looks of the other one"
    again.close()
    assert slot.said == said


def test_while_the_lock_is_held_nothing_is_said(slot: Slot) -> None:
    """What is sent meanwhile may be the task's own result."""
    with slot.lock:
        threading.Timer(0.05, slot.gates[0].set).start()
        watching = threading.Thread(target=slot.long_tasks.watch, args=(0.01, 13))
        watching.start()
        until(lambda: slot.position.index == 11)
        assert slot.said == []
    watching.join()
    until(lambda: bool(slot.said))
    assert set(slot.said) == {11}


def test_a_limit_costs_quick_tasks_next_to_nothing() -> None:
    """Two thousand of them are told of in a few parts, and not one by one."""
    slots = ProcessSlots()
    slot, events = slots.new("node"), list[Event]()
    spec = JobSpec("job", "def f(x): return x", "f", timeout=60.0)
    reached = 0
    while reached < 2000:
        chunk = Chunk(1, 1, reached, 2000)
        slot.begin()
        reached = slot.run(chunk, spec, [Block(0, 2000, pickled(list(range(2000))))], [1], events.append)
    slot.close()
    slots.close()
    parts = [event for event in events if isinstance(event, Outcome)]
    assert sum(part.stop - part.start for part in parts) == 2000
    assert len(parts) < 50
