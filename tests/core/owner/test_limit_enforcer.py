"""An owner holds an agent to the limits: with a computer that the test makes up, and with the real one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.node.agent import Agent
from mcgui_core.owner import limit_enforcer, memory_limit, other_load
from mcgui_core.owner.limit_enforcer import PAUSED, LimitEnforcer, LimitStatus
from mcgui_core.owner.limits import Limits, MachineState, Overrides, RulingCode
from mcgui_core.owner.machine_state import MachineReader, Strain
from mcgui_core.owner.other_load import OtherLoad
from mcgui_core.owner.weekly_schedule import Period, Schedule
from mcgui_core.processes.process_priority import NICE, lower_priority
from mcgui_core.protocol.join_link import JoinLink
from tests.support import MEETING, Meeting, cluster, node, slots
from tests.waiting import until


@dataclass
class Puppet:
    """An agent that only notes what it is told."""

    nprocs: int = 4
    cpus: int = 6
    memory: int = 0
    cpu: float = 0.0
    tasks: tuple[tuple[int, int, int, int], ...] = ()
    paused: str = ""
    code: str = ""
    handed_back: int = 0
    lowered: bool = False
    stopped: list[int] = field(default_factory=list)
    surplus_back: int = 0
    at_fault: str | None = "A task of job 3 used 126 bytes"
    may_write: int | None = None
    kept_awake: int | None = None  # slots that were not stopped in memory

    def set_nprocs(self, nprocs: int) -> None:
        self.nprocs = nprocs

    def pause(self, reason: str = "", by: str = "", code: RulingCode = "") -> None:
        self.paused, self.code = reason, code

    def resume(self, by: str = "") -> None:
        self.paused = ""

    def allow_installation(self, allowed: bool) -> None:
        self.may_install = allowed

    def lower_priority(self) -> None:
        self.lowered = True

    def stop_largest(self, ceiling: int) -> str | None:
        self.stopped.append(ceiling)
        return self.at_fault

    def limit_disk(self, ceiling: int | None) -> str:
        self.may_write = ceiling
        return "" if ceiling is None or ceiling > 100 else "Tasks of job 3 wrote too much"

    def hand_back_surplus(self) -> None:
        self.surplus_back += 1

    def suspend(self, keep: int = 0) -> None:
        self.kept_awake = keep

    def wake(self, keep: int) -> None:
        self.kept_awake = None if self.kept_awake is None or keep >= 4 else max(self.kept_awake, keep)

    def hand_back(self) -> None:
        self.handed_back += 1


class Scene:
    """An owner of a made-up computer, at a time that stands still until it is moved."""

    def __init__(self, limits: Limits, **machine: object) -> None:
        self.agent = Puppet()
        self.machine = MachineState(**machine)  # type: ignore[arg-type]
        self.now = 1_760_000_000.0  # by the clock on the wall
        self.strain = Strain(0.0, 8_000)
        self.set_back = 0.0  # seconds by which somebody has set that back
        self.told: list[LimitStatus] = []
        self.owner = LimitEnforcer(
            self.agent,
            limits,
            self.told.append,
            lambda _limits: self.machine,
            lambda: self.now,
            lambda: self.now + self.set_back,
            lambda: self.strain,
        )

    def look(self, **machine: object) -> Puppet:
        self.machine = replace(self.machine, **machine)  # type: ignore[arg-type]
        self.owner.apply()
        return self.agent


def on(*names: str, **values: object) -> Limits:
    return Limits(on=frozenset(names), low_priority=False, **values)  # type: ignore[arg-type]


def test_a_limit_pauses_and_its_end_resumes() -> None:
    scene = Scene(on("mains"), on_battery=False)
    assert scene.look().paused == ""
    assert scene.look(on_battery=True).paused == "This computer runs on battery."
    assert scene.agent.code == "mains"
    assert scene.look(on_battery=False).paused == ""


def test_fewer_processors_while_in_use_and_all_of_them_again_later() -> None:
    scene = Scene(on("in use", in_use_nprocs=2), idle=0.0)
    assert scene.look().nprocs == 2
    assert scene.look(idle=600.0).nprocs == 4


def test_what_the_console_sets_counts_as_what_the_owner_gives_within_the_limits() -> None:
    scene = Scene(on("in use", in_use_nprocs=2), idle=600.0)
    scene.look()
    scene.agent.set_nprocs(3)  # as an order from the master does
    scene.look()
    assert (scene.agent.nprocs, scene.told[-1].wanted) == (3, 3)
    assert scene.look(idle=0.0).nprocs == 2
    assert scene.look(idle=600.0).nprocs == 3


def test_the_owners_last_word_counts_over_the_consoles() -> None:
    scene = Scene(on())
    scene.look()
    scene.agent.set_nprocs(3)
    scene.owner.change(wanted=1, turn=7)
    scene.look()
    assert (scene.agent.nprocs, scene.told[-1].wanted, scene.told[-1].turn) == (1, 1, 7)


def test_limits_go_on_after_a_moment_at_which_the_computer_could_not_be_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    looks = 0

    def look(_limits: Limits) -> MachineState:
        nonlocal looks
        looks += 1
        if looks <= 3:
            raise OSError("the battery does not answer")
        return MachineState(on_battery=True)

    agent = Puppet()
    owner = LimitEnforcer(agent, on("mains"), look=look)
    owner.start()
    try:
        for _ in range(3):
            before = looks
            owner.change()
            until(lambda: looks > before)
        until(lambda: agent.paused == "This computer runs on battery.")
    finally:
        owner.stop()
    assert capsys.readouterr().err.count("the battery does not answer\n") == 1  # and not again every two seconds


def test_a_snooze_ends_by_itself() -> None:
    scene = Scene(on())
    scene.owner.change(overrides=Overrides(snoozed_until=scene.now + 60))
    assert scene.look().paused.startswith("Snoozed until ")
    scene.now += 60
    assert scene.look().paused == ""


def test_a_snooze_lasts_as_long_as_was_said_whatever_the_clock_on_the_wall_is_set_to() -> None:
    scene = Scene(on())
    scene.owner.change(overrides=Overrides(snoozed_until=scene.now + 900))
    until = scene.look() and scene.told[-1].ruling.until
    assert until == scene.now + 900
    scene.now, scene.set_back = scene.now - 3 * 3600, 3 * 3600
    assert scene.look().paused.startswith("Snoozed until ")
    assert scene.told[-1].ruling.until == scene.now + 900, "said by the clock as people read it now"
    scene.now += 900
    assert scene.look().paused == ""


def test_the_owners_pause_is_told_to_the_master_in_the_same_words() -> None:
    scene = Scene(on())
    scene.owner.pause(True)
    assert (scene.look().paused, scene.agent.code) == (PAUSED, "pause")
    scene.owner.pause(False)
    assert scene.look().paused == ""


def test_tasks_may_finish_for_a_while_when_a_limit_begins_and_go_back_then() -> None:
    patient, strict = Scene(on("mains"), on_battery=True), Scene(on("mains", grace_minutes=0.0), on_battery=True)
    for scene in (patient, strict):
        scene.agent.tasks = ((0, 1, 5, 6),)
        scene.look()
    assert (patient.agent.handed_back, strict.agent.handed_back) == (0, 1)
    strict.agent.tasks = ()
    assert strict.look().handed_back == 1, "nothing runs, so there is nothing to give back"


def test_tasks_are_not_given_back_for_a_pause_that_the_owner_can_end_at_any_time() -> None:
    scene = Scene(on(grace_minutes=0.0))
    scene.agent.tasks = ((0, 1, 5, 6),)
    scene.owner.pause(True)
    assert scene.look().handed_back == 0


def test_tasks_beyond_what_a_limit_allows_begin_anew_elsewhere_when_their_time_is_up() -> None:
    patient, strict = (Scene(on("in use", in_use_nprocs=1, grace_minutes=minutes), idle=0.0) for minutes in (1.0, 0.0))
    for scene in (patient, strict):
        scene.agent.tasks = tuple((slot, 1, slot, slot + 1) for slot in range(4))
        scene.look()
    assert (patient.agent.surplus_back, strict.agent.surplus_back) == (0, 1)
    assert (patient.told[-1].tasks_until, strict.agent.handed_back) == (patient.now + 60, 0)
    patient.agent.tasks = patient.agent.tasks[:1]
    patient.look()
    assert patient.told[-1].tasks_until is None, "what runs now may run"


def test_until_when_tasks_go_on_is_said_anew_once_the_clock_was_set() -> None:
    scene = Scene(on("mains", grace_minutes=5.0))
    scene.agent.tasks = ((0, 1, 5, 6),)
    scene.look(on_battery=True)
    before = scene.told[-1].tasks_until
    scene.now -= 3 * 3600
    scene.look()
    assert before is not None
    assert scene.told[-1].tasks_until == pytest.approx(before - 3 * 3600, abs=2.0)
    assert scene.agent.handed_back == 0


def test_tasks_are_stopped_in_memory_where_the_owner_likes_that_better_and_go_on_afterwards() -> None:
    scene = Scene(on("mains", "in use", grace_minutes=0.0, stop_in_memory=True, in_use_nprocs=1), idle=600.0)
    scene.agent.tasks = ((0, 1, 5, 6), (1, 1, 6, 7))
    assert scene.look(on_battery=True).kept_awake == 0
    assert scene.told[-1].tasks_until is None
    assert scene.look(on_battery=False, idle=0.0).kept_awake == 1, "one may work"
    assert (scene.look(idle=600.0).kept_awake, scene.agent.handed_back, scene.agent.surplus_back) == (None, 0, 0)


def test_the_ceiling_of_memory_is_not_kept_by_stopping_tasks_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_limit, "STEP", 0.0)
    scene = Scene(on("memory", memory=100, stop_in_memory=True))
    scene.agent.memory, scene.agent.tasks = 120, tuple((slot, 1, slot, slot + 1) for slot in range(4))
    assert scene.look().kept_awake is None


def test_the_owner_is_told_what_was_stopped_because_it_needed_too_much() -> None:
    scene = Scene(on("memory", memory=100))
    scene.agent.memory = 126
    scene.look()
    assert scene.told[-1].stopped.startswith("A task of job 3 used 126 bytes, more than the 100 bytes that all may use")


def test_a_task_that_begins_anew_to_see_whether_it_is_at_fault_costs_no_processor_and_is_not_told() -> None:
    scene = Scene(on("memory", memory=100))
    scene.agent.memory, scene.agent.at_fault = 126, None
    scene.look()
    assert (scene.agent.stopped, scene.agent.nprocs, scene.told[-1].stopped) == ([100], 4, "")
    scene.agent.at_fault = ""  # it is gone, and still in the figures
    assert scene.look().nprocs == 4


def test_the_owner_is_told_whose_tasks_wrote_too_much_and_no_budget_is_none() -> None:
    scene = Scene(on("disk", disk=100))
    assert scene.look().may_write == 100
    assert scene.told[-1].stopped.startswith(
        "Tasks of job 3 wrote too much: more than the 100 bytes that all may write"
    )
    scene.owner.change(on())
    assert scene.look().may_write is None


def test_users_of_one_computer_share_its_processors_unless_one_does_not_want_to() -> None:
    scene = Scene(on(), other_users=1)
    assert scene.look().nprocs == 3
    assert scene.told[-1].ruling.reason == "2 users of this computer share its 6 processors."
    assert scene.look(other_users=2).nprocs == 2
    assert scene.look(other_users=20).nprocs == 1
    scene.owner.change(on(share=False))
    assert scene.look().nprocs == 4
    scene.owner.change(on(), wanted=2)
    assert (scene.look(other_users=1).nprocs, scene.told[-1].ruling.limit) == (2, ""), "it gives less than its part"


def test_a_limit_that_asks_what_this_computer_cannot_tell_holds_nothing_back_and_is_told() -> None:
    scene = Scene(on("watching"), watched=None)
    assert scene.look().paused == ""
    assert scene.told[-1].cannot_tell == ("watching",)
    scene.look(watched="A program fills the screen.")
    assert (scene.agent.paused, scene.told[-1].cannot_tell) == ("A program fills the screen.", ())


def test_only_what_a_person_would_see_change_is_told() -> None:
    scene = Scene(on("mains"), on_battery=False, idle=1.0)
    for idle in (1.0, 2.0, 3.0):
        scene.look(idle=idle)
    assert len(scene.told) == 1
    scene.look(on_battery=True)
    assert len(scene.told) == 2


def test_an_owner_looks_at_once_when_something_changes_and_stops_when_told_to() -> None:
    scene = Scene(on())
    scene.owner.start()
    try:
        scene.owner.pause(True)
        until(lambda: scene.agent.paused == PAUSED)
    finally:
        scene.owner.stop()
    assert "mcgui-owner" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks when something changed or ended; the next look of its own is an hour away."""
    monkeypatch.setattr(limit_enforcer, "TICK", 3600.0)


