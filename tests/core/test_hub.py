"""Scheduler and journal together: what is acknowledged is written, and what fails did not happen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core import payloads
from mcgui_core.errors import JobUnknown, ServerFailed
from mcgui_core.hub import Hub
from mcgui_core.jobs import Block, Chunk, Lease, NodeInfo, NodeReport, Orders, Report
from tests.core.scheduling import done
from tests.core.world import FailingJournal, spec

INFO = NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1)


def block(start: int, stop: int) -> tuple[Block, ...]:
    return (Block(start, stop - start, payloads.dumps(list(range(start, stop)))),)


class Master:
    """A hub over a journal that fails when it is told to, with a clock that stands still."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = FailingJournal(path)
        self.hub = Hub(self.journal, lambda: 1000.0)

    def again(self) -> Master:
        """Closed, and started anew."""
        self.hub.close()
        return Master(self.path)


@pytest.fixture
def master(tmp_path: Path) -> Iterator[Master]:
    opened = Master(tmp_path / "journal.sqlite")
    opened.hub.join(INFO, "here", None)
    yield opened
    opened.hub.close()


def one(lease: Lease) -> Chunk:
    (chunk,) = lease.chunks
    return chunk


def test_a_lease_brings_all_that_the_node_does_not_have(master: Master) -> None:
    hub = master.hub
    id = hub.submit(spec(chunksize=5), block(0, 10), True)
    first = hub.exchange("a", Report(), 1.0)
    assert [job for job, _ in first.specs] == [id]
    assert first.blocks == ((id, block(0, 10)[0]),)
    second = hub.exchange("a", Report((done(one(first)),)), 1.0)
    assert second.specs == ()
    assert second.blocks == ((id, block(0, 10)[0]),)  # it has let go of it as it reported


@pytest.mark.parametrize("writes", [0, 1])
def test_a_full_disk_loses_neither_a_report_nor_a_lease(master: Master, writes: int) -> None:
    """Whether it is the outcomes that cannot be written, or what follows from them."""
    hub = master.hub
    id = hub.submit(spec(retries=1), block(0, 3), True)
    report = Report((done(one(hub.exchange("a", Report(), 1.0))),))
    master.journal.fault, master.journal.writes_left = "full", writes
    with pytest.raises(ServerFailed, match="Is the disk full"):
        hub.exchange("a", report, 1.0)
    assert hub.status(id).running in (0, 1)
    chunks = [*hub.exchange("a", report, 1.0).chunks]
    while chunks:
        chunks = [*hub.exchange("a", Report(tuple(map(done, chunks))), 1.0).chunks]
    assert (hub.status(id).state, hub.status(id).done) == ("finished", 3)


def test_a_full_disk_does_not_keep_a_first_lease(master: Master) -> None:
    hub = master.hub
    id = hub.submit(spec(), block(0, 1), True)
    master.journal.fault = "full"
    with pytest.raises(ServerFailed):
        hub.exchange("a", Report(), 1.0)
    assert hub.status(id).running == 0
    lease = hub.exchange("a", Report(), 1.0)
    assert (one(lease).start, len(lease.specs), len(lease.blocks)) == (0, 1, 1)


def test_what_was_asked_before_a_node_joined_anew_is_not_answered_with_work(master: Master) -> None:
    """Nobody would hear the answer, and its lease would be held for ever."""
    hub = master.hub
    id = hub.submit(spec(), block(0, 3), True)
    chunk = one(hub.exchange("a", Report(), 1.0))
    hub.join(NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1, visit=1), "here", None)
    assert hub.exchange("a", Report((done(chunk),)), 1.0, 0) == Lease()
    assert hub.attend("a", NodeReport(1, 0, 0.0, 0), 0.0, 0) == Orders()
    assert (hub.status(id).done, hub.status(id).running) == (1, 0)
    assert hub.exchange("a", Report(), 1.0, 1).chunks


def test_arguments_that_are_offered_twice_arrive_once(master: Master) -> None:
    hub = master.hub
    id = hub.submit(spec(), block(0, 3), False)
    for _ in range(2):
        assert hub.extend(id, block(0, 3) + block(3, 5), sealed=False) is True
    assert hub.status(id).total == 5
    assert hub.extend(id, (), sealed=True) is True
    assert hub.extend(id, (), sealed=True) is None
    assert [found.start for found in hub.blocks(id, 0, 5)] == [0, 3]


def test_a_job_that_was_cancelled_before_all_its_arguments_came_ends_when_it_is_retried(master: Master) -> None:
    """Whoever brought them has stopped, so it would wait for ever."""
    hub = master.hub
    id = hub.submit(spec(), block(0, 2), False)
    hub.cancel(id)
    assert hub.extend(id, block(2, 4), sealed=False) is None
    hub.retry_failed(id)
    assert hub.extend(id, block(2, 4), sealed=False) is None
    master = master.again()
    assert master.hub.status(id).sealed
    master.hub.join(INFO, "here", None)
    chunks = [*master.hub.exchange("a", Report(), 1.0).chunks]
    while chunks:
        chunks = [*master.hub.exchange("a", Report(tuple(map(done, chunks))), 1.0).chunks]
    assert (master.hub.status(id).state, master.hub.status(id).done) == ("finished", 2)
    master.hub.close()


def test_a_job_that_was_paused_is_paused_after_a_restart(master: Master) -> None:
    id = master.hub.submit(spec(), block(0, 2), True)
    master.hub.pause(id)
    master = master.again()
    assert master.hub.status(id).state == "paused"
    master.hub.close()


def test_outcomes_are_read_on_to_their_end(master: Master) -> None:
    hub = master.hub
    id = hub.submit(spec(chunksize=1), block(0, 3), True)
    assert hub.outcomes(id, 0, 0.0, 10**6) == ((), False)
    chunks = hub.exchange("a", Report(), 1.0).chunks
    while chunks:
        chunks = hub.exchange("a", Report(tuple(map(done, chunks))), 1.0).chunks
    after = 0
    for start in range(3):
        (outcome,), ended = hub.outcomes(id, after, 0.0, limit_bytes=0)
        after = outcome.seq
        assert (outcome.start, ended) == (start, start == 2)
    assert hub.outcomes(id, after, 0.0, 10**6) == ((), True)


def test_a_job_that_there_is_not_is_named(master: Master) -> None:
    for ask in (master.hub.pause, master.hub.resume, master.hub.cancel, master.hub.retry_failed, master.hub.status):
        with pytest.raises(JobUnknown, match="no job 7"):
            ask(7)
