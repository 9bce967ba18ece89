"""What opens and closes again leaves the window as it was: every panel in its place, and the focus where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.main_window import MainWindow
from mcgui.console.parts.window_message_bar import Message
from mcgui.theme import Theme
from tests.gui.snapshots import job, room
from tests.pictures.situations import stage as bring
from tests.pictures.stage import Stage, stopped_clock

pytestmark = pytest.mark.timeout(120)
_UNBOUNDED: Final = QSize(16_777_215, 16_777_215)
#: What slides in below the tool bar.
DRAWERS: Final = ("add_workers", "connect", "links")


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Stage]:
    """A small window that could grow."""
    with stopped_clock():
        made = Stage(theme, tmp_path)
        bring(made, "full")
        made.window.setMinimumSize(QSize(0, 0))
        made.window.setMaximumSize(_UNBOUNDED)
        made.window.resize(1280, 680)
        with qtbot.waitActive(made.window):
            made.window.activateWindow()
        tabs = made.window.parts.tabs
        for tab in (tabs.jobs, tabs.failures, tabs.log, tabs.results):  # one that was never seen knows no height yet
            tabs.bring(tab)
            made.settle()
        for _ in range(2):  # the master tells once who has knocked, above the panels
            made.window.parts.actions["links"].trigger()
            made.settle()
        made.window.parts.messages.clear("proofs")
        made.settle()
        yield made
        made.close()


def escape() -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)


def comings(window: MainWindow) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """What opens, and how a person closes it."""
    parts = window.parts
    actions = parts.actions
    jobs, workers = parts.tabs.jobs, parts.workers
    message = Message("test", "Something happened. " * 30, actions=(("Do it", lambda: None),), asks=True)
    drawers: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        name: (actions[name].trigger, escape) for name in DRAWERS
    }
    return drawers | {
        "a question": (lambda: parts.messages.say(message), lambda: press("Close this message", parts.messages)),
        "the processors of a worker": (lambda: workers.processors.ask(room()[:1]), escape),
        "a note of a panel": (lambda: workers.notice.say("It did otherwise. " * 20), workers.notice.clear),
        "options": (lambda: parts.form.options.toggle.set_open(True), lambda: parts.form.options.toggle.set_open(False)),
        "rows": (lambda: parts.form.arguments.show_rows.set_open(True), lambda: parts.form.arguments.show_rows.set_open(False)),
        "jobs that are not found": (lambda: jobs.filter.setText("no job has this"), jobs.filter.clear),
        "workers that are not found": (lambda: workers._filter.setText("no worker has this"), workers._filter.clear),
        "find": (actions["find"].trigger, escape),
        "go to a line": (actions["go_to_line"].trigger, escape),
        "the palette": (actions["palette"].trigger, window.command_palette.dismiss),
        "other colours": (lambda: window._theme.set_scheme("dark"), lambda: window._theme.set_scheme("light")),
    }  # fmt: skip


def stop_before(widget: QWidget) -> QWidget:
    """Where the Tab key would have come from."""
    while True:
        widget = widget.previousInFocusChain()
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget


def press(name: str, owner: QWidget) -> None:
    """Press this button by the keyboard."""
    button = next(one for one in owner.findChildren(QToolButton) if one.accessibleName() == name and one.isVisible())
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)


def places(window: MainWindow) -> dict[str, tuple[int, ...]]:
    docks = {dock.windowTitle(): dock.geometry().getRect() for dock in window.docks.findChildren(QDockWidget)}
    return docks | {"the window": (window.width(), window.height())}


def test_whatever_opens_and_closes_leaves_every_panel_where_it_was_and_the_focus_too(stage: Stage) -> None:
    window = stage.window
    editor = window.parts.environment.editor
    editor.setFocus()
    stage.settle()
    before, found = places(window), []
    for name, (come, go) in comings(window).items():
        for _ in range(2):  # what creeps by a pixel each time
            come()
            stage.settle()
            opened: QWidget | None = getattr(window.parts, name) if name in DRAWERS else None
            if opened is not None and not opened.isAncestorOf(QApplication.focusWidget() or opened):
                found.append(f"{name}: it opens, and the focus stays elsewhere")
            if opened is not None and not opened.isAncestorOf(stop_before(getattr(window.parts.drawers, name))):
                found.append(f"{name}: the Tab key comes to it elsewhere")
            go()
            stage.settle()
            if opened is not None and opened.isVisible():
                found.append(f"{name}: Escape leaves it open")
        after = places(window)
        found += [
            f"{name}: {panel} is at {after[panel]}, was at {before[panel]}"
            for panel in before
            if after[panel] != before[panel]
        ]
        focus = QApplication.focusWidget()
        if focus is not editor:
            found.append(f"{name}: the focus is in {focus and (focus.accessibleName() or type(focus).__name__)!r}")
        editor.setFocus()
    assert "\n".join(found) == ""


def test_a_job_that_is_described_gives_the_focus_to_the_table_of_jobs(stage: Stage) -> None:
    jobs = stage.window.parts.tabs.jobs
    stage.window.parts.tabs.bring(jobs)
    jobs.description.edit(job(4))
    press("Leave name and note as they are", jobs.description)
    assert QApplication.focusWidget() is jobs.view
    assert jobs.description.isHidden()
