"""The tray icon with its menu, and what the program does with a tray and without one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QFileOpenEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QInputDialog, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui.worker import app
from mcgui.worker.actions import WorkerActions, seconds_to_morning
from mcgui.worker.app import WorkerApp
from mcgui.worker.command_line import Options
from mcgui.worker.preferences.login_item import login_file, start_at_login, starts_at_login
from mcgui.worker.preferences.preferences_dialog import Preferences
from mcgui.worker.single_instance import Request
from mcgui.worker.state import KINDS, WorkerState
from mcgui.worker.tray import tray_availability
from mcgui.worker.tray.tray_availability import TrayAvailability
from mcgui.worker.tray.worker_tray import WorkerTray
from mcgui.worker.words import headline
from mcgui_core import Master
from mcgui_core.owner.limits import LimitName
from tests.gui.hearing import heard_from

# What Qt says of an icon that is shown where there is no tray. The tests that pretend that there is one cannot avoid it.
pytestmark = pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True)

WORKING = WorkerState(
    kind="working", master="lab:8888", since=1_760_000_000.0, nprocs=6, cpus=8, busy=5, done=12, running=True
)
CLICK = QSystemTrayIcon.ActivationReason.Trigger


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits some seconds for a tray waits less."""
    monkeypatch.setattr(tray_availability, "SOON", 20)


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def tray(theme: Theme) -> Iterator[WorkerTray]:
    actions = WorkerActions(8)
    made = WorkerTray(theme, actions)
    actions.show_state(WORKING)
    made.show_state(WORKING)
    yield made
    made.hide()
    theme.set_scheme("light")


class Switch:
    """A tray that comes and goes as the test says."""

    def __init__(self, there: bool) -> None:
        self.there = there

    def __call__(self) -> bool:
        return self.there


class Program:
    """The whole program, without its QApplication, and with a tray or without."""

    def __init__(self, qtbot: QtBot, theme: Theme, settings: Path, options: Options, tray: bool) -> None:
        self._qtbot = qtbot
        self.switch = Switch(tray)
        self.app = WorkerApp(options, Settings(settings), theme, TrayAvailability(self.switch))
        self.panel, self.tray = self.app.panel, self.app.tray
        self.finished = False
        self.app.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self.finished = True

    def wait_for_its_end(self) -> None:
        self._qtbot.waitUntil(lambda: self.finished, timeout=20_000)


@pytest.fixture
def program(qtbot: QtBot, theme: Theme, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Program]:
    tray, options = request.param
    made = Program(qtbot, theme, tmp_path / "worker.ini", options, tray)
    made.app.start()
    yield made
    made.app.quit()
    made.wait_for_its_end()


