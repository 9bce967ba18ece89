"""The leak check itself: each kind of thing that a test may leave behind fails that test, and a tidy test passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.leaks import left_behind, look

ROOT = Path(__file__).parents[2]

#: A command that ends only when it is killed. Its argument is the folder of the test, by which it is found again.
WAITING = "[sys.executable, '-c', 'import time; time.sleep(600)', os.getcwd()]"

LEAKS = {
    "a child process": (
        f"children.append(subprocess.Popen({WAITING}))",
        "process *time.sleep*",
    ),
    "a grandchild whose parent is gone": (
        f"subprocess.run([sys.executable, '-c', \"import os, subprocess, sys; subprocess.Popen({WAITING})\"], check=True)",
        "process *time.sleep*",
    ),
    "a thread": (
        # Ends when the interpreter does: a thread that never ends would keep this very test from ending.
        "threading.Thread(target=threading.main_thread().join, name='forgotten').start()",
        "thread forgotten",
    ),
    "a daemon thread": (
        "threading.Thread(target=threading.Event().wait, name='forgotten', daemon=True).start()",
        "daemon thread forgotten",
    ),
    "an internet socket": (
        "kept.append(socket.create_server(('127.0.0.1', 0)))",
        "descriptor *socket*127.0.0.1*",
    ),
    "a pair of unix sockets": (
        "kept.append(socket.socketpair())",
        "descriptor *socket*",
    ),
    "a pipe": (
        "kept.append(os.pipe())",
        "descriptor *pipe*",
    ),
    "an open file": (
        "kept.append(open(__file__))",
        "descriptor *test_*.py*",
    ),
    "a temporary file": (
        "descriptor, _ = tempfile.mkstemp(prefix='mcgui-')\n    os.close(descriptor)",
        "file *mcgui-*",
    ),
    "the garbage collector switched off": (
        "gc.disable()",
        "the garbage collector off",
    ),
}

SUITE = """
import gc, os, socket, subprocess, sys, tempfile, threading

kept, children = [], []

def test_leaks():
    {leak}

def test_that_comes_after_is_not_blamed():
    pass
"""


def run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, suite: str, patience: float = 0.3
) -> pytest.RunResult:
    """Run a suite in a pytest of its own, which waits so many seconds for what is left to go away."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini(f"[pytest]\nleak_patience = {patience}\n")
    pytester.makepyfile(suite)
    return pytester.runpytest_subprocess(
        "-p", "tests.leaks", "-p", "no:pytest-qt", "-p", "no:randomly", "-p", "no:hypothesispytest", timeout=50
    )


@pytest.mark.parametrize("what", LEAKS)
def test_a_test_that_leaves_something_behind_fails(
    what: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32" and what in {"a pair of unix sockets", "a pipe"}:
        pytest.skip("Windows has no descriptors for these, and psutil cannot list its handles")
    leak, named = LEAKS[what]
    result = run(pytester, monkeypatch, SUITE.format(leak=leak))
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_leaks*", "The test left behind:", f"*{named}"])
    # A process that it left was ended as well.
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(pytester.path) in (p.info["cmdline"] or [])]


def test_a_test_that_tidies_up_passes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    tidy = (
        "subprocess.run([sys.executable, '-c', ''], check=True)\n"
        "    thread = threading.Thread(target=int); thread.start(); thread.join()\n"
        "    socket.create_server(('127.0.0.1', 0)).close()\n"
        "    tempfile.TemporaryDirectory(prefix='mcgui-').cleanup()"
    )
    run(pytester, monkeypatch, SUITE.format(leak=tidy)).assert_outcomes(passed=2)


def test_a_process_that_is_just_ending_is_waited_for(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak = "children.append(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(0.1)']))"
    run(pytester, monkeypatch, SUITE.format(leak=leak), patience=30.0).assert_outcomes(passed=2)


def test_whoever_started_a_process_hears_how_it_ended() -> None:
    before = look()
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    assert left_behind(before, patience=30.0) == []
    assert process.wait() == 3


SHARED = """
import subprocess, sys
import pytest

# Starts a process of its own for each line that it reads, and ends them when it ends.
SERVANT = '''
import subprocess, sys
waiting = [sys.executable, '-c', 'import sys; sys.stdin.read()']
children = []
for line in sys.stdin:
    children.append(subprocess.Popen(waiting, stdin=subprocess.PIPE))
    print('started', flush=True)
for child in children:
    child.communicate()
'''

@pytest.fixture(scope="module")
def servant():
    command = [sys.executable, "-c", SERVANT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process

def test_asks_for_one(servant):
    print("one more", file=servant.stdin, flush=True)
    assert servant.stdout.readline() == "started\\n"

def test_asks_for_another(servant):
    test_asks_for_one(servant)
"""


def test_what_a_wider_fixture_starts_meanwhile_is_not_the_tests(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(pytester, monkeypatch, SHARED).assert_outcomes(passed=2)
