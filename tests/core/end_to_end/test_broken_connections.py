"""A connection that breaks for a moment: what runs on the worker runs on, and nothing of it is begun a second time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from mcgui_core import Job, Master
from tests.core.proxy import Proxy, proxy, through
from tests.support import MEETING, Meeting, free_port, joined, kill, node, worker
from tests.waiting import until

#: As MEETING, and tells by a file when a task has ended too.
TELLING = MEETING.replace("    return number", '    pathlib.Path(folder, f"ended-{number}").touch()\n    return number')


@contextmanager
def cut_off() -> Iterator[tuple[Master, Proxy]]:
    """A master, and what its one worker, of two processes and called so, reaches it by."""
    with Master() as master, proxy(master.address) as between:
        with worker(through(master.worker_link, between), 2, "cut off"):
            yield master, between


def begun(master: Master, meeting: Meeting, count: int, source: str = MEETING) -> Job:
    """A job of so many tasks, two of which run."""
    job = master.submit(source, "meet", meeting.arguments(count), call="args", chunksize=1)
    until(lambda: len(meeting.started) == 2)
    return job


def ended(meeting: Meeting) -> int:
    """How many tasks have."""
    return len(list(meeting.folder.glob("ended-*")))


def break_and_mend(between: Proxy, master: Master) -> None:
    """Break all connections, whatever is wrong with them, and wait until the worker is heard of again."""
    accepted, contact = between.accepted, master.nodes()[0].contact
    between.reset()
    between.frozen = between.unheard = False
    until(lambda: between.accepted > accepted and master.nodes()[0].contact > contact, what="that it is back")


def runs_for_a_while(master: Master, name: str) -> None:
    """Until there were heartbeats of it in two seconds."""
    began = node(master, name).contact
    until(lambda: node(master, name).contact > began + 2.0, what="heartbeats")


def test_what_runs_runs_on_and_what_waits_is_not_lost(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with cut_off() as (master, between):
        job = begun(master, meeting, 6)
        break_and_mend(between, master)
        assert job.status.running >= 2
        meeting.go()
        assert job.results() == list(range(6))
        assert meeting.started == list(range(6))


def test_nobody_else_is_given_what_ran_for_a_while(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with cut_off() as (master, between):
        job = begun(master, meeting, 2)
        with worker(master.worker_link, 2, "idle"):
            until(lambda: joined(master, 2))
            runs_for_a_while(master, "cut off")
            break_and_mend(between, master)
            runs_for_a_while(master, "idle")
            meeting.go()
            assert job.results() == [0, 1]
            assert meeting.started == [0, 1]
            assert [node(master, name).done for name in ("cut off", "idle")] == [2, 0]


def test_two_breaks_on_end_are_as_one(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with cut_off() as (master, between):
        job = begun(master, meeting, 2)
        with worker(master.worker_link, 2, "idle"):
            until(lambda: joined(master, 2))
            runs_for_a_while(master, "cut off")
            for _ in range(2):
                break_and_mend(between, master)
            meeting.go()
            assert job.results() == [0, 1]
            assert meeting.started == [0, 1]


def test_results_that_were_on_their_way_to_the_master_are_told_again(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with cut_off() as (master, between):
        job = begun(master, meeting, 6, TELLING)
        between.frozen = True
        meeting.go()
        until(lambda: ended(meeting) >= 2, what="results that go nowhere")
        break_and_mend(between, master)
        assert job.results() == list(range(6))
        assert meeting.started == list(range(6))


def test_results_whose_receipt_was_lost_count_once_and_the_lease_that_came_with_it_is_given_out_again(
    tmp_path: Path,
) -> None:
    meeting = Meeting(tmp_path)
    with cut_off() as (master, between):
        assert master.submit("def f(x): return x", "f", [1]).results() == [1]  # by the connection for reports
        job = begun(master, meeting, 6)
        between.unheard = True
        meeting.go()
        until(lambda: job.status.done >= 1, what="results of which the worker does not know that they came")
        assert job.status.running > 0
        break_and_mend(between, master)
        assert job.results() == list(range(6))
        assert meeting.started == list(range(6))
        assert master.nodes()[0].done == 7


def test_after_a_long_break_the_tasks_run_elsewhere_and_count_once(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with cut_off() as (master, between):
        job = begun(master, meeting, 4)
        with worker(master.worker_link, 2, "other"):
            until(lambda: len(meeting.started) == 4)
            between.refusing = True
            between.reset()
            until(lambda: node(master, "cut off").state == "lost")
            meeting.go()
            assert job.results() == list(range(4))
            assert sorted(set(meeting.started)) == list(range(4))
            assert len(meeting.started) == 6
            between.refusing = False
            until(lambda: joined(master, 2))
            assert sum(status.done for status in master.nodes()) == 4


def test_a_master_that_is_started_anew_lets_run_on_what_runs(tmp_path: Path) -> None:
    meeting, journal, port = Meeting(tmp_path), tmp_path / "journal.sqlite", free_port()
    with Master(port=port, journal=journal) as master, worker(master.worker_link, 2):
        id = begun(master, meeting, 6).id
        kill(psutil.Process(master.pid))
        with Master(port=port, journal=journal) as again:
            until(lambda: joined(again))
            meeting.go()
            assert again.job(id).results() == list(range(6))
            assert meeting.started == list(range(6))
