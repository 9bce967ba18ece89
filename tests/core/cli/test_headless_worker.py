"""`mcgui-core worker` as a service without a screen: the owner's limits from a file, and an end that loses nothing."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.cli.main import parser
from tests.support import MEETING, Meeting, descendants, joined, node, wait_until_gone, worker
from tests.waiting import until

UNIT = Path(__file__).parents[3] / "packaging" / "mcgui-worker.service"

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")


@contextmanager
def serving(master: Master, *arguments: str, link: str = "") -> Iterator[subprocess.Popen[str]]:
    """The command, with a link to this master; killed if the test has not ended it."""
    command = [sys.executable, "-m", "mcgui_core.cli.main", "worker", "--name", "server", "--nprocs", "1", *arguments]
    env = {**os.environ, "MCGUI_LINK": link or master.worker_link}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            if program.poll() is None:
                program.kill()


def ended(program: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Its exit code, and the lines that it said."""
    _, said = program.communicate(timeout=30)
    return program.returncode, said.splitlines()


def test_the_limits_of_a_file_hold_and_the_master_and_the_log_say_why(tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text(f'not_while_running = ["{psutil.Process().name()}"]\n')
    with Master() as master, serving(master, "--limits", str(limits)) as program:
        until(lambda: joined(master) and node(master, "server").state == "paused", what="a paused worker")
        reason = f"{psutil.Process().name()} runs."
        assert node(master, "server").reason == reason
        program.terminate()
        code, lines = ended(program)
    assert f"Paused: {reason}" in lines
    if sys.platform != "win32":
        assert code == 0


def test_a_console_link_works_and_is_said_to_be_more_than_a_worker_needs() -> None:
    with Master() as master:
        for link, warned in ((master.console_link, True), (master.worker_link, False)):
            with serving(master, link=link) as program:
                until(lambda: joined(master))
                program.terminate()
                _, lines = ended(program)
            assert any("This is a console link" in line for line in lines) == warned


def test_a_file_that_holds_no_limits_is_one_clear_line(tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("only_on_main = true\n")
    with Master() as master, serving(master, "--limits", str(limits)) as program:
        code, lines = ended(program)
    assert code == 1
    (line,) = lines
    assert line.startswith(
        f"mcgui-core: The limits in {limits} cannot be used: there is no limit called 'only_on_main'"
    )


@needs_signals
def test_told_to_end_it_finishes_what_runs_reports_it_and_leaves(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, serving(master, "--finish-within", "60") as program:
        job = master.submit(MEETING, "meet", meeting.arguments(2), call="args", chunksize=1)
        until(lambda: meeting.started == [0])
        family = descendants(program.pid)
        program.send_signal(signal.SIGTERM)
        until(lambda: node(master, "server").state == "draining", what="that it takes no more")
        meeting.go()
        code, lines = ended(program)
        assert code == 0
        assert lines[-2:] == ["Finishing the tasks that run.", f"Left {master.address} after 1 tasks."]
        until(lambda: node(master, "server").state == "left")
        assert (job.status.done, job.status.failed) == (1, 0)
        wait_until_gone(family)
        with worker(master.worker_link, 1, "other"):
            assert job.results() == [0, 1]
    assert meeting.started == [0, 1], "no task ran twice"


@needs_signals
@pytest.mark.parametrize("again", [False, True], ids=["at once", "told twice"])
def test_told_to_end_at_once_it_gives_back_what_runs(tmp_path: Path, again: bool) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master, serving(master, *(("--finish-within", "600") if again else ())) as program:
        job = master.submit(MEETING, "meet", meeting.arguments(1), call="args")
        until(lambda: meeting.started == [0])
        family = descendants(program.pid)
        program.send_signal(signal.SIGTERM)
        if again:
            until(lambda: node(master, "server").state == "draining")
            program.send_signal(signal.SIGTERM)
        assert ended(program)[0] == 0
        until(lambda: node(master, "server").state == "left")
        wait_until_gone(family)
        meeting.go()
        with worker(master.worker_link, 1, "other"):
            assert job.results() == [0]
    assert meeting.started == [0, 0]


def test_the_unit_for_systemd_starts_it_with_options_that_there_are() -> None:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, encoding="utf-8")
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/mcgui-core")
    options = parser().parse_args(arguments)
    assert options.finish_within < float(unit["Service"]["TimeoutStopSec"]), "systemd would kill it while it finishes"
    assert (unit["Service"]["KillMode"], unit["Install"]["WantedBy"]) == ("mixed", "default.target")
