"""Slots on an executor that breaks: what ran there is lost together, and the one that is guilty is found."""

from __future__ import annotations

import os
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import get_context, resource_tracker

import pytest

from mcgui_core.protocol.messages import Chunk, JobSpec
from mcgui_core.slots.executors.executor_slots import TOGETHER, ExecutorSlots, Turns
from mcgui_core.slots.slot_interface import Event
from tests.waiting import until


@pytest.fixture(scope="module", autouse=True)
def tracker() -> None:
    """What the first process pool of a process starts and keeps for good is none of any test's."""
    resource_tracker.ensure_running()


class Guest:
    """A thread that is at the executor for a while."""

    def __init__(self, turns: Turns, task: int) -> None:
        self.entered, self.leaves, self.given_up = threading.Event(), threading.Event(), False
        self._turns, self._chunk = turns, Chunk(1, 1, task, task + 1)
        self._thread = threading.Thread(target=self._stay)
        self._thread.start()

    def _stay(self) -> None:
        with self._turns.turn(self._chunk, lambda: self.given_up):
            self.entered.set()
            assert self.leaves.wait(30)

    def leave(self) -> None:
        self.leaves.set()
        self._thread.join()


def lost_with_others(turns: Turns, task: int) -> None:
    for _ in range(TOGETHER):
        turns.lost(Chunk(1, 1, task, task + 1))


def test_what_was_lost_with_others_again_and_again_runs_alone() -> None:
    turns = Turns()
    lost_with_others(turns, 7)
    first = Guest(turns, 1)
    assert first.entered.wait(30)
    suspect = Guest(turns, 7)
    until(lambda: turns._alone == 1, what="that it waits")
    after = Guest(turns, 2)
    assert not suspect.entered.is_set()
    first.leave()
    assert suspect.entered.wait(30)
    assert not after.entered.is_set()
    suspect.leave()
    assert after.entered.wait(30)
    after.leave()


def test_what_was_lost_once_and_what_is_of_another_job_runs_beside_others() -> None:
    turns = Turns()
    turns.lost(Chunk(1, 1, 7, 8))
    lost_with_others(turns, 8)
    turns.forget_all_but([2])
    guests = [Guest(turns, task) for task in (7, 8)]
    assert all(guest.entered.wait(30) for guest in guests)
    for guest in guests:
        guest.leave()


def test_what_is_given_up_waits_no_longer_for_its_turn() -> None:
    turns = Turns()
    lost_with_others(turns, 7)
    first, suspect = Guest(turns, 1), Guest(turns, 7)
    assert first.entered.wait(30)
    until(lambda: turns._alone == 1, what="that it waits")
    suspect.given_up = True
    turns.look()
    assert suspect.entered.wait(30)
    suspect.leave()
    first.leave()


def test_a_chunk_that_a_broken_executor_refuses_is_not_to_blame() -> None:
    """One slot's task had broken the pool, and the next slot's, which had not begun, was blamed for it too."""
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    with pytest.raises(BrokenExecutor):
        pool.submit(os._exit, 3).result()
    slots = ExecutorSlots(lambda: pool, 1)
    told: list[Event] = []
    slot = slots.new("here")
    slot.begin()
    assert slot.run(Chunk(1, 1, 5, 6), JobSpec("job", "", "f"), [], [1], told.append) == 5
    assert told == []
    pool.shutdown()