@pytest.mark.usefixtures("only_when_told")
def test_it_looks_once_for_each_change_and_does_not_wait_for_the_next_regular_look() -> None:
    looks: list[Limits] = []

    def look(limits: Limits) -> MachineState:
        looks.append(limits)
        return MachineState()

    owner = LimitEnforcer(Puppet(), on(), look=look)
    owner.start()
    try:
        for number in (1, 2, 3):
            until(lambda: len(looks) == number)
            owner.change(on("idle", idle_minutes=number))
        until(lambda: len(looks) == 4)
    finally:
        owner.stop()
    assert len(looks) == 4, "it looked without being told to"


@pytest.mark.usefixtures("only_when_told")
def test_it_looks_again_in_the_moment_in_which_a_snooze_ends() -> None:
    agent = Puppet()
    owner = LimitEnforcer(agent, on(), look=lambda _limits: MachineState())
    owner.start()
    try:
        owner.change(overrides=Overrides(snoozed_until=time.time() + 0.3))
        until(lambda: agent.paused.startswith("Snoozed"))
        until(lambda: agent.paused == "")
    finally:
        owner.stop()


def test_above_the_ceiling_of_memory_processors_are_taken_away_and_then_the_last_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_limit, "STEP", 0.0)  # in place of ten seconds between two steps
    scene = Scene(on("memory", memory=100))
    scene.agent.memory = 120
    assert [scene.look().nprocs for _ in range(3)] == [3, 2, 1]
    assert (scene.look().paused, scene.agent.handed_back) == ("Its tasks need more than 100 bytes of memory.", 1)
    scene.owner.change(on())
    assert (scene.look().paused, scene.agent.nprocs) == ("", 4)


