"""Nothing that is typed is lost: it is on the disk within a second or two, and there again at the next start."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.console.environment.recovery import Recovery
from mcgui.console.environment.saved_session import SavedPage, SavedSession, SessionFolder
from mcgui.theme import Theme
from tests.gui.editors import PATIENCE, open_panel
from tests.gui.panels import Answers


def kept(folder: Path) -> SavedSession:
    return SessionFolder(folder / "1").load()


def texts(session: SavedSession) -> list[str | None]:
    return [page.text for page in session.pages]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "editor"


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, folder: Path) -> Iterator[EnvironmentPanel]:
    with open_panel(qtbot, theme, kept=folder) as made:
        yield made


def test_what_is_typed_is_on_the_disk_soon_and_without_being_asked_for(
    panel: EnvironmentPanel, folder: Path, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel.editor, "x = 1")
    qtbot.waitUntil(lambda: texts(kept(folder)) == ["x = 1"], timeout=PATIENCE)
    panel.editor.insertPlainText("\ny = 'ü𝕏'")
    qtbot.waitUntil(lambda: texts(kept(folder)) == ["x = 1\ny = 'ü𝕏'"], timeout=PATIENCE)


def test_typing_on_and_on_puts_no_write_off(panel: EnvironmentPanel, folder: Path, qtbot: QtBot) -> None:
    typed = 0

    def type_on() -> bool:
        nonlocal typed
        qtbot.keyClicks(panel.editor, "x")
        typed += 1
        return bool(kept(folder).unsaved)

    qtbot.waitUntil(type_on, timeout=PATIENCE)
    assert typed > 10


def test_a_start_opens_what_was_open_as_it_was(qtbot: QtBot, theme: Theme, folder: Path, tmp_path: Path) -> None:
    saved, changed = tmp_path / "saved.py", tmp_path / "changed.py"
    saved.write_text("s = 1\n" * 300)
    changed.write_text("c = 1\r\n", newline="")
    with open_panel(qtbot, theme, kept=folder) as panel:
        panel.open_path(saved)
        panel.editor.go_to_place(200, 3)
        panel.open_path(changed)
        qtbot.keyClicks(panel.editor, "# mine\r")
        panel.new()
        qtbot.keyClicks(panel.editor, "new = 1")
        panel.editor.moveCursor(QTextCursor.MoveOperation.Start)
        panel.tabs.bar.setCurrentIndex(1)
        panel.tabs.set_points(panel.editor.font_points + 1)
        points = panel.editor.font_points
        top = panel.tabs.pages[0].editor.firstVisibleBlock().blockNumber()
        assert panel.may_lose_changes()  # all of it is kept, so there is no question
    saved.write_text("s = 2\n" * 300)  # by another program
    with open_panel(qtbot, theme, kept=folder) as panel:
        assert [page.path for page in panel.tabs.pages] == [saved, changed, None]
        assert [page.modified for page in panel.tabs.pages] == [False, True, True]
        assert panel.tabs.bar.currentIndex() == 1
        assert panel.source == "# mine\nc = 1\n"
        assert panel.editor.font_points == points
        first, _, new = panel.tabs.pages
        assert first.source.startswith("s = 2")
        assert (first.editor.textCursor().blockNumber(), first.editor.textCursor().positionInBlock()) == (199, 2)
        panel.tabs.show_page(first)
        qtbot.waitUntil(lambda: abs(first.editor.firstVisibleBlock().blockNumber() - top) < 5)
        assert (new.source, new.editor.textCursor().position()) == ("new = 1", 0)
        panel.tabs.bar.setCurrentIndex(1)
        assert panel.save()
    assert changed.read_bytes() == b"# mine\r\nc = 1\r\n"


def test_closed_files_can_still_be_opened_again_after_a_start(qtbot: QtBot, theme: Theme, folder: Path) -> None:
    with open_panel(qtbot, theme, kept=folder) as panel:
        qtbot.keyClicks(panel.editor, "precious = 1")
        panel.close_file()
    with open_panel(qtbot, theme, kept=folder) as panel:
        assert panel.source == ""
        panel.reopen()
        assert panel.source == "precious = 1"


def test_a_file_that_is_gone_is_left_out_and_its_unsaved_text_is_not(
    qtbot: QtBot, theme: Theme, folder: Path, tmp_path: Path
) -> None:
    gone, changed = tmp_path / "gone.py", tmp_path / "changed.py"
    for path in (gone, changed):
        path.write_text("x = 1")
    with open_panel(qtbot, theme, kept=folder) as panel:
        panel.open_path(gone)
        panel.open_path(changed)
        qtbot.keyClicks(panel.editor, "# mine\r")
    gone.unlink()
    changed.unlink()
    with open_panel(qtbot, theme, kept=folder) as panel:
        assert [(page.path, page.source) for page in panel.tabs.pages] == [(changed, "# mine\nx = 1")]
        assert panel.modified


def test_a_second_window_has_a_session_of_its_own(qtbot: QtBot, theme: Theme, folder: Path) -> None:
    with open_panel(qtbot, theme, kept=folder) as first:
        qtbot.keyClicks(first.editor, "first = 1")
        with open_panel(qtbot, theme, kept=folder) as second:
            assert second.source == ""
            second.editor.setFocus()
            qtbot.keyClicks(second.editor, "second = 2")
        assert first.source == "first = 1"
    # Only one window is opened now: it takes over what the other one left unsaved.
    with open_panel(qtbot, theme, kept=folder) as panel:
        assert sorted(page.source for page in panel.tabs.pages) == ["first = 1", "second = 2"]
    with open_panel(qtbot, theme, kept=folder) as panel:
        assert len(panel.tabs.pages) == 2


def test_a_session_that_was_spoilt_by_hand_is_an_empty_one(qtbot: QtBot, theme: Theme, folder: Path) -> None:
    (folder / "1").mkdir(parents=True)
    for content in ("{", "[]", '{"pages": [{"id": "x"}]}', "\x00"):
        (folder / "1" / "session.json").write_text(content)
        with open_panel(qtbot, theme, kept=folder) as panel:
            assert panel.source == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions than these")
def test_nobody_else_may_read_what_is_kept(panel: EnvironmentPanel, folder: Path, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.editor, "secret = 1")
    qtbot.waitUntil(lambda: bool(kept(folder).unsaved), timeout=PATIENCE)
    assert (folder / "1").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_where_it_cannot_be_kept_that_is_said_once_and_the_question_is_asked_at_the_end(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    answers = Answers(about_changes="cancel")
    with open_panel(qtbot, theme, answers, kept=blocked / "editor") as panel:
        assert "cannot be written" in panel.notice.text
        qtbot.keyClicks(panel.editor, "x = 1")
        assert not panel.may_lose_changes()
        assert answers.asked == ["changes of The environment"]


# The files themselves


def test_whatever_step_the_program_is_killed_at_one_whole_session_is_there(tmp_path: Path) -> None:
    """Copies the folder before each change that a save makes to it, and reads each copy."""
    folder = SessionFolder(tmp_path / "1")
    old = SavedSession((SavedPage(1, text="old", revision=1), SavedPage(2, path="/a.py")), 1)
    new = SavedSession((SavedPage(1, text="new text", revision=2),), 0)
    folder.save(old)
    states: list[SavedSession] = []
    real_replace, real_unlink = Path.replace, Path.unlink

    def look_then(real: object) -> object:
        def act(path: Path, *arguments: object, **named: object) -> object:
            states.append(SessionFolder(tmp_path / "1").load())
            return real(path, *arguments, **named)  # type: ignore[operator]

        return act

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", look_then(real_replace))
        patch.setattr(Path, "unlink", look_then(real_unlink))
        folder.save(new)
    states.append(SessionFolder(tmp_path / "1").load())
    assert len(states) >= 4
    assert all(state in (old, new) for state in states)
    assert states[0] == old
    assert states[-1] == new
    assert len(list((tmp_path / "1").glob("*.txt"))) == 1


def test_a_text_that_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    folder = SessionFolder(tmp_path / "1")
    page = SavedPage(1, text="x", revision=7)
    folder.save(SavedSession((page,)))
    (file,) = (tmp_path / "1").glob("*.txt")
    os.utime(file, ns=(1, 1))
    folder.save(SavedSession((page, SavedPage(2, text="y"))))
    assert file.stat().st_mtime_ns == 1
    folder.save(SavedSession((SavedPage(1, text="z", revision=8),)))
    assert not file.exists()


def test_a_write_that_fails_is_told_and_tried_again(qtbot: QtBot, tmp_path: Path) -> None:
    background, recovery, told = Background(), Recovery(tmp_path / "editor"), []
    recovery.trouble.connect(told.append)
    recovery.open(lambda: SavedSession((SavedPage(1, text="x"),)))
    (tmp_path / "editor" / "1").write_text("in the way")
    recovery.note()
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert "Save your files" in told[0]
    (tmp_path / "editor" / "1").unlink()
    recovery.note()
    qtbot.waitUntil(lambda: bool(kept(tmp_path / "editor").pages), timeout=PATIENCE)
    recovery.close()
    background.close()


def test_what_is_as_it_was_before_the_last_question_is_written_again(folder: Path, qtbot: QtBot) -> None:
    """Before a question (`save_now`), everything is written at once: that is then what is kept, and not what was."""
    recovery = Recovery(folder)
    first, second = SavedSession(points=11.0), SavedSession(points=12.0)
    session = first
    recovery.open(lambda: session)
    try:
        recovery.note()
        qtbot.waitUntil(lambda: kept(folder) == first, timeout=PATIENCE)
        session = second
        assert recovery.save_now()
        assert kept(folder) == second
        session = first
        recovery.note()
        qtbot.waitUntil(lambda: kept(folder) == first, timeout=PATIENCE)
    finally:
        recovery.close()
