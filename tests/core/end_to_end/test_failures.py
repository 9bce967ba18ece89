"""Tasks that fail on a real cluster, in every way there is: each is told for what it is, and harms no other."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mcgui_core import Job, Master
from mcgui_core.errors import JobFailed, TaskError
from mcgui_core.protocol.messages import TaskFailure
from tests.support import MEETING, Meeting, cluster, looping_slots, slots, wait_until_gone, worker
from tests.waiting import until

SQUARE = "def square(x): return x * x"


def failures(job: Job) -> dict[int, TaskFailure]:
    assert job.wait(40).state == "finished"
    return {failure.index: failure for failure in job.failures()}


def good(job: Job) -> dict[int, object]:
    return {i: v for i, v in job.iter_results(return_exceptions=True) if not isinstance(v, TaskError)}


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """One for all tests here that need none of their own."""
    with cluster(2) as master:
        yield master


def test_a_function_that_raises_on_some_arguments_fails_those_with_argument_and_traceback(master: Master) -> None:
    source = "def inverse(x):\n    return helper(x)\n\ndef helper(x):\n    return 1 / x\n"
    job = master.submit(source, "inverse", [x % 100 for x in range(1000)])
    found = failures(job)
    assert sorted(found) == list(range(0, 1000, 100))
    failure = found[100]
    assert (failure.kind, failure.type, failure.argument) == ("raised", "ZeroDivisionError", "0")
    assert 'File "<environment>", line 5, in helper\n    return 1 / x' in failure.traceback
    assert "task_runner.py" not in failure.traceback
    assert failure.node == master.nodes()[0].name
    assert len(good(job)) == 990


def test_a_job_may_stop_at_its_first_failure(master: Master, tmp_path: Path) -> None:
    source = "import threading\ndef f(x):\n    if x == 3: raise ValueError('three')\n    threading.Event().wait(0.01)"
    job = master.submit(source, "f", range(10_000), on_error="stop")
    status = job.wait(30)
    assert status.state == "stopped"
    assert "Task 3 failed" in status.reason
    assert (status.failed, status.running) == (1, 0)
    assert status.done < 10_000
    with pytest.raises(JobFailed, match=r"Task 3 failed, and the job was to stop[\s\S]*ValueError: three"):
        job.results()


def test_a_task_is_tried_as_often_as_it_may_be(master: Master, tmp_path: Path) -> None:
    """Task n succeeds at its try n; with two retries, tasks 0 to 2 do."""
    source = (
        "import pathlib, uuid\n"
        "def f(folder, n):\n"
        "    tries = len(list(pathlib.Path(folder).glob(f'{n}-*')))\n"
        "    pathlib.Path(folder, f'{n}-{uuid.uuid4().hex}').touch()\n"
        "    if tries < n: raise RuntimeError(f'try {tries}')\n"
        "    return tries\n"
    )
    job = master.submit(source, "f", [(str(tmp_path), n) for n in range(5)], call="args", retries=2)
    found = failures(job)
    assert {n: f.message for n, f in found.items()} == {3: "try 2", 4: "try 2"}
    assert good(job) == {0: 0, 1: 1, 2: 2}
    assert [len(list(tmp_path.glob(f"{n}-*"))) for n in range(5)] == [1, 2, 3, 3, 3]


def test_a_task_past_its_time_is_ended_and_fails_alone(master: Master) -> None:
    source = "def f(x):\n    while x in (5, 17): pass\n    return x"
    job = master.submit(source, "f", range(30), timeout=0.3)
    found = failures(job)
    assert {i: f.kind for i, f in found.items()} == {5: "timeout", 17: "timeout"}
    assert "longer than its limit of 0.3 s" in found[5].message
    assert good(job) == {x: x for x in range(30) if x not in (5, 17)}
    # No slot is still at it.
    until(lambda: all(node.busy == 0 for node in master.nodes()), what="idle slots")


@pytest.mark.skipif(sys.platform == "win32", reason="a stopped process is another thing there")
def test_a_task_past_its_time_has_failed_also_where_its_worker_was_stopped_and_could_not_end_it(tmp_path: Path) -> None:
    """The worker went on, found the result of a task that had taken a minute of its 1.5 seconds, and took it."""
    source = (
        "import pathlib, time\n"
        "def f(folder):\n"
        "    print('began')\n"
        "    end = time.monotonic() + 1.5\n"
        "    while time.monotonic() < end or not pathlib.Path(folder, 'go').exists(): time.sleep(0.01)\n"
        "    pathlib.Path(folder, 'ended').touch()\n"
    )
    with Master() as master, worker(master.worker_link) as agent:
        job = master.submit(source, "f", [str(tmp_path)], timeout=1.0)
        until(master.output, what="that its worker knows that it runs")
        agent_process = psutil.Process(agent.pid)
        agent_process.suspend()
        (tmp_path / "go").touch()
        # Or its worker was faster.
        until(lambda: (tmp_path / "ended").exists() or job.status.final, what="that it ends by itself")
        agent_process.resume()
        assert {i: f.kind for i, f in failures(job).items()} == {0: "timeout"}


def test_a_task_past_its_time_among_quick_ones_was_begun_once_and_none_of_them_is_lost(
    master: Master, tmp_path: Path
) -> None:
    source = (
        "import pathlib, threading, uuid\n"
        "def f(x, folder):\n"
        "    if x % 400 == 250:\n"
        "        pathlib.Path(folder, f'{x}-{uuid.uuid4().hex}').touch()\n"
        "        threading.Event().wait()\n"
        "    return x\n"
    )
    job = master.submit(source, "f", [(x, str(tmp_path)) for x in range(1200)], call="args", timeout=0.5)
    assert {i: f.kind for i, f in failures(job).items()} == {250: "timeout", 650: "timeout", 1050: "timeout"}
    assert good(job) == {x: x for x in range(1200) if x % 400 != 250}
    assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir()) == ["1050", "250", "650"]


@pytest.mark.parametrize(
    ("what", "source"),
    [
        (
            "no thread of Python's runs",
            "import re\ndef f(x): return re.match('(a+)+$', 'a' * (40 if x == 77 else 1) + 'b')",
        ),
        (
            "a result that takes too long to travel",
            """