def test_a_ceiling_that_is_far_exceeded_stops_the_largest_at_the_first_look() -> None:
    scene = Scene(on("memory", memory=100))
    scene.agent.memory = 126
    assert scene.look().stopped == [100]
    scene.agent.memory = 110
    assert scene.look().stopped == [100], "a little above it, tasks may come to their end"


def test_a_task_whose_child_eats_too_much_for_the_owner_goes_back_with_that_reason_and_not_for_ever() -> None:
    eats = """
import os, threading

def f(x):
    if os.fork() == 0:
        os.setsid()
        held = bytearray(os.urandom(1)) * 400_000_000
        threading.Event().wait()
    threading.Event().wait()
"""
    if sys.platform == "win32":
        pytest.skip("the task forks")
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest")
        try:
            agent.limit(Limits(on=frozenset({"memory"}), memory=200_000_000), Overrides(), 1)
            job = master.submit(eats, "f", [1])
            failure = job.results(return_exceptions=True)[0]
            assert "more memory than the owner of this computer allows" in str(failure)
        finally:
            agent.leave()


def test_a_task_that_is_too_large_is_told_once_also_where_others_ran_in_its_process_before() -> None:
    eats = "import threading\ndef f(size):\n    held = bytearray(b'x') * size\n    threading.Event().wait(size / 1e6)"
    told: list[str] = []
    with Master() as master:
        agent = AgentProcess(master.worker_link, 2, "guest", lambda event: told.append(event.stopped), limited=True)
        try:
            agent.limit(Limits(on=frozenset({"memory"}), memory=200_000_000), Overrides(), 2)
            master.submit(eats, "f", [10] * 40).results()
            failure = master.submit(eats, "f", [600_000_000]).results(return_exceptions=True)[0]
            assert "more memory than the owner of this computer allows" in str(failure)
            until(lambda: told[-1] != "")
            assert len(set(told) - {""}) == 1
        finally:
            agent.leave()


