"""Scheduler and journal together: what is acknowledged is written, and what fails did not happen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.errors import BadInput, JobUnknown, JournalFull
from mcgui_core.journal import value_store
from mcgui_core.journal.journal import Journal
from mcgui_core.master import journal_reader, lease_payload
from mcgui_core.master.hub import SWEEP_SECONDS, Hub
from mcgui_core.master.shared_state import Start
from mcgui_core.protocol.messages import (
    Block,
    Chunk,
    Lease,
    NodeInfo,
    NodeReport,
    Orders,
    Outcome,
    Report,
    TaskOutput,
    TaskStatus,
    Unfit,
)
from mcgui_core.protocol.queries import OutputQuery
from mcgui_core.scheduler.lease_table import GATHER_MOST
from mcgui_core.values import pickling
from mcgui_core.values.value_file import ValueFile, is_large
from tests.core.failing_journal import FailingJournal, Killed
from tests.core.scheduling import death, done, pieces
from tests.core.world import spec
from tests.waiting import until

INFO = NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1)


def block(start: int, stop: int) -> tuple[Block, ...]:
    return (Block(start, stop - start, pickling.dumps(list(range(start, stop)))),)


class Master:
    """A hub over a journal that fails when it is told to, with a clock that stands still."""

    def __init__(self, path: Path, start: Start = "go on", now: float = 1000.0, limit: int | None = None) -> None:
        self.path = path
        self.now = now
        self.journal = FailingJournal(path, limit)
        self.hub = Hub(self.journal, lambda: self.now, start)

    def again(self, start: Start = "go on", now: float = 1000.0) -> Master:
        """Closed, and started anew."""
        self.hub.close()
        return Master(self.path, start, now)

    def again_is_fine(self) -> bool:
        self.again().hub.close()
        return True

    def run_all(self, lease: Lease = Lease()) -> int:  # noqa: B008 - frozen
        """Honest work, from that lease on, until nothing is left. Returns how many tasks were run."""
        ran, chunks = 0, lease.chunks or self.hub.nodes.exchange("a", Report(), 1.0).chunks
        while chunks:
            ran += sum(chunk.count for chunk in chunks)
            chunks = self.hub.nodes.exchange("a", Report(tuple(map(done, chunks))), 1.0).chunks
        return ran


@pytest.fixture
def master(tmp_path: Path) -> Iterator[Master]:
    opened = Master(tmp_path / "journal.sqlite")
    opened.hub.nodes.join(INFO, "here", None)
    yield opened
    opened.hub.close()


def one(lease: Lease) -> Chunk:
    (chunk,) = lease.chunks
    return chunk


def test_a_lease_brings_all_that_the_node_does_not_have(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(chunksize=5), block(0, 10), True)
    first = hub.nodes.exchange("a", Report(), 1.0)
    assert [job for job, _ in first.specs] == [id]
    assert first.blocks == ((id, block(0, 10)[0]),)
    second = hub.nodes.exchange("a", Report((done(one(first)),)), 1.0)
    assert second.specs == ()
    assert second.blocks == ((id, block(0, 10)[0]),)  # it has let go of it as it reported


def test_large_results_say_nothing_of_what_else_their_node_has_told_while_they_were_on_their_way(
    master: Master,
) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), block(0, 4), True)
    lease = one(hub.nodes.exchange("a", Report(), 3.0))
    node = hub.state.scheduler.nodes["a"]
    hub.nodes.exchange("a", Report(kept=2, staging=((lease.lease, 1),), bringing=(id,)), 0.0)
    hub.nodes.exchange("a", Report((done(pieces(lease)[0]),), beside=True), 0.0)
    assert (node.kept, node.staging, node.bringing) == (1, {lease.lease: 1}, frozenset({id}))
    for report in (Report(kept=1), Report()):
        hub.nodes.exchange("a", report, 0.0)
        assert (node.kept, node.staging, node.bringing) == (report.kept, {}, frozenset())


def test_a_full_disk_pauses_everything_loses_nothing_and_says_so(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(retries=1, chunksize=1), block(0, 3), True)
    report = Report((done(one(hub.nodes.exchange("a", Report(), 1.0))),))
    master.journal.fault = "full"
    with pytest.raises(JournalFull, match="Is the disk full"):
        hub.nodes.exchange("a", report, 1.0)
    status = hub.view.status(id)
    assert (status.state, status.done, status.running) == ("paused", 0, 1)
    assert str(master.path) in status.reason
    assert "Free some space; the jobs then go on by themselves." in status.reason
    assert not hub.nodes.attend("a", NodeReport(1, 0, 0.0, 0), 0.0).work
    assert hub.nodes.exchange("a", report, 1.0).chunks == ()  # what can be written is, and nothing is handed out
    hub.tick()
    assert hub.nodes.attend("a", NodeReport(1, 0, 0.0, 0), 0.0).work
    master.run_all()
    assert (hub.view.status(id).state, hub.view.status(id).done, hub.view.status(id).reason) == ("finished", 3, "")


def test_a_state_that_could_not_be_written_is_written_later(master: Master) -> None:
    id = master.hub.jobs.submit(spec(), block(0, 1), True)
    master.journal.fault = "full"
    master.hub.jobs.pause(id)
    master.hub.tick()
    master = master.again()
    assert master.hub.view.status(id).state == "paused"
    master.hub.close()


def test_a_job_that_cannot_be_written_is_refused(master: Master) -> None:
    master.journal.fault = "full"
    with pytest.raises(JournalFull):
        master.hub.jobs.submit(spec(), block(0, 1), True)
    assert master.hub.view.job_ids() == ()
    master.hub.tick()
    assert master.hub.jobs.submit(spec(), block(0, 1), True) == 1
    assert master.again_is_fine()


def test_a_job_at_which_the_scheduler_fails_leaves_nothing_behind(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    good = master.hub.jobs.submit(spec(), block(0, 1), True)
    with monkeypatch.context() as faulty:
        faulty.setattr(master.hub.state.scheduler, "extend", fail)
        with pytest.raises(RuntimeError):
            master.hub.jobs.submit(spec(), block(0, 1), True)
    assert master.hub.view.job_ids() == (good,)
    assert master.journal.jobs.ids() == [good]
    assert master.run_all() == 1


@pytest.mark.parametrize("wrong", [(1, 3), (-1, 3), (0, 0), (0, -2), (0, 1.0), ("0", 1)])
def test_arguments_that_do_not_follow_each_other_are_refused(master: Master, wrong: tuple[Any, Any]) -> None:
    with pytest.raises(BadInput, match=r"Arguments from 0 on were due"):
        master.hub.jobs.submit(spec(), (Block(*wrong, b""),), True)
    id = master.hub.jobs.submit(spec(), (), False)
    with pytest.raises(BadInput, match=r"Arguments from 2 on were due; a block of 1 from 5 came."):
        master.hub.jobs.extend(id, block(0, 2) + block(5, 6), True)
    assert (master.hub.view.status(id).total, master.hub.view.status(id).sealed) == (0, False)


def test_a_journal_may_have_a_limit(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite", limit=2_000_000)
    hub = Hub(journal, lambda: 1000.0)
    first = hub.jobs.submit(spec(), (Block(0, 1, b"x" * 1_000_000),), True)
    with pytest.raises(JournalFull, match="has reached its limit of 2 MB, or its disk is full. Delete old runs"):
        hub.jobs.submit(spec(), (Block(0, 1, b"x" * 1_500_000),), True)
    hub.tick()
    assert hub.view.status(first).state == "paused" or hub.view.status(first).state == "waiting"
    hub.jobs.cancel(first)
    hub.jobs.forget(first)
    for _ in range(5):
        hub.tick()
    second = hub.jobs.submit(spec(), (Block(0, 1, b"x" * 1_500_000),), True)
    assert hub.view.status(second).state == "waiting"
    hub.close()
    assert (tmp_path / "journal.sqlite").stat().st_size <= 2_000_000


def test_deleted_runs_give_their_room_back(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), (Block(0, 1, b"x" * 8_000_000),), True)
    with pytest.raises(BadInput, match=f"Job {id} is not over, so it cannot be deleted. Cancel it first."):
        hub.jobs.forget(id)
    hub.jobs.cancel(id)
    hub.jobs.forget(id)
    for _ in range(5):
        hub.tick()
    with pytest.raises(JobUnknown):
        hub.view.status(id)
    hub.close()
    assert master.path.stat().st_size < 200_000


def test_runs_older_than_some_time_are_deleted(master: Master) -> None:
    hub = master.hub
    old, young, running = (hub.jobs.submit(spec(), block(0, 1), True) for _ in range(3))
    hub.jobs.cancel(old)
    master.now += 3600
    hub.jobs.cancel(young)
    assert hub.jobs.forget_older_than(1800) == 1
    assert hub.view.job_ids() == (young, running)
    master = master.again()
    assert master.hub.view.job_ids() == (young, running)
    master.hub.close()


def test_jobs_are_held_after_a_restart_if_that_is_wanted(master: Master) -> None:
    id = master.hub.jobs.submit(spec(), block(0, 2), True)
    master.hub.nodes.exchange("a", Report(), 1.0)
    over = master.hub.jobs.submit(spec(), (), True)
    master = master.again("hold")
    assert (master.hub.view.status(id).state, master.hub.view.status(over).state) == ("paused", "finished")
    status = master.hub.view.status(id)
    assert status.reason_code == "held"
    assert status.reason == "The master was started anew, and holds this job until you resume it."
    master.hub.nodes.join(INFO, "here", None)
    assert master.hub.nodes.exchange("a", Report(), 1.0).chunks == ()
    master.hub.jobs.resume(id)
    assert (master.hub.view.status(id).reason_code, master.hub.view.status(id).reason) == ("", "")
    master.run_all()
    assert master.hub.view.status(id).state == "finished"
    master.hub.close()


def test_who_only_looks_shows_jobs_as_they_stand_and_neither_runs_nor_writes_them(master: Master) -> None:
    hub = master.hub
    running, paused, unwanted = (hub.jobs.submit(spec(), block(0, 2), sealed=True) for _ in range(3))
    hub.jobs.pause(paused)
    hub.jobs.pause(unwanted)
    hub.nodes.exchange("a", Report(), 1.0)
    master = master.again("look")
    shown = [master.hub.view.status(id) for id in (running, paused)]
    assert [(job.state, job.reason_code) for job in shown] == [("running", "looked at"), ("paused", "")]
    master.hub.nodes.join(INFO, "here", None)
    assert master.hub.nodes.exchange("a", Report(), 1.0) == Lease()
    assert [job.state for job in master.journal.restore()] == ["running", "paused", "paused"]
    master.hub.jobs.cancel(unwanted)
    master = master.again()
    master.hub.nodes.join(INFO, "here", None)
    assert master.run_all() == 2
    assert [job.state for job in master.journal.restore()] == ["finished", "paused", "cancelled"]
    master.hub.close()


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_a_job_paused_in_the_evening_and_resumed_in_the_morning_took_no_night(master: Master, end: str) -> None:
    id = master.hub.jobs.submit(spec(), block(0, 2), True)
    master.hub.nodes.exchange("a", Report(), 1.0)
    master.now = 1010.0
    master.hub.jobs.pause(id)
    master.now = 2000.0
    if end == "killed":
        master.journal.file.db.close()
    master = master.again(now=8000.0)
    master.now = 9000.0
    assert master.hub.view.status(id).took(9000.0) == 10.0
    master.hub.jobs.resume(id)
    master.now = 9005.0
    assert master.hub.view.status(id).took(9005.0) == 15.0
    master.hub.close()


def test_a_look_at_a_journal_counts_neither_as_work_nor_twice(master: Master) -> None:
    running, paused = (master.hub.jobs.submit(spec(), block(0, 2), True) for _ in range(2))
    two_leases(master, running, paused)
    master.now = 1010.0
    master.hub.close()
    os.utime(master.path, (1010.0, 1010.0))
    for now in (3000.0, 4000.0):
        master = master.again("look", now)
        master.now = now + 500.0
        times = [path.stat().st_mtime for path in master.path.parent.iterdir() if path.name.endswith(("lite", "-wal"))]
        assert set(times) == {1010.0}, "one who looks, and is killed, has moved the time of the last write"
        assert [master.hub.view.status(id).took(master.now) for id in (running, paused)] == [10.0, 10.0]
        master.hub.jobs.pause(paused)
    master = master.again(now=9000.0)
    master.hub.jobs.resume(paused)
    master.now = 9005.0
    assert [master.hub.view.status(id).took(9005.0) for id in (running, paused)] == [15.0, 15.0]
    master.hub.close()
    os.utime(master.path, (9005.0, 9005.0))
    master = master.again(now=9900.0)
    assert master.hub.view.status(running).took(9900.0) == 15.0
    master.hub.close()


def test_a_job_whose_feeder_is_gone_says_so_until_another_comes_or_it_is_sealed(master: Master) -> None:
    hub, feeder = master.hub, object()
    id = hub.jobs.submit(spec(), block(0, 2), False, feeder)
    assert "arguments is gone" not in hub.view.status(id).reason
    hub.jobs.connection_ended(feeder)
    assert "The program that brings its arguments is gone; 2 have arrived." in hub.view.status(id).reason
    hub.jobs.extend(id, block(2, 3), False, None, object())
    assert "arguments is gone" not in hub.view.status(id).reason
    master.run_all()
    master = master.again()
    assert "The program that brings its arguments is gone; 3 have arrived." in master.hub.view.status(id).reason
    master.hub.jobs.seal(id)
    assert master.hub.view.status(id).state == "finished"
    master.hub.close()


def test_a_lease_brings_no_more_arguments_than_one_message_holds(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_payload, "LEASE_BYTES", 250)
    blocks = tuple(Block(n, 1, pickling.dumps("x" * 80)) for n in range(10))
    id = master.hub.jobs.submit(spec(chunksize=8), blocks, True)
    lease = master.hub.nodes.exchange("a", Report(), 1.0)
    assert sum(len(found.data) for _, found in lease.blocks) <= 250
    assert one(lease).count == len(lease.blocks) >= 2
    assert master.hub.view.status(id).running == one(lease).count
    ran = master.run_all(lease)
    assert (master.hub.view.status(id).state, ran) == ("finished", 10)


def test_what_was_cut_off_a_lease_comes_with_its_arguments_while_the_rest_of_that_lease_is_held(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_payload, "LEASE_BYTES", 250)
    blocks = tuple(Block(n, 1, pickling.dumps("x" * 80)) for n in range(10))
    master.hub.jobs.submit(spec(chunksize=8), blocks, True)
    has: set[int] = set()
    report = Report()
    while (lease := master.hub.nodes.exchange("a", report, 1000.0)).chunks:
        has.update(found.start for _, found in lease.blocks)
        (chunk,) = lease.chunks
        assert has.issuperset(range(chunk.start, chunk.stop))
        report = Report((done(replace(chunk, stop=chunk.stop - 1)),)) if chunk.count > 1 else Report((done(chunk),))
    assert len(has) > 2


def test_the_journal_is_asked_for_a_block_only_to_send_it(master: Master) -> None:
    hub = master.hub
    asked: list[str] = []
    id = hub.jobs.submit(spec(chunksize=2), block(0, 10), False)
    chunk = one(hub.nodes.exchange("a", Report(), 1.0))
    hub.state.journal.file.db.set_trace_callback(asked.append)
    lease = hub.nodes.exchange("a", Report((done(replace(chunk, stop=chunk.start + 1)),)), 1000.0)
    assert one(lease).stop <= 10
    assert [statement for statement in asked if "FROM blocks" in statement] == []
    hub.jobs.extend(id, block(10, 20), True)
    hub.jobs.cancel(hub.jobs.submit(spec(), block(0, 1), True))  # so that the last block is not at hand any more
    asked.clear()
    lease = hub.nodes.exchange("a", Report(tuple(map(done, (replace(chunk, start=1), *lease.chunks)))), 1000.0)
    assert lease.blocks == ((id, block(10, 20)[0]),)
    assert len([statement for statement in asked if "FROM blocks" in statement]) == 2, "where it begins, and the block"


def test_what_tasks_print_is_kept_and_what_they_say_is_shown_while_they_run(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), block(0, 1), True)
    chunk = one(hub.nodes.exchange("a", Report(), 1.0))
    printed = TaskOutput(id, 0, "out", "hello\n", 5.0, "a")
    stray = replace(printed, job=77)
    hub.nodes.exchange("a", Report(output=(printed, stray), statuses=(TaskStatus(id, 0, "half", 0.5, "a"),)), 0.0)
    assert [status.text for status in hub.view.snapshot(0, 0.0).tasks] == ["half"]
    hub.nodes.exchange("a", Report((done(chunk),)), 0.0)
    assert hub.view.snapshot(0, 0.0).tasks == ()
    (kept,) = hub.reader.output(id, 0, 10)
    assert (kept.text, kept.node, hub.reader.output(None, 0, 10)) == ("hello\n", "a", (kept,))
    assert hub.reader.output(id, kept.seq, 10) == ()


HEARTBEAT = NodeReport(1, 0, 0.0, 0)


def test_a_small_job_comes_along_with_the_answer_to_a_heartbeat(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), block(0, 3), True)
    orders = hub.nodes.attend("a", HEARTBEAT, 0.0, 0, 1.0)
    assert orders.lease is not None
    assert not orders.work
    assert ([job for job, _ in orders.lease.specs], orders.lease.blocks) == ([id], ((id, block(0, 3)[0]),))
    assert hub.view.status(id).state == "running"
    assert master.run_all(orders.lease) == 3
    assert hub.view.status(id).state == "finished"


def test_nothing_else_is_leased_to_a_node_that_perhaps_does_not_have_what_came_along(master: Master) -> None:
    """The other connection may be quicker, and what comes by it would be without arguments, and even without code."""
    hub = master.hub
    hub.jobs.submit(spec(chunksize=1), block(0, 3), True)
    orders = hub.nodes.attend("a", HEARTBEAT, 0.0, 0, 0.001)
    assert orders.lease is not None
    assert hub.nodes.exchange("a", Report(), 1.0).chunks == ()
    hub.nodes.attend("a", replace(HEARTBEAT, nprocs=2), 0.0, 0, 0.0)
    more = one(hub.nodes.exchange("a", Report(), 1.0))
    assert (more.start, more.stop) == (1, 2)


def test_whoever_tells_of_what_came_along_has_it(master: Master) -> None:
    hub = master.hub
    hub.jobs.submit(spec(chunksize=1), block(0, 3), True)
    orders = hub.nodes.attend("a", HEARTBEAT, 0.0, 0, 0.001)
    assert orders.lease is not None
    assert hub.nodes.exchange("a", Report((done(one(orders.lease)),)), 1.0).chunks != ()


@pytest.mark.parametrize("why", ["large", "two jobs", "holds something", "wants nothing"])
def test_other_work_is_to_be_asked_for(master: Master, why: str) -> None:
    hub = master.hub
    large = (Block(0, 3, bytes(lease_payload.ALONG_BYTES + 1)),)
    hub.jobs.submit(spec(chunksize=1), large if why == "large" else block(0, 3), True)
    if why == "two jobs":
        hub.jobs.submit(spec(chunksize=1), block(0, 3), True)
    if why == "holds something":
        hub.nodes.exchange("a", Report(), 0.001)
    want = 0.0 if why == "wants nothing" else 1.0
    orders = hub.nodes.attend("a", replace(HEARTBEAT, nprocs=2), 0.0, 0, want)
    assert (orders.work, orders.lease) == (True, None)


def test_a_small_job_brings_along_nothing_of_a_large_one_that_is_late(master: Master) -> None:
    """Its second run would be megabytes, in the answer to a heartbeat."""
    hub = master.hub
    hub.nodes.join(replace(INFO, id="b", name="b"), "here", None)
    large = hub.jobs.submit(spec(chunksize=1), (Block(0, 2, bytes(lease_payload.ALONG_BYTES + 1)),), True)
    first = one(hub.nodes.exchange("b", Report(), 0.001))
    hub.nodes.exchange("b", Report((done(first),)), 0.001)
    small = hub.jobs.submit(spec(chunksize=1), block(0, 1), True)
    master.now += 100.0
    orders = hub.nodes.attend("a", replace(HEARTBEAT, nprocs=2), 0.0, 0, 1.0)
    assert orders.lease is not None
    assert [chunk.job for chunk in orders.lease.chunks] == [job for job, _ in orders.lease.specs] == [small]
    assert hub.nodes.attend("a", replace(HEARTBEAT, nprocs=2), 0.0, 0, 1.0).work
    assert one(hub.nodes.exchange("a", Report(), 1.0)).job == large


def test_what_cannot_be_read_to_be_sent_was_not_leased(master: Master) -> None:
    """It would be held for ever by a node that has never heard of it."""
    hub, store = master.hub, master.journal.values.path
    id = hub.jobs.submit(spec(), (Block(0, 3, bytes(1 << 20)),), True)
    store.rename(store.with_name("away"))
    with pytest.raises(BadInput, match="cannot be read from the store"):
        hub.nodes.exchange("a", Report(), 1.0)
    assert (hub.view.status(id).running, hub.state.scheduler.nodes["a"].leases) == (0, {})
    store.with_name("away").rename(store)
    lease = hub.nodes.exchange("a", Report(), 1.0)
    assert ([job for job, _ in lease.specs], len(lease.blocks)) == ([id], 1), "it does not have the code either"


def test_what_the_journal_cannot_give_was_not_leased(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), block(0, 3), True)
    with monkeypatch.context() as broken:
        broken.setattr(master.journal.jobs, "blocks", lambda *_: [])
        with pytest.raises(ValueError, match="unpack"):
            hub.nodes.attend("a", HEARTBEAT, 0.0, 0, 1.0)
    assert (hub.view.status(id).running, hub.state.scheduler.nodes["a"].leases) == (0, {})
    assert master.run_all() == 3


# --- one write for what happens together ----------------------------------------------------------------------------


def ended(master: Master, job: int) -> tuple[str, float | None, float | None, int, int]:
    status = master.hub.view.status(job)
    return status.state, status.started, status.finished, status.done, status.failed


def test_a_master_that_is_killed_after_the_write_of_the_last_results_knows_when_the_job_ended(master: Master) -> None:
    """The last results, and that the job is over with them, are one write: a later master does not end it anew."""
    job = master.hub.jobs.submit(spec(), block(0, 1), True)
    lease = master.hub.nodes.exchange("a", Report(), 1.0)
    master.now += 5.0
    master.journal.fault = "killed"
    with pytest.raises(Killed):
        master.hub.nodes.exchange("a", Report((done(one(lease), 0),)), 1.0)
    master.journal.file.db.close()
    later = Master(master.path, now=2000.0)
    assert ended(later, job) == ("finished", 1000.0, 1005.0, 0, 1)
    master.journal, master.hub = later.journal, later.hub


def test_a_job_that_ends_by_a_death_before_it_is_written_that_it_runs_has_begun(master: Master) -> None:
    job = master.hub.jobs.submit(spec(), block(0, 1), True)
    chunk = one(master.hub.nodes.exchange("a", Report(), 1.0))
    for _ in range(2):
        chunk = one(master.hub.nodes.exchange("a", Report(deaths=(death(chunk),)), 1.0))
    master.journal.fault = "killed"
    with pytest.raises(Killed):
        master.hub.nodes.exchange("a", Report(deaths=(death(chunk),)), 1.0)
    master.journal.file.db.close()
    os.utime(master.path, (1000.25, 1000.25))
    later = Master(master.path, now=2000.0)
    assert ended(later, job) == ("finished", 1000.25, 2000.0, 0, 1)
    assert later.hub.view.status(job).took(2000.0) == 0.0
    master.journal, master.hub = later.journal, later.hub


def test_results_and_end_of_a_job_are_both_refused_by_a_full_disk(master: Master) -> None:
    job = master.hub.jobs.submit(spec(), block(0, 1), True)
    report = Report((done(one(master.hub.nodes.exchange("a", Report(), 1.0))),))
    master.journal.fault = "full"
    with pytest.raises(JournalFull):
        master.hub.nodes.exchange("a", report, 1.0)
    (stored,) = master.journal.restore()
    assert (stored.state, list(stored.settled), master.hub.view.status(job).done) == ("waiting", [], 0)
    master.now += 5.0
    master.hub.nodes.exchange("a", report, 1.0)
    (stored,) = master.journal.restore()
    assert (stored.state, stored.finished, list(stored.settled)) == ("finished", 1005.0, [(0, 1)])
    assert ended(master, job) == ("finished", 1000.0, 1005.0, 1, 0)


@pytest.mark.parametrize("how", ["finished", "stopped", "unfit", "died"])
def test_what_is_told_of_the_end_of_a_job_is_written(master: Master, how: str) -> None:
    """Also where it does not end as its last results let expect. One with all of its results has finished."""
    options = {"on_error": "stop"} if how == "stopped" else {}
    job = master.hub.jobs.submit(spec(chunksize=2, **options), block(0, 2), True)
    chunk = one(master.hub.nodes.exchange("a", Report(), 1.0))
    first, second = (replace(chunk, start=index, stop=index + 1) for index in (0, 1))
    master.now += 5.0
    if how == "died":
        report = Report((done(first),))
        for _ in range(3):
            report = replace(report, deaths=(death(second),))
            second = next(iter(master.hub.nodes.exchange("a", report, 1.0).chunks), second)
            report = Report()
    elif how == "unfit":
        unfit = Unfit(job, "E", "bad", "")
        master.hub.nodes.exchange("a", Report((done(first), done(second)), unfit=(unfit,)), 1.0)
    else:
        missing = (1,) if how == "stopped" else ()
        master.hub.nodes.exchange("a", Report((done(first), done(second, *missing))), 1.0)
    told = master.hub.view.status(job)
    (stored,) = master.journal.restore()
    assert told.state == ("stopped" if how == "stopped" else "finished")
    assert (stored.state, stored.started, stored.finished, stored.reason.text, stored.task_seconds) == (
        told.state,
        told.started,
        told.finished,
        told.reason,
        told.task_seconds,
    )


def test_since_when_a_job_runs_is_written_within_a_tick(master: Master) -> None:
    job = master.hub.jobs.submit(spec(), block(0, 2), True)
    assert master.hub.nodes.exchange("a", Report(), 1.0).chunks
    (before,) = master.journal.restore()
    assert (before.state, before.started) == ("waiting", None), "a job of one task is over before"
    master.hub.tick()
    (after,) = master.journal.restore()
    assert (after.id, after.state, after.started) == (job, "running", 1000.0)


def test_that_the_disk_is_full_is_told_also_where_a_tick_is_the_first_to_notice(master: Master) -> None:
    job = master.hub.jobs.submit(spec(), block(0, 2), True)
    master.hub.nodes.exchange("a", Report(), 1.0)
    told = master.hub.state.version
    master.journal.fault = "full"
    master.hub.tick()
    assert master.hub.view.status(job).state == "paused"
    assert master.hub.state.version > told


def test_what_was_asked_before_a_node_joined_anew_is_not_answered_with_work(master: Master) -> None:
    """Nobody would hear the answer, and its lease would be held for ever."""
    hub = master.hub
    id = hub.jobs.submit(spec(chunksize=1), block(0, 3), True)
    chunk = one(hub.nodes.exchange("a", Report(), 1.0))
    hub.nodes.join(NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1, visit=1), "here", None)
    assert hub.nodes.exchange("a", Report((done(chunk),)), 1.0, 0) == Lease()
    assert hub.nodes.attend("a", NodeReport(1, 0, 0.0, 0), 0.0, 0) == Orders()
    assert (hub.view.status(id).done, hub.view.status(id).running) == (1, 0)
    assert hub.nodes.exchange("a", Report(), 1.0, 1).chunks


def test_arguments_that_are_offered_twice_arrive_once(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), block(0, 3), False)
    for _ in range(2):
        assert hub.jobs.extend(id, block(0, 3) + block(3, 5), sealed=False) is True
    assert hub.view.status(id).total == 5
    assert hub.jobs.extend(id, (), sealed=True) is True
    assert hub.jobs.extend(id, (), sealed=True) is None
    assert [found.start for found in hub.reader.blocks(id, 0, 5)] == [0, 3]


def test_a_job_that_was_paused_is_paused_after_a_restart(master: Master) -> None:
    id = master.hub.jobs.submit(spec(), block(0, 2), True)
    master.hub.jobs.pause(id)
    master = master.again()
    assert master.hub.view.status(id).state == "paused"
    master.hub.close()


def test_outcomes_are_read_on_to_their_end(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(chunksize=1), block(0, 3), True)
    assert hub.reader.outcomes(id, 0, 0.0, 10**6) == ((), None)
    chunks = hub.nodes.exchange("a", Report(), 1.0).chunks
    while chunks:
        outcomes = tuple(done(piece) for chunk in chunks for piece in pieces(chunk))
        chunks = hub.nodes.exchange("a", Report(outcomes), 1.0).chunks
    after = 0
    for start in range(3):
        (outcome,), status = hub.reader.outcomes(id, after, 0.0, limit_bytes=0)
        after = outcome.seq
        assert (outcome.start, status is not None) == (start, start == 2)
    assert hub.reader.outcomes(id, after, 0.0, 10**6) == ((), status)
    assert status == hub.view.status(id)


def test_outcomes_gather_for_whoever_wants_all_of_them(master: Master) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(chunksize=1), block(0, 3), True)
    chunks = hub.nodes.exchange("a", Report((done(one(hub.nodes.exchange("a", Report(), 0.001))),)), 0.001).chunks
    with ThreadPoolExecutor(1) as somebody:
        answer = somebody.submit(hub.reader.outcomes, id, 0, 15.0, 1 << 20, False, 15.0)
        until(lambda: hub.state._changed._waiters)  # type: ignore[attr-defined]
        while chunks:
            chunks = hub.nodes.exchange("a", Report(tuple(map(done, chunks))), 0.001).chunks
        found, status = answer.result()
    assert [outcome.start for outcome in found] == [0, 1, 2]
    assert status == hub.view.status(id)


def test_a_job_that_there_is_not_is_named(master: Master) -> None:
    for ask in (
        master.hub.jobs.pause,
        master.hub.jobs.resume,
        master.hub.jobs.cancel,
        master.hub.jobs.retry_failed,
        master.hub.view.status,
    ):
        with pytest.raises(JobUnknown, match="no job 7"):
            ask(7)


def test_a_node_that_is_there_is_not_forgotten(master: Master) -> None:
    connection = object()
    master.hub.nodes.join(replace(INFO, visit=1), "here", connection)
    master.hub.nodes.forget_node("a")
    assert master.hub.nodes.attend("a", NodeReport(1, 0, 0.0, 0), 0.0, visit=1).known
    master.hub.nodes.lost("a", connection)
    assert [node.state for node in master.hub.view.snapshot(0, 0.0).nodes] == ["lost"]
    master.hub.nodes.forget_node("a")
    assert master.hub.view.snapshot(0, 0.0).nodes == ()


@pytest.mark.parametrize("restarted", [True, False])
def test_a_node_brings_what_it_finished_while_the_master_was_away_or_took_it_for_lost(
    master: Master, restarted: bool
) -> None:
    id = master.hub.jobs.submit(spec(chunksize=5), block(0, 5), True)
    chunk = one(master.hub.nodes.exchange("a", Report(), 1.0))
    if restarted:
        master.hub.close()
        master = Master(master.path)
    else:
        master.hub.nodes.lost("a", None)
    master.hub.nodes.join(INFO, "here", None)
    part = replace(done(chunk), start=1, stop=4)
    master.hub.nodes.exchange("a", Report((part,)), 0.0)
    assert master.hub.view.status(id).done == 3
    master.hub.nodes.join(replace(INFO, id="b"), "there", None)
    with pytest.raises(BadInput, match="Tasks 0 to 5 of job 1 were not leased to this node"):
        master.hub.nodes.exchange("b", Report((done(chunk),)), 0.0)
    assert master.hub.view.status(id).done == 3
    master.hub.close()


@pytest.mark.parametrize("limit", [-1, 0, 1 << 62])
def test_a_page_has_something_and_not_everything_whatever_is_asked_for(
    master: Master, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_reader, "PAGE", 3)
    id = master.hub.jobs.submit(spec(chunksize=5), block(0, 5), True)
    chunk = one(master.hub.nodes.exchange("a", Report(), 1.0))
    printed = tuple(TaskOutput(id, index, "out", "x", 1.0, "a") for index in range(5))
    master.hub.nodes.exchange("a", Report((done(chunk, *range(5)),), output=printed), 0.0)
    reader = master.hub.reader
    (group,), _ = reader.failure_groups(id, 0)
    counts = [
        len(reader.failures(id, 0, limit)),
        len(reader.failures_like(id, group, 0, limit)[0]),
        len(reader.output(id, 0, limit)),
        len(reader.find_output(OutputQuery(), None, limit)[0]),
    ]
    assert counts == [3 if limit > 0 else 1] * 4
    assert reader.failures_like(id, replace(group, type="\ud800"), 0, limit)[0] == ()


def test_an_answer_says_how_long_reports_may_gather_with_and_without_work(master: Master) -> None:
    """Of many nodes each reports seldom: also one that has its values sent, since it cannot read the store."""
    hub = master.hub
    hub.state.scheduler._dispatch.table.set_gather(10_000)
    assert hub.nodes.exchange("a", Report(), 1.0).gather == GATHER_MOST
    hub.jobs.submit(spec(), block(0, 3), True)
    lease = hub.nodes.exchange("a", Report(), 1.0)
    assert (lease.gather, lease.chunks != ()) == (GATHER_MOST, True)


def test_large_arguments_that_are_refused_leave_no_file(master: Master) -> None:
    id = master.hub.jobs.submit(spec(), block(0, 2), True)
    folder = master.journal.values.path
    assert master.hub.jobs.extend(id, (Block(2, 1, bytes(1 << 20)),), True) is None
    assert not any(folder.iterdir())
    with pytest.raises(JobUnknown):
        master.hub.jobs.extend(77, (Block(0, 1, bytes(1 << 20)),), True)
    master.journal.fault = "full"
    with pytest.raises(JournalFull):
        master.hub.jobs.submit(spec(), (Block(0, 1, bytes(1 << 20)),), True)
    assert not any(folder.iterdir())
    master.now += 1.0
    master.hub.tick()
    other = master.hub.jobs.submit(spec(), (Block(0, 1, bytes(1 << 20)),), True)
    (file,) = folder.iterdir()
    (kept,) = master.hub.reader.blocks(other, 0, 1)
    assert (file.stat().st_size, bytes(kept.data)) == (1 << 20, bytes(1 << 20))


# --- large results of nodes that cannot write into the store --------------------------------------------------------


def finished(chunk: Chunk, start: int) -> Outcome:
    """One task of a chunk, with a large result."""
    return replace(done(replace(chunk, start=start, stop=start + 1)), values=bytes([start]) * (1 << 20))


def stored_files(master: Master) -> int:
    return len([path for path in master.journal.values.path.iterdir() if not path.name.startswith("probe")])


def results(master: Master, job: int) -> list[tuple[int, bytes]]:
    found, _ = master.hub.reader.outcomes(job, 0, 0.0, 1 << 30)
    return [(outcome.start, bytes(outcome.values)) for outcome in found]


def two_leases(master: Master, *jobs: int) -> list[Chunk]:
    """Each of the jobs, all of whose tasks one node has leased."""
    master.hub.nodes.join(replace(INFO, id="b", nprocs=4), "there", None)
    chunks = master.hub.nodes.exchange("b", Report(), 1.0).chunks
    return [next(chunk for chunk in chunks if chunk.job == job) for job in jobs]


def is_free(master: Master) -> bool:
    """Nobody holds the lock; to be asked by a thread of its own."""
    taken = master.hub.state.lock.acquire(blocking=False)
    if taken:
        master.hub.state.lock.release()
    return taken


def test_nobody_waits_while_a_large_result_is_written(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    hub, put = master.hub, master.journal.values.put
    free: list[bool] = []

    def watched(things: Any, field: str) -> Any:
        things = tuple(things)
        if any(is_large(getattr(thing, field)) for thing in things):
            with ThreadPoolExecutor(1) as somebody:
                free.append(somebody.submit(is_free, master).result())
        return put(things, field)

    id = hub.jobs.submit(spec(), block(0, 1), True)
    chunk = one(hub.nodes.exchange("a", Report(), 1.0))
    monkeypatch.setattr(master.journal.values, "put", watched)
    hub.nodes.exchange("a", Report((finished(chunk, 0),)), 1.0)
    assert free == [True]
    assert results(master, id) == [(0, bytes(1 << 20))]


def test_large_results_that_come_together_go_each_with_its_job(master: Master) -> None:
    first, second = (master.hub.jobs.submit(spec(), block(0, 1), True) for _ in range(2))
    one_lease, other_lease = two_leases(master, first, second)
    report = Report((finished(one_lease, 0), finished(other_lease, 0)))
    master.hub.nodes.exchange("b", report, 0.0)
    assert stored_files(master) == 2
    master.hub.jobs.forget(first)
    assert stored_files(master) == 1
    assert results(master, second) == [(0, bytes(1 << 20))]


def test_of_large_results_that_come_together_those_stay_that_count(master: Master) -> None:
    id = master.hub.jobs.submit(spec(chunksize=2), block(0, 2), True)
    (chunk,) = two_leases(master, id)
    master.hub.nodes.exchange("b", Report((finished(chunk, 0),)), 0.0)
    master.hub.nodes.exchange("b", Report((finished(chunk, 0), finished(chunk, 1))), 0.0)
    expected = [(0, bytes(1 << 20)), (1, b"\1" * (1 << 20))]
    assert results(master, id) == expected
    again = master.again()
    assert results(again, id) == expected
    again.hub.close()


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_file_of_results_that_come_after_their_job_is_over_goes(master: Master, forgotten: bool) -> None:
    """It was run twice, say, as the master was killed: nobody else would remove it while that worker lives."""
    folder, probe, _ = master.hub.values.store()
    master.hub.nodes.join(replace(INFO, store=Path(folder, probe).read_text()), "here", None)
    id = master.hub.jobs.submit(spec(), block(0, 1), True)
    late = done(one(master.hub.nodes.exchange("a", Report(), 1.0)))
    master.hub.nodes.exchange("a", Report((late,)), 1.0)
    if forgotten:
        master.hub.jobs.forget(id)
    with ValueFile(Path(folder)) as file:
        stored = file.put(bytes(1 << 20))
    master.hub.nodes.exchange("a", Report((replace(late, values=stored),)), 1.0)
    assert stored_files(master) == 0


def test_a_file_that_a_killed_process_has_left_goes_while_the_master_runs(master: Master) -> None:
    with ValueFile(master.journal.values.folder, writer=0x7FFFFFF0) as file:  # a number that no process has
        file.put(bytes(1 << 20))
    os.utime(file.path, (1.0, 1.0))
    master.hub.tick()
    assert stored_files(master) == 1
    master.now += SWEEP_SECONDS
    master.hub.tick()
    assert stored_files(master) == 0


def files_written(master: Master, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of large values, from now on, whether or not they stay."""
    written: list[str] = []

    def noted(folder: Path, writer: int | None = None) -> ValueFile:
        file = ValueFile(folder, writer)
        written.append(file.name)
        return file

    monkeypatch.setattr(value_store, "ValueFile", noted)
    return written


