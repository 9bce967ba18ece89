"""What masters, links and programs are called is text in the worker's window, whatever it looks like."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.plain_text import plain_button, plain_notice
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.panel.worker_panel import WorkerPanel
from mcgui.worker.preferences.preferences_dialog import Preferences
from mcgui.worker.session.saved_state import SavedState
from mcgui.worker.state import KINDS, Kind, WorkerState
from mcgui.worker.tray.notifications import Notifications
from mcgui_core.owner.limits import Limits
from mcgui_core.protocol.lan_discovery import FoundMaster
from tests.gui.window.test_plain_text import NASTY, found_in
from tests.gui.worker.test_notifications import Icon

STATE = WorkerState(
    master=f"{NASTY}:8888", message=NASTY, link_problem=NASTY, reason=NASTY, stopped=NASTY, aside=NASTY, programs=(NASTY,),
    nprocs=2, cpus=8, busy=1, slots=2, running=True, limit="programs", tasks=((0, 1, 2, 3),),
)  # fmt: skip


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_panel_takes_text_of_others_for_html(qtbot: QtBot, theme: Theme, kind: Kind) -> None:
    actions, state = WorkerActions(8), replace(STATE, kind=kind)
    panel = WorkerPanel(theme, actions, "mcgui://lab:8888#w.key")
    qtbot.addWidget(panel, before_close_func=lambda widget: widget.hide())
    actions.show_state(state)
    panel.show_state(state)
    panel.offer.show_link("mcgui://<b>lab<b>:8888#w.key")
    panel.link.show_masters((FoundMaster(NASTY, f"{NASTY}:1"),))
    panel.show()
    assert "\n".join(found_in(panel)) == ""


def test_nothing_in_the_preferences_takes_text_of_others_for_html(qtbot: QtBot, theme: Theme) -> None:
    dialog = Preferences(theme, Limits(programs=(NASTY,)), 8, frozenset(), at_login=False)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "\n".join(found_in(dialog)) == ""


def test_a_notification_is_given_to_the_desktop_as_text(qtbot: QtBot, tmp_path: Path) -> None:
    icon = Icon()
    notices = Notifications(icon, SavedState(Settings(tmp_path / "worker.ini")))
    notices.show_state(replace(STATE, kind="working", since=1.0, aside=""))
    notices.show_state(replace(STATE, kind="working", since=1.0))
    assert len(icon.shown) == 2
    assert all(text == plain_notice(text) for text in icon.shown)


def test_a_notification_holds_no_tags_where_the_desktop_would_take_them_for_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert plain_notice(NASTY) == "&lt;b&gt;x&lt;/b&gt;&lt;img src='https://example.org/seen'&gt;"
    assert plain_notice("R&D works") == "R&D works"
    monkeypatch.setattr(sys, "platform", "win32")
    assert plain_notice(NASTY) == NASTY


def test_an_ampersand_in_the_name_of_a_computer_is_shown() -> None:
    assert plain_button("R&D · lab:1") == "R&&D · lab:1"
