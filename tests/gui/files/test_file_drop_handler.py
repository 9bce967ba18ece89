"""Files dragged over the window: it says what will become of them, and dropping them does that."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.arguments.argument_kinds import source_of_paths
from mcgui.console.files.drop_rules import DropPlan, plan
from mcgui.console.files.drop_zone import DropZone
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.gui.consoles import console


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_over(window: QWidget, data: QMimeData, at: QPoint) -> None:
    """What the system tells the window's own handle, before Qt looks for the widget below."""
    enter = QDragEnterEvent(
        at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window.windowHandle(), enter)


def drop(zone: DropZone, data: QMimeData) -> None:
    where = QPointF(zone.rect().center())
    QApplication.sendEvent(
        zone,
        QDropEvent(where, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    )


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> tuple[QWidget, QLineEdit, DropZone]:
    made = QWidget()
    field = QLineEdit(made)
    QVBoxLayout(made).addWidget(field)
    zone = DropZone(made, theme)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    return made, field, zone


def test_the_whole_window_takes_files_also_where_a_field_would(
    window: tuple[QWidget, QLineEdit, DropZone], tmp_path: Path, qtbot: QtBot
) -> None:
    shown, field, zone = window
    data = files(tmp_path / "a.csv")
    drag_over(shown, data, field.geometry().center())
    assert zone.isVisible()
    assert zone.geometry() == shown.rect()
    assert zone.sentence == "Load a.csv as the arguments"
    assert zone.accessibleName() == zone.sentence
    with qtbot.waitSignal(zone.dropped) as told:
        drop(zone, data)
    assert told.args == [DropPlan(arguments=(tmp_path / "a.csv",))]
    assert not zone.isVisible()
    assert field.text() == ""


def test_the_hint_goes_where_the_files_leave(window: tuple[QWidget, QLineEdit, DropZone], tmp_path: Path) -> None:
    shown, _, zone = window
    drag_over(shown, files(tmp_path / "a.csv"), QPoint(5, 5))
    QApplication.sendEvent(zone, QDragLeaveEvent())
    assert not zone.isVisible()
    assert zone.sentence == ""


def test_text_that_is_dragged_is_none_of_its_business(window: tuple[QWidget, QLineEdit, DropZone]) -> None:
    shown, _, zone = window
    data = QMimeData()
    data.setText("range(3)")
    drag_over(shown, data, QPoint(5, 5))
    assert not zone.isVisible()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["pi.mcjob", "x.csv"], "Open the job pi.mcjob"),
        (["x.csv", "PI.MCJOB"], "Open the job PI.MCJOB"),
        (["pi.py"], "Open pi.py in the editor"),
        (["PI.PY", "b.PyW"], "Open PI.PY and 1 more in the editor"),
        (["a.py", "b.py"], "Open a.py and 1 more in the editor"),
        (["pi.py", "x.csv"], "Open pi.py in the editor, and load x.csv as the arguments"),
        (["x.npz"], "Load x.npz as the arguments"),
        (["a.png", "b.png"], "Load 2 files as the arguments, one task each"),
    ],
)
def test_what_will_become_of_files_is_said(names: list[str], sentence: str) -> None:
    assert plan([Path(name) for name in names]).sentence == sentence


def test_a_folder_is_loaded_as_its_files(tmp_path: Path) -> None:
    assert plan([tmp_path]).sentence == f"Load the files of the folder {tmp_path.name} as the arguments"
    assert source_of_paths([tmp_path]) == ArgumentSource("folder", path=str(tmp_path))


def test_files_become_the_source_that_they_are(tmp_path: Path) -> None:
    words, picture = tmp_path / "words", tmp_path / "a.png"
    words.write_text("one\n")
    picture.write_bytes(b"\x89PNG\0\0")
    assert source_of_paths([tmp_path / "a.tsv"]) == ArgumentSource("csv", path=str(tmp_path / "a.tsv"))
    assert source_of_paths([words]) == ArgumentSource("text", path=str(words))
    assert source_of_paths([picture]) == ArgumentSource("expression", text=f"[{str(picture)!r}]")
    assert source_of_paths([picture, words]).text == f"[{str(picture)!r}, {str(words)!r}]"


def test_dropping_on_the_console_opens_the_environment_and_loads_the_arguments(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text("def f(x, y): return x + y\n")
    (tmp_path / "rows.jsonl").write_text('{"x": 1, "y": 2}\n')
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        window, zone = opened.window, opened.window.drops.zone
        data = files(tmp_path / "mine.py", tmp_path / "rows.jsonl")
        drag_over(window, data, window.parts.environment.geometry().center())
        assert zone.sentence == "Open mine.py in the editor, and load rows.jsonl as the arguments"
        drop(zone, data)
        assert window.parts.environment.path == tmp_path / "mine.py"
        arguments = window.parts.form.arguments
        qtbot.waitUntil(lambda: not arguments.waiting, timeout=30_000)
        assert arguments.source == ArgumentSource("jsonl", path=str(tmp_path / "rows.jsonl"))
        assert arguments.line.text() == "1 task: {'x': 1, 'y': 2}"
