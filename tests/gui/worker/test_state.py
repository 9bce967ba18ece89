"""What tray and panel show after each of the agent's events, and the words for it. Plain data, no window."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from mcgui.worker.session.task_totals import TaskTotals
from mcgui.worker.state import KINDS, TaskCounts, WorkerState, after_event, off
from mcgui.worker.words import (
    clock,
    details,
    headline,
    log_line,
    menu_line,
    message,
    processors_left,
    tasks,
    tooltip,
)
from mcgui_core.client.agent_process import AgentEvent

SINCE = 1_760_000_000.0
WORKING = AgentEvent("working", "", "lab:8888", 6, 8, busy=5, done=18204, failed=2, cpu=70.0, memory=10**9, since=SINCE)
LOOKING = WorkerState(kind="connecting", master="lab:8888", nprocs=6, cpus=8, running=True)
REFUSED = AgentEvent("refused", "The master at lab:8888 does not accept this key.", "lab:8888")


def after(state: WorkerState, *events: AgentEvent) -> WorkerState:
    """`state` after one agent's events."""
    tally = TaskCounts()
    for event in events:
        tally = tally.with_event(event)
        state = after_event(state, event, tally)
    return state


def test_an_agent_that_works_is_shown_with_its_master_and_its_numbers() -> None:
    state = after(LOOKING, WORKING)
    assert (state.kind, state.host, state.since, state.busy) == ("working", "lab", SINCE, 5)
    assert (state.done, state.failed, state.cpu, state.memory) == (18204, 2, 70.0, 10**9)
    assert state.joined


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("connecting", "connecting"),
        ("idle", "idle"),
        ("working", "working"),
        ("paused", "paused"),
        ("draining", "draining"),
        ("refused", "trouble"),
        ("ended", "trouble"),
    ],
)
def test_every_state_of_the_agent_has_an_icon(agent: str, kind: str) -> None:
    assert after(LOOKING, replace(WORKING, state=agent)).kind == kind


def test_the_owners_number_of_processors_stands_although_the_agent_still_reports_another() -> None:
    assert after(replace(LOOKING, nprocs=3), WORKING).nprocs == 3


def test_a_refused_key_is_trouble_told_in_words_and_the_agent_goes_on_trying() -> None:
    state = after(LOOKING, WORKING, REFUSED)
    assert (state.kind, state.running, state.busy, state.cpu) == ("trouble", True, 0, 0.0)
    assert "does not accept this key" in state.message


def test_an_agent_that_was_refused_and_gets_in_later_works_as_any_other() -> None:
    state = after(LOOKING, REFUSED, WORKING)
    assert (state.kind, state.message, state.busy) == ("working", "", 5)


def test_an_agent_that_crashes_is_trouble_and_keeps_what_it_had_done() -> None:
    state = after(LOOKING, WORKING, AgentEvent("ended", "The worker's process ended by itself, with exit code -9."))
    assert (state.kind, state.running, state.done, state.failed) == ("trouble", False, 18204, 2)
    assert state.message.endswith("with exit code -9. Connect again to go on working.")


def test_an_agent_that_was_told_to_leave_ends_without_trouble() -> None:
    leaving = replace(after(LOOKING, WORKING), leaving=True)
    ended = after(leaving, replace(WORKING, state="ended"))
    assert (ended.kind, ended.message, ended.leaving, ended.done) == ("off", "", False, 18204)


def test_a_lost_master_resets_the_time_since_when_we_serve_it() -> None:
    lost = after(LOOKING, WORKING, AgentEvent("connecting", "No master answers at lab:8888.", "lab:8888"))
    assert (lost.since, lost.joined, lost.kind) == (0.0, False, "connecting")
    assert details(lost, SINCE) == "lab:8888 · tries again until it answers"


def test_the_owner_need_not_be_told_that_the_owner_paused() -> None:
    assert (
        after(LOOKING, replace(WORKING, state="paused", message="as the owner wants it", message_code="pause")).message
        == ""
    )
    assert after(LOOKING, replace(WORKING, state="paused", message="on battery")).message == "on battery"


def test_only_an_agent_that_is_there_and_stays_can_be_paused() -> None:
    assert LOOKING.can_pause
    assert not replace(LOOKING, leaving=True).can_pause
    assert not off(LOOKING).can_pause
    assert not after(LOOKING, REFUSED).can_pause


