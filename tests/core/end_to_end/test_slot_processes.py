"""The processes of slots: one environment each, fresh for another, ended as Python ends."""

from __future__ import annotations

import gzip
import sys
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


posix_only = pytest.mark.skipif(sys.platform == "win32", reason="changes what only POSIX has")

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
    "umask": ("import os", "os.umask(0o7)", "(os.umask(mask := os.umask(0)), mask)[1]"),
    "signal handlers": ("import signal", "signal.signal(10, signal.SIG_IGN)", "str(signal.getsignal(10))"),
    "an alarm": (
        "import signal",
        "signal.setitimer(signal.ITIMER_REAL, 900)",
        "signal.getitimer(signal.ITIMER_REAL)[0] > 0",
    ),
    "errors of NumPy": ("import numpy as np", "np.seterr(divide='raise')", "np.geterr()['divide']"),
    "printing of NumPy": (
        "import numpy as np",
        "np.set_printoptions(precision=2)",
        "np.get_printoptions()['precision']",
    ),
    "where modules are found": ("import sys", "sys.path.insert(0, '/left')", "'/left' in sys.path"),
    "how modules are found": ("import sys", "sys.meta_path.append(object())", "len(sys.meta_path)"),
    "a module by another name": ("import sys", "sys.modules['left'] = sys", "'left' in sys.modules"),
    "a time limit of sockets": ("import socket", "socket.setdefaulttimeout(3)", "socket.getdefaulttimeout()"),
    "logging": ("import logging", "logging.basicConfig(level=10)", "(len(logging.root.handlers), logging.root.level)"),
    "a thread": (
        "import threading",
        "threading.Thread(target=threading.Event().wait, name='left', daemon=True).start()",
        "'left' in {thread.name for thread in threading.enumerate()}",
    ),
    "a name that is known everywhere": ("import builtins", "builtins.left = 1", "hasattr(builtins, 'left')"),
    "a limit of the system": (
        "import resource",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (100, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))",
        "resource.getrlimit(resource.RLIMIT_NOFILE)[0]",
    ),
    "priority": ("import os", "os.nice(3)", "os.nice(0)"),
    "a descriptor": ("import os", "os.dup2(1, 77)", "os.path.exists('/dev/fd/77')"),
    "garbage collection": ("import gc", "gc.disable()", "gc.isenabled()"),
    "how processes are started": (
        "import multiprocessing",
        "multiprocessing.set_start_method('spawn')",
        "multiprocessing.get_start_method(allow_none=True)",
    ),
    "output": ("import io, sys", "sys.stdout = io.StringIO()", "type(sys.stdout).__name__"),
    "a hook for errors": ("import sys", "sys.excepthook = print", "sys.excepthook is sys.__excepthook__"),
    "digits of numbers": ("import sys", "sys.set_int_max_str_digits(0)", "sys.get_int_max_str_digits()"),
    "where temporary files go": ("import tempfile", "tempfile.tempdir = '/left'", "tempfile.tempdir"),
}


@pytest.fixture(scope="module")
def states() -> dict[str, tuple[Any, Any, Any]]:
    """Each before, in the job that changes it, and in the one after that."""
    imports = "\n".join(sorted({line for line, _, _ in STATES.values()}))
    look = "def f(x):\n    return {" + ", ".join(f"{kind!r}: {look}" for kind, (_, _, look) in STATES.items()) + "}\n"
    changes = "\n".join(f"    {change}" for _, change, _ in STATES.values())
    with cluster(1) as master:
        (before,) = run(master, f"# first\n{imports}\n{look}")
        (changed,) = run(master, f"# second\n{imports}\n{look}g = f\ndef f(x):\n{changes}\n    return g(x)\n")
        (after,) = run(master, f"# third\n{imports}\n{look}")
    return {kind: (before[kind], changed[kind], after[kind]) for kind in STATES}


@posix_only
@pytest.mark.parametrize("kind", STATES)
def test_what_a_job_changes_in_its_process_does_not_reach_another_environment(
    states: dict[str, tuple[Any, Any, Any]], kind: str
) -> None:
    before, changed, after = states[kind]
    assert changed != before
    assert after == before or (kind == "random state" and after != changed)


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


#: What is done at the end by what Python brings: nobody has asked for it by atexit.
_LEFT_OPEN = """
import concurrent.futures, gzip, logging, logging.handlers, pathlib, tempfile, threading, weakref
folder = pathlib.Path({folder!r})
made = tempfile.TemporaryDirectory(dir=folder)
packed = gzip.open(folder / "packed", "wt")
handler = logging.handlers.MemoryHandler(1000, target=logging.FileHandler(folder / "log"))
logging.getLogger().addHandler(handler)
pool = concurrent.futures.ThreadPoolExecutor(1)
class Kept: pass
kept = Kept()
weakref.finalize(kept, (folder / "finalized").touch)
def linger():
    threading.Event().wait(0.2)
    (folder / "pool").touch()
def f(x):
    packed.write("whole")
    logging.warning("logged")
    pool.submit(linger)
    return made.name
"""


def test_what_a_task_left_open_is_closed_as_python_closes_it(tmp_path: Path) -> None:
    with cluster(1) as master:
        (made,) = run(master, _LEFT_OPEN.format(folder=str(tmp_path)))
    assert not Path(made).exists()
    assert gzip.decompress((tmp_path / "packed").read_bytes()) == b"whole"
    assert (tmp_path / "log").read_text() == "logged\n"
    assert {path.name for path in tmp_path.iterdir()} >= {"finalized", "pool"}


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
        run(master, "def f(x): return x\n")
        until(lambda: not psutil.pid_exists(pid), what="its end")


def test_two_jobs_that_take_turns_keep_their_processes(master: Master) -> None:
    source = "import os, time\ndef f(x):\n    time.sleep(0.01)\n    return os.getpid()\n"
    first = master.submit(source, "f", range(60))
    second = master.submit(f"# another\n{source}", "f", range(60))
    pids = {*first.results(), *second.results()}
    assert len(pids) == 2


ONCE = """
import os, sys
if hasattr(sys, "loaded_before"):
    os._exit(3)
sys.loaded_before = True
def f(x): return x + 1
"""


def test_an_environment_that_ends_a_process_in_which_it_is_loaded_again_is_loaded_in_another(master: Master) -> None:
    """Of what was loaded once it is not waited for that it is loaded once more: its death is told from a task's."""
    for _ in range(3):
        assert run(master, ONCE, range(3)) == [1, 2, 3]