import threading
class Slow:
    def __reduce__(self):
        threading.Event().wait()
def f(x):
    return Slow() if x == 77 else None
""",
        ),
    ],
)
def test_a_task_past_its_time_is_found_too_where_its_slot_cannot_say_at_what_it_is(
    master: Master, what: str, source: str
) -> None:
    job = master.submit(source, "f", range(100), timeout=0.5)
    assert {i: f.kind for i, f in failures(job).items()} == {77: "timeout"}, what
    assert good(job) == {x: None for x in range(100) if x != 77}


def test_tasks_that_take_about_as_long_as_they_may_never_fail_another_one(master: Master) -> None:
    """A limit that is reached in the very moment in which a task ends must not be laid at the next one's door."""
    source = "import threading\ndef f(x):\n    if x % 2: threading.Event().wait(0.3)\n    return x"
    found = failures(master.submit(source, "f", range(24), timeout=0.3))
    assert all(index % 2 for index in found), sorted(found)
    assert {f.kind for f in found.values()} <= {"timeout"}


@pytest.mark.parametrize(
    ("what", "death", "message"),
    [
        ("os._exit", "import os; os._exit(7)", "its process ended with exit code 7"),
        ("segfault", "import ctypes; ctypes.string_at(0)", "its process ended by SIGSEGV"),
        ("kill -9", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "its process ended by SIGKILL"),
        ("abort", "import os; os.abort()", "its process ended by SIGABRT"),
    ],
)
def test_a_task_that_kills_its_slot_fails_alone_after_three_deaths(
    tmp_path: Path, what: str, death: str, message: str
) -> None:
    if sys.platform == "win32" and what != "os._exit":
        pytest.skip("processes end by exit codes there, not by signals")
    source = (
        "import pathlib, uuid\n"
        "def f(x, folder):\n"
        "    if x == 137:\n"
        "        pathlib.Path(folder, uuid.uuid4().hex).touch()\n"
        f"        {death}\n"
        "    return x\n"
    )
    with cluster(2) as master:
        # Without a second run of what is late, which would be one more death on a busy computer.
        job = master.submit(source, "f", [(x, str(tmp_path)) for x in range(300)], call="args", hedge=False)
        found = failures(job)
        assert {i: f.kind for i, f in found.items()} == {137: "died"}
        assert message in found[137].message
        assert good(job) == {x: x for x in range(300) if x != 137}
        assert 3 <= len(list(tmp_path.iterdir())) <= 4  # alone three times, and at first perhaps amid others


@pytest.mark.skipif(sys.platform == "win32", reason="the pipes of a slot have no numbers there")
@pytest.mark.parametrize("after", ["return x", "threading.Event().wait(60)", "os.execv('/bin/sleep', ['sleep', '60'])"])
def test_a_task_that_closes_all_files_of_its_process_is_told_so(after: str) -> None:
    """As what becomes a daemon does. It was said to have been killed, perhaps because memory ran out."""
    source = f"import os, threading\ndef f(x):\n    if x != 5: return x\n    os.closerange(3, 1 << 16)\n    {after}"
    with cluster(1) as master:
        job = master.submit(source, "f", range(9), hedge=False)
        found = failures(job)
        assert {i: f.kind for i, f in found.items()} == {5: "died"}
        assert "its process closed the pipes to its worker" in found[5].message
        assert good(job) == {x: x for x in range(9) if x != 5}


