"""What a terminal does with jobs that there are: the same as the console, by number or name, with nothing pasted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.cli.job_choice import chosen_job
from mcgui_core.cli.main import main
from mcgui_core.client.access.link_files import leave_link, take_link_back
from mcgui_core.errors import BadInput, JobUnknown
from tests.waiting import until


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """A master with one worker, as the console of this user has it open."""
    with Master() as master:
        master.add_local_worker(1)
        leave_link("console", master.own_link)
        yield master
        take_link_back("console")


@contextmanager
def held(master: Master, name: str = "held", count: int = 3) -> Iterator[str]:
    """The number of a job of which nothing runs: it is paused. Cancelled in the end."""
    job = master.submit("def f(x): return x", "f", range(0), name=name) if not count else None
    job = job or master.submit("import time\ndef f(x): time.sleep(60)", "f", range(count), name=name)
    try:
        yield str(job.id)
    finally:
        job.cancel()


def said(capsys: pytest.CaptureFixture[str], *command: str, code: int = 0) -> str:
    """What a command prints on both, once its exit code was looked at."""
    assert main([*command]) == code
    found = capsys.readouterr()
    return found.out + found.err


def test_jobs_shows_what_the_console_shows_with_nothing_pasted(
    master: Master, capsys: pytest.CaptureFixture[str]
) -> None:
    job = master.submit("def f(x): return x + 1", "f", range(3), name="Sums")
    job.wait()
    shown = said(capsys, "jobs")
    assert shown.startswith(f"Master {master.address}\n")
    assert f"job {job.id:>4}  finished   Sums" in shown
    listed = json.loads(said(capsys, "jobs", "--json"))["jobs"]
    assert [(found["id"], found["state"]) for found in listed if found["name"] == "Sums"] == [(job.id, "finished")]
    assert said(capsys, "link", "worker").strip().endswith(master.worker_link)


def test_a_job_is_paused_resumed_and_cancelled_by_its_name(master: Master, capsys: pytest.CaptureFixture[str]) -> None:
    with held(master, "Slow one") as id:
        job = master.job(int(id))
        assert said(capsys, "pause", "Slow one") == f"Job {id} is paused; what runs goes on.\n"
        assert job.status.state == "paused"
        assert json.loads(said(capsys, "resume", id, "--json"))["state"] != "paused"
        assert "is not paused, and goes on as before" in said(capsys, "resume", id)
        assert said(capsys, "cancel", f"#{id}").startswith(f"Job {id} is cancelled")
        assert job.status.state == "cancelled"
        for command, done in (("pause", "paused"), ("resume", "resumed"), ("cancel", "cancelled")):
            assert f"Job {id} is over (cancelled) and cannot be {done}." in said(capsys, command, id, code=1)


def test_failures_are_shown_and_retried_as_it_was_and_with_the_code_of_now(
    master: Master, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = tmp_path / "shares.py"
    code.write_text("def share(x):\n    return 12 // x\n")
    job = master.submit(code, "share", [4, 0, 0, 3])
    assert said(capsys, "wait", str(job.id), code=3).count("ZeroDivisionError") == 2
    shown = said(capsys, "failures", str(job.id))
    assert "2 of 4 tasks failed." in shown
    assert "2 tasks, the first is 1: ZeroDivisionError: integer division or modulo by zero" in shown
    assert shown.count("Traceback") == 1
    assert "\n  Task 2 (0) on " in shown
    assert said(capsys, "failures", str(job.id), "--all").count("Traceback") == 2
    found = json.loads(said(capsys, "failures", str(job.id), "--json"))
    assert [(failure["index"], failure["type"]) for failure in found["failures"]] == [
        (1, "ZeroDivisionError"),
        (2, "ZeroDivisionError"),
    ]
    assert "2 tasks, with the code it had" in said(capsys, "retry", str(job.id))
    said(capsys, "wait", str(job.id), code=3)
    code.write_text("def share(x):\n    return 12 // x if x else -1\n")
    assert f"with {code} as it is now" in said(capsys, "retry", str(job.id), "--edited")
    assert "finished, 4 of 4 tasks done" in said(capsys, "wait", str(job.id))
    assert job.results() == [3, -1, -1, 4]
    assert "there is nothing to run again" in said(capsys, "retry", str(job.id), code=1)


def test_of_many_failures_of_a_kind_some_are_shown_and_how_to_see_all(
    master: Master, capsys: pytest.CaptureFixture[str]
) -> None:
    job = master.submit("def f(x): return 1 / (x % 5)", "f", range(26))
    text = said(capsys, "wait", str(job.id), code=3)
    assert (
        f"... and 3 more tasks failed. `mcgui-core failures {job.id}` shows of which kinds, and all with --all." in text
    )
    shown = said(capsys, "failures", str(job.id))
    assert "  Task 15 (15) on " in shown
    assert "20 (20)" not in shown
    assert f"  ... and 2 more: `mcgui-core failures {job.id} --all` shows each with its traceback." in shown
    every = said(capsys, "failures", str(job.id), "--all")
    assert every.count("ZeroDivisionError: division by zero\n") == 7  # the kind, and each of its six
    assert "more" not in every


def test_a_retry_takes_another_file_and_says_where_the_own_one_is_missing(
    master: Master, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = master.submit("def f(x): return 1 / x", "f", [0], name="Lost")
    job.wait()
    assert "is not there. Name one that is: --environment FILE." in said(capsys, "retry", "Lost", "--edited", code=1)
    assert "--files belong to an environment" in said(capsys, "retry", "Lost", "--files", "*.csv", code=1)
    other = tmp_path / "other.py"
    other.write_text("def f(x): return 'mended'")
    assert said(capsys, "retry", "Lost", "--environment", str(other)).startswith(f"Job {job.id} is at work again")
    assert job.results() == ["mended"]


def test_results_are_printed_where_no_file_is_named(master: Master, capsys: pytest.CaptureFixture[str]) -> None:
    job = master.submit("def f(x): return {'square': x * x}", "f", range(25), name="Squares")
    job.wait()
    shown = said(capsys, "results", "Squares")
    assert "       3  3  ->  {'square': 9}" in shown
    assert f"... and 5 more: `mcgui-core results {job.id} FILE` writes all." in shown
    rows = [json.loads(line) for line in said(capsys, "results", str(job.id), "--json").splitlines()]
    assert [row["result"]["square"] for row in rows] == [x * x for x in range(25)]


def test_of_jobs_of_one_name_the_one_that_is_not_over_is_meant_and_a_doubt_changes_nothing(
    master: Master, capsys: pytest.CaptureFixture[str]
) -> None:
    done = [master.submit("def f(x): return x", "f", [1], name="Twin") for _ in range(2)]
    for job in done:
        job.wait()
    assert chosen_job(master, "Twin") == done[1].id
    assert f"Job {done[1].id}, the last of 2 of that name." in capsys.readouterr().err
    with pytest.raises(BadInput, match=f"2 jobs are called 'Twin'. Say which by its number: {done[0].id} "):
        chosen_job(master, "Twin", changes=True)
    with held(master, "Twin") as id:
        assert chosen_job(master, "Twin", changes=True) == int(id)
    with pytest.raises(JobUnknown):
        chosen_job(master, "999999")
    with pytest.raises(BadInput, match="There is no job called 'Twins'. "):
        chosen_job(master, "Twins")


def test_what_a_journal_holds_is_looked_at_without_a_master(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = tmp_path / "runs.db"
    (tmp_path / "f.py").write_text("def f(x): return 2 * x")
    run = ["run", "--environment", str(tmp_path / "f.py"), "--function", "f", "--expression", "range(3)"]
    shown = said(capsys, *run, "--journal", str(journal))
    assert "       2  2  ->  4" in shown
    assert f"`mcgui-core results 1 FILE --journal {journal}`" in shown
    assert "job    1  finished" in said(capsys, "jobs", "--journal", str(journal))
    said(capsys, "results", "1", str(tmp_path / "o.jsonl"), "--journal", str(journal))
    assert [json.loads(line)["result"] for line in (tmp_path / "o.jsonl").read_text().splitlines()] == [0, 2, 4]
    assert "There is no journal" in said(capsys, "jobs", "--journal", str(tmp_path / "other.db"), code=1)
    with Master(journal=journal):
        refused = said(capsys, "jobs", "--journal", str(journal), code=1)
    assert "another master has it open. Ask that master, or end it" in refused
    assert refused.endswith("Without --journal, this command asks a master of yours that is open.\n")


def test_results_of_a_run_that_nobody_keeps_are_said_to_go_before_it_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.py").write_text("def f(x): return 2 * x")
    run = ["run", "--environment", str(tmp_path / "f.py"), "--function", "f", "--nprocs", "1"]
    shown = said(capsys, *run, "--expression", "range(30)")
    assert "The first 20 results will be printed, and none are kept: --output FILE" in shown
    assert "      19  19  ->  38" in shown
    assert "... and 10 more, which were not kept" in shown


def test_whoever_watches_sees_jobs_and_changes_none(
    master: Master, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "watch").write_text(master.watch_link)
    with held(master) as id:
        assert f"job {id:>4}" in said(capsys, "jobs", "--link-file", str(tmp_path / "watch"))
        text = said(capsys, "cancel", id, "--link-file", str(tmp_path / "watch"), code=1)
        assert "A watch link does not permit cancel" in text
        assert not master.job(int(id)).status.final


def test_a_terminal_without_any_master_says_how_to_come_by_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for command in (["jobs"], ["status"], ["link"], ["cancel", "1"], ["worker"]):
        assert "No master of yours runs on this computer. Start one" in said(capsys, *command, code=1)


def test_a_run_of_another_terminal_is_found_and_cancelled(
    master: Master, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with held(master) as id:
        leave_link("run", master.own_link)
        assert "is cancelled" in said(capsys, "cancel", id)
        take_link_back("run")
        until(lambda: master.job(int(id)).status.final)
