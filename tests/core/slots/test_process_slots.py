"""What a slot's process and its agent know of each other's jobs and blocks, and what is said of tasks that it is at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Outcome, SlotDeath, Unfit
from mcgui_core.slots.chunk_run import LOAD_DEATHS_ALLOWED
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import Event, Slot
from mcgui_core.slots.time_limits import task_clock
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
import os
opened = iter(range(1, 100))
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
    assert death.reason.startswith("while its argument was opened, its process ended with exit code 3. Pass plain")
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


class Opened:
    """Runs its code where it is opened."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __reduce__(self) -> Any:
        return exec, (self.code,)


LOOP = "while True: pass"
EXIT = "import os; os._exit(3)"


def until_all_is_told(slot: Slot, spec: JobSpec, chunk: Chunk, blocks: list[Block]) -> tuple[list[Event], int]:
    """What becomes of a chunk, by the rest of it again and again; and how often."""
    events: list[Event] = []
    start, tries = chunk.start, 0
    while start < chunk.stop:
        slot.begin()
        start = slot.run(replace(chunk, start=start), spec, blocks, (1,), events.append)
        tries += 1
        assert tries < 20, events
    return events, tries


def failed(events: list[Event]) -> dict[int, tuple[str, str]]:
    assert all(isinstance(event, Outcome) for event in events), events
    found = [failure for event in events if isinstance(event, Outcome) for failure in event.failures]
    return {failure.index: (failure.kind, failure.message) for failure in found}


@pytest.mark.parametrize("timeout", [None, 5.0])
@pytest.mark.parametrize("shared", [False, True])
def test_an_argument_that_ends_the_process_as_others_are_opened_fails_alone(
    slot: Slot, timeout: float | None, shared: bool
) -> None:
    """Or those that share what does. Also where a slot that is at other tasks of the block opens it."""
    bad = Opened(EXIT)
    values = [[0], bad, [2], [bad] if shared else [3], [4], Opened(EXIT), [6]]
    spec = JobSpec("job", SOURCE, "f", timeout=timeout)
    events, _ = until_all_is_told(slot, spec, Chunk(1, 1, 0, 5, careful=True), [block(0, values)])
    found = failed(events)
    assert sorted(found) == ([1, 3] if shared else [1])
    kind, message = found[1]
    assert kind == "died"
    assert message.startswith("while its argument was opened, its process ended with exit code 3. Pass plain values")
    good = [value for event in events if isinstance(event, Outcome) and event.values
            for value in pickling.loads(event.values)]  # fmt: skip
    assert good == ([[0], [2], [4]] if shared else [[0], [2], [3], [4]])
    again, tries = until_all_is_told(slot, spec, Chunk(1, 1, 5, 7), [block(0, values)])
    assert (sorted(failed(again)), tries) == ([5], 1), "what is known of the block is not tried again"


@pytest.mark.parametrize(("careful", "timeout"), [(False, 0.3), (True, 0.3), (True, None)])
def test_an_argument_that_is_never_open_fails_alone(
    slot: Slot, careful: bool, timeout: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its job never ended. Without a limit of its tasks, that is known where a slot announces what it begins with, as it
    does where tasks run again because they are late."""
    monkeypatch.setattr(task_clock, "OPENING_SECONDS", 0.5)
    monkeypatch.setattr(task_clock, "LONGEST_OPENING", 0.5)
    spec = JobSpec("job", SOURCE, "f", timeout=timeout)
    values = [[0], Opened(LOOP), [2]]
    events, _ = until_all_is_told(slot, spec, Chunk(1, 1, 0, 3, careful), [block(0, values)])
    assert sorted(failed(events)) == [1]
    kind, message = failed(events)[1]
    assert kind == "timeout"
    assert message.startswith("to open its argument took longer than 0.5 s and was stopped. Pass plain values")


def test_steps_of_opening_arguments_have_each_their_time(slot: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_clock, "OPENING_SECONDS", 1.0)
    spec = JobSpec("job", SOURCE, "f", timeout=0.3)
    values = [Opened("import time; time.sleep(0.4)") for _ in range(4)]
    events, tries = until_all_is_told(slot, spec, Chunk(1, 1, 0, 4), [block(0, values)])
    assert (failed(events), tries) == ({}, 2), "all at once take too long"


def test_arguments_that_end_a_process_are_tried_anew_when_their_job_is(slot: Slot) -> None:
    """Another time they may not. Another spec is that of a job that was over meanwhile."""
    values = [[0], Opened(EXIT)]
    for _ in range(2):
        assert results(slot, SECOND, Chunk(1, 2, 0, 1), [block(0, [4])], 2) == [4]  # it forgets the other job
        spec = JobSpec("job", SOURCE, "f")
        events, tries = until_all_is_told(slot, spec, Chunk(1, 1, 0, 2, careful=True), [block(0, values)])
        assert (sorted(failed(events)), tries) == ([1], 4), "once together, twice step by step, once without it"