def test_the_counts_of_several_agents_add_up() -> None:
    assert TaskCounts(3, 1) + TaskCounts(4, 0) == TaskCounts(7, 1)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("off", "Not connected"),
        ("connecting", "Looking for lab"),
        ("idle", "Ready for lab"),
        ("working", "Working for lab"),
        ("paused", "Paused"),
        ("draining", "Finishing, then quitting"),
        ("trouble", "Not working"),
    ],
)
def test_every_state_has_a_headline_of_its_own(kind: str, words: str) -> None:
    assert headline(replace(LOOKING, kind=kind, limit="pause" if kind == "paused" else "")) == words


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("pause", "Paused"),
        ("idle", "Paused: in use"),
        ("mains", "Paused: on battery"),
        ("schedule", "Paused by the schedule"),
        ("programs", "Paused: a program runs"),
        ("memory", "Paused: memory is short"),
        ("", "Paused from the console"),
    ],
)
def test_a_pause_says_by_what(limit: str, words: str) -> None:
    state = replace(LOOKING, kind="paused", limit=limit)
    assert headline(state) == words
    assert tooltip(state).startswith(f"mcgui worker: {words[0].lower()}{words[1:]}\n")


def test_a_snooze_says_until_when_and_how_much_is_left_of_it() -> None:
    now = time.time()
    state = replace(LOOKING, kind="paused", limit="snooze", until=now + 1441, since=now)
    assert headline(state) == f"Snoozed until {clock(now + 1441, now)}"
    assert details(state, now).startswith("25 min left · lab · since")
    assert details(state, now + 1400).startswith("1 min left · ")


def test_a_limit_in_force_is_told_by_its_row_and_not_again_below_the_headline() -> None:
    limited = replace(LOOKING, kind="paused", limit="mains", message="This computer runs on battery.")
    assert message(limited) == message(replace(limited, kind="working")) == ""
    assert tooltip(limited).endswith("This computer runs on battery.")
    assert message(replace(limited, kind="connecting", limit="")) == "This computer runs on battery."


def test_what_the_console_paused_is_told_as_a_sentence_and_what_the_owner_did_is_not() -> None:
    assert (
        after(
            LOOKING, replace(WORKING, state="paused", message="as the console says it", message_code="console")
        ).message
        == "Paused from the console."
    )
    assert (
        after(LOOKING, replace(WORKING, state="paused", message="as the owner wants it", message_code="pause")).message
        == ""
    )


def test_a_worker_that_leaves_says_so_whatever_it_did_before() -> None:
    for kind in KINDS:
        state = replace(LOOKING, kind=kind, leaving=True)
        assert headline(state) == menu_line(state) == "Leaving lab"


def test_the_details_say_since_when_that_it_is_encrypted_and_how_much_runs() -> None:
    state = after(LOOKING, WORKING)
    at = time.strftime("%H:%M", time.localtime(SINCE))
    assert details(state, SINCE + 1) == f"since {at} · encrypted · 5 tasks running"
    assert details(replace(state, kind="idle", busy=0), SINCE).endswith("waiting for tasks")
    assert details(replace(state, kind="paused", busy=1), SINCE).startswith("lab · since")
    paused = replace(state, kind="paused", busy=1)
    assert details(paused, SINCE).endswith("1 task runs on to the end")
    assert details(replace(paused, busy=2, tasks_until=SINCE), SINCE).endswith(
        f"2 tasks run on until {time.strftime('%H:%M:%S', time.localtime(SINCE))} at most"
    )
    assert details(replace(paused, busy=3, suspended=2), SINCE).endswith(
        "1 task runs on to the end, 2 tasks stopped in memory"
    )


def test_a_time_of_another_day_brings_its_day_along() -> None:
    assert len(clock(SINCE, SINCE)) == len("09:12")
    assert clock(SINCE, SINCE + 2 * 86400).startswith(time.strftime("%a ", time.localtime(SINCE)))
    assert time.strftime("%d %b", time.localtime(SINCE)) in clock(SINCE, SINCE + 30 * 86400)


def test_the_tooltip_names_state_master_slots_tasks_and_reason() -> None:
    state = replace(after(LOOKING, WORKING), kind="paused", limit="pause", message="This computer is on battery.")
    assert tooltip(state).splitlines() == [
        "mcgui worker: pausing",
        "lab:8888, 5 of 6 processors busy",
        "18,204 tasks done, 2 failed",
        "This computer is on battery.",
    ]


