"""A process that a script forks goes on with its cluster, and takes nothing from the script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
ROOT = Path(__file__).parents[3]
SCRIPT = """
import itertools, multiprocessing, os, sys, threading
from pathlib import Path
from mcgui_core import Cluster, ClusterExecutor, Master

def one_more(x):
    return x + 1

def ask(x):
    return master.submit(one_more, [x]).results()[0]

def say(*what):
    print(*what, flush=True)

def in_a_child(act):
    if os.fork() == 0:
        act()
        sys.exit(0)  # out of the block: what the script started is not this process's to end
    say("ended", os.waitstatus_to_exitcode(os.wait()[1]))

def refused():
    for call in (lambda: executor.submit(one_more, 1), lambda: list(executor.map(one_more, [1]))):
        try:
            call()
        except RuntimeError as error:
            say(error)

with Master() as master:
    worker = master.add_local_worker(1)
    pairs = iter(master.submit(one_more, itertools.count()).iter_results())  # whose arguments a thread reads
    say(next(pairs), ask(1))
    in_a_child(lambda: say("child", ask(2)))
    in_a_child(master.shutdown)
    in_a_child(worker.leave)
    say(next(pairs), ask(3))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        say(pool.map(ask, range(10)))
    master.jobs()[0].cancel()
    with Cluster.connect(master.console_link) as other:
        in_a_child(other.close)
        say(len(other.submit(one_more, range(5)).results()))
    with ClusterExecutor(cluster=master) as executor:
        say(executor.submit(one_more, 4).result())
        in_a_child(refused)
        say(executor.submit(one_more, 5).result())
    say(Path(master._temporary).is_dir(), worker.alive)
"""
SAID = """\
(0, 1) 2
child 3
ended 0
ended 0
ended 0
(1, 2) 4
[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
ended 0
5
5
This executor belongs to the process from which this one was forked. Make one here.
This executor belongs to the process from which this one was forked. Make one here.
ended 0
6
True True
"""


def test_a_forked_process_neither_ends_what_the_script_started_nor_speaks_by_its_connections() -> None:
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=50, check=False)
    assert done.stdout == SAID, done.stderr
