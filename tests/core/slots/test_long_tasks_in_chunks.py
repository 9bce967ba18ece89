"""Nobody waits for a task that takes long, but who wants its own result: what was done before it is told, and what is
behind it is run by others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

import numpy as np
import pytest

from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Outcome, SlotDeath
from mcgui_core.slots import task_runner
from mcgui_core.slots.outcomes.growing_part import Part
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import Event, Slot
from mcgui_core.values import pickling
from tests.waiting import until

#: Waits with -1 for a file, ends its process with -2 when it is there, fails with -3, and gives the rest back.
SOURCE = """
import os, pathlib, threading
def f(x, seed=None):
    number = x[0] if isinstance(x, list) else x
    while number in (-1, -2) and not pathlib.Path({gate!r}).exists():
        threading.Event().wait(0.01)
    if number == -2:
        os._exit(3)
    if number == -3:
        raise ValueError("three")
    return x
"""


class Running:
    """A thread that runs chunks in a slot, as that of an agent does, and notes what is told."""

    def __init__(self, slot: Slot, gate: Path) -> None:
        self.events: list[Event] = []
        self.returned: int | None = None
        self._slot, self.gate = slot, gate
        self._thread: threading.Thread | None = None

    def start(self, values: list[Any], start: int = 10, **options: Any) -> None:
        self.events, self.returned = [], None
        spec = JobSpec("job", SOURCE.format(gate=str(self.gate)), "f", **options)
        block = Block(start, len(values), pickling.dumps(values))
        chunk = Chunk(1, 1, start, start + len(values))

        def run() -> None:
            self.returned = self._slot.run(chunk, spec, [block], [1], self.events.append)

        self._slot.begin()
        self._thread = threading.Thread(target=run)
        self._thread.start()

    def end(self) -> None:
        self.gate.touch()
        if self._thread is not None:
            self._thread.join()

    @property
    def told(self) -> dict[int, Any]:
        """Results by the index of their tasks; None where one has failed, or its process with it."""
        found: dict[int, Any] = {}
        for event in self.events:
            if isinstance(event, Outcome):
                done = [index for index in range(event.start, event.stop) if index not in event.missing]
                values = pickling.loads(event.values) if done else []
                again = [index for index in (*done, *event.missing) if index in found]
                assert not again, "told twice"
                found.update(zip(done, values, strict=True))
                found.update(dict.fromkeys(event.missing))
            elif isinstance(event, SlotDeath):
                found.update(dict.fromkeys(range(event.start, event.stop)))
        return found

    @property
    def handed_back(self) -> list[tuple[int, int]]:
        return [(event.start, event.stop) for event in self.events if isinstance(event, Chunk)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    slots = ProcessSlots()
    slot = slots.new("node")
    made = Running(slot, tmp_path / "gate")
    yield made
    made.end()
    slot.close()
    slots.close()


@pytest.mark.parametrize(
    "options", [{}, {"timeout": 60.0}, {"seed": "7"}], ids=["plain", "with a time limit", "seeded"]
)
def test_what_was_done_is_told_and_what_is_behind_is_handed_back_while_a_task_takes_long(
    running: Running, options: dict[str, Any]
) -> None:
    running.start([0, 1, 2, -1, 4, 5, 6], **options)
    until(lambda: bool(running.handed_back))
    assert running.told == {10: 0, 11: 1, 12: 2}
    assert running.handed_back == [(14, 17)]
    assert running.returned is None, "the long one runs"
    running.end()
    assert running.told == {10: 0, 11: 1, 12: 2, 13: -1}
    assert running.returned == 14
    running.gate.unlink()
    running.start([7, 8], start=20, **options)
    until(lambda: running.returned is not None)
    assert running.told == {20: 7, 21: 8}, "and the next chunk is whole"


def test_the_last_of_a_chunk_hands_nothing_back(running: Running) -> None:
    running.start([0, -3, -1])
    until(lambda: running.told == {10: 0, 11: None})
    running.end()
    assert (running.told, running.handed_back, running.returned) == ({10: 0, 11: None, 12: -1}, [], 13)


def test_the_first_of_a_chunk_tells_nothing_before_it(running: Running) -> None:
    running.start([-1, -3, 2])
    until(lambda: running.handed_back == [(11, 13)])
    assert running.told == {}
    running.end()
    assert (running.told, running.returned) == ({10: -1}, 11)


def test_a_result_is_told_as_it_was_when_it_was_returned(running: Running) -> None:
    running.start([[0], [1], [-1], [3]])
    until(lambda: bool(running.handed_back))
    assert running.told == {10: [0], 11: [1]}
    running.end()
    assert running.told == {10: [0], 11: [1], 12: [-1]}


def test_a_process_that_a_long_task_ends_is_the_end_of_that_task_alone(running: Running) -> None:
    running.start([0, 1, -2, 3, 4])
    until(lambda: running.handed_back == [(13, 15)])
    running.end()
    (death,) = [event for event in running.events if isinstance(event, SlotDeath)]
    assert (death.start, death.stop) == (12, 13)
    assert running.told == {10: 0, 11: 1, 12: None}
    assert running.returned == 13


def test_what_is_told_early_takes_nothing_of_the_time_that_a_task_has(running: Running) -> None:
    """Its limit ends it, however often it was told of what was done before it."""
    running.start([0, 1, -1, 3], timeout=1.0)
    until(lambda: running.returned is not None)
    (death,) = [event for event in running.events if isinstance(event, SlotDeath)]
    assert (death.start, death.stop, death.kind) == (12, 13, "timeout")
    assert running.told == {10: 0, 11: 1, 12: None}
    assert running.handed_back in ([(13, 14)], [])


class Gated:
    """Tasks in a thread here that wait for their gates, in each call style."""

    def __init__(self, call: str, count: int) -> None:
        self.position = task_runner.Position()
        self.gates = [threading.Event() for _ in range(count)]
        self.parts: list[Part] = []
        arguments = {
            "single": list(range(count)),
            "args": [(n,) for n in range(count)],
            "kwargs": [{"x": n} for n in range(count)],
        }
        self._thread = threading.Thread(target=self._run, args=(call, arguments[call]))
        self._thread.start()

    def _run(self, call: str, arguments: list[Any]) -> None:
        self.parts += task_runner.run(self._task, call, arguments, 0, 60.0, self.position)

    def _task(self, x: int) -> int:
        assert self.gates[x].wait(60)
        return x

    def reach(self, index: int) -> None:
        for gate in self.gates[:index]:
            gate.set()
        until(lambda: self.position.index == index)

    def end(self) -> list[int]:
        for gate in self.gates:
            gate.set()
        self._thread.join()
        return [value for part in self.parts for value in pickling.loads(part.values)]


@pytest.mark.parametrize("call", ["single", "args", "kwargs"])
def test_a_batch_that_is_ended_early_begins_no_other_task(call: str) -> None:
    gated = Gated(call, 40)
    gated.reach(33)  # in a batch of many
    with gated.position.lock:
        assert gated.position.end_batch_early(33) == 34
        assert gated.position.end_batch_early(32) is None, "which does not run"
    assert gated.end() == list(range(34))


def test_at_the_end_of_a_batch_that_was_ended_early_no_task_runs() -> None:
    """The next one is somebody else's: the agent takes a word of it for nonsense."""
    gated = Gated("single", 40)
    gated.reach(33)
    with gated.position.lock:  # which the batch's end needs
        assert gated.position.end_batch_early(33) == 34
        gated.gates[33].set()
        part = gated.position.part
        assert part is not None
        until(lambda: len(part.values) == 34 - part.start)
        assert gated.position.index == -1
    assert gated.end() == list(range(34))


