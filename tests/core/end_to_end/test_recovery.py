"""What was killed goes on: a command, a script that feeds a job, a master whose disk was full."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from mcgui_core import Cluster, Job, Master
from mcgui_core.errors import BadInput, JobUnknown, JournalFull
from mcgui_core.values.local_store import LocalStore
from tests.support import MEETING, Meeting, cluster, descendants, is_true, joined, wait_until_gone, worker
from tests.waiting import until

ROOT = Path(__file__).parents[3]
SLOW = """
import os, threading

def f(x):
    threading.Event().wait(0.005)
    with open(os.environ["RAN"], "a") as ran:  # not in its working folder, which is the job's own
        ran.write(f"{x}\\n")
    return x * x

def total(results):
    return sum(results)
"""


@contextmanager
def command(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`mcgui-core` with these arguments, in a folder and a group of processes of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAN": str(folder / "ran")}
    process = subprocess.Popen(
        [sys.executable, "-m", "mcgui_core.cli.main", *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=sys.platform != "win32",
    )  # fmt: skip
    try:
        yield process
    finally:
        family = descendants(process.pid)
        if process.poll() is None:
            process.kill()
        process.communicate()
        wait_until_gone(family)


def why_paused(job: Job) -> str:
    """Why a job is paused, once it is. A moment later it may go on, when the journal is tried again: one look."""

    def reason() -> str:
        status = job.status
        return status.reason if status.state == "paused" else ""

    return until(reason)


def kill_all(process: subprocess.Popen[str]) -> None:
    """The command, and all that it has started, at one blow."""
    family = [psutil.Process(process.pid), *descendants(process.pid)]
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    process.communicate()
    wait_until_gone(family)


@pytest.mark.parametrize("source", ["range(1500)", "(x for x in range(1500))"])
def test_a_run_that_was_killed_is_resumed_and_runs_only_what_is_not_done(tmp_path: Path, source: str) -> None:
    (tmp_path / "f.py").write_text(SLOW)
    ran = tmp_path / "ran"
    job = ["--environment", "f.py", "--function", "f", "--expression", source, "--reduce", "total"]
    options = ["--journal", "journal.sqlite", "--output", "results.jsonl", "--nprocs", "2"]
    with command(tmp_path, "run", *job, *options) as process:
        until(lambda: ran.exists() and len(ran.read_text().splitlines()) > 300)
        kill_all(process)
    before = len(ran.read_text().splitlines())
    with command(tmp_path, "run", *job, *options, "--resume") as process:
        out, err = process.communicate(timeout=50)
    assert process.returncode == 0, err
    assert "Job 1, f: " in err
    assert "1,500 of 1,500 tasks done" in out
    assert str(sum(x * x for x in range(1500))) in out
    rows = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [row["result"] for row in rows] == [x * x for x in range(1500)]
    # What ran when it was killed runs again, and hardly anything else: a part is written every 0.1 s.
    assert 1500 <= len(ran.read_text().splitlines()) < 1500 + before


@pytest.mark.skipif(sys.platform == "win32", reason="no process is interrupted by a signal there")
def test_a_run_with_a_journal_that_was_interrupted_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text(SLOW)
    ran = tmp_path / "ran"
    job = ["--environment", "f.py", "--function", "f", "--expression", "range(1500)", "--reduce", "total"]
    options = ["--journal", "journal.sqlite", "--nprocs", "2"]
    with command(tmp_path, "run", *job, *options) as process:
        until(lambda: ran.exists() and len(ran.read_text().splitlines()) > 300)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=50)
    assert process.returncode == 130
    assert "Job 1 was broken off. The same with --journal journal.sqlite --resume goes on with it." in err
    with command(tmp_path, "run", *job, *options, "--resume") as process:
        out, err = process.communicate(timeout=50)
    assert process.returncode == 0, err
    assert "1,500 of 1,500 tasks done" in out


def test_a_run_that_is_over_cannot_be_resumed(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text("def f(x): return x")
    job = ["run", "--environment", "f.py", "--function", "f", "--expression", "range(3)", "--nprocs", "1"]
    for more, said, code in (
        (["--journal", "journal.sqlite"], "", 0),
        (["--journal", "journal.sqlite", "--resume"], "There is no job to resume", 1),
        (["--resume"], "or which journal (--journal)", 1),
        (["--journal", "journal.sqlite", "--resume", "9"], "no job 9", 1),
    ):
        with command(tmp_path, *job, *more) as process:
            _, err = process.communicate(timeout=50)
            assert process.returncode == code, err
            assert said in err


def test_a_script_that_is_killed_as_it_feeds_a_job_may_be_run_again(tmp_path: Path) -> None:
    script = """
