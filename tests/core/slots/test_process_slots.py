"""What a slot's process and its agent know of each other's jobs and blocks, and what is said of tasks that it is at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Outcome, SlotDeath, Unfit
from mcgui_core.slots.process_slots import LOAD_DEATHS_ALLOWED, ProcessSlots
from mcgui_core.slots.slot_interface import Event, Slot
from mcgui_core.values import pickling

SOURCE = "def f(x): return x\n"


@pytest.fixture
def slot() -> Iterator[Slot]:
    slots = ProcessSlots()
    slot = slots.new("node")
    yield slot
    slot.close()
    slots.close()


def block(start: int, values: list[Any]) -> Block:
    return Block(start, len(values), pickling.dumps(values))


def unopenable(start: int) -> Block:
    """Of a package that is not here."""
    return Block(start, 1, pickling.dumps([np.float64(1)]).replace(b"numpy", b"nympu"))


def told(
    slot: Slot, spec: JobSpec, chunk: Chunk, blocks: list[Block], known_jobs: tuple[int, ...] = (1, 2)
) -> list[Event]:
    """What becomes of a chunk."""
    events: list[Event] = []
    assert slot.run(chunk, spec, blocks, known_jobs, events.append) == chunk.stop, events
    return events


def results(slot: Slot, spec: JobSpec, chunk: Chunk, blocks: list[Block], *known_jobs: int) -> list[Any]:
    found: list[Any] = []
    for event in told(slot, spec, chunk, blocks, known_jobs or (1, 2)):
        assert isinstance(event, Outcome), event
        assert not event.failures, event
        found += pickling.loads(event.values)
    return found


FIRST, SECOND = JobSpec("first", SOURCE, "f"), JobSpec("second", SOURCE, "f")


@pytest.mark.parametrize("between", [1, 3, 5])
def test_a_job_that_comes_back_after_others_brings_its_arguments_again(slot: Slot, between: int) -> None:
    """As one does that is retried: its process has forgotten it meanwhile."""
    kept = block(0, [[0], [1], [2], [3]])
    assert results(slot, FIRST, Chunk(1, 1, 0, 2), [kept], 1, 2) == [[0], [1]]
    for job in range(2, 2 + between):
        assert results(slot, SECOND, Chunk(1, job, 0, 1), [block(0, [[4]])], job) == [[4]]
    pid = slot.pid
    assert results(slot, FIRST, Chunk(1, 1, 2, 4), [kept], 1) == [[2], [3]]
    assert slot.pid == pid


def test_a_job_whose_arguments_were_unfit_has_loaded_and_its_blocks_are_counted(slot: Slot) -> None:
    """Agent and slot both know of four blocks. The one that could not be opened is among them."""
    blocks = [block(start, [[start + n] for n in range(4)]) for start in range(0, 16, 4)]
    assert results(slot, FIRST, Chunk(1, 1, 0, 2), blocks[:1]) == [[0], [1]]
    (unfit,) = told(slot, SECOND, Chunk(1, 2, 0, 1), [unopenable(0)])
    assert isinstance(unfit, Unfit)
    assert unfit.what == "arguments"
    for start in (4, 8, 12):
        assert len(results(slot, FIRST, Chunk(1, 1, start, start + 4), [blocks[start // 4]])) == 4
    pid = slot.pid
    assert results(slot, FIRST, Chunk(1, 1, 2, 4), blocks[:1]) == [[2], [3]]
    assert results(slot, SECOND, Chunk(1, 2, 1, 2), [block(1, [5])]) == [5]
    assert slot.pid == pid


@pytest.mark.parametrize("count", [1, 50])
def test_what_ran_before_a_block_that_cannot_be_opened_is_not_lost(slot: Slot, count: int) -> None:
    values: list[Any] = [[n] for n in range(count)]
    done, unfit = told(slot, FIRST, Chunk(1, 1, 0, count + 1), [block(0, values), unopenable(count)])
    assert isinstance(done, Outcome)
    assert (done.start, done.stop) == (0, count)
    assert pickling.loads(done.values) == values
    assert isinstance(unfit, Unfit)
    assert unfit.what == "arguments"


#: Opening one takes longer than the time that a task has in the test below.
SLOW = """
import time
class Slow:
    def __init__(self, number): self.number = number
    def __setstate__(self, state):
        time.sleep(0.6)
        self.__dict__.update(state)
def f(x): return x.number
"""


@pytest.mark.parametrize("careful", [False, True])
def test_the_time_of_a_task_is_not_that_of_its_argument(slot: Slot, careful: bool) -> None:
    spec = JobSpec("slow", SLOW, "f", timeout=0.4)
    module = load_module(SLOW, "<environment>")
    arguments = block(0, [module.Slow(n) for n in range(2)])
    assert results(slot, spec, Chunk(1, 1, 0, 2, careful), [arguments]) == [0, 1]


#: The fourth time that one is opened ends the process: two of a block are opened, and then copied for their tasks.
DEADLY = """
import itertools, os
opened = itertools.count(1)
class Deadly:
    def __init__(self, number): self.number = number
    def __setstate__(self, state):
        if next(opened) == 4:
            os._exit(3)
        self.__dict__.update(state)
def f(x): return x.number
"""


def test_where_an_argument_ends_a_process_before_its_task_that_task_alone_is_to_blame(slot: Slot) -> None:
    spec = JobSpec("deadly", DEADLY, "f")
    module = load_module(DEADLY, "<environment>")
    arguments = block(0, [module.Deadly(n) for n in range(2)])
    events: list[Event] = []
    assert slot.run(Chunk(1, 1, 0, 2, careful=True), spec, [arguments], (1,), events.append) == 2
    done, death = events
    assert isinstance(done, Outcome)
    assert isinstance(death, SlotDeath)
    assert (death.start, death.stop) == (1, 2)
    assert death.reason == "while its argument was opened, its process ended with exit code 3"
    assert results(slot, spec, Chunk(1, 1, 1, 2, careful=True), [arguments]) == [1]


def test_an_environment_that_ends_a_process_at_a_careful_task_is_not_taken_for_its_arguments(slot: Slot) -> None:
    """Each time in a process that has loaded the environment for another job."""
    source = f"import os, sys\nif hasattr(sys, 'before'): os._exit(3)\nsys.before = True\n{SOURCE}"
    spec = JobSpec("job", source, "f")
    events: list[Event] = []
    reached = 0
    for _ in range(LOAD_DEATHS_ALLOWED):
        assert reached == 0
        assert results(slot, spec, Chunk(1, 1, 0, 1), [block(0, [0])]) == [0]
        reached = slot.run(Chunk(1, 2, 0, 1, careful=True), spec, [block(0, [0])], (1, 2), events.append)
    (unfit,) = events
    assert isinstance(unfit, Unfit)
    assert unfit.what == "environment"
    assert "While it loaded the environment" in unfit.message
    assert reached == 1