def test_a_task_that_closes_some_hundred_files_closes_none_of_ours(tmp_path: Path) -> None:
    """What is opened then had the number of a pipe of ours, into which an answer would have been written. On Windows who
    closed one that is read from waited for ever."""
    source = """
import os
def f(path):
    os.closerange(3, 256)
    files = [os.open(path, os.O_WRONLY | os.O_CREAT) for _ in range(20)]
    print("told")
    for file in files:
        os.close(file)
    return os.path.getsize(path)
"""
    with cluster(1) as master:
        assert master.submit(source, "f", [str(tmp_path / "file")] * 3, chunksize=1).results() == [0, 0, 0]


@pytest.mark.skipif(sys.platform == "win32", reason="the pipes of a slot have no numbers there")
def test_a_task_after_which_nothing_is_heard_any_more_fails_no_other(master: Master) -> None:
    source = """
import os
from mcgui_core.processes.own_pipe import BELOW, HIGHEST
def f(x):
    if x == 5: os.close(HIGHEST - BELOW)
    return x
"""
    assert master.submit(source, "f", range(9), chunksize=1).results() == list(range(9))


@pytest.mark.skipif(sys.platform == "win32", reason="a process there does not know its parent for certain")
def test_a_task_that_kills_its_worker_fails_alone_after_four_workers(tmp_path: Path) -> None:
    """It took every worker down in turn, and its job waited for ever."""
    source = (
        "import os, pathlib, uuid\n"
        "def f(x, folder):\n"
        "    if x == 13:\n"
        "        pathlib.Path(folder, uuid.uuid4().hex).touch()\n"
        "        os.kill(os.getppid(), 9)\n"
        "        os.kill(os.getpid(), 9)\n"
        "    return x\n"
    )
    with Master() as master:
        for _ in range(5):
            master.add_local_worker(1)
        job = master.submit(source, "f", [(x, str(tmp_path)) for x in range(60)], call="args", hedge=False)
        found = failures(job)
        assert {i: f.kind for i, f in found.items()} == {13: "died"}
        assert found[13].message.startswith("it took its worker down: 4 were lost while they ran it")
        assert good(job) == {x: x for x in range(60) if x != 13}
        assert len(list(tmp_path.iterdir())) == 4


def test_a_slot_that_is_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master:
        agent = master.add_local_worker(2)
        job = master.submit(MEETING, "meet", meeting.arguments(40), call="args")
        until(lambda: len(meeting.started) == 2, what="two tasks that run")
        for _ in range(2):
            # All in one moment, as the agent sees it: else one that is ready takes the place of the first, dies as well,
            # and its task has died once more than is meant here.
            psutil.Process(agent.pid).suspend()
            running = slots(agent)
            for slot in running:
                slot.kill()
            psutil.Process(agent.pid).resume()
            wait_until_gone(running)
            before = len(meeting.started)
            until(lambda before=before: len(meeting.started) >= before + 2, what="new slots")  # type: ignore[misc]
        meeting.go()
        assert job.results() == list(range(40))
        assert job.status.failed == 0


def test_slots_that_are_killed_again_and_again_cost_nothing_but_time(tmp_path: Path) -> None:
    """However many die: the tasks they were at have died twice at most, since another task is there each time."""
    source = "import threading\ndef f(x):\n    threading.Event().wait(0.002)\n    return x"
    with Master() as master:
        agent = master.add_local_worker(2)
        job = master.submit(source, "f", range(3000))
        for done in range(200, 2600, 400):
            until(lambda done=done: job.status.done >= done, what=f"{done} results")  # type: ignore[misc]
            for slot in slots(agent)[:1]:
                slot.kill()
        assert good(job) == {x: x for x in range(3000)}


@pytest.mark.parametrize(
    "result", ["lambda: 0", "__import__('socket').socket()", "(n for n in range(3))", "__import__('threading').Lock()"]
)
def test_a_result_that_does_not_pickle_fails_alone_and_says_so(master: Master, result: str) -> None:
    source = f"def f(x):\n    if x == 3: return {result}\n    return x"
    job = master.submit(source, "f", range(6))
    if result == "lambda: 0":  # cloudpickle can do that
        assert job.results()[3]() == 0
        return
    found = failures(job)
    assert {i: f.kind for i, f in found.items()} == {3: "unpicklable"}
    assert "cannot be pickled" in found[3].message
    assert "Return plain values" in found[3].message
    assert good(job) == {x: x for x in (0, 1, 2, 4, 5)}