import os, sys, threading
from mcgui_core import Cluster
with Cluster.connect(os.environ["LINK"]) as cluster:
    submitted = threading.Event()
    def slowly():
        for number in range(3000):
            if number == 2000:
                submitted.wait()
                print(job.id, flush=True)
                sys.stdin.read()
            yield number
    job = cluster.submit("def f(x): return x", "f", slowly())
    submitted.set()
    job.wait()
"""
    with Master() as master:
        master.add_local_worker(1)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LINK": master.console_link}
        with subprocess.Popen(
            [sys.executable, "-c", script], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            job = master.job(int(process.stdout.readline()))
            until(lambda: job.status.done >= 1024)
            process.kill()
        until(lambda: "The program that brings its arguments is gone" in job.status.reason)
        assert not job.status.final
        master.feed(job.id, range(3000))
        assert job.wait(30).state == "finished"
        assert job.results() == list(range(3000))
        assert master.feed(job.id, range(3000)).status.total == 3000


def test_a_job_may_be_content_with_the_arguments_that_have_come() -> None:
    with cluster(1) as master:
        with Cluster.connect(master.console_link) as client:
            job = client.submit("def f(x): return x", "f", iter([1, 2, 3]))
            job.wait(20)
        with pytest.raises(BadInput, match="is not over"):
            master.submit("def f(x): return x", "f", iter(int, 1)).forget()
        endless = master.jobs()[-1]
        endless.seal()
        until(lambda: endless.status.sealed)
        endless.cancel()
        assert master.forget_older_than(0.0) == 2
        assert master.jobs() == []
        with pytest.raises(JobUnknown):
            endless.results()


def test_a_held_job_waits_after_a_restart_and_goes_on_when_it_is_resumed(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master(journal=tmp_path / "journal") as master:
        master.add_local_worker(1)
        id = master.submit(MEETING, "meet", meeting.arguments(3), call="args").id
        until(lambda: meeting.started)
    meeting.go()
    with Master(journal=tmp_path / "journal", hold=True) as master:
        master.add_local_worker(1)
        until(lambda: joined(master, 1))
        job = master.job(id)
        assert job.status.state == "paused"
        assert "until you resume it" in job.status.reason
        job.resume()
        assert job.results() == [0, 1, 2]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size; the test is skipped where this user may not mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"this user may not mount a small disk: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


BLOBS = "import os\ndef f(x): return os.urandom(100_000)"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk in the way of Linux")
def test_a_disk_that_is_full_pauses_the_job_which_goes_on_by_itself_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(20_000_000))
        with Master(journal=disk / "journal") as master, worker(master.worker_link, 2):
            job = master.submit(BLOBS, "f", range(60))
            reason = why_paused(job)
            assert str(disk / "journal") in reason
            assert "Free some space" in reason
            ballast.unlink()
            assert job.wait(40).state == "finished"
            results = job.results()
            assert len({*results}) == len(results) == 60


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk in the way of Linux")
@pytest.mark.parametrize("at_home", [True, False], ids=["by files", "by connections"])
def test_values_that_the_disk_has_no_room_for_leave_it_to_others(tmp_path: Path, at_home: bool) -> None:
    large = bytes(30_000_000)
    with small_disk(tmp_path / "disk", "24m") as disk, Master(journal=disk / "journal") as master:
        with Cluster.connect(master.console_link) as client:
            if not at_home:
                client._store = LocalStore(lambda: ("", "", ""))
            ways: list[Callable[[], Job]] = [
                lambda: client.submit(lambda x, table: (x, table), [1], shared={"table": large}),
                lambda: client.submit(lambda x: (x, large), [1]),
                lambda: client.submit(len, [large[:10_000_000]] * 3),
            ]
            for submit in ways:
                with pytest.raises(JournalFull):
                    submit()
                assert shutil.disk_usage(disk).free > 20_000_000
            assert client.submit(len, [large[:10_000_000]]).status.total == 1


def test_whoever_waits_for_room_for_his_arguments_waits_no_more_once_his_job_is_cancelled(tmp_path: Path) -> None:
    found: list[Job] = []
    journal = tmp_path / "journal"
    with Master(journal=journal, journal_limit="50 MB") as master, Cluster.connect(master.console_link) as client:
        client._store = LocalStore(lambda: ("", "", ""))  # as elsewhere: values come by connections
        submitting = threading.Thread(target=lambda: found.append(client.submit(len, [bytes(1 << 20)] * 100)))
        submitting.start()
        (job,) = until(master.jobs, what="the job, of which not all arguments have room")
        why_paused(job)
        job.cancel()
        submitting.join()
        assert found[0].id == job.id
        assert "arguments were never read" in job.status.reason


def test_a_journal_that_has_reached_its_limit_pauses_the_job_until_old_runs_are_deleted(tmp_path: Path) -> None:
    with Master(journal=tmp_path / "journal", journal_limit="6 MB") as master, worker(master.worker_link, 2):
        first = master.submit(BLOBS, "f", range(40))
        assert first.wait(20).state == "finished"
        second = master.submit(BLOBS, "f", range(40))
        assert "has reached its limit of 6 MB" in why_paused(second)
        first.forget()
        until(is_true(lambda: second.status.state == "finished"), 40)
        assert len(second.results()) == 40


def test_what_tasks_print_and_report_is_seen_from_afar() -> None:
    source = """
