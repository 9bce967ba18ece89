"""Each of the owner's limits, as the pure function that it is of settings, computer and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.owner.limits import IGNORED_FOR, LIMIT_NAMES, LimitName, Limits, MachineState, Overrides, Ruling, rule
from mcgui_core.owner.memory_limit import REST, STEP, MemoryLimit
from mcgui_core.owner.weekly_schedule import Period, Schedule, instant
from tests.core.owner.test_weekly_schedule import schedules

NOON = instant(date(2026, 7, 3), 720, UTC)
WANTED = 8
NIGHTS = Schedule((Period(tuple(range(7)), 22 * 60, 6 * 60, 8),), 0)
#: A computer on which every limit has something to say.
BUSY = MachineState(
    idle=0.0,
    on_battery=True,
    programs=("blender",),
    memory_nprocs=3,
    watched="A program fills the screen.",
    busy_elsewhere=True,
    free_nprocs=1,
)
LIMITS = Limits(in_use_nprocs=2, schedule=NIGHTS, programs=("blender",))

machines = st.builds(
    MachineState,
    st.none() | st.floats(0, 1e6),
    st.none() | st.booleans(),
    st.sampled_from([(), ("a",), ("a", "b")]),
    st.none() | st.integers(0, 8),
)
limits = st.builds(
    Limits,
    on=st.frozensets(st.sampled_from(LIMIT_NAMES)),
    idle_minutes=st.floats(0.1, 100),
    in_use_nprocs=st.integers(0, 10),
    schedule=schedules,
)
times = st.floats(NOON, NOON + 14 * 24 * 3600)


@pytest.mark.parametrize(
    ("name", "nprocs", "reason"),
    [
        ("idle", 0, "Somebody uses this computer, or did in the last 5 min."),
        ("in use", 2, "Somebody uses this computer, or did in the last 5 min."),
        ("mains", 0, "This computer runs on battery."),
        ("schedule", 0, "The schedule allows no work until 22:00."),
        ("programs", 0, "blender runs."),
        ("memory", 3, "Its tasks need more than 4 GB of memory."),
        ("watching", 0, "A program fills the screen."),
        ("load", 0, "Other programs use more than 50 % of the processors."),
        ("free memory", 1, "Less than 1 GB of memory is free."),
    ],
)
def test_each_limit_holds_says_why_and_can_be_ignored_for_an_hour(name: LimitName, nprocs: int, reason: str) -> None:
    only = LIMITS.switched(name, True)
    ruling = rule(only, Overrides(), BUSY, WANTED, NOON, UTC)
    assert (ruling.nprocs, ruling.limit, ruling.reason) == (nprocs, name, reason)
    ignoring = Overrides().ignoring(name, NOON + IGNORED_FOR)
    for later, expected in ((0.0, WANTED), (IGNORED_FOR - 1, WANTED), (IGNORED_FOR, nprocs)):
        assert rule(only, ignoring, BUSY, WANTED, NOON + later, UTC).nprocs == expected
    assert rule(only.switched(name, False), Overrides(), BUSY, WANTED, NOON, UTC).nprocs == WANTED


@pytest.mark.parametrize(
    "machine",
    [
        MachineState(idle=5 * 60, on_battery=False),
        MachineState(idle=1e9, on_battery=None),
    ],
)
def test_a_computer_that_nobody_needs_works_with_all_that_its_owner_gives(machine: MachineState) -> None:
    everything = replace(LIMITS, on=frozenset(LIMIT_NAMES) - {"schedule"})
    assert rule(everything, Overrides(), machine, WANTED, NOON, UTC).nprocs == WANTED


@pytest.mark.parametrize(("name", "nprocs"), [("idle", 0), ("in use", 2)])
def test_a_computer_that_cannot_tell_whether_it_is_in_use_counts_as_in_use_and_says_so(
    name: LimitName, nprocs: int
) -> None:
    ruling = rule(LIMITS.switched(name, True), Overrides(), MachineState(), WANTED, NOON, UTC)
    assert ruling.nprocs == nprocs
    assert "cannot tell" in ruling.reason


def test_a_snooze_ends_by_itself_at_its_time_also_in_another_process() -> None:
    snoozed = Overrides(snoozed_until=NOON + 1800)  # a moment, no span: it outlives a restart
    ruling = rule(Limits(), snoozed, MachineState(), WANTED, NOON, UTC)
    assert (ruling.nprocs, ruling.limit, ruling.until) == (0, "snooze", NOON + 1800)
    assert ruling.reason == "Snoozed until 12:30."
    assert rule(Limits(), snoozed, MachineState(), WANTED, NOON + 1800, UTC).nprocs == WANTED
    assert snoozed.fresh(NOON + 1800) == Overrides()
    assert snoozed.next_end(NOON) == NOON + 1800


def test_a_snooze_beyond_midnight_names_the_day() -> None:
    ruling = rule(Limits(), Overrides(snoozed_until=NOON + 20 * 3600), MachineState(), WANTED, NOON, UTC)
    assert ruling.reason == "Snoozed until Sat 08:00."


def test_a_pause_has_no_end_and_outranks_a_snooze() -> None:
    ruling = rule(Limits(), Overrides(True, NOON + 60), MachineState(), WANTED, NOON, UTC)
    assert (ruling.nprocs, ruling.limit, ruling.until) == (0, "pause", None)


@given(limits, machines, st.integers(1, 8), times)
def test_no_limit_ever_gives_more_than_the_owner_does_and_every_loss_has_a_reason(
    chosen: Limits, machine: MachineState, wanted: int, now: float
) -> None:
    ruling = rule(chosen, Overrides(), machine, wanted, now, UTC)
    assert 0 <= ruling.nprocs <= wanted
    assert bool(ruling.reason) == bool(ruling.limit) == (ruling.nprocs < wanted)
    assert ruling.limit == "" or ruling.limit in chosen.on


@given(limits, machines, st.integers(1, 8), times, st.sampled_from(LIMIT_NAMES))
def test_another_limit_never_allows_more_and_ignoring_it_is_as_switching_it_off(
    chosen: Limits, machine: MachineState, wanted: int, now: float, name: LimitName
) -> None:
    without = rule(chosen.switched(name, False), Overrides(), machine, wanted, now, UTC)
    switched_on = chosen.switched(name, True)
    assert rule(switched_on, Overrides(), machine, wanted, now, UTC).nprocs <= without.nprocs
    ignoring = Overrides().ignoring(name, now + 1)
    assert rule(switched_on, ignoring, machine, wanted, now, UTC) == without


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 8e9)), max_size=60), st.integers(1, 8))
def test_the_ceiling_of_memory_moves_by_single_steps_within_what_is_wanted(
    looks: list[tuple[float, float]], wanted: int
) -> None:
    ceiling, now, before = MemoryLimit(), 0.0, wanted
    for pause, memory in looks:
        now += pause
        allowed = ceiling.allowed(int(memory), 4_000_000_000, wanted, now)
        allowed = wanted if allowed is None else allowed
        assert 0 <= allowed <= wanted
        assert abs(allowed - before) <= 1
        assert allowed <= before or memory <= 4e9
        assert allowed >= before or memory > 4e9
        before = allowed


def test_memory_above_the_ceiling_costs_one_processor_after_the_other_and_comes_back() -> None:
    ceiling = MemoryLimit()
    assert ceiling.allowed(5, 4, 2, 0.0) == 1
    assert ceiling.allowed(5, 4, 2, STEP - 1) == 1, "the slot that ends had no time to"
    assert ceiling.allowed(5, 4, 2, STEP) == 0
    assert not ceiling.overdue(5, 4, STEP + 1)
    assert ceiling.overdue(5, 4, 2 * STEP)
    assert ceiling.allowed(1, 4, 2, STEP + REST - 1) == 0, "it must not go on at once with what was too large"
    assert ceiling.allowed(1, 4, 2, STEP + REST) == 1
    assert ceiling.allowed(1, 4, 2, 2 * STEP + REST) is None


def test_memory_that_is_just_what_was_allowed_costs_nothing() -> None:
    ceiling = MemoryLimit()
    assert ceiling.allowed(4, 4, 1, 0.0) is None
    assert ceiling.allowed(5, 4, 1, 1.0) == 0
    assert not ceiling.overdue(4, 4, 1.0 + 2 * STEP)


def test_a_processor_comes_back_only_where_there_is_room_for_one_more_task_like_those_that_run() -> None:
    """Room is three quarters of the ceiling, which is 1,200 here: 900."""
    ceiling, now = MemoryLimit(), 0.0
    for left in (2, 1, 0):
        assert ceiling.allowed(2000, 1200, 3, now) == left
        now += REST
    for memory, allowed in ((900, 0), (899, 1), (450, 1), (449, 2), (600, 2), (599, None)):
        assert ceiling.allowed(memory, 1200, 3, now) == allowed
        now += REST


def test_a_limit_that_was_switched_off_begins_anew() -> None:
    ceiling = MemoryLimit()
    assert ceiling.allowed(5, 4, 2, 0.0) == 1
    ceiling.reset()
    assert ceiling.allowed(3, 4, 2, 1.0) is None
    assert ceiling.allowed(5, 4, 2, 2.0) == 1, "it waited for the step before it was switched off"


def test_a_computer_is_in_use_until_nobody_has_touched_it_for_as_long_as_its_owner_says() -> None:
    limits = replace(LIMITS.switched("idle", True), idle_minutes=10)
    for idle, nprocs in ((599.0, 0), (600.0, WANTED)):
        assert rule(limits, Overrides(), MachineState(idle=idle), WANTED, NOON, UTC).nprocs == nprocs


@pytest.mark.parametrize(
    ("programs", "reason"),
    [(("a",), "a runs."), (("a", "b"), "a and b run."), (("a", "b", "c"), "a, b and c run.")],
)
def test_programs_that_run_are_named(programs: tuple[str, ...], reason: str) -> None:
    limits = LIMITS.switched("programs", True)
    assert rule(limits, Overrides(), MachineState(programs=programs), WANTED, NOON, UTC).reason == reason


@pytest.mark.parametrize(
    ("nprocs", "reason"),
    [
        (0, "The schedule allows no work."),
        (1, "The schedule allows 1 processor."),
        (2, "The schedule allows 2 processors."),
    ],
)
def test_a_schedule_that_never_changes_says_no_time(nprocs: int, reason: str) -> None:
    limits = replace(LIMITS.switched("schedule", True), schedule=Schedule((), nprocs))
    assert rule(limits, Overrides(), MachineState(), WANTED, NOON, UTC) == Ruling(nprocs, "schedule", reason)


def test_ignoring_a_limit_again_takes_the_place_of_the_first_time_and_of_no_other_limit() -> None:
    overrides = Overrides().ignoring("mains", 5.0).ignoring("idle", 7.0).ignoring("mains", 9.0)
    assert overrides.ignored == (("idle", 7.0), ("mains", 9.0))


def test_what_is_over_at_its_own_moment_is_over() -> None:
    overrides = Overrides(snoozed_until=5.0).ignoring("mains", 5.0).ignoring("idle", 7.0)
    assert overrides.next_end(4.0) == 5.0
    assert overrides.next_end(5.0) == 7.0
    assert overrides.next_end(7.0) is None
    assert overrides.fresh(5.0) == Overrides().ignoring("idle", 7.0)


def test_by_default_nothing_is_limited_but_our_tasks_come_after_the_owners_and_the_computer_may_sleep() -> None:
    usual = Limits()
    assert (usual.on, usual.low_priority, usual.keep_awake, usual.programs) == (frozenset(), True, False, ())
    assert rule(usual, Overrides(), BUSY, WANTED, NOON, UTC) == Ruling(WANTED, "", "", None)