class Record:
    """Belongs to one thread, as what a bridge to another language gives out."""

    threads: ClassVar[set[str]] = set()

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> Any:
        self.threads.add(threading.current_thread().name)
        return Record, (self.number,)


def test_nothing_of_the_users_is_called_in_another_thread_to_tell_a_result_early() -> None:
    """His next task runs meanwhile, and may hold what that needs."""
    position, gate = task_runner.Position(), threading.Event()
    Record.threads.clear()
    parts: list[Part] = []

    def task(x: int) -> Record:
        assert x < 2 or gate.wait(60)
        return Record(x)

    running = threading.Thread(
        target=lambda: parts.extend(task_runner.run(task, "single", [0, 1, 2], 0, 60.0, position)), name="running"
    )
    running.start()
    until(lambda: position.index == 2)
    with position.lock:
        assert position.done_before(2, perf_counter()) is None
    gate.set()
    running.join()
    assert [value.number for part in parts for value in pickling.loads(part.values)] == [0, 1, 2]
    assert Record.threads == {"running"}


def test_arrays_are_told_early_as_they_were() -> None:
    position, gate, array = task_runner.Position(), threading.Event(), np.arange(3)
    parts: list[Part] = []

    def task(x: int) -> Any:
        assert x < 2 or gate.wait(60)
        array[0] = x
        return {"array": array}

    running = threading.Thread(
        target=lambda: parts.extend(task_runner.run(task, "single", [0, 1, 2], 0, 60.0, position))
    )
    running.start()
    until(lambda: position.index == 2)
    with position.lock:
        part = position.done_before(2, perf_counter())
    assert part is not None
    assert [value["array"].tolist() for value in pickling.loads(part.values)] == [[0, 1, 2], [1, 1, 2]]
    gate.set()
    running.join()
    assert [value["array"].tolist() for part in parts for value in pickling.loads(part.values)] == [[2, 1, 2]]


