"""The bridge: batches in the GUI thread, none lost, and no thread left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from mcgui.bridge import Bridge, merged
from mcgui_core.errors import MasterUnreachable
from mcgui_core.protocol.messages import Sample, Snapshot
from tests.gui.snapshots import snapshot
from tests.waiting import until


class ScriptedCluster:
    """Answers as it was told to, one answer for each question; then it waits, as a long poll does."""

    def __init__(self, *answers: Snapshot | Exception) -> None:
        self._answers: Iterator[Snapshot | Exception] = iter(answers)
        self.asked: list[int] = []
        self.last = snapshot(0, samples=())

    def snapshot(self, after: int = 0, timeout: float = 0.0) -> Snapshot:
        self.asked.append(after)
        answer = next(self._answers, None)
        if answer is None:
            threading.Event().wait(timeout)
            return replace(self.last, samples=())
        if isinstance(answer, Exception):
            raise answer
        self.last = answer
        return answer


class Ear(QObject):
    """Hears a bridge, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Snapshot] = []
        self.threads: list[QThread] = []

    @Slot(object)
    def hear(self, heard: Snapshot) -> None:
        self.heard.append(heard)
        self.threads.append(QThread.currentThread())


def sample(second: int) -> Sample:
    return Sample(second, "id-lab-3", 1, 0)


@pytest.fixture
def ear(qapp: object) -> Ear:
    return Ear()


def started(bridge: Bridge, ear: Ear) -> Bridge:
    bridge.snapshot_arrived.connect(ear.hear)
    bridge.start()
    return bridge


def test_snapshots_are_heard_in_the_gui_thread(qtbot: QtBot, ear: Ear) -> None:
    bridge = started(Bridge(ScriptedCluster(snapshot(1)), interval=0, patience=0.01), ear)
    qtbot.waitUntil(lambda: bool(ear.heard))
    assert bridge.stop()
    assert set(ear.threads) == {QThread.currentThread()}


def test_each_question_is_for_what_is_newer_than_the_last_answer(qtbot: QtBot, ear: Ear) -> None:
    cluster = ScriptedCluster(snapshot(4), snapshot(9))
    bridge = started(Bridge(cluster, interval=0, patience=0.01), ear)
    qtbot.waitUntil(lambda: len(cluster.asked) >= 3)
    assert bridge.stop()
    assert cluster.asked[:3] == [0, 4, 9]


def test_a_busy_window_gets_one_batch_with_all_samples(qtbot: QtBot, ear: Ear) -> None:
    answers = [snapshot(n, samples=(sample(n),)) for n in range(1, 6)]
    cluster = ScriptedCluster(*answers)
    bridge = started(Bridge(cluster, interval=0, patience=0.01), ear)
    # The GUI thread is busy here, as far as the bridge can tell: it does not run its event loop.
    until(lambda: len(cluster.asked) >= 7)
    qtbot.waitUntil(lambda: bool(ear.heard))
    assert bridge.stop()
    assert [s.time for s in ear.heard[0].samples] == [1, 2, 3, 4, 5]
    assert ear.heard[0].version == 5


def test_a_master_that_does_not_answer_is_told_of_once_and_again_when_it_is_back(qtbot: QtBot, ear: Ear) -> None:
    gone = MasterUnreachable("127.0.0.1:8888", "refused")
    bridge = Bridge(ScriptedCluster(snapshot(7), *[gone] * 5, snapshot(1)), interval=0, patience=0.01, retry=0.05)
    told: list[str] = []
    bridge.lost.connect(told.append)
    bridge.found.connect(lambda: told.append("found"))
    with qtbot.waitSignal(bridge.found):
        started(bridge, ear)
    assert bridge.stop()
    assert [text if text == "found" else "127.0.0.1:8888" in text for text in told] == [True, "found"]


def test_after_a_lost_connection_everything_is_asked_for_anew(qtbot: QtBot, ear: Ear) -> None:
    cluster = ScriptedCluster(snapshot(7), MasterUnreachable("127.0.0.1:8888", "refused"), snapshot(2))
    bridge = started(Bridge(cluster, interval=0, patience=0.01, retry=0.01), ear)
    qtbot.waitUntil(lambda: len(cluster.asked) >= 4)
    assert bridge.stop()
    assert cluster.asked[:4] == [0, 7, 0, 2]


def test_nothing_is_heard_after_the_stop(qtbot: QtBot, ear: Ear) -> None:
    cluster = ScriptedCluster(snapshot(1))
    bridge = started(Bridge(cluster, interval=0, patience=0.01), ear)
    until(lambda: len(cluster.asked) >= 2)
    assert bridge.stop()
    QCoreApplication.processEvents()
    assert ear.heard == []


def test_a_bridge_that_was_never_started_can_be_stopped(qtbot: QtBot) -> None:
    assert Bridge(ScriptedCluster()).stop()


def test_merging_keeps_the_samples_of_both_and_the_rest_of_the_newer() -> None:
    both = merged(snapshot(1, samples=(sample(1),)), snapshot(2, samples=(sample(2),), nodes=()))
    assert (both.version, both.nodes, [s.time for s in both.samples]) == (2, (), [1, 2])
