"""What a person prefers is kept, holds at once, and breaks nothing where it makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from mcgui.console.command_line import parse
from mcgui.console.editor.editor import CodeEditor
from mcgui.console.master.master_startup import EVERYWHERE, HERE, Wish
from mcgui.console.preferences.preferences import Preferences
from mcgui.console.preferences.preferences_dialog import PreferencesDialog
from mcgui.settings import Settings
from mcgui.theme import Theme
from tests.gui.consoles import console
from tests.gui.window.test_accessibility import heard

_Button = QDialogButtonBox.StandardButton


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, tmp_path: Path) -> PreferencesDialog:
    made = PreferencesDialog(Preferences(folder=tmp_path), theme, elsewhere=False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_is_typed_into_says_what_it_is_for(dialog: PreferencesDialog) -> None:
    fields = dialog.findChildren(QLineEdit)
    typed = dialog.host.lineEdit()
    assert typed in fields
    own = [field for field in fields if field is typed or field.focusProxy() is None]  # the others are parts of a box
    assert sorted(heard(field) for field in own) == ["Address", "Journal folder"]


def test_preferences_come_back_as_they_were_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    assert Preferences.load(settings) == Preferences()
    kept = Preferences(EVERYWHERE, 0, tmp_path / "journals", False, "dark", 14.5, False, 90, 3)
    kept.store(settings)
    assert Preferences.load(Settings(tmp_path / "mcgui.ini")) == kept


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("port", "70000"),
        ("port", "many"),
        ("scheme", "pink"),
        ("editor_points", "1e9"),
        ("host", " "),
        ("notify", "?"),
        ("nprocs", "-2"),
    ],
)
def test_a_setting_that_makes_no_sense_reads_as_its_default(tmp_path: Path, key: str, value: str) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    settings.set(f"console/{key}", value)
    assert Preferences.load(settings) == Preferences()


def test_what_is_chosen_is_what_the_fields_say(qtbot: QtBot, dialog: PreferencesDialog, tmp_path: Path) -> None:
    dialog.host.setCurrentIndex(1)
    dialog.port.setValue(0)
    dialog.folder.setText(str(tmp_path / "new" / "folder"))
    dialog.worker.click()
    dialog.scheme.setCurrentIndex(2)
    dialog.points.setValue(13)
    dialog.notify.click()
    assert not dialog.long.isEnabled()
    dialog.buttons.button(_Button.Ok).click()
    assert dialog.chosen == Preferences(
        EVERYWHERE, 0, tmp_path / "new" / "folder", False, "dark", 13.0, False, Preferences().long
    )
    assert (tmp_path / "new" / "folder").is_dir()


def test_an_address_can_be_typed(qtbot: QtBot, dialog: PreferencesDialog) -> None:
    dialog.host.setEditText("192.168.1.20")
    dialog.buttons.button(_Button.Ok).click()
    assert dialog.chosen.host == "192.168.1.20"


def test_a_folder_that_cannot_be_is_said_in_the_dialog_which_stays(dialog: PreferencesDialog, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    dialog.folder.setText(str(tmp_path / "file" / "below"))
    dialog.buttons.button(_Button.Ok).click()
    assert dialog.isVisible()
    assert "Choose another folder" in dialog.notice.text


def test_cancel_changes_nothing_and_the_defaults_come_back_by_a_button(dialog: PreferencesDialog) -> None:
    before = dialog.chosen
    dialog.port.setValue(1234)
    dialog.buttons.button(_Button.RestoreDefaults).click()
    assert dialog.port.value() == Preferences().port
    dialog.buttons.button(_Button.Cancel).click()
    assert dialog.chosen == before


def test_preferences_hold_at_once_in_the_window(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        preference_applier = opened.window.preference_applier
        opened.window.parts.actions["preferences"].trigger()
        dialog = preference_applier.dialog
        assert dialog is not None
        dialog.folder.setText(str(tmp_path / "other"))
        dialog.port.setValue(0)
        dialog.points.setValue(17)
        dialog.scheme.setCurrentIndex(2)
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        assert preference_applier.dialog is None
        opened.wait(lambda: theme.dark)
        opened.wait(lambda: opened.session.state.kind == "serving")
        assert opened.session.state.wish.journal == tmp_path / "other" / "console.journal"
        assert opened.window.parts.actions["scheme_dark"].isChecked()
        editor = opened.window.parts.environment.findChild(CodeEditor)
        assert isinstance(editor, CodeEditor)
        assert editor.font().pointSizeF() == 17
    assert Preferences.load(Settings(tmp_path / "mcgui.ini")).points == 17


def test_what_is_switched_in_the_window_is_so_at_the_next_start(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path) as opened:
        parts = opened.window.parts
        parts.actions["share"].trigger()
        opened.wait(lambda: opened.session.state.kind == "serving" and opened.session.state.wish.shared)
        parts.add_workers.own.resized.emit(1)
        parts.actions["worker"].trigger()
        opened.settle()
    with console(qtbot, theme, tmp_path, serving=False) as again:
        wish = again.window.preference_applier.preferences.wish
        assert (wish.host, wish.worker, wish.nprocs) == (EVERYWHERE, False, 1)
        assert parse([]).wish_with(wish).shared


def test_the_command_line_goes_before_the_preferences_and_they_before_the_defaults(tmp_path: Path) -> None:
    preferred = Wish(EVERYWHERE, 9999, tmp_path / "a.journal", worker=False)
    assert parse([]).wish_with(preferred) == preferred
    said = parse(["--host", HERE, "--journal", str(tmp_path / "b.journal")]).wish_with(preferred)
    assert said == Wish(HERE, 9999, tmp_path / "b.journal", worker=False)
    assert parse(["--port", "0"]).wish_with(preferred).port == 0
