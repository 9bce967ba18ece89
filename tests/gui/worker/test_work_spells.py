"""Stretches of work, as the log and the notifications tell of them."""

from __future__ import annotations

from dataclasses import replace

from mcgui.worker.session.work_spells import REST, WorkSpell, WorkSpells
from mcgui.worker.state import WorkerState
from mcgui.worker.words import spell_line

IDLE = WorkerState(kind="idle", master="lab:8888", running=True)
WORKING = replace(IDLE, kind="working", busy=1)


def spells(*steps: WorkerState | float) -> list[WorkSpell]:
    """Those that end while a worker is in one state after the other; a number lets so many seconds pass."""
    found, now, state, seen = WorkSpells(), 50.0, IDLE, []
    for step in steps:
        now, state = (now + step, state) if isinstance(step, float) else (now, step)
        if (spell := found.after(state, now)) is not None:
            seen.append(spell)
    return seen


def test_a_job_of_forty_tasks_on_one_processor_is_one_stretch_of_work() -> None:
    leases = [step for n in range(40) for step in (replace(WORKING, done=n), 2.0, replace(IDLE, done=n + 1), 0.1)]
    assert spells(*leases) == []
    assert [(spell.done, round(spell.seconds)) for spell in spells(*leases, REST)] == [(40, 84)]


def test_it_goes_on_while_tasks_run_to_their_end_in_a_pause_and_ends_in_one_too() -> None:
    pausing = replace(WORKING, kind="paused", done=3)
    assert spells(WORKING, 5.0, pausing, 60.0) == []
    paused = replace(pausing, busy=0, done=4, failed=1)
    assert spells(WORKING, 5.0, pausing, 60.0, paused, REST) == [WorkSpell(65.0, 4, 1)]


def test_the_next_one_counts_from_where_the_last_one_ended() -> None:
    first = (WORKING, 1.0, replace(IDLE, done=5), REST)
    assert [spell.done for spell in spells(*first, replace(WORKING, done=5), 1.0, replace(IDLE, done=7), REST)] == [
        5,
        2,
    ]


def test_the_log_says_what_was_done_and_how_long_it_took() -> None:
    assert spell_line(WorkSpell(840.0, 400, 2), IDLE) == "400 tasks done for lab in 14 min, 2 failed."
    assert spell_line(WorkSpell(3.0, 1, 0), IDLE) == "1 task done for lab in 3 s."
