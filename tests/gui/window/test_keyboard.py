"""A whole job without a mouse: written, filled in, run, looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.jobs import job_announcer
from mcgui.theme import Theme
from tests.gui.consoles import Opened, console
from tests.gui.hearing import heard_from
from tests.gui.snapshots import job, snapshot
from tests.pictures.stage import Stage

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(focused(), key, modifier)


def test_who_presses_a_job_in_the_strip_is_in_what_is_shown_of_it(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    stage = Stage(theme, tmp_path)
    try:
        window, parts = stage.window, stage.window.parts
        with qtbot.waitActive(window):
            window.activateWindow()
        stage.session.tell("serving")
        stage.session.snapshot_arrived.emit(snapshot(version=1, jobs=(job(1, state="finished"), job(2))))
        for name, panel in (("name", parts.tabs.jobs), ("failed", parts.tabs.failures)):
            parts.controller.show_job(1)
            stage.settle()
            button = getattr(parts.strip.lines[1], name)
            button.setFocus()
            qtbot.keyClick(button, Qt.Key.Key_Space)
            stage.settle()
            assert not button.isVisible()
            assert panel.isAncestorOf(focused()), focused()
    finally:
        stage.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("go_environment", "CodeEditor"),
        ("go_workers", "TableView"),
        ("go_jobs", "TableView"),
        ("go_results", "TableView"),
        ("go_failures", "TableView"),
    ],
)
def test_the_key_of_a_panel_leads_to_what_its_arrows_move_in(
    qtbot: QtBot, theme: Theme, tmp_path: Path, name: str, kind: str
) -> None:
    stage = Stage(theme, tmp_path)
    try:
        window = stage.window
        with qtbot.waitActive(window):
            window.activateWindow()
        stage.session.tell("serving")
        stage.session.snapshot_arrived.emit(snapshot(jobs=(job(1, state="finished", done=5, failed=2, running=0),)))
        window.parts.controller.show_job(1)
        stage.settle()
        window.panels.go_to(name)
        stage.settle()
        assert type(focused()).__name__ == kind, focused()
    finally:
        stage.close()


@pytest.mark.timeout(120)
def test_a_whole_job_is_done_from_the_keyboard(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = heard_from(job_announcer, monkeypatch)
    with console(qtbot, theme, tmp_path) as opened:
        window = opened.window
        with qtbot.waitActive(window):
            window.activateWindow()
        press(qtbot, Qt.Key.Key_1, CTRL)
        assert window.parts.environment.isAncestorOf(focused())
        qtbot.keyClicks(focused(), "def square(x): return x ** 2")
        press(qtbot, Qt.Key.Key_Escape)
        press(qtbot, Qt.Key.Key_2, CTRL)
        assert window.parts.form.isAncestorOf(focused())
        opened.wait(lambda: window.parts.form.function.name == "square")
        _tab_to(qtbot, window.parts.form.arguments.fields.expression)
        qtbot.keyClicks(focused(), "range(30)")
        press(qtbot, Qt.Key.Key_R, CTRL)
        opened.wait(lambda: opened.job is not None and opened.job.state == "finished")
        opened.wait(lambda: any("30 of 30 tasks done" in text for text, _ in said))
        press(qtbot, Qt.Key.Key_6, CTRL)
        _results_by_arrow_keys(qtbot, opened)
        # And another look, by the palette.
        press(qtbot, Qt.Key.Key_P, CTRL | Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(focused(), "go log")
        press(qtbot, Qt.Key.Key_Return)
        assert window.parts.tabs.log.isVisible()


def _tab_to(qtbot: QtBot, wanted: QWidget) -> None:
    for _ in range(12):
        if focused() is wanted:
            return
        press(qtbot, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {wanted.accessibleName()}, but {focused().accessibleName()}")


def _results_by_arrow_keys(qtbot: QtBot, opened: Opened) -> None:
    table = focused()
    assert isinstance(table, QAbstractItemView), table
    opened.wait(lambda: table.model().rowCount() == 30)
    press(qtbot, Qt.Key.Key_Home, CTRL)
    for _ in range(4):
        press(qtbot, Qt.Key.Key_Down)
    row = table.currentIndex().row()
    opened.wait(lambda: any(str(row * row) == table.model().index(row, c).data() for c in range(5)))
    assert row >= 3


@pytest.mark.timeout(60)
def test_the_menu_opens_by_its_key_and_a_panel_is_left_by_tab(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        window = opened.window
        with qtbot.waitActive(window):
            window.activateWindow()
        # It opens as one that has the screen to itself, so that it has to be closed from within.
        seen: list[bool] = []
        window.menu.aboutToShow.connect(lambda: seen.append(True))
        window.menu.aboutToShow.connect(window.menu.close, Qt.ConnectionType.QueuedConnection)
        press(qtbot, Qt.Key.Key_F10)
        qtbot.waitUntil(lambda: bool(seen) and not window.menu.isVisible())
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        press(qtbot, Qt.Key.Key_1, CTRL)
        before = focused()
        press(qtbot, Qt.Key.Key_Escape)
        press(qtbot, Qt.Key.Key_Tab)
        assert focused() is not before