def test_what_earlier_tasks_have_left_in_a_process_is_not_blamed_on_the_next_one() -> None:
    leaks = """
held = []
def f(x):
    held.append(bytearray(b"x") * 60_000_000)
    return x
"""
    with cluster(1) as master:
        job = master.submit(leaks, "f", range(10), memory="250 MB")
        assert job.results() == list(range(10))


#: Counts into a file, and so does a child behind `setsid`, until the task is told to end.
COUNTS = """
import os, pathlib, subprocess, sys
CHILD = "import itertools, pathlib, sys\\nfor n in itertools.count(): pathlib.Path(sys.argv[1]).write_text(str(n))"
def f(folder):
    folder = pathlib.Path(folder)
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder / "child")], start_new_session=True)
    (folder / "pids").write_text(f"{os.getpid()} {child.pid}")
    while not (folder / "go").exists():
        pass
    child.kill()
    child.wait()
    return "done"
"""


def test_where_other_programs_have_too_little_memory_processors_are_taken_away_and_then_the_last_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_limit, "STEP", 0.0)
    monkeypatch.setattr(memory_limit, "REST", 0.0)
    scene = Scene(on("free memory", free_memory=1_000))
    scene.agent.memory = 500
    assert scene.look().nprocs == 4
    scene.strain = Strain(0.0, 900)
    assert [scene.look().nprocs for _ in range(3)] == [3, 2, 1]
    assert (scene.look().paused, scene.agent.handed_back) == ("Less than 1 KB of memory is free.", 1)
    assert scene.agent.stopped == []
    scene.strain = Strain(0.0, 100)
    assert scene.look().stopped == [0], "what takes the most goes at once where hardly any is left"
    scene.agent.memory, scene.strain = 0, Strain(0.0, 8_000)
    assert scene.look().paused == ""


