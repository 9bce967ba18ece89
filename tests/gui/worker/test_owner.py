"""The owner's wishes through the whole worker: session, agent, and what the master sees of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mcgui.settings import Settings
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.session.worker_session import WorkerSession
from mcgui.worker.state import WorkerState
from mcgui_core import Master
from mcgui_core.owner.limits import Limits
from mcgui_core.owner.weekly_schedule import Period, Schedule
from mcgui_core.protocol.messages import NodeStatus
from tests.support import MEETING, Meeting, joined
from tests.support import worker as another_worker

PATIENCE = 20_000
NEVER = Schedule((Period(tuple(range(7)), 0, 24 * 60, 0),))


class Guest:
    """A session that can be ended and begun again, with the same settings."""

    def __init__(self, qtbot: QtBot, settings: Path, link: str) -> None:
        self._qtbot, self._settings, self._link = qtbot, settings, link
        self.lines: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.session = WorkerSession(SavedState(Settings(self._settings)), nprocs=1)
        self.session.logged.connect(self.lines.append)
        self.ended: list[bool] = []
        self.session.closed.connect(lambda: self.ended.append(True))
        self.session.join(self._link)
        self.until(lambda state: state.joined)

    @property
    def state(self) -> WorkerState:
        return self.session.state

    def until(self, condition: object) -> None:
        self._qtbot.waitUntil(lambda: bool(condition(self.state)), timeout=PATIENCE)  # type: ignore[operator]

    def wait(self, condition: object) -> None:
        self._qtbot.waitUntil(condition, timeout=PATIENCE)

    def end(self) -> None:
        self.session.close()
        self.wait(lambda: bool(self.ended))


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    """The same one for all of them: whoever was there before has left."""
    with Master() as made:
        yield made


def node(master: Master) -> NodeStatus:
    """The one that is there."""
    return [one for one in master.nodes() if one.state not in ("left", "lost")][-1]


@pytest.fixture
def guest(qtbot: QtBot, tmp_path: Path, master: Master) -> Iterator[Guest]:
    made = Guest(qtbot, tmp_path / "worker.ini", master.worker_link)
    yield made
    made.end()


def test_a_snooze_outlives_a_restart_and_a_press_on_resume_ends_it(guest: Guest, master: Master) -> None:
    written: list[float] = []  # as it is said: who hears of it may end the program at once
    guest.session.logged.connect(lambda _: written.append(guest.session._remembered.overrides.snoozed_until))
    guest.session.snooze(1800)
    assert written
    assert written[0] > 0
    guest.until(lambda state: state.limit == "snooze")
    until = guest.state.until
    assert 1795 < until - time.time() <= 1800
    guest.end()
    guest.begin()
    guest.until(lambda state: (state.kind, state.limit) == ("paused", "snooze"))
    assert guest.state.until == pytest.approx(until, abs=1.0)
    guest.session.toggle_pause()
    guest.until(lambda state: state.kind == "idle")
    guest.end()
    guest.begin()
    guest.until(lambda state: state.kind == "idle")
    assert guest.state.limit == ""


def test_a_snooze_ends_by_itself(guest: Guest) -> None:
    guest.session.snooze(1)
    guest.until(lambda state: state.kind == "paused")
    guest.until(lambda state: (state.kind, state.limit) == ("idle", ""))


def test_a_pause_outlives_a_restart(guest: Guest) -> None:
    guest.session.toggle_pause()
    guest.until(lambda state: state.limit == "pause")
    guest.end()
    guest.begin()
    guest.until(lambda state: state.kind == "paused" and state.held)


def test_a_limit_pauses_is_ignored_for_an_hour_and_made_to_count_again(guest: Guest, master: Master) -> None:
    guest.session.set_limits(Limits(on=frozenset({"schedule"}), schedule=NEVER))
    guest.until(lambda state: (state.kind, state.limit) == ("paused", "schedule"))
    assert (guest.state.limited, guest.state.held) == (True, False)
    guest.wait(lambda: node(master).reason == "The schedule allows no work.")
    guest.session.ignore("schedule")
    guest.until(lambda state: state.kind == "idle")
    assert 3590 < guest.session.overrides.ignored[0][1] - time.time() <= 3600
    guest.end()
    guest.begin()
    guest.until(lambda state: state.kind == "idle")
    guest.session.heed("schedule")
    guest.until(lambda state: state.kind == "paused")
    assert guest.session.overrides.ignored == ()


def test_limits_are_remembered(guest: Guest) -> None:
    limits = Limits(on=frozenset({"memory"}), memory=1 << 30, programs=("a",), schedule=NEVER, keep_awake=True)
    guest.session.set_limits(limits)
    guest.end()
    guest.begin()
    assert guest.session.limits == limits


def test_a_limit_on_processors_holds_whatever_the_slider_says(guest: Guest, master: Master) -> None:
    two = Schedule((Period(tuple(range(7)), 0, 24 * 60, 2),))
    guest.session.set_nprocs(4)
    guest.until(lambda state: state.slots == 4)
    guest.session.set_limits(Limits(on=frozenset({"schedule"}), schedule=two))
    guest.until(lambda state: (state.slots, state.limit) == (2, "schedule"))
    assert (guest.state.nprocs, guest.state.kind) == (4, "idle")
    guest.session.set_nprocs(1)
    guest.until(lambda state: (state.slots, state.limit) == (1, ""))


def test_finish_then_pause_lets_tasks_end_and_giving_back_does_not(
    guest: Guest, master: Master, tmp_path: Path
) -> None:
    meeting = Meeting(tmp_path)
    job = master.submit(MEETING, "meet", meeting.arguments(1), call="args")
    guest.until(lambda state: state.busy == 1)
    guest.wait(lambda: meeting.started == [0])
    guest.session.toggle_pause()
    guest.until(lambda state: state.kind == "paused")
    assert guest.state.busy == 1
    guest.session.hand_back()
    guest.until(lambda state: state.busy == 0)
    assert job.status.done == 0
    meeting.go()
    guest.session.toggle_pause()
    guest.wait(lambda: job.status.final)
    assert job.results() == [0]
    assert meeting.started == [0, 0]


def test_finish_then_quit_lets_tasks_end_reports_them_and_ends(guest: Guest, master: Master, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    job = master.submit(MEETING, "meet", meeting.arguments(1), call="args")
    guest.wait(lambda: meeting.started == [0])
    guest.session.finish()
    guest.until(lambda state: state.kind == "draining")
    assert not guest.ended
    meeting.go()
    guest.wait(lambda: bool(guest.ended))
    assert job.results() == [0]
    assert meeting.started == [0]


def test_what_the_console_sets_moves_the_slider(guest: Guest, master: Master) -> None:
    id = node(master).id

    def is_set(state: WorkerState) -> bool:
        """Asked for again until then: what the owner had set before it joined may arrive after the first time, and wins."""
        if state.slots != 3:
            master.steer(id, nprocs=3)
        return (state.nprocs, state.slots) == (3, 3)

    guest.until(is_set)
    assert any("The console set 3 of" in line for line in guest.lines)


def test_tasks_are_counted_by_day_and_in_all_over_restarts(guest: Guest, master: Master, tmp_path: Path) -> None:
    for ever in (5, 10):
        master.submit("def f(x): return x", "f", range(5)).results()
        guest.until(lambda state: state.done_ever == ever)
        assert (guest.state.day, guest.state.done_today) == (time.strftime("%Y-%m-%d"), ever)
        guest.end()
        guest.begin()
    assert (guest.state.done, guest.state.done_ever) == (0, 10)


#: Fails where its slot belongs to the agent that a file names; elsewhere it waits until that has failed for the first
#: time, and is slow enough for it to fail more often.
FAILS_THERE = """
import os, pathlib, time

def f(x, folder):
    folder = pathlib.Path(folder)
    if str(os.getppid()) == (folder / "agent").read_text():
        (folder / "failed").touch()
        raise OSError("no licence")
    while not (folder / "failed").exists():
        time.sleep(0.01)
    time.sleep(0.005)
    return x
"""


def test_a_node_that_fails_what_others_can_do_is_told_so(guest: Guest, master: Master, tmp_path: Path) -> None:
    (tmp_path / "agent").write_text(str(node(master).pid))
    arguments = [(x, str(tmp_path)) for x in range(400)]
    with another_worker(master.worker_link, 1, "good"):
        guest.wait(lambda: joined(master, 2))
        job = master.submit(FAILS_THERE, "f", arguments, call="args", retries=9, chunksize=1)
        guest.until(lambda state: bool(state.aside))
        assert "failed here were done by others" in guest.state.aside
        assert guest.state.aside in guest.lines
        guest.wait(lambda: job.status.final)
        assert job.results() == list(range(400))
