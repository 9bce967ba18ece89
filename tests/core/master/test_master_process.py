"""The master's process: killed, restarted from its journal, orphaned, and ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.errors import ConnectionFailed, ServerFailed
from tests.support import (
    MEETING,
    Meeting,
    all_gone,
    descendants,
    free_port,
    is_true,
    joined,
    kill,
    run_script,
    wait_until_gone,
    worker,
)
from tests.waiting import until

SQUARE = "def square(x): return x * x"
SLOWER = "def f(x):\n    if x % 1000 == 999: raise ValueError(x)\n    return sum(range(x % 1000)) + x"


def test_a_master_that_is_killed_goes_on_from_its_journal_where_it_was(tmp_path: Path) -> None:
    """Three times in the middle of a job; the workers come back by themselves, with the results that they hold."""
    count, port, journal = 60_000, free_port(), tmp_path / "journal"
    master = Master(port=port, journal=journal)
    link = master.worker_link
    with worker(link, 1, "a") as a, worker(link, 1, "b") as b:
        id = master.submit(SLOWER, "f", range(count)).id
        for turn in range(1, 4):
            until(lambda: master.job(id).status.done > turn * 3000, what="more results")
            done = master.job(id).status.done
            kill(psutil.Process(master.pid))
            master.shutdown()
            master = Master(port=port, journal=journal)
            assert master.worker_link == link
            assert master.job(id).status.done >= done
            until(lambda: joined(master, 2), what="both workers")
        job = master.job(id)
        assert job.wait(40).state == "finished"
        found = list(job.iter_results(return_exceptions=True))
        good = {index: value for index, value in found if isinstance(value, int)}
        assert len(found) == len({index for index, _ in found}) == count
        assert good == {x: sum(range(x % 1000)) + x for x in range(count) if x % 1000 != 999}
        assert (job.status.done, job.status.failed) == (count - 60, 60)
        assert [f.index for f in job.failures(limit=100)] == list(range(999, count, 1000))
        assert a.alive
        assert b.alive
        master.shutdown()


def test_a_task_that_ran_while_the_master_was_away_need_not_run_again(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    port, journal = free_port(), tmp_path / "journal"
    master = Master(port=port, journal=journal)
    with worker(master.worker_link, 1) as agent:
        id = master.submit(MEETING, "meet", meeting.arguments(1), call="args").id
        until(lambda: meeting.started == [0])
        kill(psutil.Process(master.pid))
        until(lambda: agent.last_event.state == "connecting")
        meeting.go()
        until(lambda: agent.last_event.done == 1 or agent.last_event.busy == 0, what="its result")
        master.shutdown()
        with Master(port=port, journal=journal) as again:
            assert again.job(id).results() == [0]
            until(lambda: joined(again))


def test_a_client_goes_on_with_a_master_that_was_restarted(tmp_path: Path) -> None:
    port, journal = free_port(), tmp_path / "journal"
    with Master(port=port, journal=journal) as first:
        client = Cluster.connect(first.console_link)
        job = client.submit(SQUARE, "square", range(10))
    with pytest.raises(ConnectionFailed):
        _ = job.status
    with client, Master(port=port, journal=journal) as second:
        assert job.status.total == 10
        second.add_local_worker(1)
        assert job.results() == [x * x for x in range(10)]


def test_an_idle_connection_that_broke_is_replaced_without_a_word(tmp_path: Path) -> None:
    """The first call after a restart works too, though its connection is from before."""
    port, journal = free_port(), tmp_path / "journal"
    first = Master(port=port, journal=journal)
    client = Cluster.connect(first.console_link)
    kill(psutil.Process(first.pid))
    first.shutdown()
    with client, Master(port=port, journal=journal):
        assert client.jobs() == []


def test_results_and_links_outlive_the_master_in_its_journal(tmp_path: Path) -> None:
    journal, port = tmp_path / "folder" / "journal", free_port()
    with Master(journal=journal, port=port) as master:
        master.add_local_worker(1)
        job = master.submit("def f(x): return 1 / x", "f", [0, 1, 2], name="inverses")
        job.wait(20)
        links = master.worker_link, master.console_link
    with Master(journal=journal, port=port) as again:
        assert (again.worker_link, again.console_link) == links
        (job,) = again.jobs()
        assert (job.spec.name, job.status.state, job.arguments(0, 3)) == ("inverses", "finished", [0, 1, 2])
        assert job.results(return_exceptions=True)[1:] == [1.0, 0.5]
        assert job.failures()[0].type == "ZeroDivisionError"
        again.add_local_worker(1)
        job.retry_failed()
        assert job.wait(20).failed == 1


def test_a_paused_job_is_paused_after_a_restart_too(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    with Master(journal=journal) as master:
        job = master.submit(SQUARE, "square", range(10))
        job.pause()
    with Master(journal=journal) as again:
        again.add_local_worker(1)
        assert again.submit(SQUARE, "square", [2]).results() == [4]
        (first, _) = again.jobs()
        assert (first.status.state, first.status.done) == ("paused", 0)
        first.resume()
        assert first.results() == [x * x for x in range(10)]


def test_whoever_waits_hears_at_once_that_the_master_is_gone() -> None:
    master = Master()
    job = master.submit(SQUARE, "square", range(10))
    kill(psutil.Process(master.pid))
    with pytest.raises(ConnectionFailed, match=r"lost|No master answers"):
        job.results()
    with pytest.raises(ConnectionFailed, match=f"No master answers at {master.address}"):
        master.submit(SQUARE, "square", range(10))
    master.shutdown()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal there")
def test_a_script_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    """Server, agent and slots are children of a script that cannot tidy up; they notice, in the middle of a task too."""
    source = (
        "from mcgui_core import Master\n"
        "master = Master()\n"
        "master.add_local_worker(2)\n"
        "job = master.submit('def f(x):\\n    while True: pass', 'f', range(2))\n"
        "while job.status.running < 2: pass\n"
        "print('ready', flush=True)\n"
        "job.wait()\n"
    )
    (tmp_path / "script.py").write_text(source, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(tmp_path / "script.py")], stdout=subprocess.PIPE, text=True) as script:
        assert script.stdout is not None
        assert script.stdout.readline() == "ready\n"
        # Beside them there may be processes that are kept ready.
        until(lambda: len(descendants(script.pid)) >= 4, what="server, agent and two slots")
        family = descendants(script.pid)
        script.kill()
    wait_until_gone(family)


def test_a_worker_whose_master_is_gone_for_good_ends_with_its_owner_and_says_why_meanwhile() -> None:
    master = Master()
    with worker(master.worker_link, 1) as agent:
        until(lambda: joined(master))
        master.shutdown()
        event = until(lambda: agent.last_event.state == "connecting" and agent.last_event)
        assert until(lambda: "No master answers" in agent.last_event.message)
        assert event.master == master.address
        family = [*descendants(agent.pid), psutil.Process(agent.pid)]
    assert all_gone(family)


def test_an_ordinary_end_is_quiet_and_leaves_nothing(tmp_path: Path) -> None:
    source = (
        "from mcgui_core import Master\n"
        "with Master() as master:\n"
        "    master.add_local_worker(2)\n"
        "    job = master.submit('import threading\\ndef f(x): threading.Event().wait(0.01)', 'f', range(10**9))\n"
        "    while job.status.done < 20: pass\n"
    )
    done = run_script(tmp_path / "script.py", source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_script_that_forgets_to_end_its_master_ends_all_the_same(tmp_path: Path) -> None:
    source = (
        "from mcgui_core import Master\n"
        "master = Master()\n"
        "master.add_local_worker(1)\n"
        "print(master.submit('def f(x): return x', 'f', range(3)).results())\n"
    )
    done = run_script(tmp_path / "script.py", source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[0, 1, 2]\n", "")


def test_a_script_that_fails_shows_its_own_error_and_ends(tmp_path: Path) -> None:
    source = (
        "from mcgui_core import Master\n"
        "with Master() as master:\n"
        "    master.add_local_worker(1)\n"
        "    job = master.submit('def f(x):\\n    while True: pass', 'f', range(3))\n"
        "    while not job.status.running: pass\n"
        "    raise SystemExit('enough')\n"
    )
    done = run_script(tmp_path / "script.py", source)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "enough\n")


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_ctrl_c_in_a_script_ends_everything(tmp_path: Path) -> None:
    source = (
        "from mcgui_core import Master\n"
        "with Master() as master:\n"
        "    master.add_local_worker(2)\n"
        "    job = master.submit('def f(x):\\n    while True: pass', 'f', range(2))\n"
        "    while job.status.running < 2: pass\n"
        "    print('ready', flush=True)\n"
        "    job.results()\n"
    )
    (tmp_path / "script.py").write_text(source, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as script:  # fmt: skip
        assert script.stdout is not None
        assert script.stderr is not None
        assert script.stdout.readline() == "ready\n"
        family = descendants(script.pid)
        os.killpg(script.pid, signal.SIGINT)  # as a terminal does: to the script and to its children
        said = script.stderr.read()
    assert said.endswith("KeyboardInterrupt\n")
    assert said.count("Traceback") == 1
    wait_until_gone(family)


def test_a_master_that_cannot_start_says_so_and_leaves_nothing() -> None:
    environment = os.environ.get("PYTHONHOME")
    os.environ["PYTHONHOME"] = "/nowhere"
    try:
        with pytest.raises(ServerFailed, match="ended at once, with exit code"):
            Master()
    finally:
        if environment is None:
            del os.environ["PYTHONHOME"]
        else:
            os.environ["PYTHONHOME"] = environment


def test_a_generator_is_fed_on_to_a_master_that_was_restarted(tmp_path: Path) -> None:
    """The client that reads it is still there, so the job has to come to its end."""
    port, journal = free_port(), tmp_path / "journal"
    master = Master(port=port, journal=journal)
    with Cluster.connect(master.console_link) as client, worker(master.worker_link, 1):
        import threading

        go_on = threading.Event()

        def numbers():  # type: ignore[no-untyped-def]
            yield from range(100)
            go_on.wait(30)
            yield from range(100, 200)

        job = client.submit(SQUARE, "square", numbers())
        until(lambda: job.status.done == 100)
        kill(psutil.Process(master.pid))
        master.shutdown()
        with Master(port=port, journal=journal):
            until(is_true(lambda: job.status))
            go_on.set()
            assert job.results() == [x * x for x in range(200)]
