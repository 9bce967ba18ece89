"""The owner's limits in the panel: what each row says, how it is switched, ignored and heeded."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mcgui.theme import Theme
from mcgui.worker.limits.limit_words import MORE_ROWS, ROWS, limit_title, standing
from mcgui.worker.limits.limits_card import LimitsCard
from mcgui.worker.state import WorkerState
from mcgui_core.owner.limits import LIMIT_NAMES, LimitName, Limits, Overrides
from mcgui_core.owner.weekly_schedule import Period, Schedule

EVERY_DAY = tuple(range(7))
STATE = WorkerState(
    kind="working", master="lab:8888", nprocs=6, cpus=8, running=True, in_use=False, on_battery=False,
    memory=1_100_000_000,
)  # fmt: skip
LIMITS = Limits(
    on=frozenset(LIMIT_NAMES), in_use_nprocs=2, programs=("blender", "steam"), memory=4_000_000_000,
    schedule=Schedule((Period(EVERY_DAY, 0, 24 * 60, 4),)),
)  # fmt: skip


@pytest.fixture
def card(qtbot: QtBot, theme: Theme) -> LimitsCard:
    made = LimitsCard(theme)
    qtbot.addWidget(made)
    made.show()
    return made


def reason(card: LimitsCard, name: str) -> str:
    """What the row of a limit gives as the reason, "" where it gives none."""
    label = card.findChild(QLabel, f"reason {name}")
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_every_limit_has_a_row_and_a_title() -> None:
    assert sorted((*ROWS, *MORE_ROWS)) == sorted(LIMIT_NAMES)
    assert len({limit_title(name, LIMITS) for name in LIMIT_NAMES}) == len(LIMIT_NAMES)
    assert limit_title("free memory", LIMITS) == "Leave 1 GB of memory free"
    assert limit_title("memory", LIMITS) == "At most 4 GB of memory"


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("mains", STATE, "on mains"),
        ("mains", replace(STATE, on_battery=True), "on battery"),
        ("mains", replace(STATE, on_battery=None), "no battery"),
        ("mains", WorkerState(), ""),
        ("idle", STATE, "not in use"),
        ("idle", replace(STATE, in_use=True), "in use"),
        ("idle", replace(STATE, in_use=None), "cannot tell here"),
        ("idle", WorkerState(), "5 min without input"),
        ("in use", STATE, "not in use"),
        ("in use", replace(STATE, in_use=True), "2 while in use"),
        ("in use", WorkerState(), "2 while in use"),
        ("schedule", STATE, "always 4"),
        ("watching", STATE, ""),
        ("watching", replace(STATE, cannot_tell=("watching",)), "cannot tell here"),
        ("programs", STATE, "none runs now"),
        ("programs", WorkerState(), "blender, steam"),
        ("programs", replace(STATE, programs=("steam",)), "steam"),
        ("memory", STATE, "1.1 GB now"),
        ("memory", WorkerState(), ""),
    ],
)
def test_a_limit_says_how_it_stands(name: LimitName, state: WorkerState, words: str) -> None:
    assert standing(name, LIMITS, state, time.time()) == words


def test_a_schedule_says_what_comes_next_and_nothing_where_that_changes_nothing() -> None:
    now = time.mktime((2026, 7, 3, 12, 0, 0, 0, 0, -1))
    days = Limits(schedule=Schedule((Period(EVERY_DAY, 8 * 60, 18 * 60, 2),)))
    assert standing("schedule", days, STATE, now) == "2 until 18:00, then 6"
    assert standing("schedule", days, replace(STATE, nprocs=2), now) == "2 now"
    nights = Limits(schedule=Schedule((Period(EVERY_DAY, 22 * 60, 6 * 60, 8),), 0))
    assert standing("schedule", nights, STATE, now) == "no work until 22:00, then 6"
    assert standing("schedule", Limits(), STATE, now) == "no times chosen"


def test_many_programs_are_counted_and_a_long_name_is_cut() -> None:
    many = Limits(programs=tuple(f"program-{number}" for number in range(9)))
    assert standing("programs", many, STATE, 0) == "9 programs"
    assert len(standing("programs", Limits(programs=("x" * 80,)), STATE, 0)) == 24
    assert standing("programs", Limits(programs=("/opt/film/play.py",)), STATE, 0) == "play.py"


def test_more_reasons_are_folded_away_but_for_those_that_count(card: LimitsCard, qtbot: QtBot) -> None:
    card.show_limits(Limits(on=frozenset({"load"})), Overrides)
    assert [name for name in MORE_ROWS if card.rows[name].isVisible()] == ["load"]
    assert (card.more.isCheckable(), card.more.accessibleDescription()) == (False, "folded"), "a check box says less"
    qtbot.keyClick(card.more, Qt.Key.Key_Space)
    assert card.more.accessibleDescription() == "unfolded"
    assert [card.rows[name].isVisible() for name in MORE_ROWS] == [True] * 4
    card.refresh()
    qtbot.keyClick(card.more, Qt.Key.Key_Space)
    assert [name for name in MORE_ROWS if card.rows[name].isVisible()] == ["load"]


def test_where_all_reasons_count_there_is_nothing_to_unfold(card: LimitsCard) -> None:
    card.show_limits(Limits(on=frozenset(MORE_ROWS)), Overrides)
    assert [card.rows[name].isVisible() for name in MORE_ROWS] == [True] * 4
    assert not card.more.isVisible(), "shut, with all that it hides in sight"
    card.show_limits(Limits(on=frozenset(MORE_ROWS[1:])), Overrides)
    assert card.more.isVisible()


def test_a_click_switches_one_limit_and_keeps_the_others(card: LimitsCard, qtbot: QtBot) -> None:
    card.show_limits(replace(LIMITS, on=frozenset({"mains"})), Overrides)
    with qtbot.waitSignal(card.chosen) as chosen:
        qtbot.keyClick(card.rows["memory"].box, Qt.Key.Key_Space)
    assert chosen.args is not None
    assert chosen.args[0] == replace(LIMITS, on=frozenset({"mains", "memory"}))


@pytest.mark.parametrize("name", ["programs", "schedule"])
def test_a_limit_without_a_value_leads_to_where_it_is_set(card: LimitsCard, qtbot: QtBot, name: LimitName) -> None:
    card.show_limits(Limits(), Overrides)
    with qtbot.waitSignal(card.edit_asked):
        card.rows[name].box.click()
    card.show_limits(LIMITS.switched(name, False), Overrides)
    with qtbot.assertNotEmitted(card.edit_asked):
        card.rows[name].box.click()


def test_showing_limits_is_no_choice_of_the_owner(card: LimitsCard, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(card.chosen):
        card.show_limits(LIMITS, Overrides)
        card.show_limits(Limits(), Overrides)


@pytest.mark.parametrize("name", LIMIT_NAMES)
@pytest.mark.parametrize("kind", ["paused", "working"])
def test_the_limit_in_force_says_why_and_can_be_ignored_for_an_hour(
    card: LimitsCard, qtbot: QtBot, name: LimitName, kind: str
) -> None:
    card.show_limits(LIMITS, Overrides)
    card.show_state(replace(STATE, kind=kind, limit=name, reason="Because of this."))
    assert [reason(card, one) for one in LIMIT_NAMES if reason(card, one)] == ["Because of this."]
    assert [one for one in LIMIT_NAMES if card.rows[one].ignore.isVisible()] == [name]
    with qtbot.waitSignal(card.ignore_asked) as asked:
        qtbot.mouseClick(card.rows[name].ignore, Qt.MouseButton.LeftButton)
    assert asked.args == [name]


def test_an_ignored_limit_says_until_when_and_can_be_made_to_count_again(card: LimitsCard, qtbot: QtBot) -> None:
    until = time.time() + 3000
    card.show_limits(LIMITS, lambda: Overrides().ignoring("mains", until))
    row = card.rows["mains"]
    assert (
        row.value.text() == f"ignored until {time.strftime('%H:%M', time.localtime(until))}" or " " in row.value.text()
    )
    with qtbot.waitSignal(card.heed_asked) as asked:
        qtbot.mouseClick(row.heed, Qt.MouseButton.LeftButton)
    assert asked.args == ["mains"]
    card.show_limits(LIMITS, lambda: Overrides().ignoring("mains", time.time() - 1))
    assert not row.heed.isVisible()


def test_a_pause_by_its_owner_is_no_limits_doing(card: LimitsCard) -> None:
    card.show_limits(LIMITS, Overrides)
    card.show_state(replace(STATE, kind="paused", limit="pause", reason="Paused by its owner."))
    assert not any(row.ignore.isVisible() for row in card.rows.values())


def test_the_value_of_a_limit_leads_to_the_preferences(card: LimitsCard, qtbot: QtBot) -> None:
    card.show_limits(LIMITS, Overrides)
    with qtbot.waitSignal(card.edit_asked):
        qtbot.keyClick(card.rows["in use"].value, Qt.Key.Key_Space)


@pytest.mark.parametrize("name", ROWS)
def test_a_tick_that_a_screen_reader_sets_counts(card: LimitsCard, qtbot: QtBot, name: LimitName) -> None:
    with qtbot.waitSignal(card.chosen) as heard:
        card.rows[name].box.toggle()
    assert name in heard.args[0].on  # type: ignore[index]