def test_large_results_that_came_before_are_not_written_again(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    id = master.hub.jobs.submit(spec(chunksize=2), block(0, 2), True)
    (chunk,) = two_leases(master, id)
    told = Report((finished(chunk, 0),))
    written = files_written(master, monkeypatch)
    for _ in range(3):
        master.hub.nodes.exchange("b", told, 0.0)
    assert len(written) == 1
    master.hub.jobs.cancel(id)
    master.hub.nodes.exchange("b", Report((finished(chunk, 1),)), 0.0)
    assert len(written) == 1


def test_a_large_result_counts_whose_job_goes_on_while_another_is_written(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (master.hub.jobs.submit(spec(), block(0, 1), True) for _ in range(2))
    one_lease, other_lease = two_leases(master, first, second)
    master.hub.jobs.cancel(second)
    put = master.journal.values.put

    def meanwhile(things: Any, field: str) -> Any:
        master.hub.jobs.retry_failed(second)
        monkeypatch.undo()
        return put(things, field)

    monkeypatch.setattr(master.journal.values, "put", meanwhile)
    master.hub.nodes.exchange("b", Report((finished(one_lease, 0), finished(other_lease, 0))), 0.0)
    assert [results(master, id) for id in (first, second)] == [[(0, bytes(1 << 20))]] * 2


def test_large_results_for_which_the_limit_has_no_room_are_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = Master(tmp_path / "limited.sqlite", limit=1 << 20)
    id = master.hub.jobs.submit(spec(), block(0, 1), True)
    (chunk,) = two_leases(master, id)
    written = files_written(master, monkeypatch)
    with pytest.raises(JournalFull, match="has reached its limit"):
        master.hub.nodes.exchange("b", Report((finished(chunk, 0),)), 0.0)
    assert written == []
    master.hub.close()


def test_nobody_waits_while_the_disk_takes_what_a_closing_master_has_written(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = master.hub.jobs.submit(spec(), block(0, 1), True)
    (chunk,) = two_leases(master, id)
    master.hub.nodes.exchange("b", Report((finished(chunk, 0),)), 0.0)
    fsync, free = os.fsync, []

    def watched(descriptor: int) -> None:
        with ThreadPoolExecutor(1) as somebody:
            free.append(somebody.submit(is_free, master).result())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    master.hub.close()
    assert free
    assert all(free)


@pytest.mark.parametrize("why", ["full", "twice", "not leased"])
def test_large_results_that_are_not_taken_leave_no_file(master: Master, why: str) -> None:
    hub = master.hub
    id = hub.jobs.submit(spec(), block(0, 1), True)
    chunk = one(hub.nodes.exchange("a", Report(), 1.0))
    told = finished(chunk, 0)
    if why == "full":
        master.journal.fault = "full"
        with pytest.raises(JournalFull):
            hub.nodes.exchange("a", Report((told,)), 1.0)
    elif why == "twice":
        hub.nodes.exchange("a", Report((done(chunk),)), 1.0)
        hub.nodes.exchange("a", Report((told,)), 1.0)
    else:
        with pytest.raises(BadInput):
            hub.nodes.exchange("a", Report((replace(told, token=b""),)), 1.0)
    assert not master.journal.values.path.exists() or stored_files(master) == 0
    assert hub.view.status(id).done == (why == "twice")
