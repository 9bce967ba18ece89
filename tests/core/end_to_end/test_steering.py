"""Jobs that are paused, resumed, cancelled, retried or fed by a generator, on a real cluster."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mcgui_core import Job, Master
from mcgui_core.errors import JobFailed, JobUnknown, TaskError
from mcgui_core.protocol.messages import JobStatus
from tests.support import MEETING, Meeting, cluster, looping_slots, wait_until_gone
from tests.waiting import until

SQUARE = "def square(x): return x * x"
ENDLESS = "import pathlib\ndef f(mark):\n    pathlib.Path(mark).touch()\n    while True: pass"
#: Fails as long as the file that it is given does not exist.
NEEDS_A_FILE = """
def f(number, needed):
    if number % 3 == 0:
        open(needed).close()
    return number
"""
#: Says in a file which task has started, after the gate has opened.
IN_ORDER = """
import pathlib, threading
def f(word):
    with open({order!r}, "a") as file:
        file.write(word + " ")
    while not pathlib.Path({gate!r}).exists():
        threading.Event().wait(0.01)
"""


def is_over(job: Job) -> bool:
    return job.status.final


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """One for all tests here that need none of their own."""
    with cluster(2) as master:
        yield master


def test_a_paused_job_starts_no_task_and_a_resumed_one_completes(master: Master, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    job = master.submit(MEETING, "meet", meeting.arguments(20), call="args", chunksize=1)
    until(lambda: len(meeting.started) == 2, what="two tasks that run")
    job.pause()
    meeting.go()
    # What nodes had leased still comes, the rest does not.
    until(lambda: job.status.running == 0, what="nothing that runs")
    held = job.status
    assert held.state == "paused"
    assert held.done < 20
    # Another job overtakes it.
    assert master.submit(SQUARE, "square", range(100)).results() == [x * x for x in range(100)]
    assert replace(job.status, rate=held.rate, idle=held.idle) == held
    job.resume()
    assert job.results() == list(range(20))
    assert meeting.started == list(range(20))


def test_a_job_that_is_paused_before_any_worker_comes_waits() -> None:
    with Master() as master:
        job = master.submit(SQUARE, "square", range(10))
        assert job.status.reason == "Waiting for a worker to join."
        job.pause()
        master.add_local_worker(1)
        assert master.submit(SQUARE, "square", [3]).results() == [9]
        assert (job.status.state, job.status.done) == ("paused", 0)
        job.resume()
        assert job.results() == [x * x for x in range(10)]


def test_cancelling_stops_code_that_would_never_end(tmp_path: Path) -> None:
    with Master() as master:
        agent = master.add_local_worker(2)
        marks = [tmp_path / "a", tmp_path / "b"]
        job = master.submit(ENDLESS, "f", [str(mark) for mark in marks])
        until(lambda: all(mark.exists() for mark in marks), what="both tasks")
        running = until(lambda: len(found := looping_slots(agent)) == 2 and found, what="both processes")
        job.cancel()
        wait_until_gone(running)
        assert job.status.state == "cancelled"
        with pytest.raises(JobFailed, match=r"It was cancelled\."):
            job.results()
        assert [str(error) for error in job.results(return_exceptions=True)] == [
            "Job 1: 0 of 2 tasks failed. It was cancelled."
        ] * 2
        # The slots are free again.
        assert master.submit(SQUARE, "square", range(1000)).results() == [x * x for x in range(1000)]


def test_a_cancelled_job_never_keeps_a_slot_whenever_it_was_cancelled() -> None:
    """At any moment between the submission and the first task: on the way to the node, while its slot starts ..."""
    with cluster(1) as master:
        source = "def f(x):\n    while True: pass"
        for moment in range(20):
            job = master.submit(source, "f", range(3))
            if moment % 4:
                threading.Event().wait(moment * 0.003)  # not a wait for something: another moment each time
            job.cancel()
            assert master.submit(SQUARE, "square", [moment]).results() == [moment * moment]


def test_results_before_a_cancellation_stay(master: Master, tmp_path: Path) -> None:
    source = "import threading\ndef f(x):\n    while x == 7: threading.Event().wait(1)\n    return x"
    job = master.submit(source, "f", range(8), chunksize=1)
    until(lambda: job.status.done == 7, what="all but the endless one")
    job.cancel()
    found = job.results(return_exceptions=True)
    assert found[:7] == list(range(7))
    assert str(found[7]) == f"Job {job.id}: 0 of 8 tasks failed. It was cancelled."
    pairs = dict(job.iter_results(return_exceptions=True))
    assert isinstance(pairs.pop(7), JobFailed)
    assert pairs == {x: x for x in range(7)}


def test_a_cancelled_job_goes_on_with_what_never_ran_when_it_is_retried(master: Master, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    job = master.submit(MEETING, "meet", meeting.arguments(10), call="args", chunksize=1)
    until(lambda: len(meeting.started) == 2, what="two tasks that run")
    job.cancel()
    meeting.go()
    job.retry_failed()
    assert job.results() == list(range(10))


def test_failed_tasks_are_run_again_and_the_others_are_not(master: Master, tmp_path: Path) -> None:
    needed = tmp_path / "needed"
    job = master.submit(NEEDS_A_FILE, "f", [(n, str(needed)) for n in range(300)], call="args")
    assert job.wait(30).failed == 100
    assert [f.index for f in job.failures()] == list(range(0, 300, 3))
    before = sum(n.done + n.failed for n in master.nodes())
    needed.touch()
    job.retry_failed()
    assert job.results() == list(range(300))
    assert job.failures() == ()
    assert sum(n.done + n.failed for n in master.nodes()) - before == 100
    status = job.status
    assert (status.done, status.failed, status.state) == (300, 0, "finished")


def test_retrying_a_job_without_failures_changes_nothing() -> None:
    with cluster(1) as master:
        job = master.submit(SQUARE, "square", range(10))
        job.wait(30)
        job.retry_failed()
        assert job.wait(30).done == 10
        assert job.results() == [x * x for x in range(10)]


def test_a_reader_that_is_there_already_sees_the_second_outcome_of_a_retried_task(tmp_path: Path) -> None:
    needed = tmp_path / "needed"
    with cluster(1) as master:
        job = master.submit(NEEDS_A_FILE, "f", [(n, str(needed)) for n in range(9)], call="args")
        first = dict(job.iter_results(return_exceptions=True))
        assert [n for n, value in first.items() if isinstance(value, TaskError)] == [0, 3, 6]
        needed.touch()
        job.retry_failed()
        job.wait(30)
        assert dict(job.iter_results()) == {n: n for n in range(9)}


def test_a_generator_is_read_while_its_results_come() -> None:
    asked: list[int] = []

    def numbers() -> Iterator[int]:
        for number in itertools.count():
            asked.append(number)
            yield number
            if number == 49_999:
                return

    with cluster(2) as master:
        job = master.submit(SQUARE, "square", numbers())
        index, value = next(iter(job.iter_results()))
        assert value == index * index
        assert job.results() == [x * x for x in range(50_000)]
        assert job.status.sealed
        assert asked == list(range(50_000))


def test_a_generator_that_waits_for_results_of_its_own_job_gets_them() -> None:
    """Each argument depends on the result before it: nothing may hold an argument back until there are more."""
    arrived = threading.Event()
    found: dict[int, int] = {}

    def doubling() -> Iterator[int]:
        yield 1
        for step in range(4):
            assert arrived.wait(20)
            arrived.clear()
            yield found[step]

    with cluster(1) as master:
        for index, value in master.submit("def f(x): return 2 * x", "f", doubling()).iter_results():
            found[index] = value
            arrived.set()
    assert found == {0: 2, 1: 4, 2: 8, 3: 16, 4: 32}


def test_an_endless_generator_is_read_only_as_far_as_there_is_use_for_it_and_left_alone_once_cancelled() -> None:
    asked = itertools.count()
    last = 0

    def numbers() -> Iterator[int]:
        nonlocal last
        for last in asked:
            yield last

    with cluster(2) as master:
        job = master.submit(SQUARE, "square", numbers())
        results = job.iter_results()
        assert len([next(results) for _ in range(20_000)]) == 20_000
        job.pause()

        def held_back() -> bool:
            before = last
            threading.Event().wait(0.5)
            return last == before

        until(held_back, what="a generator that nobody asks")
        assert last < 2_000_000
        job.cancel()
        until(held_back, what="the end of its reading")
        results.close()
        assert job.status.state == "cancelled"
        assert master.submit(SQUARE, "square", [5]).results() == [25]


def test_a_generator_that_is_blocked_for_ever_does_not_keep_a_master_from_ending() -> None:
    release = threading.Event()

    def blocked() -> Iterator[int]:
        yield 1
        release.wait(40)

    with cluster(1) as master:
        job = master.submit(SQUARE, "square", blocked())
        assert next(iter(job.iter_results())) == (0, 1)
        done = threading.Thread(target=master.shutdown)
        done.start()
        done.join(10)
        ended = not done.is_alive()
        release.set()
        done.join()
        assert ended, "shutdown waited for the generator"


def test_a_generator_that_raises_ends_its_job_with_the_reason_and_keeps_what_was_done() -> None:
    def broken() -> Iterator[int]:
        yield from range(5)
        raise ValueError("the file is cut off")

    with cluster(1) as master:
        job = master.submit(SQUARE, "square", broken())
        status = until_over(job)
        assert status.state == "cancelled"
        assert "ValueError: the file is cut off" in status.reason
        with pytest.raises(JobFailed, match="the file is cut off"):
            job.results()


def until_over(job: Job) -> JobStatus:
    return job.wait(30)


def test_a_job_of_a_long_list_may_be_submitted_before_any_worker_comes() -> None:
    args = list(range(700_000))
    with Master() as master:
        job = master.submit(SQUARE, "square", args)
        assert job.status.total == 700_000
        job.cancel()


def test_a_more_urgent_job_overtakes_one_that_has_begun(tmp_path: Path) -> None:
    gate, order = tmp_path / "go", tmp_path / "order"
    source = IN_ORDER.format(gate=str(gate), order=str(order))
    with cluster(1) as master:
        slow = master.submit(source, "f", ["slow"] * 20, chunksize=1)
        until(order.exists, what="its first task")
        urgent = master.submit(source, "f", ["urgent"] * 5, priority=5)
        gate.touch()
        assert (len(slow.results()), len(urgent.results())) == (20, 5)
    words = order.read_text().split()
    # What the node had leased already comes first, and that is little.
    assert "slow" in words[words.index("urgent") + 5 :]
    assert words.index("urgent") < 10


def test_many_jobs_at_once_do_not_mix_their_results(master: Master) -> None:
    jobs = [master.submit(f"def f(x): return ({k}, x)", "f", range(300)) for k in range(20)]
    for k, job in enumerate(jobs):
        assert job.results() == [(k, x) for x in range(300)]


def test_a_job_that_does_not_exist_is_named() -> None:
    with Master() as master, pytest.raises(JobUnknown, match="The master has no job 77"):
        master.job(77)


def test_waiting_for_a_job_may_have_an_end(tmp_path: Path) -> None:
    with Master() as master:
        job = master.submit(SQUARE, "square", [1])
        with pytest.raises(TimeoutError, match=r"not over after 0\.05 s"):
            job.wait(0.05)


def test_a_master_that_has_run_hundreds_of_small_jobs_has_not_grown() -> None:
    with cluster(1) as master:
        server = psutil.Process(master.pid)
        for _ in range(50):
            master.submit(SQUARE, "square", range(10)).results()
        before = server.memory_info().rss
        for _ in range(200):
            master.submit(SQUARE, "square", range(10)).results()
        assert server.memory_info().rss - before < 4_000_000
