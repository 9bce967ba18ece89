"""Processes that one slot leaves to another, and when those end that none has asked for again."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Outcome
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import Event, Slot
from mcgui_core.slots.slot_process_pool import SlotProcessPool
from mcgui_core.values import pickling
from tests.waiting import until

#: Returns its process, and the seconds until an alarm ends that.
SOURCE = "import os, signal\ndef f(x): return os.getpid(), signal.getitimer(signal.ITIMER_REAL)[0]\n"


@pytest.fixture
def slots() -> Iterator[ProcessSlots]:
    slots = ProcessSlots()
    yield slots
    slots.close()


@pytest.fixture
def pool() -> Iterator[SlotProcessPool]:
    pool = SlotProcessPool()
    pool.add_slot()
    yield pool
    pool.remove_slot()
    pool.join()


def result(slot: Slot, spec: JobSpec, job: int) -> tuple[int, float]:
    events: list[Event] = []
    slot.run(Chunk(1, job, 0, 1), spec, [Block(0, 1, pickling.dumps([0]))], (1, 2), events.append)
    (outcome,) = events
    assert isinstance(outcome, Outcome)
    ((pid, seconds),) = pickling.loads(outcome.values)
    return pid, seconds


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process of its parent's end")
@pytest.mark.parametrize("options", [(), ("-O",)])
def test_a_process_outlives_the_slot_that_took_it_first(slots: ProcessSlots, options: tuple[str, ...]) -> None:
    """With options of its interpreter it is started when it is asked for: no blank one has them."""
    first, second = slots.new("node"), slots.new("node")
    spec, other = JobSpec("job", SOURCE, "f", interpreter=options), JobSpec("other", f"# other\n{SOURCE}", "f")
    pids: list[int] = []

    def serve() -> None:
        pids.append(result(first, spec, 1)[0])
        result(first, other, 2)
        first.close()

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
    try:
        assert result(second, spec, 1) == (pids[0], 0.0)
    finally:
        second.close()


def test_a_process_that_no_slot_asks_for_again_ends_after_a_while(pool: SlotProcessPool) -> None:
    until(lambda: len(pool.pids) == 1, what="a blank process")
    process = pool.take("key", (1,))
    process.has_loaded(1)
    until(lambda: len(pool.pids) == 1, what="another blank process")
    pool.keep(process, (1,))
    until(lambda: process.pid not in pool.pids and not process.alive, what="its end")


def test_a_process_that_cannot_be_started_is_said_where_it_was_asked_for(
    pool: SlotProcessPool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    until(lambda: len(pool.pids) == 1, what="a blank process")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(OSError, match="none"):
        pool.take("key", (1,), options=("-O",))