def test_other_programs_that_are_busy_for_a_while_pause_it_until_they_are_clearly_less_busy() -> None:
    load = OtherLoad()
    moments = [(100.0, 0.0)] + [(90.0, 20.0)] * 10 + [(95.0, 50.0)] * 3 + [(30.0, 10.0)] * 20
    said = [load.is_above(50.0, everything, ours, 2.0 * n) for n, (everything, ours) in enumerate(moments)]
    assert not said[1], "a moment is no load"
    assert said[10]
    assert said[13], "a little less is not enough"
    assert not said[-1]


def test_a_computer_that_others_keep_busy_is_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_load, "SPAN", 1e-9)  # no average
    scene = Scene(on("load"))
    scene.look()
    scene.strain, scene.agent.cpu = Strain(100.0, 8_000), 60.0
    assert scene.look().paused == ""
    scene.agent.cpu = 20.0
    assert scene.look().paused == "Other programs use more than 50 % of the processors."


def test_a_real_task_with_its_children_is_stopped_in_memory_and_goes_on_where_it_was(tmp_path: Path) -> None:
    battery = False
    with Master() as master:
        agent = Agent(JoinLink.parse(master.worker_link), 1, "guest")
        limits = on("mains", stop_in_memory=True)
        owner = LimitEnforcer(agent, limits, look=lambda _limits: MachineState(on_battery=battery))
        agent.start()
        owner.start()
        try:
            job = master.submit(COUNTS, "f", [str(tmp_path)], timeout=600.0)
            until(lambda: (tmp_path / "pids").exists() and len((tmp_path / "pids").read_text().split()) == 2)
            both = [psutil.Process(int(pid)) for pid in (tmp_path / "pids").read_text().split()]
            battery = True
            owner.change()
            until(lambda: [process.status() for process in both] == [psutil.STATUS_STOPPED] * 2)
            battery = False
            owner.change()
            until(lambda: psutil.STATUS_STOPPED not in [process.status() for process in both])
            (tmp_path / "go").touch()
            assert job.results() == ["done"]
        finally:
            owner.stop()
            agent.leave()