def test_the_tooltip_of_a_worker_that_never_joined_is_one_line() -> None:
    assert tooltip(WorkerState()) == "mcgui worker: not connected"


def test_the_tooltip_says_what_is_wrong_with_the_link() -> None:
    state = WorkerState(kind="trouble", link_problem="This is not a join link: it is empty.")
    assert tooltip(state).endswith("\nThis is not a join link: it is empty.")


@pytest.mark.parametrize(
    ("nprocs", "words"), [(6, "2 left for you"), (7, "1 left for you"), (8, "all of them"), (9, "more than there are")]
)
def test_beside_the_slider_stands_what_the_owner_keeps(nprocs: int, words: str) -> None:
    assert processors_left(nprocs, 8) == words


def test_tasks_are_counted_by_day_and_in_all_and_failures_only_where_there_are_some() -> None:
    today = "2026-07-03"
    assert tasks(WorkerState(), today) == "0 tasks"
    assert tasks(WorkerState(day=today, done_today=1, done_ever=1), today) == "1 task"
    state = WorkerState(day=today, done_today=2000, failed_today=3, done_ever=5000)
    assert tasks(state, today) == "2,000 tasks · 3 failed · 5,000 in all"
    assert tasks(state, "2026-07-04") == "0 tasks · 5,000 in all"


def test_the_diary_begins_a_page_each_day_and_forgets_no_sum() -> None:
    diary = TaskTotals().with_tasks(5, 1, "2026-07-03").with_tasks(2, 0, "2026-07-03")
    assert diary == TaskTotals("2026-07-03", 7, 1, 7)
    assert diary.with_tasks(1, 0, "2026-07-04") == TaskTotals("2026-07-04", 1, 0, 8)


def test_the_log_has_a_line_for_each_change_that_matters_and_none_for_numbers() -> None:
    looking, working = LOOKING, after(LOOKING, WORKING)
    assert log_line(off(looking), looking) == "Looking for lab:8888."
    assert log_line(looking, working) == "Joined lab:8888 with 6 processors."
    held = replace(working, kind="paused", limit="mains", reason="It runs on battery.", message="It runs on battery.")
    assert log_line(looking, held) == "Joined lab:8888 with 6 processors. It runs on battery."
    assert log_line(working, replace(working, done=working.done + 1, busy=6)) == ""
    assert log_line(working, replace(working, kind="idle")) == "", "it may be the moment between two leases"
    pausing = replace(working, kind="paused", busy=5)
    assert log_line(working, pausing) == "Pausing: 5 tasks run on to the end."
    assert log_line(pausing, replace(pausing, busy=4)) == ""
    assert log_line(pausing, replace(pausing, busy=0)) == "Paused."
    assert log_line(working, replace(working, kind="paused", busy=0)) == "Paused."
    assert log_line(working, replace(working, stopped="A task was stopped.")) == "A task was stopped."
    blind = replace(working, cannot_tell=("watching",))
    assert log_line(working, blind).endswith('in full screen" holds nothing back: this computer cannot tell.')
    assert log_line(blind, replace(blind, busy=1)) == ""
    leaving = replace(working, leaving=True)
    assert log_line(working, leaving) == "Leaving lab:8888."
    assert log_line(leaving, replace(leaving, kind="paused")) == ""
    assert log_line(replace(working, leaving=True), off(working)) == "Left lab:8888."
    assert log_line(looking, after(looking, REFUSED)) == REFUSED.message


def test_a_pause_is_logged_once_also_where_midnight_changes_its_words_and_a_snooze_says_itself() -> None:
    working = after(LOOKING, WORKING)
    night = replace(working, kind="paused", busy=0, limit="schedule", until=1e9, message="No work until Thu 06:00.")
    assert log_line(working, night) == "No work until Thu 06:00."
    assert log_line(night, replace(night, message="No work until 06:00.")) == ""
    assert log_line(night, replace(night, message="No work until 07:00.", until=2e9)) == "No work until 07:00."
    assert log_line(night, replace(night, message="No work until 06:00.", stopped="It wrote too much.")) != ""
    snoozed = replace(working, kind="paused", busy=0, limit="snooze", until=1e9)
    assert log_line(working, snoozed) == "", "the session says until when"
    assert log_line(replace(snoozed, busy=2), snoozed) == "Paused."
