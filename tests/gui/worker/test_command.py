"""`mcgui-worker` as a command: a process of its own, with a real master."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.protocol.messages import NodeStatus
from tests.waiting import until

COMMAND = [sys.executable, "-m", "mcgui.worker"]


@contextmanager
def started(*arguments: str, stdin: str = "", **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command, told to end as soon as the test is through with it."""
    pipe = subprocess.PIPE
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}
    with subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env) as program:
        assert program.stdin is not None
        program.stdin.write(stdin)
        program.stdin.flush()
        try:
            yield program
        finally:
            program.terminate()


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """The same one for all that leave it again."""
    with Master() as made:
        yield made


def joined(master: Master) -> NodeStatus:
    """The node, once the master knows it."""
    until(lambda: any(node.state == "idle" for node in master.nodes()), what="a node that joined")
    return next(node for node in master.nodes() if node.state == "idle")


def ended(program: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status, and what was said on stderr."""
    _, said = program.communicate(timeout=30)
    lines = [line for line in said.splitlines() if "This plugin does not support" not in line]
    return program.returncode, "\n".join(lines)


def test_a_bad_number_of_processors_is_one_clear_line() -> None:
    """Which are bad: test_command_line.py."""
    with started("--nprocs=many") as program:
        status, said = ended(program)
    assert status == 2
    assert said.startswith("mcgui-worker: nprocs must be a whole number of processors, 1 or more, not ")
    assert len(said.splitlines()) == 1


def leaves_cleanly(master: Master, program: subprocess.Popen[str], number: signal.Signals) -> str:
    """Sent this signal, it leaves its master, and ends well with all that it has started. Returns what it said."""
    family = psutil.Process(program.pid).children(recursive=True)
    assert family
    program.send_signal(number)
    status, said = ended(program)
    assert status == 0, said
    until(lambda: master.nodes()[-1].state == "left", what="a node that left")
    assert psutil.wait_procs(family, timeout=10)[1] == []
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_a_link_from_standard_input_is_joined_and_listed_nowhere_and_ctrl_c_ends_it_cleanly(master: Master) -> None:
    with started("-", "--nprocs=1", stdin=f"{master.worker_link}\n") as program:
        node = joined(master)
        assert (node.nprocs, node.name != "") == (1, True)
        key = master.worker_link.partition("#")[2]
        for process in (psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)):
            assert key not in " ".join(process.cmdline())
        assert leaves_cleanly(master, program, signal.SIGINT) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_a_link_as_an_argument_is_joined_with_a_warning_that_does_not_repeat_it_and_sigterm_ends_it_cleanly(
    master: Master,
) -> None:
    with started(master.worker_link, "--nprocs=1") as program:
        joined(master)
        said = leaves_cleanly(master, program, signal.SIGTERM)
    assert said.startswith("mcgui-worker: warning: the link, with its key, stands on the command line")
    assert len(said.splitlines()) == 1, said
    assert master.worker_link.partition("#")[2] not in said


def test_a_worker_that_is_killed_takes_its_agent_along_and_loses_no_task(tmp_path: Path) -> None:
    environment = "import time\ndef work(x):\n    time.sleep(0.01)\n    return x * x\n"
    with Master() as master, started("--nprocs=1", MCGUI_LINK=master.worker_link) as program:
        joined(master)
        job = master.submit(environment=environment, function="work", args=range(200))
        until(lambda: job.status.done > 20, what="a job that has begun")
        family = psutil.Process(program.pid).children(recursive=True)
        program.kill()
        assert psutil.wait_procs(family, timeout=20)[1] == []
        master.add_local_worker(nprocs=1)
        assert job.results() == [x * x for x in range(200)]
