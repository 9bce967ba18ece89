"""The worker session with a real master and a real agent: what tray and panel stand on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from mcgui.settings import Settings
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.session.worker_session import WorkerSession
from mcgui.worker.state import WorkerState
from mcgui_core import Master
from mcgui_core.processes.processor_count import cpu_count
from mcgui_core.protocol.messages import NodeStatus
from tests.gui.quiet import settle

#: Milliseconds that anything between here and another process may take on a busy machine.
PATIENCE = 20_000
SLOW = "import time\ndef work(x):\n    time.sleep(0.01)\n    return x\n"


class Listener(QObject):
    """Keeps what a session told, and in which state it was."""

    def __init__(self, session: WorkerSession) -> None:
        super().__init__()
        self.states: list[WorkerState] = []
        self.lines: list[str] = []
        self.closed = False
        session.changed.connect(self._on_changed)
        session.logged.connect(self._on_logged)
        session.closed.connect(self._on_closed)

    @Slot(object)
    def _on_changed(self, state: WorkerState) -> None:
        self.states.append(state)

    @Slot(str)
    def _on_logged(self, line: str) -> None:
        self.lines.append(line)

    @Slot()
    def _on_closed(self) -> None:
        self.closed = True


class Worker:
    """A session with its listener, and words for waiting on it."""

    def __init__(self, qtbot: QtBot, settings: Path) -> None:
        self._qtbot = qtbot
        self.settings = settings
        self.session = WorkerSession(SavedState(Settings(settings)), nprocs=2)
        self.heard = Listener(self.session)

    @property
    def state(self) -> WorkerState:
        return self.session.state

    def until_it_is(self, *kinds: str) -> None:
        self._qtbot.waitUntil(lambda: self.state.kind in kinds, timeout=PATIENCE)

    def close(self) -> None:
        self.session.close()
        self._qtbot.waitUntil(lambda: self.heard.closed, timeout=PATIENCE)


@pytest.fixture
def worker(qtbot: QtBot, tmp_path: Path) -> Iterator[Worker]:
    made = Worker(qtbot, tmp_path / "worker.ini")
    yield made
    made.close()


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """The same one for all of them: whoever was there before has left."""
    with Master() as made:
        yield made


def node(master: Master) -> NodeStatus:
    """The one node that has not departed."""
    return [one for one in master.nodes() if one.state not in ("left", "lost")][-1]


def test_a_link_joins_and_leaving_leaves(worker: Worker, master: Master, qtbot: QtBot) -> None:
    assert worker.state == WorkerState(nprocs=2, cpus=cpu_count())
    worker.session.join(f"  {master.worker_link}\n")
    assert (worker.state.kind, worker.state.master) == ("connecting", master.address)
    worker.until_it_is("idle")
    assert worker.state.since > 0
    assert node(master).nprocs == 2
    worker.session.leave()
    assert worker.state.leaving
    worker.until_it_is("off")
    assert not worker.state.running
    assert master.nodes()[-1].state == "left"
    assert worker.heard.lines[:2] == [f"Looking for {master.address}.", f"Joined {master.address} with 2 processors."]
    assert worker.heard.lines[-1] == f"Left {master.address}."


def test_a_job_is_worked_on_paused_resized_and_finished_without_losing_a_task(
    worker: Worker, master: Master, qtbot: QtBot
) -> None:
    worker.session.join(master.worker_link)
    job = master.submit(environment=SLOW, function="work", args=range(300), hedge=False)  # a second run counts as well
    qtbot.waitUntil(lambda: worker.state.kind == "working" and worker.state.done > 0, timeout=PATIENCE)
    worker.session.toggle_pause()
    worker.until_it_is("paused")
    qtbot.waitUntil(lambda: worker.state.busy == 0, timeout=PATIENCE)
    qtbot.waitUntil(lambda: node(master).reason == "paused by its owner", timeout=PATIENCE)
    assert worker.state.message == ""
    worker.session.toggle_pause()
    worker.until_it_is("working")
    for nprocs in (1, 3):
        worker.session.set_nprocs(nprocs)
        assert worker.state.nprocs == nprocs
        qtbot.waitUntil(lambda wanted=nprocs: node(master).nprocs == wanted, timeout=PATIENCE)
    worker.until_it_is("idle")
    qtbot.waitUntil(lambda: worker.state.done == 300, timeout=PATIENCE)
    assert job.results() == list(range(300))


def test_tasks_stay_counted_over_two_agents(worker: Worker, master: Master, qtbot: QtBot) -> None:
    for done in (5, 10):
        worker.session.join(master.worker_link)
        master.submit(environment=SLOW, function="work", args=range(5), hedge=False).results()
        qtbot.waitUntil(lambda wanted=done: worker.state.done == wanted, timeout=PATIENCE)
        worker.session.leave()
        worker.until_it_is("off")
    assert worker.state.done == 10


def test_a_bad_link_is_told_in_words_and_starts_nothing(worker: Worker) -> None:
    worker.session.join("http://lab/")
    assert (worker.state.kind, worker.state.running) == ("trouble", False)
    assert "does not start with mcgui://" in worker.state.link_problem
    assert worker.session.link == ""


def test_a_bad_link_leaves_the_master_that_is_served_alone(worker: Worker, master: Master) -> None:
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")
    for bad, why in (("mcgui://lab", "names no port"), (master.worker_link[:-1], "This link is not whole")):
        worker.session.join(bad)
        assert worker.state.kind == "idle"
        assert why in worker.state.link_problem
    assert worker.session.link == master.worker_link


def test_a_wrong_key_is_told_in_words_and_can_be_mended(worker: Worker, master: Master) -> None:
    worker.session.join(f"mcgui://{master.address}#w.not-the-key")
    worker.until_it_is("trouble")
    assert "does not accept this key" in worker.state.message
    assert worker.state.running  # it goes on trying
    worker.session.join(f"> {master.worker_link[:40]}\n> {master.worker_link[40:]}.")  # as a mail has it
    worker.until_it_is("idle")
    assert worker.state.message == ""


def test_a_master_that_is_not_there_is_looked_for_and_the_reason_told(worker: Worker, qtbot: QtBot) -> None:
    with socket.socket() as closed:  # bound but not listening: nobody else gets the port, and nobody answers
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        worker.session.join(f"mcgui://127.0.0.1:{port}#w.key")
        qtbot.waitUntil(lambda: "No master answers" in worker.state.message, timeout=PATIENCE)
        assert (worker.state.kind, worker.state.running) == ("connecting", True)
        worker.session.leave()
        worker.until_it_is("off")


def test_a_master_that_goes_and_comes_back_is_joined_again_by_itself(
    worker: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    journal = tmp_path / "journal"
    with Master(journal=journal) as first:
        link, port = first.worker_link, int(first.address.rpartition(":")[2])
        worker.session.join(link)
        worker.until_it_is("idle")
    worker.until_it_is("connecting")
    with Master(port=port, journal=journal):
        worker.until_it_is("idle")


def test_an_agent_that_is_killed_is_told_in_words_and_can_be_started_again(worker: Worker, master: Master) -> None:
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")
    agent = next(child for child in psutil.Process().children() if "mcgui_core.node.agent_main" in child.cmdline())
    agent.kill()
    worker.until_it_is("trouble")
    assert worker.state.message.endswith("Connect again to go on working.")
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")


def test_another_link_leaves_one_master_for_the_other(worker: Worker, master: Master, qtbot: QtBot) -> None:
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")
    with Master() as other:
        worker.session.join(other.worker_link)
        assert worker.state.master == other.address
        worker.until_it_is("idle")
        qtbot.waitUntil(lambda: [one.state for one in other.nodes()] == ["idle"], timeout=PATIENCE)
        qtbot.waitUntil(lambda: not any(one.state == "idle" for one in master.nodes()), timeout=PATIENCE)
        worker.session.leave()
        worker.until_it_is("off")


def test_pressing_connect_twice_joins_once(worker: Worker, master: Master, qtbot: QtBot) -> None:
    worker.session.join(master.worker_link)
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")
    assert sum(one.state == "idle" for one in master.nodes()) == 1


def test_no_line_of_the_log_and_no_state_holds_a_key(worker: Worker, master: Master) -> None:
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")
    key = master.worker_link.partition("#")[2]
    assert key not in repr(worker.heard.states)
    assert key not in "".join(worker.heard.lines)


def test_processors_are_remembered_whether_joined_or_not(worker: Worker) -> None:
    worker.session.set_nprocs(1)
    assert SavedState(Settings(worker.settings)).nprocs == 1


def test_quitting_keeps_the_wish_to_be_joined_and_disconnecting_takes_it_back(
    worker: Worker, master: Master, qtbot: QtBot
) -> None:
    worker.session.join(master.worker_link)
    worker.until_it_is("idle")
    worker.close()
    assert SavedState(Settings(worker.settings)).joined
    again = Worker(qtbot, worker.settings)
    again.session.join(again.session.link)
    again.until_it_is("idle")
    again.session.leave()
    again.close()
    assert not SavedState(Settings(worker.settings)).joined


def test_pausing_without_a_master_does_nothing(worker: Worker) -> None:
    worker.session.toggle_pause()
    settle(worker.session)
    assert worker.state.kind == "off"
    assert worker.heard.states == []
    assert not worker.session.overrides.paused  # or the next master would get no work from it
