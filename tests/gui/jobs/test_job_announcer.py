"""Which jobs are told to who hears the window: each that has ended since it was looked at last, and each once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.jobs import job_announcer
from mcgui.console.jobs.job_announcer import JobAnnouncer, NewlyEnded
from mcgui.console.jobs.job_notifications import sentence
from mcgui_core.protocol.messages import JobStatus, Snapshot
from tests.gui.hearing import heard_from
from tests.gui.snapshots import NOW, job


def snapshot(*jobs: JobStatus) -> Snapshot:
    return replace(Snapshot(version=1, time=NOW, nodes=(), jobs=(), samples=()), jobs=jobs)


def over(id: int, state: str = "finished") -> JobStatus:
    return replace(job(), id=id, state=state, started=NOW - 1, finished=NOW)  # type: ignore[arg-type]


def test_jobs_that_were_over_at_first_are_no_news_and_others_are_once() -> None:
    ended = NewlyEnded()
    assert ended.after(snapshot(over(1))) == ()
    assert ended.after(snapshot(over(1), over(2))) == (over(2),), "also one that began and ended between two looks"
    assert ended.after(snapshot(over(1), over(2), over(3, "cancelled"))) == (over(3, "cancelled"),)
    assert ended.after(snapshot(over(1), over(2), over(3, "cancelled"))) == ()


def test_a_job_that_is_tried_again_is_told_again_and_another_masters_are_not() -> None:
    ended = NewlyEnded()
    ended.after(snapshot(over(1)))
    ended.after(snapshot(replace(job(), id=1)))
    assert ended.after(snapshot(over(1))) == (over(1),)
    ended.forget()
    assert ended.after(snapshot(over(1), over(2))) == ()


def test_the_end_of_each_job_is_said_with_its_numbers_and_of_many_how_many_they_are(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    announcer, heard = JobAnnouncer(window), heard_from(job_announcer, monkeypatch)
    announcer.show_snapshot(snapshot())
    two = over(1), over(2, "cancelled")
    announcer.show_snapshot(snapshot(*two))
    assert heard == [(sentence(job), False) for job in two]
    announcer.show_snapshot(snapshot(*two, *(over(id) for id in range(3, 8))))
    assert heard[2:] == [("5 jobs have ended.", False)]
