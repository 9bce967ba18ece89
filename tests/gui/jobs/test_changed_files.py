"""What travels with a job is part of its code: it is compared, and asked about, as the environment's text is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.consoles import Opened, Service
from tests.gui.jobs.test_remembered_jobs import ended_again, press

WORK = "import helpers\ndef f(x):\n    return helpers.g(x)\n"
HELPERS = "def g(x):\n    return x / (x - 1)\n"


@pytest.fixture
def opened(shared: Service, qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    """With a job of three tasks that is over, of which one has failed; its file is in front."""
    (tmp_path / "work.py").write_text(WORK)
    (tmp_path / "helpers.py").write_text(HELPERS)
    (tmp_path / "extra.txt").write_text("x")
    with shared.window(qtbot, theme, tmp_path) as made:
        made.window.parts.documents.open_path(tmp_path / "work.py")
        run(made)
        yield made


def run(made: Opened) -> None:
    parts = made.window.parts
    parts.form.function.choose("f")
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="range(3)"))
    made.wait(lambda: parts.form.request is not None)
    made.run()


def shown(opened: Opened) -> DifferenceWindow:
    """The window of what differs, once it is there."""
    opened.wait(lambda: any(window.isVisible() for window in opened.window.findChildren(DifferenceWindow)))
    return opened.window.findChildren(DifferenceWindow)[0]


@pytest.mark.timeout(180)
def test_a_module_that_was_edited_is_shown_between_job_and_now_and_between_jobs(opened: Opened, tmp_path: Path) -> None:
    parts = opened.window.parts
    parts.reopener.show_difference(opened.job)  # type: ignore[arg-type]
    window = shown(opened)
    assert window.words.text() == "The code is the same."
    window.close()
    (tmp_path / "helpers.py").write_text(HELPERS.replace("x / (x - 1)", "x * 1000"))
    parts.reopener.show_difference(opened.job)  # type: ignore[arg-type]
    assert "helpers.py has changed" in shown(opened).words.text()
    assert "-     return x / (x - 1)\n+     return x * 1000" in window.text.toPlainText()
    window.close()
    parts.reopener.open(opened.job)  # type: ignore[arg-type]
    opened.wait(lambda: "helpers.py has changed" in opened.messages())
    first = opened.job
    opened.run()
    parts.reopener.compare(first, opened.job)  # type: ignore[arg-type]
    assert "helpers.py has changed" in shown(opened).words.text()
    assert "+     return x * 1000" in window.text.toPlainText()
    window.close()


@pytest.mark.timeout(180)
def test_a_retry_asks_where_a_module_was_edited_or_a_file_picked_since(opened: Opened, tmp_path: Path) -> None:
    parts, first = opened.window.parts, opened.job
    assert first is not None
    assert first.failed == 1
    parts.form.set_files(("extra.txt",))
    parts.actions["retry"].trigger()
    opened.wait(lambda: f"not what job {first.id} ran any more: extra.txt is new. Retry" in opened.messages())
    press(opened, "As it was")
    opened.wait(lambda: ended_again(opened, first))
    (tmp_path / "helpers.py").write_text(HELPERS.replace("x / (x - 1)", "-x"))
    parts.actions["retry"].trigger()
    opened.wait(lambda: "extra.txt is new, helpers.py has changed. Retry" in opened.messages())
    press(opened, "With the code as it is now")
    opened.wait(lambda: opened.job is not None and opened.job.final and not opened.job.failed)
    job = opened.session.cluster.job(first.id)
    assert job.results() == [0, -1, 2]
    assert {file.path for file in job.spec.files} == {"work.py", "helpers.py", "extra.txt"}


@pytest.mark.timeout(180)
def test_what_came_of_a_try_is_of_before_where_a_module_was_edited_since(opened: Opened, tmp_path: Path) -> None:
    parts, trying = opened.window.parts, opened.window.parts.form.try_one
    parts.form.arguments.fields.set_source(ArgumentSource("expression", text="[2]"))
    opened.wait(lambda: parts.form.request is not None and parts.form.request.count == 1)
    trying.wanted.emit()
    opened.wait(lambda: trying.outcome is not None)
    assert trying.line.text().startswith("→ 2.0 in ")
    (tmp_path / "helpers.py").write_text(HELPERS.replace("/", "+"))  # as large as it was
    opened.wait(lambda: trying.line.text().startswith("before the last change: → 2.0 in "))
    trying.wanted.emit()
    opened.wait(lambda: trying.outcome is not None)
    assert trying.line.text().startswith("→ 3 in ")
