"""The panels with a scripted master: what the kept pictures show, at any size; and what takes a past or a misfortune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mcgui.console.parts.window_message_bar import Message
from mcgui.theme import Theme
from tests.gui.snapshots import NOW, job, snapshot
from tests.gui.window.crowd import crowd
from tests.pictures.gallery.cut_words import noted, windows_in_sight
from tests.pictures.gallery.room import scrolled_to, taken
from tests.pictures.panels import photographed
from tests.pictures.situations import SITUATIONS
from tests.pictures.situations import stage as bring
from tests.pictures.stage import Stage, stopped_clock


def scenes(_app: QApplication, theme: Theme, home: Path, size: QSize) -> Iterator[tuple[str, QImage]]:
    with stopped_clock(), patch("tests.pictures.stage.SIZE", size):
        for situation in SITUATIONS:
            made = Stage(theme, home / situation)
            try:
                for name, image in photographed(made, situation):
                    yield f"scripted-{name}-{situation}", noted(image, windows_in_sight())
            finally:
                made.close()
        for act in (_messages, _old_jobs, _crowd):
            made = Stage(theme, home / act.__name__)
            try:
                yield from act(made)
            finally:
                made.close()


def _messages(made: Stage) -> Iterator[tuple[str, QImage]]:
    bring(made, "full")
    say = made.window.parts.messages.say
    say(Message("a", "The worker link is in the clipboard. It lets whoever has it work here.", "info", passes=True))
    say(Message("b", "1 file that the code names stays here: data.csv.", "warning", actions=(("Add it", int),)))
    long = "The file /home/ada/results/pi-4.csv cannot be written: the disk is full.\nThe results are in the journal."
    say(Message("c", long, actions=(("Try again", int), ("Choose another folder", int)), asks=True))
    made.settle()
    yield "scripted-messages-three", taken(made.window)


def _old_jobs(made: Stage) -> Iterator[tuple[str, QImage]]:
    bring(made, "full")
    parts = made.window.parts
    jobs = tuple(
        replace(job(number, state="finished", name=f"Run {number}"), note=note, finished=NOW - days * 86_400, running=0)
        for number, (days, note) in enumerate(((40, "first try, with the old grid"), (9, ""), (2, "good"), (0, "")), 1)
    )
    held = replace(job(5, state="paused", name="Held over night"), running=0, reason_code="held")
    made.session.snapshot_arrived.emit(snapshot(version=30, jobs=(*jobs, held)))
    parts.tabs.bring(parts.tabs.jobs)
    parts.controller.show_job(1)
    made.settle()
    scrolled_to(made.window, parts.tabs)
    yield "scripted-jobs-with-notes", taken(made.window)
    parts.actions["describe_job"].trigger()
    made.settle()
    yield "scripted-jobs-description", taken(made.window)
    parts.actions["delete_old_jobs"].trigger()
    made.settle()
    yield "scripted-jobs-delete-older", taken(made.window)
    parts.tabs.jobs.question.clear()
    parts.actions["delete_job"].trigger()
    made.settle()
    yield "scripted-jobs-delete-one", taken(made.window)


def _crowd(made: Stage) -> Iterator[tuple[str, QImage]]:
    crowd(made)
    yield "scripted-crowd", taken(made.window)
    made.window.parts.tabs.bring(made.window.parts.tabs.jobs)
    made.settle()
    scrolled_to(made.window, made.window.parts.tabs)
    yield "scripted-crowd-jobs", taken(made.window)