import sys, threading, mcgui_core
print("loaded")
def f(x):
    print("task", x)
    print("trouble", file=sys.stderr)
    mcgui_core.report(f"at {x}", 0.5)
    while x == 1:
        threading.Event().wait(0.01)
    return x
"""
    with cluster(1) as master:
        job = master.submit(source, "f", [0, 1])
        until(lambda: any(status.text == "at 1" for status in master.snapshot().tasks))
        (status,) = [status for status in master.snapshot().tasks if status.index == 1]
        assert (status.job, status.fraction) == (job.id, 0.5)
        printed = {(piece.index, piece.stream, piece.text) for piece in job.output()}
        assert {
            (0, "out", "task 0\n"),
            (0, "err", "trouble\n"),
            (1, "out", "task 1\n"),
            (-1, "out", "loaded\n"),
        } <= printed
        assert master.output() == job.output()
        job.cancel()
        until(lambda: master.snapshot().tasks == ())


@pytest.mark.skipif(sys.platform == "win32", reason="kills a whole group of processes in the way of POSIX")
def test_forget_is_a_command_too(tmp_path: Path) -> None:
    links = tmp_path / "links"
    with command(tmp_path, "master", "--port", "0", "--link-file", str(links)) as process:
        until(links.exists)
        with Cluster.connect(json.loads(links.read_text())["console"]) as client:
            job = client.submit("def f(x): return x", "f", [])
            job.wait(10)
            for arguments, said in (([str(job.id)], "1 run was deleted."), (["--older-than", "0d"], "0 runs were")):
                with command(tmp_path, "forget", "--link-file", str(links), *arguments) as asked:
                    assert said in asked.communicate(timeout=20)[1]
            assert client.jobs() == []
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows stops and continues no processes")
@pytest.mark.parametrize("which", ["master", "worker"])
def test_a_command_that_is_told_to_end_while_it_is_stopped_ends_when_it_goes_on(tmp_path: Path, which: str) -> None:
    """As by Ctrl+Z, and then `kill`. The signal may go to any of its threads, so it is tried a few times."""
    links = tmp_path / "links"
    for _ in range(3):
        links.unlink(missing_ok=True)
        with (
            command(tmp_path, "master", "--port", "0", "--journal", "journal", "--link-file", str(links)) as master,
            command(tmp_path, "worker", "--link-file", str(until_there(links)), "--nprocs", "1") as agent,
            Cluster.connect(json.loads(links.read_text())["console"]) as client,
        ):
            until(lambda client=client: client.nodes(), what="that the worker has joined")  # type: ignore[misc]
            chosen = psutil.Process((master if which == "master" else agent).pid)
            chosen.suspend()
            until(lambda chosen=chosen: chosen.status() == psutil.STATUS_STOPPED, what="that it is stopped")  # type: ignore[misc]
            chosen.terminate()
            chosen.resume()
            chosen.wait(20)


def until_there(path: Path) -> Path:
    until(path.exists)
    return path