def test_a_result_that_is_too_large_to_travel_fails_alone_and_says_so(master: Master) -> None:
    """It fits into no row of the journal, and would be offered to the master for ever."""
    job = master.submit("def f(x): return bytes(600 << 20) if x == 1 else x", "f", range(3))
    (failure,) = failures(job).values()
    assert (failure.index, failure.kind) == (1, "unpicklable")
    assert "larger than the 536,870,912 bytes that can travel. Write it to a file" in failure.message
    assert good(job) == {0: 0, 2: 2}


def test_a_result_whose_pickling_kills_its_slot_fails_alone() -> None:
    source = (
        "class Bad:\n    def __reduce__(self):\n        import os; os._exit(9)\ndef f(x): return Bad() if x == 3 else x"
    )
    with cluster(1) as master:
        job = master.submit(source, "f", range(6), chunksize=1)
        assert {i: f.kind for i, f in failures(job).items()} == {3: "died"}
        assert good(job) == {x: x for x in (0, 1, 2, 4, 5)}


def test_an_exception_that_cannot_be_shown_is_told_all_the_same(master: Master) -> None:
    source = (
        "class Odd(Exception):\n"
        "    def __str__(self): raise ValueError('no words')\n"
        "    __repr__ = __str__\n"
        "def f(x): raise Odd(x)\n"
    )
    (failure,) = failures(master.submit(source, "f", [1])).values()
    assert failure.type == "Odd"
    assert "cannot be shown" in failure.message


def test_endless_recursion_fails_its_task(master: Master) -> None:
    job = master.submit("def f(x):\n    return f(x) if x == 1 else x", "f", range(4))
    assert {i: f.type for i, f in failures(job).items()} == {1: "RecursionError"}
    assert good(job) == {0: 0, 2: 2, 3: 3}


def test_an_environment_that_does_not_load_on_the_worker_stops_its_job_and_no_other(master: Master) -> None:
    job = master.submit("import a_module_that_nobody_has\ndef f(x): return x", "f", range(100))
    status = job.wait(30)
    assert status.state == "stopped"
    assert "ModuleNotFoundError: No module named 'a_module_that_nobody_has'" in status.reason
    with pytest.raises(JobFailed, match="does not load on any worker"):
        job.results()
    # Who asks for exceptions is told as well, once for each task: a list of None would look like results.
    assert {str(error).partition(" tasks failed. ")[2] for error in job.results(return_exceptions=True)} == {
        status.reason
    }
    pairs = list(job.iter_results(return_exceptions=True))
    assert [index for index, error in pairs if isinstance(error, JobFailed)] == list(range(100))
    assert master.submit(SQUARE, "square", range(100)).results() == [x * x for x in range(100)]


def test_an_environment_that_kills_whoever_loads_it_stops_its_job_and_no_other(master: Master) -> None:
    job = master.submit("import os\nos._exit(3)\ndef f(x): return x", "f", range(100))
    status = job.wait(30)
    assert status.state == "stopped"
    assert "exit code 3" in status.reason
    assert master.submit(SQUARE, "square", range(100)).results() == [x * x for x in range(100)]


def test_an_environment_that_never_ends_loading_can_be_cancelled() -> None:
    with Master() as master:
        agent = master.add_local_worker(1)
        job = master.submit("while True: pass\ndef f(x): return x", "f", range(100))
        until(lambda: job.status.running, what="a lease")
        running = until(lambda: looping_slots(agent), what="a slot")
        job.cancel()
        wait_until_gone(running)
        assert master.submit(SQUARE, "square", [3]).results() == [9]


def test_a_task_that_is_ended_takes_the_processes_that_it_started_along(master: Master, tmp_path: Path) -> None:
    """A child that a task forked holds the slot's pipes, too: neither may the agent wait for it, nor may it stay."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("nothing forks there")
    source = (
        "import os, pathlib, signal\n"
        "def f(x, folder):\n"
        "    if x == 1:\n"
        "        if os.fork() == 0:\n"
        "            pathlib.Path(folder, str(os.getpid())).touch()\n"
        "        while True: signal.pause()\n"
        "    return x\n"
    )
    job = master.submit(source, "f", [(x, str(tmp_path)) for x in range(3)], call="args", timeout=1)
    assert {i: f.kind for i, f in failures(job).items()} == {1: "timeout"}
    (child,) = (int(path.name) for path in tmp_path.iterdir())
    until(lambda: not psutil.pid_exists(child), what="the child's end")


def test_an_error_of_the_environments_own_has_the_name_that_it_has_there(master: Master) -> None:
    source = "class MyError(Exception):\n    pass\ndef f(x): raise MyError('left and', x)"
    (failure,) = failures(master.submit(source, "f", [1])).values()
    assert (failure.type, failure.message) == ("MyError", "('left and', 1)")
    assert failure.traceback.endswith("\nMyError: ('left and', 1)\n")
