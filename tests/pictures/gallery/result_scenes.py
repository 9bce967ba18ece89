"""What became of jobs: their results, failures, plots, exports and comparisons."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from mcgui.console.form.job_options import JobOptions
from mcgui.console.tables.table_model import Role
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.results.export_formats import ALL
from tests.pictures.gallery.room import Pictures, Room, asked_for, look, popped, taken
from tests.pictures.gallery.work import NUMBERS, THROWS, VALUES, throws


def choose_task(room: Room, task: int) -> None:
    results = room.parts.tabs.results
    room.show("results")
    results.go_to(task)
    room.wait(lambda: results.detail.detail is not None and results.detail.task == task)
    room.settle()


def finished(room: Room) -> Pictures:
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
    choose_task(room, 20)
    yield "details-failed", room.picture()
    choose_task(room, 3)
    yield "details-done", room.picture()
    room.picture()  # with the results in sight
    yield "rows-menu", asked_for(results.menu.menu, results.view)
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


def values(room: Room) -> Pictures:
    results = room.parts.tabs.results
    room.write(VALUES, "value", "range(6)", reduce="picture")
    room.run()
    room.wait(lambda: results.picture.isVisible() or results.detail.isVisible())
    room.settle()
    yield "results-reduced-picture", room.picture()
    for task, name in enumerate(("picture", "picture-colour", "large-dict", "large-text", "strange", "none")):
        choose_task(room, task)
        yield f"details-{name}", room.picture()
    choose_task(room, 1)
    results.detail.enlarge.click()
    room.settle()
    (window,) = [one for one in results.findChildren(QDialog) if one.isVisible()]
    yield "picture-window", taken(window)
    window.close()
    results.detail.closed.emit()


def plots(room: Room) -> Pictures:
    results = room.parts.tabs.results
    room.write(NUMBERS, "wave", "range(400)")
    room.run()
    room.show("results")
    results.head.plot.setChecked(True)
    room.wait(lambda: results._plot.is_made)
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


def export(room: Room) -> Pictures:
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
    look()
    yield "export-strip", room.picture()
    yield "quit-while-exporting", room.asked(lambda: room.window.loss_warning.accepted("Quit"))
    strip = next(one for one in results.findChildren(QPushButton) if one.accessibleName().startswith("Stop the export"))
    strip.click()
    look()
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


def comparing(room: Room) -> Pictures:
    parts = room.parts
    table = ArgumentSource("csv", path=str(throws(room.folder)))
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
        look()
        yield f"compare-{window.pages.tabText(page).split()[0].lower()}", taken(window)
    window.close()
    room.write(THROWS, "distance", table)
    parts.form.options.set_options(JobOptions(retries=4))
    room.settle()
    parts.actions["compare_code"].trigger()
    room.wait(lambda: _dialog(room) is not None)
    room.settle()
    window = _dialog(room)
    yield "difference", taken(window)
    window.close()
    parts.actions["open_job"].trigger()
    room.look_at(parts.environment)
    room.settle()
    yield "opened-again", room.picture()


def _dialog(room: Room) -> QDialog | None:
    return next((one for one in room.window.findChildren(QDialog) if one.isVisible()), None)