def test_a_pause_whose_reason_changes_is_told_anew() -> None:
    scene = Scene(on("mains", "programs"), on_battery=True, programs=("blender",))
    assert scene.look().paused == "This computer runs on battery."
    scene.agent.paused = "as it was"
    assert scene.look().paused == "as it was", "nothing is new"
    assert scene.look(on_battery=False).paused == "blender runs."


def test_each_pause_gives_tasks_the_time_to_finish_anew() -> None:
    scene = Scene(on("mains", grace_minutes=0.0), on_battery=True)
    scene.agent.tasks = ((0, 1, 5, 6),)
    for pauses in (1, 2):
        assert scene.look(on_battery=True).handed_back == pauses
        scene.look(on_battery=False)


def test_what_is_told_says_whether_the_computer_is_in_use_and_which_change_it_follows_from() -> None:
    scene = Scene(on("in use", idle_minutes=10), idle=599.0)
    scene.look()
    scene.look(idle=600.0)
    scene.look(idle=None)
    assert [told.in_use for told in scene.told] == [True, False, None]
    assert {told.turn for told in scene.told} == {0}


# --- the real computer -----------------------------------------------------------------------------------------------


def test_the_computer_is_looked_at_only_where_a_limit_asks() -> None:
    assert MachineReader().read(Limits(share=False)) == MachineState()
    looked = MachineReader().read(Limits(on=frozenset({"idle", "mains", "programs"}), programs=("no-such-program",)))
    assert looked.idle is None or looked.idle >= 0
    assert looked.programs == ()


def test_processes_are_lowered_and_one_that_has_gone_is_no_error() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        lower_priority([child.pid, 2**22 + 12345])
        nice = psutil.Process(child.pid).nice()
        assert nice == (psutil.IDLE_PRIORITY_CLASS if sys.platform == "win32" else max(NICE, os.nice(0)))
        child.communicate(b"\n")


