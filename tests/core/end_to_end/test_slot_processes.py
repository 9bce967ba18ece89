"""The processes of slots: one environment each, fresh for another, ended as Python ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mcgui_core import Master
from tests.support import cluster
from tests.waiting import until


@pytest.fixture
def master() -> Iterator[Master]:
    with cluster(1) as master:
        yield master


def run(master: Master, source: str, args: Any = (0,), **options: Any) -> list[Any]:
    return master.submit(source, "f", args, **options).results()


STATES = {
    "decimal context": ("import decimal", "decimal.getcontext().prec = 4", "decimal.getcontext().prec"),
    "random state": ("import random", "random.seed(1)", "random.getstate()"),
    "time zone": ("import os, time", "os.environ['TZ'] = 'Asia/Tokyo'; time.tzset()", "time.tzname"),
    "working folder": ("import os", "os.chdir('/')", "os.getcwd()"),
    "environment variables": ("import os", "os.environ['LEFT'] = 'x'", "os.environ.get('LEFT')"),
    "warnings": ("import warnings", "warnings.simplefilter('error')", "len(warnings.filters)"),
    "locale": ("import locale", "locale.setlocale(locale.LC_ALL, 'C')", "locale.setlocale(locale.LC_ALL)"),
    "recursion limit": ("import sys", "sys.setrecursionlimit(5000)", "sys.getrecursionlimit()"),
    "a patched module": ("import json", "json.dumps = 5", "json.dumps == 5"),
    "umask": ("import os", "os.umask(0)", "os.umask(0o22)"),
}


@pytest.mark.parametrize("kind", STATES)
def test_what_a_job_changes_in_its_process_does_not_reach_another_environment(master: Master, kind: str) -> None:
    imports, change, look = STATES[kind]
    before = run(master, f"# first\n{imports}\ndef f(x):\n    return {look}\n")
    (changed,) = run(master, f"# second\n{imports}\ndef f(x):\n    {change}\n    return {look}\n")
    after = run(master, f"# third\n{imports}\ndef f(x):\n    return {look}\n")
    if kind == "random state":
        assert after != [changed]
    else:
        assert before == after


def test_jobs_of_one_environment_share_their_process(master: Master) -> None:
    source = "import os\ndef f(x):\n    return os.getpid()\n"
    assert run(master, source) == run(master, source)
    assert run(master, source) != run(master, f"# edited\n{source}")


def test_memory_of_an_environment_goes_with_its_process(master: Master) -> None:
    def pid(number: int) -> int:
        (found,) = run(master, f"import os\nlarge = bytearray({number} + 50_000_000)\ndef f(x): return os.getpid()\n")
        return int(found)

    pids = [pid(number) for number in range(4)]
    assert len(set(pids)) == 4
    until(
        lambda: not any(psutil.pid_exists(pid) for pid in pids[:-1]), what="the processes of former environments to end"
    )


#: Its process tells by files that it ended as Python ends.
LAST_WORDS = """
import atexit, pathlib, threading
folder = pathlib.Path({folder!r})
log = open(folder / "log", "a")
atexit.register((folder / "atexit").touch)
def linger():
    threading.main_thread().join()
    (folder / "thread").touch()
threading.Thread(target=linger).start()
def f(x):
    print(x, file=log)
    return x
"""


def ended_well(folder: Path) -> bool:
    return (folder / "atexit").exists() and (folder / "thread").exists() and (folder / "log").read_text() == "7\n"


def test_a_worker_that_leaves_lets_its_processes_end_as_python_ends(tmp_path: Path) -> None:
    with cluster(1) as master:
        assert run(master, LAST_WORDS.format(folder=str(tmp_path)), [7]) == [7]
    assert ended_well(tmp_path)


def test_a_process_whose_environment_is_over_ends_as_python_ends(master: Master, tmp_path: Path) -> None:
    run(master, LAST_WORDS.format(folder=str(tmp_path)), [7])
    run(master, "def f(x): return x\n")
    until(lambda: ended_well(tmp_path), what="its last words")


def test_a_slot_that_is_taken_away_ends_as_python_ends(tmp_path: Path) -> None:
    with cluster(1) as master:
        run(master, LAST_WORDS.format(folder=str(tmp_path)), [7])
        (node,) = master.nodes()
        master.steer(node.id, retire="finish")
        until(lambda: ended_well(tmp_path), what="its last words")


def test_a_process_that_does_not_end_is_killed(tmp_path: Path) -> None:
    source = "import atexit, os, threading\natexit.register(threading.Event().wait)\ndef f(x): return os.getpid()\n"
    with cluster(1) as master:
        (pid,) = run(master, source)
    assert not psutil.pid_exists(pid)


def test_two_jobs_that_take_turns_keep_their_processes(master: Master) -> None:
    source = "import os, time\ndef f(x):\n    time.sleep(0.01)\n    return os.getpid()\n"
    first = master.submit(source, "f", range(60))
    second = master.submit(f"# another\n{source}", "f", range(60))
    pids = {*first.results(), *second.results()}
    assert len(pids) == 2
