"""Each panel of the window, brought in sight as a person would, and photographed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.workbench.trial import TrialOutcome
from tests.pictures.situations import SITUATIONS, Situation, lose_results, stage
from tests.pictures.stage import Stage

Shown = Callable[[Stage, Situation], QWidget]


def _tab(name: str) -> Shown:
    def show(stage: Stage, _situation: Situation) -> QWidget:
        tabs = stage.window.parts.tabs
        tabs.bring(getattr(tabs, name))
        stage.settle()
        return tabs

    return show


def _part(name: str) -> Shown:
    def show(stage: Stage, _situation: Situation) -> QWidget:
        found: QWidget = getattr(stage.window.parts, name)
        return found

    return show


def _arguments(stage: Stage, situation: Situation) -> QWidget:
    """The form with other arguments than an expression, and with what came of a try."""
    form = stage.window.parts.form
    arguments, trying = form.arguments, form.try_one
    if situation == "error":
        arguments.set_source(ArgumentSource("jsonl", path=str(files("mcgui_resources") / "examples" / "flights.jsonl")))
    elif situation == "full":
        arguments.set_source(ArgumentSource("sweep", axes=(("length", "0.1 to 4 in 40"), ("angle", "5, 15, 45"))))
    else:
        arguments.fields.kind_combo.setCurrentText("Sweep")
    stage.wait(lambda: not arguments.waiting)
    if situation != "empty":
        trying._tried = trying._target
        trying._on_outcome(_TRIED if situation == "full" else _FAILED)
    stage.settle()
    return form


_TRIED: Final = TrialOutcome("done", "{'length': 0.1, 'angle': 5}", "0.634", "swinging\n", seconds=0.0021, calls=140)
_FAILED: Final = TrialOutcome(
    "failed",
    "'Lisbon - Oslo'",
    type="ZeroDivisionError",
    message="division by zero",
    traceback='Traceback (most recent call last):\n  File "pi.py", line 7, in throw\n    return 1 / 0\n'
    "           ~~^~~\nZeroDivisionError: division by zero\n",
    seconds=0.00002,
)


def _throughput(stage: Stage, _situation: Situation) -> QWidget:
    stage.draw_plot()
    return stage.window.parts.plot


def _add_workers(stage: Stage, _situation: Situation) -> QWidget:
    actions = stage.window.parts.actions
    actions["add_workers"].setChecked(True)
    stage.settle()
    return stage.window.parts.add_workers


def _connect(stage: Stage, situation: Situation) -> QWidget:
    actions = stage.window.parts.actions
    actions["add_workers"].setChecked(False)
    actions["connect"].setChecked(True)
    panel = stage.window.parts.connect
    if situation != "empty":
        panel.field.setText("mcgui://192.168.1.31:8888#" + ("c.abcdef" if situation == "full" else "w.abcdef"))
    if situation == "error":
        panel._connect.click()
    stage.settle()
    return panel


def _links(stage: Stage, _situation: Situation) -> QWidget:
    actions = stage.window.parts.actions
    actions["connect"].setChecked(False)
    actions["links"].setChecked(True)
    panel = stage.window.parts.links
    stage.wait(panel.buttons["worker", "renew"].isEnabled)
    panel.buttons["watch", "renew"].click()
    stage.settle()
    return panel


def _preferences(stage: Stage, situation: Situation) -> QWidget:
    for shown in ("connect", "links"):
        stage.window.parts.actions[shown].setChecked(False)
    stage.settle()  # the window lays out what stands below them
    stage.window.preference_applier.open()
    dialog = stage.window.preference_applier.dialog
    assert dialog is not None, "it was opened just now"
    dialog.folder.setText("/home/ada/journals" if situation != "error" else "/dev/null/journals")
    if situation == "error":
        dialog._on_ok()
    dialog.setFixedSize(dialog.sizeHint().expandedTo(QSize(dialog.width(), 0)))
    stage.settle()
    return dialog


def _lost_results(stage: Stage, situation: Situation) -> QWidget:
    stage.window.command_palette.dismiss()
    lose_results(stage)
    return _tab("results")(stage, situation)


def _palette(stage: Stage, situation: Situation) -> QWidget:
    dialog = stage.window.preference_applier.dialog
    if dialog is not None:
        dialog.reject()
    palette = stage.window.command_palette
    palette.open()
    palette.typed.setText({"full": "co", "empty": "", "error": "xyz"}[situation])
    stage.settle()
    return palette


def _window(stage: Stage, _situation: Situation) -> QWidget:
    stage.window.parts.tabs.bring(stage.window.parts.tabs.results)
    stage.draw_plot()
    return stage.window


_ALL: Final = SITUATIONS
#: In this order: each leaves the window as the next one needs it. What looks the same in two situations is shown in one.
PANELS: Final[dict[str, tuple[Shown, tuple[Situation, ...]]]] = {
    "window": (_window, _ALL),
    "results": (_tab("results"), ("empty", "full")),
    "environment": (_part("environment"), _ALL),
    "job": (_part("form"), _ALL),
    "arguments": (_arguments, _ALL),
    "workers": (_part("workers"), _ALL),
    "throughput": (_throughput, _ALL),
    "jobs": (_tab("jobs"), _ALL),
    "failures": (_tab("failures"), _ALL),
    "log": (_tab("log"), _ALL),
    "progress": (_part("strip"), _ALL),
    "messages": (_part("messages"), ("error",)),
    "add-workers": (_add_workers, ("full",)),
    "connect": (_connect, ("empty", "error")),
    "links": (_links, ("full",)),
    "preferences": (_preferences, ("full", "error")),
    "palette": (_palette, _ALL),
    "lost-results": (_lost_results, ("error",)),
}


def photographed(made: Stage, situation: Situation) -> Iterator[tuple[str, QImage]]:
    """(name of the panel, its picture) of every panel that has something of its own to show in this situation."""
    stage(made, situation)
    for name, (show, situations) in PANELS.items():
        if situation in situations:
            yield name, show(made, situation).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def photographed_large(made: Stage) -> Iterator[tuple[str, QImage]]:
    """The window with text of twice the size, for who needs that; it is made while the font is so large."""
    stage(made, "full")
    yield "window", _window(made, "full").grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
