"""A file of arguments that is edited while they are in front: in a spreadsheet, or by the script that makes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.arguments import file_watch
from mcgui.console.form.job_form import JobForm
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentKind, ArgumentSource
from tests.gui.panels import Answers, background, look, state_of


@pytest.fixture
def threads(qapp: object) -> Iterator[Background]:
    with background() as made:
        yield made


@pytest.fixture
def form(theme: Theme, qtbot: QtBot, threads: Background, monkeypatch: pytest.MonkeyPatch) -> JobForm:
    monkeypatch.setattr(file_watch, "INTERVAL", 10)
    made = JobForm(theme, threads, look, lambda: None, Answers())
    qtbot.addWidget(made)
    made.set_environment(state_of("def f(x):\n    return x\n"))
    made.function.choose("f")
    return made


def load(form: JobForm, qtbot: QtBot, kind: ArgumentKind, path: Path) -> None:
    form.arguments.set_source(ArgumentSource(kind, path=str(path)))
    qtbot.waitUntil(lambda: not form.arguments.waiting)


def first(form: JobForm) -> tuple[str, ...]:
    return form.arguments.preview.first if form.arguments.preview is not None else ()


def test_what_was_written_since_is_what_is_shown_and_tried(form: JobForm, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n")
    load(form, qtbot, "csv", path)
    before = form.try_one._target
    assert (first(form), before.count) == (("{'x': 1}",), 1)
    assert 0 < before.written <= time.time_ns()
    path.write_text("x\n7\n8\n")
    qtbot.waitUntil(lambda: first(form) == ("{'x': 7}", "{'x': 8}"))
    now = form.try_one._target
    assert now.count == 2
    assert now.written > before.written
    assert now.request == before.request


def test_a_file_that_goes_and_comes_is_said_to_be_gone_and_read_again(
    form: JobForm, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\n")
    load(form, qtbot, "text", path)
    path.rename(tmp_path / "b.txt")
    qtbot.waitUntil(lambda: bool(form.arguments.problem))
    assert first(form) == ()
    (tmp_path / "b.txt").rename(path)
    qtbot.waitUntil(lambda: first(form) == ("'one'",))


def test_a_file_that_comes_into_a_folder_is_counted(form: JobForm, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").touch()
    load(form, qtbot, "folder", tmp_path / "in")
    (tmp_path / "in" / "b").touch()
    qtbot.waitUntil(lambda: len(first(form)) == 2)
