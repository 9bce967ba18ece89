"""One worker for each master: the second start raises the first, hands over its link, and ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from mcgui.worker.single_instance import Request, SingleInstance, ask, is_taken, one_start_at_a_time
from mcgui_core import Master
from tests.waiting import until

LINK = "mcgui://lab:8888#w.key"
COMMAND = [sys.executable, "-m", "mcgui.worker"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where they meet. A short path: the name of a local socket may have some hundred bytes only."""
    with tempfile.TemporaryDirectory(prefix="meet") as made:
        yield Path(made)


class First:
    """A worker that runs already: it does what it is asked for unless it serves another master."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[Request] = []
        self.busy = False
        self.instance = SingleInstance(folder, self.answer)

    def answer(self, request: Request) -> bool:
        self.asked.append(request)
        return not (self.busy and request.free_only)


@pytest.fixture
def first(qtbot: QtBot, folder: Path) -> Iterator[First]:
    made = First(folder)
    made.instance.take()
    yield made
    made.instance.close()


ASKS = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from mcgui.worker.single_instance import Request, ask
app = QCoreApplication([])
sys.exit(not ask(Path(sys.argv[1]), sys.argv[2], Request(**json.loads(sys.argv[3]))))
"""


def asking(qtbot: QtBot, folder: Path, master: str, request: Request) -> bool:
    """Ask from another process, as a second start does, while this one goes on."""
    words = [str(folder), master, json.dumps(asdict(request))]
    with subprocess.Popen([sys.executable, "-c", ASKS, *words]) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
        return second.returncode == 0


def test_a_second_start_finds_the_first_and_hands_over_its_link(qtbot: QtBot, first: First, folder: Path) -> None:
    assert first.instance.is_first
    request = Request(LINK, offer=True)
    assert asking(qtbot, folder, "", request)
    assert first.asked == [request]


def test_where_none_runs_nobody_answers(qtbot: QtBot, folder: Path) -> None:
    assert not ask(folder, "", Request())
    assert not is_taken(folder, "lab:8888")


def test_a_worker_is_found_by_the_master_that_it_serves_and_by_no_other(
    qtbot: QtBot, first: First, folder: Path
) -> None:
    first.instance.serve("lab:8888")
    assert asking(qtbot, folder, "lab:8888", Request(LINK))
    first.instance.serve("other:8888")
    assert not ask(folder, "lab:8888", Request(LINK))
    assert asking(qtbot, folder, "other:8888", Request(LINK))
    first.instance.serve("")
    assert not ask(folder, "other:8888", Request(LINK))
    assert asking(qtbot, folder, "", Request())


def test_one_that_serves_another_master_may_say_no(qtbot: QtBot, first: First, folder: Path) -> None:
    first.busy = True
    assert not asking(qtbot, folder, "", Request(LINK, free_only=True))


def test_only_one_of_two_is_the_first(qtbot: QtBot, first: First, folder: Path) -> None:
    second = First(folder)
    second.instance.take()
    assert not second.instance.is_first
    second.instance.close()


def test_what_is_left_of_one_that_was_killed_is_taken_over(qtbot: QtBot, folder: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
        "from mcgui.worker.single_instance import SingleInstance; app = QCoreApplication([]); "
        "one = SingleInstance(Path(sys.argv[1]), lambda _: True); one.take(); assert one.is_first; os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, timeout=30)
    assert list(folder.iterdir()), "it has to leave something behind, or this tests nothing"
    after = First(folder)
    after.instance.take()
    assert after.instance.is_first
    assert asking(qtbot, folder, "", Request())
    after.instance.close()


def test_nonsense_is_answered_by_hanging_up(qtbot: QtBot, first: First, folder: Path) -> None:
    address = next(path for path in folder.iterdir() if path.is_socket())
    for nonsense in (b"\n", b"[1]\n", b'{"link": 1, "who": 2}\n', b"\xff\xfe\n"):
        socket = QLocalSocket()
        socket.connectToServer(str(address))
        qtbot.waitUntil(lambda socket=socket: socket.state() == QLocalSocket.LocalSocketState.ConnectedState)
        socket.write(nonsense)
        qtbot.waitUntil(lambda socket=socket: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert first.asked == []
    assert asking(qtbot, folder, "", Request())


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps its pipes elsewhere, for their owner alone by default"
)
def test_nobody_else_may_talk_to_it(first: First, folder: Path) -> None:
    address = next(path for path in folder.iterdir() if path.is_socket())
    assert address.stat().st_mode & 0o077 == 0


def test_starts_come_one_after_the_other(folder: Path) -> None:
    with one_start_at_a_time(folder):
        assert (folder / "mcgui-worker.lock").exists()
    assert not (folder / "mcgui-worker.lock").exists()


def test_a_request_does_not_show_its_key() -> None:
    assert "key" not in repr(Request(LINK))


# --- as commands -----------------------------------------------------------------------------------------------------


@contextmanager
def started(folder: Path, *arguments: str, link: str = "") -> Iterator[subprocess.Popen[str]]:
    """`mcgui-worker`, told to end when the test is through with it."""
    # Settings of its own: a link that an earlier test's worker remembered would be joined.
    own = {"XDG_RUNTIME_DIR": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "MCGUI_LINK": link}
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **own}
    if not link:
        del env["MCGUI_LINK"]
    with subprocess.Popen([*COMMAND, *arguments], env=env, stderr=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.terminate()
            program.communicate(timeout=30)


def idle(master: Master) -> int:
    return sum(node.state == "idle" for node in master.nodes())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_two_starts_for_one_master_are_one_worker_and_two_masters_have_two(folder: Path) -> None:
    with Master() as master, Master() as other, started(folder, "--nprocs=1", link=master.worker_link):
        until(lambda: idle(master) == 1, what="the first worker")
        with started(folder, link=master.worker_link) as second:
            assert second.wait(timeout=30) == 0
        with started(folder) as third:  # without a link: whichever runs
            assert third.wait(timeout=30) == 0
        with started(folder, "--nprocs=1", link=other.worker_link) as fourth:
            until(lambda: idle(other) == 1, what="a worker of its own for the other master")
            assert fourth.poll() is None
            assert idle(master) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_a_worker_without_a_master_takes_the_link_of_the_second_start(folder: Path) -> None:
    with Master() as master, started(folder, "--nprocs=1") as first:
        until(lambda: any(path.is_socket() for path in folder.iterdir()), what="the first worker")
        with started(folder, link=master.worker_link) as second:
            assert second.wait(timeout=30) == 0
        until(lambda: idle(master) == 1, what="that the first worker joins")
        assert first.poll() is None
        assert len(master.nodes()) == 1
