"""The worker under an owner who cannot leave the slider alone, and behind a network that breaks all the time."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui.worker.app import WorkerApp
from mcgui.worker.command_line import Options
from mcgui.worker.tray.tray_availability import TrayAvailability
from mcgui_core import Master
from mcgui_core.client.job import Job
from tests.core.proxy import Proxy, proxy, through
from tests.support import is_slot, wait_until_gone

pytestmark = [
    # What Qt says of an icon that is shown where there is no tray.
    pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True),
    pytest.mark.timeout(300),  # ten times what they take on a machine that has nothing else to do
]

#: Steps of each test. `MCGUI_LONG=1` has an owner and a network of more endurance.
MOVES, BREAKS = (200, 50) if os.environ.get("MCGUI_LONG") else (50, 15)
#: Milliseconds that one step may take on a busy machine.
PATIENCE = 20_000
ENVIRONMENT = "def work(number): return -number"


class Work:
    """A job whose tasks come in portions, so that it lasts as long as what is done to its worker."""

    def __init__(self, master: Master, count: int, portions: int) -> None:
        self.count = count
        self._portion = count // portions
        self._permits = threading.Semaphore()
        self.job: Job = master.submit(ENVIRONMENT, "work", self._arguments())

    def _arguments(self) -> Iterator[int]:
        """In a thread of the client's."""
        for number in range(self.count):
            if number % self._portion == 0:
                self._permits.acquire()
            yield number

    def portion(self) -> None:
        """Let some more come."""
        self._permits.release()

    def done(self, portions: int) -> bool:
        """Whether so many portions are."""
        return self.job.status.done >= portions * self._portion

    def all_of_it(self) -> None:
        """Whatever happens, or the thread that feeds the job would wait for ever."""
        self._permits.release(self.count)

    def end(self, qtbot: QtBot) -> None:
        """Let it end, and see that each task has its result, and counts once."""
        self.all_of_it()
        qtbot.waitUntil(lambda: self.job.status.final, timeout=2 * PATIENCE)
        assert self.job.results() == [-number for number in range(self.count)]
        assert (self.job.status.done, self.job.status.failed) == (self.count, 0)


@contextmanager
def feeding(work: Work) -> Iterator[Work]:
    try:
        yield work
    finally:
        work.all_of_it()


@contextmanager
def working(qtbot: QtBot, theme: Theme, settings: Path, link: str, nprocs: int) -> Iterator[WorkerApp]:
    """The whole program with a tray, joined."""
    app = WorkerApp(Options(link=link, nprocs=nprocs), Settings(settings), theme, TrayAvailability(lambda: True))
    ended: list[bool] = []
    app.finished.connect(lambda: ended.append(True))
    app.start()
    try:
        qtbot.waitUntil(lambda: app.session.state.joined, timeout=PATIENCE)
        yield app
    finally:
        app.quit()
        qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)


def agents_of_ours() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "mcgui_core.node.agent_main" in child.cmdline()]


def slots_of_ours() -> list[psutil.Process]:
    return [process for process in psutil.Process().children(recursive=True) if is_slot(process)]


def test_the_slider_moved_again_and_again_during_a_job_loses_and_doubles_nothing_and_leaves_no_process(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    dice = random.Random(7)
    with Master() as master, working(qtbot, theme, tmp_path / "worker.ini", master.worker_link, 4) as app:
        slider = app.panel.processors.slider
        with feeding(Work(master, 500 * MOVES, MOVES)) as work:
            for _ in range(MOVES):
                work.portion()
                wanted = dice.choice([n for n in range(1, 5) if n != slider.value()])
                qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.position_of(wanted).toPoint())
                # The agent has as many from then on; one that is too many ends after what it is at.
                qtbot.waitUntil(lambda: app.session.state.slots == wanted, timeout=PATIENCE)
            qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.position_of(1).toPoint())
            work.end(qtbot)
        (node,) = master.nodes()
        assert (node.done, node.failed) == (work.count, 0)
        qtbot.waitUntil(lambda: app.session.state.kind == "idle", timeout=PATIENCE)
        qtbot.waitUntil(lambda: len(slots_of_ours()) <= 2, timeout=PATIENCE)
        family = agents_of_ours()
        family += [process for agent in family for process in agent.children(recursive=True)]
    wait_until_gone(family)


def spoil(between: Proxy, dice: random.Random) -> None:
    """One of the ways in which a network fails, at random."""
    match dice.choice(["drop", "reset", "freeze and reset", "delay and drop"]):
        case "drop":
            between.drop()
        case "reset":
            between.reset()
        case "freeze and reset":
            between.frozen = True
            between.reset()
            between.frozen = False
        case _:
            between.delay = 0.01
            between.drop()


def test_a_network_that_breaks_again_and_again_during_a_job_ends_with_a_complete_result_and_a_connected_icon(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    dice = random.Random(11)
    with (
        Master() as master,
        proxy(master.address) as between,
        working(qtbot, theme, tmp_path / "worker.ini", through(master.worker_link, between), 2) as app,
    ):
        with feeding(Work(master, 400 * BREAKS, BREAKS)) as work:
            for step in range(1, BREAKS + 1):
                before = between.accepted
                work.portion()
                spoil(between, dice)
                # It came back, and what was on its way has been done.
                qtbot.waitUntil(lambda: between.accepted > before and work.done(step), timeout=PATIENCE)
                between.delay = 0.0
            work.end(qtbot)
        qtbot.waitUntil(lambda: app.session.state.kind == "idle", timeout=PATIENCE)
        assert app.tray.icon.toolTip().startswith("mcgui worker: ready for this computer\n")
        assert [(node.state, node.done) for node in master.nodes()] == [("idle", work.count)]