def test_slots_of_a_worker_run_at_low_priority_and_its_agent_does_not(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest", limited=True)
        try:
            agent.limit(Limits(), Overrides(), 1)
            job = master.submit(MEETING, "meet", meeting.arguments(1), call="args")
            until(lambda: meeting.started == [0])
            until(lambda: {slot.nice() for slot in slots(agent)} == {max(NICE, os.nice(0))})
            assert psutil.Process(agent.pid).nice() == os.nice(0)
            meeting.go()
            assert job.results() == [0]
        finally:
            agent.leave()


@pytest.mark.skipif(sys.platform == "win32", reason="asks for its priority as POSIX has it")
def test_the_environment_is_loaded_at_low_priority_already() -> None:
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest", limited=True)
        try:
            agent.limit(Limits(), Overrides(), 1)
            job = master.submit("import os\nat_load = os.nice(0)\ndef f(x): return at_load", "f", [1])
            assert job.results() == [max(NICE, os.nice(0))]
        finally:
            agent.leave()


def test_a_worker_with_limits_does_not_join_before_it_knows_them_and_begins_nothing_against_them() -> None:
    none_now = Limits(on=frozenset({"schedule"}), schedule=Schedule((Period(tuple(range(7)), 0, 24 * 60, 0),)))
    with Master() as master:
        job = master.submit("def f(x): return x", "f", [1])
        agent = AgentProcess(master.worker_link, 2, "guest", limited=True)
        try:
            agent.limit(none_now, Overrides(), 1)
            until(lambda: [node.state for node in master.nodes()] == ["paused"])
            assert (job.status.running, master.nodes()[0].done) == (0, 0)
            agent.limit(Limits(), Overrides(), 1)
            assert job.results() == [1]
            assert master.nodes()[0].nprocs == 1
        finally:
            agent.leave()


def test_a_worker_that_waits_for_its_limits_leaves_when_it_is_told_to() -> None:
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest", limited=True)
        agent.leave()
        assert not agent.alive
        assert agent.last_event.state == "ended"
        assert master.nodes() == []


def test_a_chosen_program_pauses_a_real_worker_and_the_master_shows_why(tmp_path: Path) -> None:
    program = tmp_path / "cad-program"
    program.symlink_to(sys.executable) if sys.platform != "win32" else pytest.skip("Windows runs no program by a link")
    limits = Limits(on=frozenset({"programs"}), programs=("cad-program",))
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest")
        try:
            until(lambda: agent.last_event.state == "idle")
            # It shows the name by which it was started, as long as it runs.
            with subprocess.Popen([str(program), "-c", "input()"], stdin=subprocess.PIPE) as running_program:
                until(lambda: psutil.Process(running_program.pid).name() == "cad-program")
                agent.limit(limits, Overrides(), 1)
                until(lambda: agent.last_event.state == "paused")
                # The owner's word comes right behind the agent's own.
                until(lambda: (agent.last_event.limit, agent.last_event.reason) == ("programs", "cad-program runs."))
                until(lambda: node(master, "guest").reason == "cad-program runs.")
                agent.limit(limits, Overrides().ignoring("programs", time.time() + 3600), 1)
                until(lambda: agent.last_event.state == "idle")
                running_program.communicate(b"\n")
        finally:
            agent.leave()


def test_whatever_a_worker_tells_says_by_what_it_is_paused_and_nothing_of_that_when_it_is_not() -> None:
    told: list[tuple[str, str]] = []
    with Master() as master:
        agent = AgentProcess(
            master.worker_link, 1, "guest", lambda event: told.append((event.state, event.limit)), limited=True
        )
        try:
            for _ in range(5):
                agent.limit(Limits(), Overrides(), 1)
                until(lambda: told and told[-1] == ("idle", ""))
                agent.limit(Limits(), Overrides(snoozed_until=time.time() + 600), 1)
                until(lambda: told[-1] == ("paused", "snooze"))
        finally:
            agent.leave()
    assert {pair for pair in told if pair[0] in ("paused", "idle")} == {("paused", "snooze"), ("idle", "")}


def test_a_master_hears_what_an_owner_says_of_processors() -> None:
    with Master() as master:
        agent = Agent(JoinLink.parse(master.worker_link), 3, "guest")
        owner = LimitEnforcer(agent, on("in use", in_use_nprocs=1), look=lambda _limits: MachineState(idle=0.0))
        owner.start()
        agent.start()
        try:
            until(lambda: bool(master.nodes()) and node(master, "guest").nprocs == 1)
        finally:
            owner.stop()
            agent.leave()
