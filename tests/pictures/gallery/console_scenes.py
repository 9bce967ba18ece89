"""The console at real work: from an empty start to results, plots, comparisons and its last question."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QPushButton

from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.form.job_options import JobOptions
from mcgui.console.tables.table_model import Role
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.results.export_formats import ALL
from tests.pictures.gallery.room import Room, popped, taken
from tests.pictures.gallery.work import NUMBERS, SLOW, THROWS, VALUES, flights, throws

Pictures = Iterator[tuple[str, QImage]]


def scenes(app: QApplication, theme: Theme, home: Path, size: QSize) -> Pictures:
    room = Room(app, theme, home, size)
    try:
        for act in _ACTS:
            try:
                for name, image in act(room):
                    yield f"console-{name}", image
            except Exception:  # noqa: BLE001 - the scenes after it are wanted all the same
                traceback.print_exc()
    finally:
        room.close()


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
    image: QImage = menu.grab().toImage()
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
    room.wait(lambda: environment.completion.popup.heading.isVisible())
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
        room.wait(lambda: not form.arguments.waiting)
        form.arguments.show_rows.setChecked(name in ("csv", "csv-unfit", "sweep", "folder"))
        room.settle()
        yield f"arguments-{name}", room.picture()
    form.arguments.show_rows.setChecked(False)
    yield "arguments-kinds", _opened(room, fields.kind_combo)
    yield "function-picker", _opened(room, form.function.combo)
    form.options.set_options(
        JobOptions(name="throws", retries=2, timeout=9.0, memory=2_000_000_000, priority=3, shared="G = 9.81")
    )
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
    _choose_task(room, 49)
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


def _choose_task(room: Room, task: int) -> None:
    results = room.parts.tabs.results
    room.show("results")
    results.go_to(task)
    room.wait(lambda: results.detail.detail is not None and results.detail.task == task)
    room.settle()


def _finished(room: Room) -> Pictures:
    parts = room.parts
    results = parts.tabs.results
    room.write(THROWS, "distance", ArgumentSource("csv", path=str(throws(room.folder))))
    room.run()
    yield "finished", room.picture()
    room.show("failures")
    parts.tabs.failures.view.choose_row(0)
    room.settle()
    yield "failures", room.picture()
    room.show("results")
    _choose_task(room, 20)
    yield "details-failed", room.picture()
    _choose_task(room, 3)
    yield "details-done", room.picture()
    yield "rows-menu", popped(results.menu.menu, results.view)
    results.detail.closed.emit()
    yield "export-menu", popped(results.head.export.menu(), results.head.export)
    results.head.filter_by("angle > 45 and metres > 20")
    room.settle()
    yield "results-filtered", room.picture()
    results.head.filter_by("angle > 400")
    room.settle()
    yield "results-none", room.picture()
    results.head.filter_by("angel > 45 and")
    room.settle()
    yield "results-filter-wrong", room.picture()
    results.head.filter_by("")
    results.head.filter.setFocus()
    QTest.keyClicks(results.head.filter, "me")
    room.settle()
    yield "results-filter-offers", room.picture()
    results.head.filter._hide()
    results.head.filter_by("")
    room.settle()


def _values(room: Room) -> Pictures:
    results = room.parts.tabs.results
    room.write(VALUES, "value", "range(6)", reduce="picture")
    room.run()
    room.wait(lambda: results.picture.isVisible() or results.detail.isVisible())
    room.settle()
    yield "results-reduced-picture", room.picture()
    for task, name in enumerate(("picture", "picture-colour", "large-dict", "large-text", "strange", "none")):
        _choose_task(room, task)
        yield f"details-{name}", room.picture()
    _choose_task(room, 1)
    results.detail.enlarge.click()
    room.settle()
    (window,) = [one for one in results.findChildren(QDialog) if one.isVisible()]
    yield "picture-window", taken(window)
    window.close()
    results.detail.closed.emit()


def _plots(room: Room) -> Pictures:
    results = room.parts.tabs.results
    room.write(NUMBERS, "wave", "range(400)")
    room.run()
    room.show("results")
    results.head.plot.setChecked(True)
    room.settle()
    plot = results._plot.widget
    fields = plot.fields

    def drawn(name: str, up: str, across: str, kind: str = "", colour: str = "one colour", log: bool = False) -> Any:
        fields.up.setCurrentText(up)
        fields.across.setCurrentText(across)
        fields.colour.setCurrentText(colour)
        if kind:
            fields.kind.setCurrentText(kind)
        fields.log_up.setChecked(log)
        room.wait(lambda: plot.numbers.complete and plot.at_rest)
        room.settle()
        return f"plot-{name}", room.picture()

    yield drawn("histogram", "result.sine", "how often")
    yield drawn("points", "result.sine", "result.x", "Points")
    yield drawn("coloured", "result.sine", "result.x", "Points", "result.row")
    yield drawn("line", "result.sine", "result.x", "Line")
    yield drawn("log", "result.power", "result.x", "Line", log=True)
    yield drawn("image", "result.row", "result.column", "Image", "result.sine")
    yield drawn("image-none", "result.row", "result.column", "Image")
    yield drawn("boxes", "result.sine", "node", "Boxes")
    yield drawn("log-none", "result.sine", "result.x", "Line", log=True)
    yield "plot-menu", popped(fields.more.menu(), fields.more)
    room.write(NUMBERS, "flat", "range(30)")
    room.run()
    room.settle()
    for name in ("same", "none", "huge", "tiny"):
        yield drawn(f"odd-{name}", f"result.{name}", "how often")
    yield drawn("odd-points", "result.none", "argument", "Points")
    results.head.plot.setChecked(False)
    results.head.table.setChecked(True)


def _export(room: Room) -> Pictures:
    results = room.parts.tabs.results
    go_on = threading.Event()
    exporter = results.exporter
    real = exporter._export

    def held(*_arguments: Any) -> Any:
        go_on.wait(30)
        return real(*_arguments)

    exporter._export = held
    job = room.job
    assert job is not None
    exporter.start(job.id, room.folder / "throws-of-a-long-afternoon.csv", "csv", ALL)
    exporter.progressed.emit(0.4)
    _look()
    yield "export-strip", room.picture()
    yield "quit-while-exporting", room.asked(lambda: room.window.loss_warning.accepted("Quit"))
    strip = next(one for one in results.findChildren(QPushButton) if one.accessibleName().startswith("Stop the export"))
    strip.click()
    _look()
    yield "export-stopping", room.picture()
    go_on.set()
    room.settle()
    room.wait(lambda: not exporter.busy)
    exporter._export = real
    yield "export-stopped", room.picture()
    exporter.start(job.id, room.folder / "whole.csv", "csv", ALL)
    room.wait(lambda: not exporter.busy)
    room.settle()
    yield "export-written", room.picture()
    exporter.start(job.id, Path("/dev/null/nowhere.csv"), "csv", ALL)
    room.wait(lambda: not exporter.busy)
    room.settle()
    yield "export-failed", room.picture()
    for message in room.parts.messages.messages:
        room.parts.messages.clear(message.about)


def _comparing(room: Room) -> Pictures:
    parts = room.parts
    table = ArgumentSource("csv", path=str(throws(room.folder)))
    first, second = 2, 0
    jobs = [job for job in parts.tabs.jobs.model.items if job.function == "distance"]
    first = jobs[0].id
    room.write(THROWS.replace("9.81", "9.80665").replace("angle == 30", "angle == 35"), "distance", table)
    second = room.run().id
    room.show("jobs")
    view = parts.tabs.jobs.view
    view.clearSelection()
    for row in range(view.model().rowCount()):
        if view.model().index(row, 0).data(Role.KEY) in (first, second):
            view.selectionModel().select(
                view.model().index(row, 0),
                view.selectionModel().SelectionFlag.Select | view.selectionModel().SelectionFlag.Rows,
            )
    room.settle()
    yield "jobs", room.picture()
    parts.actions["compare_jobs"].trigger()
    room.wait(lambda: _dialog(room) is not None)
    room.settle()
    window: Any = _dialog(room)
    for page in range(window.pages.count()):
        window.pages.setCurrentIndex(page)
        room.settle()
        _look()
        yield f"compare-{window.pages.tabText(page).split()[0].lower()}", taken(window)
    window.close()
    parts.form.options.set_options(JobOptions(retries=4))
    parts.environment.set_source(THROWS)
    room.settle()
    parts.actions["compare_code"].trigger()
    room.wait(lambda: _dialog(room) is not None)
    room.settle()
    window = _dialog(room)
    yield "difference", taken(window)
    window.close()
    parts.actions["open_job"].trigger()
    room.settle()
    yield "opened-again", room.picture()


def _dialog(room: Room) -> QDialog | None:
    return next((one for one in room.window.findChildren(QDialog) if one.isVisible()), None)


def _help(room: Room) -> Pictures:
    for page in ("first-steps", "shortcuts", "changes", "report"):
        room.window.help.show_page(page)
        _look()
        window = room.window.help.window
        assert window is not None
        yield f"help-{page}", taken(window)
        window.close()


def _drawers(room: Room) -> Pictures:
    actions = room.parts.actions
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


def _look() -> None:
    for _ in range(8):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


_ACTS: Final[tuple[Callable[[Room], Pictures], ...]] = (
    _start,
    _editor,
    _arguments,
    _files,
    _trying,
    _running,
    _finished,
    _values,
    _plots,
    _export,
    _comparing,
    _help,
    _drawers,
)
