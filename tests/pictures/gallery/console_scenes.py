"""The console at real work: from an empty start to results, plots, comparisons and its last question."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.form.job_options import JobOptions
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from tests.pictures.gallery import result_scenes
from tests.pictures.gallery.cut_words import noted
from tests.pictures.gallery.room import Pictures, Room, look, popped, taken
from tests.pictures.gallery.work import SLOW, THROWS, flights, throws


class ScenesFailed(Exception):
    """Some pictures are missing."""


def scenes(app: QApplication, theme: Theme, home: Path, size: QSize) -> Pictures:
    """All of them. Raises ScenesFailed at the end, where some could not be made."""
    room = Room(app, theme, home, size)
    failed = []
    try:
        for act in _ACTS:
            try:
                for name, image in act(room):
                    yield f"console-{name}", image
            except Exception:  # noqa: BLE001 - the scenes after it are wanted all the same
                traceback.print_exc()
                failed.append(act.__name__)
    finally:
        room.close()
    if failed:
        raise ScenesFailed(f"These broke off: {', '.join(failed)}")


def _start(room: Room) -> Pictures:
    room.settle()
    yield "start", room.picture()
    room.show("jobs")
    yield "start-jobs", room.picture()
    menu = room.window.menu
    for top in ("File", "Job", "Results", "Workers", "View", "Help", "Edit"):
        yield f"menu-{top.lower()}", _menu(menu.menu(top))


def _menu(menu: Any) -> QImage:
    menu.popup(QPoint(0, 0))
    QApplication.processEvents()
    image = noted(menu.grab().toImage(), [menu])
    menu.close()
    return image


def _editor(room: Room) -> Pictures:
    parts = room.parts
    environment = parts.environment
    environment.set_source(THROWS)
    room.settle()
    environment.editor.setFocus()
    _type_at_end(room, "\n\ndef other(x):\n    return math.s")
    room.wait(lambda: environment.completion.popup is not None and environment.completion.popup.isVisible())
    popup = environment.completion.popup
    assert popup is not None
    room.wait(popup.heading.isVisible)
    yield "editor-completion", room.picture()
    environment.completion.hide()
    environment.set_source(THROWS)
    room.settle()
    _type_at_end(room, "\n\ndef other(x):\n    return distance(")
    room.wait(lambda: environment.completion.hint is not None and environment.completion.hint.isVisible())
    yield "editor-signature", room.picture()
    environment.completion.hide()
    environment.set_source(THROWS + "\n\ndef broken(x):\n    return undefined_name(x)\n")
    room.settle()
    room.wait(lambda: "undefined" in environment._status.text())
    yield "editor-problem", room.picture()
    environment.set_source(THROWS)
    environment.find_bar.open(replacing=True)
    environment.find_bar.field.setText("angle")
    room.settle()
    yield "editor-find", room.picture()
    environment.find_bar.close_bar()


def _type_at_end(room: Room, text: str) -> None:
    editor = room.parts.environment.editor
    editor.setFocus()
    editor.moveCursor(QTextCursor.MoveOperation.End)
    editor.insertPlainText(text[:-1])
    QTest.keyClicks(editor, text[-1])


def _arguments(room: Room) -> Pictures:
    parts = room.parts
    form, fields = parts.form, parts.form.arguments.fields
    parts.environment.set_source(THROWS)
    parts.environment.look_through()
    form.function.choose("distance")
    table, folder = throws(room.folder), flights(room.folder)
    jsonl = Path(__file__).parents[3] / "resources" / "examples" / "flights.jsonl"
    for name, source in (
        ("sweep", ArgumentSource("sweep", axes=(("angle", "10 to 80 step 10"), ("speed", "log 1 to 1000 in 4")))),
        ("sweep-wrong", ArgumentSource("sweep", axes=(("angle", "10 to"), ("speed", "1, 2")))),
        ("csv", ArgumentSource("csv", path=str(table))),
        ("csv-unfit", ArgumentSource("csv", path=str(throws(room.folder, more=True)))),
        ("jsonl", ArgumentSource("jsonl", path=str(jsonl))),
        ("folder", ArgumentSource("folder", path=str(folder), pattern="*.txt", content="named")),
        ("text", ArgumentSource("text", path=str(room.folder / "missing.txt"))),
        ("range", ArgumentSource("expression", text="range(10)")),
        ("wrong", ArgumentSource("expression", text="range(10")),
    ):
        form.arguments.set_source(source)
        fields.focus_entry()  # as who types has it
        room.wait(lambda: not form.arguments.waiting)
        form.arguments.show_rows.set_open(name == "csv")
        room.settle()
        yield f"arguments-{name}", room.picture()
    form.arguments.show_rows.set_open(False)
    yield "arguments-kinds", _opened(room, fields.kind_combo)
    yield "function-picker", _opened(room, form.function.combo)
    form.options.set_options(
        JobOptions(name="throws", retries=2, timeout=9.0, memory=2_000_000_000, priority=3, shared="G = 9.81")
    )
    form.options.toggle.setFocus()  # as who presses it
    form.options.toggle.set_open(True)
    room.settle()
    yield "options", room.picture()
    form.options.toggle.set_open(False)
    form.options.set_options(JobOptions())


def _opened(room: Room, combo: QComboBox) -> QImage:
    combo.showPopup()
    room.settle()
    image = room.picture()
    combo.hidePopup()
    return image


def _files(room: Room) -> Pictures:
    parts = room.parts
    path = room.folder / "work.py"
    (room.folder / "zero.txt").write_text("0")
    path.write_text(THROWS + '\n\ndef load():\n    return open("zero.txt").read()\n')
    parts.documents.open_path(path)
    room.settle()
    parts.environment.travels.toggle.set_open(True)
    room.settle()
    yield "files", room.picture()
    parts.environment.travels.toggle.set_open(False)


def _trying(room: Room) -> Pictures:
    form = room.parts.form
    form.function.choose("distance")
    form.arguments.set_source(ArgumentSource("csv", path=str(throws(room.folder))))
    room.wait(lambda: form.request is not None)
    form.try_one.button.click()
    room.wait(lambda: form.try_one.outcome is not None)
    form.try_one.more.set_open(True)
    room.settle()
    yield "try-done", room.picture()
    form.try_one.several_button.click()
    room.wait(lambda: not form.try_one.several.running)
    room.settle()
    yield "try-several", room.picture()
    form.try_one.choose(20)
    form.try_one.button.click()
    room.wait(lambda: form.try_one.outcome is not None and form.try_one.outcome.kind == "failed")
    room.settle()
    yield "try-failed", room.picture()
    form.try_one.more.set_open(False)


def _running(room: Room) -> Pictures:
    parts = room.parts
    room.write(SLOW, "wait", ArgumentSource("expression", text="[0.05] * 30 + [30] * 20"))
    job = room.begin()
    room.wait(lambda: room.job is not None and room.job.done >= 30)
    room.settle()
    yield "running", room.picture()
    result_scenes.choose_task(room, 49)
    yield "details-waiting", room.picture()
    room.show("log")
    yield "log", room.picture()
    room.show("jobs")
    yield "jobs-running", room.picture()
    yield "jobs-menu", popped(parts.tabs.jobs.menu, parts.tabs.jobs.menu_button)
    yield "quit-with-jobs", room.asked(room.window.close)
    parts.actions["cancel"].trigger()
    room.wait(lambda: room.job is not None and room.job.id == job.id and room.job.final)
    room.settle()
    yield "cancelled", room.picture()


def _help(room: Room) -> Pictures:
    for page in ("first-steps", "shortcuts", "changes", "report"):
        room.window.help.show_page(page)
        look()
        window = room.window.help.window
        assert window is not None
        yield f"help-{page}", taken(window)
        window.close()


def _drawers(room: Room) -> Pictures:
    actions = room.parts.actions
    room.look_at(room.parts.workers)  # where those appear that are added
    for name in ("add_workers", "connect", "links"):
        actions[name].setChecked(True)
        room.settle()
        yield f"drawer-{name}", room.picture()
        actions[name].setChecked(False)
    room.window.preference_applier.open()
    room.settle()
    dialog = room.window.preference_applier.dialog
    assert dialog is not None
    yield "preferences", taken(dialog)
    dialog.reject()
    room.window.command_palette.open()
    room.settle()
    yield "palette", room.picture()
    room.window.command_palette.dismiss()
    workers = room.parts.workers
    workers.view.choose_row(0)
    room.settle()
    yield "workers-menu", popped(workers._menu, workers.view)
    yield "workers-columns", _columns(workers)
    yield "unsaved-changes", room.asked(lambda: FileDialogs().about_changes(room.window, "throws.py"))


def _columns(workers: Any) -> QImage:
    menu = workers.chooser._menu
    menu.aboutToShow.emit()
    return _menu(menu)


_ACTS: Final[tuple[Callable[[Room], Pictures], ...]] = (
    _start,
    _editor,
    _arguments,
    _files,
    _trying,
    _running,
    result_scenes.finished,
    result_scenes.values,
    result_scenes.plots,
    result_scenes.export,
    result_scenes.comparing,
    _help,
    _drawers,
)