@pytest.mark.parametrize("failing", [False, True])
def test_no_task_is_told_twice_or_left_out_whenever_it_is_looked_at(failing: bool) -> None:
    """Who looks is another thread, and may come between any two steps."""
    position = task_runner.Position()
    told: list[Part] = []
    over = threading.Event()

    def task(x: int) -> list[int]:
        if failing and x % 7 == 3:
            raise ValueError(x)
        return [x] * (x % 5)

    def look() -> None:
        while not over.is_set():
            with position.lock:
                index = position.index
                if (part := position.done_before(index, perf_counter())) is not None:
                    told.append(part)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        told += task_runner.run(task, "single", list(range(3000)), 0, 60.0, position)
    finally:
        over.set()
        looking.join()
    told.sort(key=lambda part: part.start)
    assert [part.start for part in told] == [0, *(part.stop for part in told[:-1])]
    assert told[-1].stop == 3000
    failed = {index for part in told for index in part.missing}
    assert failed == ({x for x in range(3000) if x % 7 == 3} if failing else set())
    values = [value for part in told if part.values for value in pickling.loads(part.values)]
    assert values == [[x] * (x % 5) for x in range(3000) if x not in failed]


def test_a_batch_ended_early_at_any_moment_runs_each_task_once_or_not_at_all() -> None:
    ran: list[int] = []
    position = task_runner.Position()
    at, count, borders = 0, 3000, list[int]()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            with position.lock:
                if (begin := position.end_batch_early(position.index)) is not None:
                    borders.append(begin)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        while at < count:
            before = len(borders)
            for part in task_runner.run(_noting(ran), "single", list(range(at, count)), at, 60.0, position):
                at = part.stop
            with position.lock:
                assert set(borders[before:]) <= {at}, "where others were told to begin"
    finally:
        over.set()
        looking.join()
    assert ran == list(range(count))


def _noting(ran: list[int]) -> Callable[[int], int]:
    def task(x: int) -> int:
        ran.append(x)
        return x

    return task