def with_tray(**options: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("program", [(True, Options(**options))], indirect=True, ids=["with a tray"])  # type: ignore[arg-type]


def without_tray(**options: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("program", [(False, Options(**options))], indirect=True, ids=["without a tray"])  # type: ignore[arg-type]


def texts(actions: list[QAction]) -> list[str]:
    return [action.text() for action in actions if action.isVisible() and not action.isSeparator()]


def test_the_menu_holds_plain_actions_and_begins_with_the_state(tray: WorkerTray) -> None:
    top = tray.menu.actions()
    assert texts(top) == [
        "Working for lab: 5 of 6 processors busy", "Processors", "Finish, then pause", "Pause at once", "Snooze",
        "Finish, then quit", "Open panel", "Preferences…", "Quit",
    ]  # fmt: skip
    assert top[0].isEnabled()  # or its line is dim
    snooze = next(action for action in top if action.text() == "Snooze").menu()
    assert texts(snooze.actions()) == [
        "For 15 minutes",
        "For 1 hour",
        "For 4 hours",
        "For 12 hours",
        "Until tomorrow, 08:00",
        "For another time…",
    ]
    processors = next(action for action in top if action.text() == "Processors").menu()
    assert texts(processors.actions()) == ["25 % (2 of 8)", "50 % (4 of 8)", "75 % (6 of 8)", "100 % (8 of 8)"]
    assert [action.isChecked() for action in processors.actions()] == [False, False, True, False]


def test_the_line_of_the_state_opens_the_panel(qtbot: QtBot) -> None:
    actions = WorkerActions(8)
    with qtbot.waitSignal(actions.open.triggered):
        actions.state.trigger()


def test_a_step_of_processors_can_be_picked_and_picked_again(qtbot: QtBot) -> None:
    actions = WorkerActions(8)
    actions.show_state(WORKING)
    for _ in range(2):
        with qtbot.waitSignal(actions.nprocs_chosen) as chosen:
            actions.shares[1].trigger()
        assert chosen.args == [4]
        assert [action.isChecked() for action in actions.shares] == [False, True, False, False]


def test_no_step_is_marked_where_the_slider_stands_between_them() -> None:
    actions = WorkerActions(8)
    actions.show_state(replace(WORKING, nprocs=6))
    actions.show_state(replace(WORKING, nprocs=5))
    assert not any(action.isChecked() for action in actions.shares)


def test_the_menu_says_resume_while_paused_and_nothing_can_be_paused_while_off() -> None:
    actions = WorkerActions(8)
    actions.show_state(replace(WORKING, kind="paused", limit="pause"))
    assert actions.pause.text() == "Resume"
    actions.show_state(WorkerState())
    assert (actions.pause.text(), actions.pause.isEnabled()) == ("Finish, then pause", False)


def test_the_icon_changes_with_the_state_and_with_the_scheme(tray: WorkerTray, theme: Theme) -> None:
    pictures = set()
    for scheme in ("light", "dark"):
        theme.set_scheme(scheme)  # type: ignore[arg-type]
        for kind in KINDS:
            tray.show_state(replace(WORKING, kind=kind))
            image = tray.icon.icon().pixmap(22).toImage()  # kept, or its bits are gone with it
            pictures.add(bytes(image.bits()))
    assert len(pictures) == 2 * len(KINDS)


def test_the_tooltip_follows_the_state(tray: WorkerTray) -> None:
    assert tray.icon.toolTip().splitlines()[0] == "mcgui worker: working for lab"
    tray.show_state(replace(WORKING, kind="paused", message="On battery."))
    assert tray.icon.toolTip().endswith("On battery.")


def test_a_click_is_told_and_a_second_one_of_a_double_click_is_not(tray: WorkerTray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.clicked):
        tray.icon.activated.emit(CLICK)
    with qtbot.assertNotEmitted(tray.clicked):
        tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.DoubleClick)
        tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_a_tray_that_is_there_is_found_at_once(qtbot: QtBot) -> None:
    watch = TrayAvailability(lambda: True)
    with qtbot.waitSignal(watch.came, timeout=100):
        watch.start()
    watch.stop()


def test_a_tray_that_comes_up_after_us_is_found_and_was_not_reported_missing(qtbot: QtBot) -> None:
    switch = Switch(there=False)
    watch = TrayAvailability(switch)
    missing: list[bool] = []
    watch.missing.connect(lambda: missing.append(True))
    watch.start()
    switch.there = True
    with qtbot.waitSignal(watch.came, timeout=5000):
        pass
    watch.stop()
    assert missing == []


def test_the_offscreen_platform_has_no_tray_and_that_is_reported_after_a_few_seconds(qtbot: QtBot) -> None:
    watch = TrayAvailability()
    assert not watch.there
    with qtbot.waitSignal(watch.missing, timeout=15_000):
        watch.start()
    watch.stop()


# --- the program -----------------------------------------------------------------------------------------------------


@with_tray()
def test_with_a_tray_the_icon_is_shown_and_closing_the_panel_hides_it(program: Program) -> None:
    assert program.tray.shown
    assert program.panel.isVisible()
    program.panel.close()
    assert not program.panel.isVisible()
    assert not program.finished


@with_tray(minimised=True)
def test_minimised_starts_in_the_tray_and_a_click_opens_the_panel(program: Program) -> None:
    assert program.tray.shown
    assert not program.panel.isVisible()
    program.tray.icon.activated.emit(CLICK)
    assert program.panel.isVisible()


@with_tray()
def test_a_click_on_the_icon_hides_a_panel_that_is_in_front(program: Program, qtbot: QtBot) -> None:
    program.panel.activateWindow()
    qtbot.waitUntil(program.panel.isActiveWindow)
    program.tray.icon.activated.emit(CLICK)
    assert not program.panel.isVisible()


@without_tray()
def test_without_a_tray_the_panel_is_a_window_and_closing_it_ends_the_program(program: Program) -> None:
    assert program.panel.isVisible()
    program.panel.close()
    program.wait_for_its_end()
    assert not program.panel.isVisible()


@without_tray(minimised=True)
def test_minimised_without_a_tray_shows_the_panel_after_all(program: Program, qtbot: QtBot) -> None:
    assert not program.panel.isVisible()
    qtbot.waitUntil(program.panel.isVisible, timeout=15_000)
    assert not program.tray.shown


@with_tray(minimised=True)
def test_a_tray_that_goes_away_brings_the_panel_back(program: Program, qtbot: QtBot) -> None:
    program.switch.there = False
    qtbot.waitUntil(program.panel.isVisible, timeout=15_000)
    assert not program.tray.shown


@with_tray()
def test_each_state_is_said_once_and_trouble_at_once(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = heard_from(app, monkeypatch)
    refused = replace(WORKING, kind="trouble", message="The key is refused.")
    mistyped = replace(WORKING, link_problem="This link is not whole.")
    for state in (WORKING, replace(WORKING, done=15, busy=1), refused, refused, mistyped):
        program.app.session.changed.emit(state)
    assert heard == [
        (headline(WORKING), False),
        (f"{headline(refused)}. The key is refused.", True),
        (f"{headline(WORKING)}. This link is not whole.", False),
    ]


@with_tray()
def test_quit_in_the_menu_ends_the_program(program: Program) -> None:
    program.app.actions.quit.trigger()
    program.wait_for_its_end()
    assert not program.tray.shown
    assert not program.panel.isVisible()


@with_tray(link="mcgui://lab")
def test_a_bad_link_from_the_command_line_is_told_in_the_panel(program: Program) -> None:
    assert "names no port" in program.app.session.state.link_problem
    assert program.panel.link.field.text() == "mcgui://lab"
    assert "names no port" in program.tray.icon.toolTip()


@with_tray()
def test_the_menu_and_the_slider_set_the_same_number(program: Program, qtbot: QtBot) -> None:
    program.app.actions.shares[0].trigger()
    nprocs = program.app.session.state.nprocs
    assert program.panel.processors.slider.value() == nprocs == program.app.actions.shares[0].data()
    qtbot.keyClick(program.panel.processors.slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: program.app.session.state.nprocs == program.app.session.state.cpus)
    assert program.app.actions.shares[-1].isChecked()


OTHER = "mcgui://other:8888#w.key"


@with_tray(minimised=True)
def test_a_second_start_without_a_link_raises_the_panel(program: Program) -> None:
    assert program.app.answer(Request(minimised=True))
    assert not program.panel.isVisible()
    assert program.app.answer(Request())
    assert program.panel.isVisible()


@with_tray(minimised=True)
def test_a_link_that_was_opened_is_asked_about_and_joined_on_yes(program: Program, qtbot: QtBot) -> None:
    with Master() as master:
        assert program.app.answer(Request(master.worker_link, offer=True))
        assert program.panel.offer.isVisible()
        assert program.app.session.state.kind == "off"
        qtbot.mouseClick(program.panel.offer.accept, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: program.app.session.state.kind == "idle", timeout=20_000)
        # The same link once more asks nothing; another one asks, and nothing else happens.
        program.app.answer(Request(master.worker_link, offer=True))
        assert not program.panel.offer.isVisible()
        program.app.answer(Request(OTHER, offer=True))
        assert program.panel.offer.isVisible()
        assert not program.app.answer(Request(OTHER, free_only=True)), "it serves another master"
        assert program.app.session.state.master == master.address


@with_tray(link=OTHER, offer=True, minimised=True)
def test_a_start_by_an_opened_link_asks_first(program: Program) -> None:
    assert program.panel.isVisible()
    assert program.panel.offer.isVisible()
    assert program.app.session.state.kind == "off"


@with_tray(minimised=True)
def test_a_link_that_macos_tells_of_by_an_event_is_asked_about(program: Program, qapp: QApplication) -> None:
    qapp.installEventFilter(program.app)
    QApplication.sendEvent(qapp, QFileOpenEvent(QUrl("file:///etc/hosts")))
    assert not program.panel.offer.isVisible()
    QApplication.sendEvent(qapp, QFileOpenEvent(QUrl(OTHER)))
    assert program.panel.offer.isVisible()
    qapp.removeEventFilter(program.app)


@with_tray()
def test_a_snooze_can_be_of_any_length(program: Program, qtbot: QtBot) -> None:
    with Master() as master:
        program.app.session.join(master.worker_link)
        qtbot.waitUntil(lambda: program.app.session.state.kind == "idle", timeout=20_000)
        program.app.actions.snooze_other.trigger()
        (dialog,) = program.panel.findChildren(QInputDialog)
        dialog.setIntValue(45)
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        assert 2690 < program.app.session.overrides.snoozed_until - time.time() <= 2700
        qtbot.waitUntil(lambda: not program.panel.findChildren(QInputDialog))
        qtbot.waitUntil(lambda: program.app.session.state.limit == "snooze", timeout=20_000)


@pytest.mark.parametrize(("hour", "hours"), [(18, 14), (9, 23), (4, 28), (2, 6)])
def test_a_snooze_until_tomorrow_ends_in_the_morning(hour: int, hours: int, qtbot: QtBot) -> None:
    now = datetime(2026, 7, 3, hour).astimezone()
    assert seconds_to_morning(now) == hours * 3600
    actions = WorkerActions(8)
    with qtbot.waitSignal(actions.snoozed) as snoozed:
        actions.snoozes[-2].trigger()
    assert snoozed.args is not None
    ends = datetime.fromtimestamp(time.time() + snoozed.args[0], datetime.now().astimezone().tzinfo)
    assert abs((ends - ends.replace(hour=8, minute=0, second=0)).total_seconds()) < 3


@with_tray(link="mcgui://lab", offer=True)
def test_an_opened_link_that_is_none_is_told_in_words(program: Program) -> None:
    assert not program.panel.offer.isVisible()
    assert "names no port" in program.app.session.state.link_problem


@with_tray()
def test_masters_are_looked_for_only_while_somebody_could_join_one(program: Program, qtbot: QtBot) -> None:
    assert program.app.network.looking
    program.panel.close()
    assert not program.app.network.looking
    program.app.answer(Request())
    assert program.app.network.looking
    with Master() as master:
        program.app.session.join(master.worker_link)
        assert not program.app.network.looking
        program.app.session.leave()
        qtbot.waitUntil(lambda: program.app.network.looking, timeout=20_000)


@with_tray()
def test_the_preferences_change_limits_and_start_at_login(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.panel.limits.rows["programs"].box.click()  # it has no programs yet, which leads to where they are set
    (dialog,) = program.panel.findChildren(Preferences)
    assert dialog.isVisible()
    assert dialog.focusWidget() is dialog.programs.line
    qtbot.keyClicks(dialog.programs.line, "blender")
    dialog.at_login.click()
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert program.app.session.limits.programs == ("blender",)
    assert "programs" in program.app.session.limits.on
    assert starts_at_login()
    start_at_login(False)


@with_tray()
@pytest.mark.parametrize("name", ["programs", "schedule"])
def test_a_limit_for_which_nothing_is_chosen_does_not_stay_ticked(
    program: Program, qtbot: QtBot, name: LimitName
) -> None:
    box = program.panel.limits.rows[name].box
    box.click()
    (dialog,) = program.panel.findChildren(Preferences)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not box.isChecked())
    assert name not in program.app.session.limits.on


@pytest.mark.skipif(sys.platform == "win32", reason="it is in the registry there, and not in a file")
def test_the_entry_by_which_it_starts_at_login_survives_an_update(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    start_at_login(True)
    entry = login_file()
    current = entry.read_text(encoding="utf-8")
    entry.write_text(current.replace(sys.executable, "/a/venv/that/has/moved/bin/python"), encoding="utf-8")
    made = Program(qtbot, theme, tmp_path / "worker.ini", Options(), tray=True)
    made.app.start()
    try:
        assert entry.read_text(encoding="utf-8") == current
    finally:
        made.app.quit()
        made.wait_for_its_end()
        start_at_login(False)


def test_the_link_of_last_time_is_joined_again_unless_its_owner_disconnected(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    settings = tmp_path / "worker.ini"

    def run(options: Options) -> Program:
        made = Program(qtbot, theme, settings, options, tray=True)
        made.app.start()
        return made

    def end(made: Program) -> None:
        made.app.quit()
        made.wait_for_its_end()

    with Master() as master:
        first = run(Options(link=master.worker_link))
        qtbot.waitUntil(lambda: first.app.session.state.kind == "idle", timeout=20_000)
        end(first)
        second = run(Options())
        qtbot.waitUntil(lambda: second.app.session.state.kind == "idle", timeout=20_000)
        qtbot.mouseClick(second.panel.head.leave, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: second.app.session.state.kind == "off", timeout=20_000)
        assert second.panel.link.field.text() == master.worker_link
        end(second)
        third = run(Options())
        assert third.app.session.state.kind == "off"
        assert third.panel.link.field.text() == master.worker_link
        end(third)
