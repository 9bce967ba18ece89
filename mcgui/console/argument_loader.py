"""Loading the arguments: their source, how many tasks it makes, the first few, and how each reaches the function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.argument_fields import ArgumentFields
from mcgui.console.environment_state import EnvironmentState
from mcgui.console.expression_names import needs_environment
from mcgui.console.file_dialogs import FileDialogs
from mcgui.console.fitting import best_call, misfit
from mcgui.console.latest import Latest
from mcgui.theme import Tone, set_tone
from mcgui_core.arguments import ArgumentSource
from mcgui_core.environment import FunctionInfo
from mcgui_core.jobs import CALL_STYLES, ArgumentsPreview, CallStyle

#: Milliseconds after the last key press before an expression is evaluated.
TYPING_DELAY = 300
#: Characters of the preview; more would not be read.
SHOWN = 100
NO_BREAK: Final = "\u00a0"
_CALLS: Final[dict[CallStyle, str]] = {"single": "{name}(value)", "args": "{name}(*value)", "kwargs": "{name}(**value)"}


class ArgumentLoader(QWidget):
    """The arguments of a job.

    `preview(source, environment)` looks at a source and blocks; it is called in `background`, one at a time, and should
    run the expression in another process. `restart()` makes a preview that never ends give up. Answers that are not
    to the latest entry are dropped.

    An expression that uses names of the environment is evaluated again only when the environment is meant so
    (`settle`), not as it is typed: half a line of source might do anything when it is run.

    Signals:
        changed(): the source, what is known of it, or how it is passed is different.
    """

    changed = Signal()

    def __init__(
        self,
        background: Background,
        preview: Callable[[ArgumentSource, str], ArgumentsPreview],
        restart: Callable[[], object],
        dialogs: FileDialogs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask_preview = preview
        self._environment = EnvironmentState("", "", None, None)
        self._function: FunctionInfo | None = None
        self._preview: ArgumentsPreview | None = None
        self._refusal = ""
        self._asked: tuple[ArgumentSource, str] | None = None  # what the preview is of
        self.fields = ArgumentFields(dialogs or FileDialogs(), self)
        self.line = _wrapped_label(self)
        self.line.setAccessibleName(self.tr("What the arguments are"))
        self.columns = _wrapped_label(self)
        self.remark = _wrapped_label(self)
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.setProperty("segment", True)
        self.stop.setAccessibleName(self.tr("Stop evaluating"))
        self.call_label = QLabel(self.tr("Passed as"), self)
        self.call_combo = QComboBox(self)
        self.call_combo.setAccessibleName(self.tr("How a task passes its argument"))
        self.call_label.setBuddy(self.call_combo)
        set_tone(self.call_label, "muted")
        self._lay_out()
        self._latest = Latest(background, restart, self)
        self._latest.answered.connect(self._on_answered)
        self._latest.refused.connect(self._on_refused)
        self._latest.late.connect(self._on_late)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_DELAY)
        self._timer.timeout.connect(self._ask)
        self.fields.changed.connect(self._on_source_changed)
        self.call_combo.activated.connect(self._on_call_chosen)
        self.stop.clicked.connect(self._on_stop)
        self._show()

    # What it says

    @property
    def source(self) -> ArgumentSource:
        return self.fields.source

    @property
    def preview(self) -> ArgumentsPreview | None:
        """What is known of the source; None where nothing is."""
        return self._preview

    @property
    def call(self) -> CallStyle:
        """How a task passes its argument: as the user chose, or what fits best."""
        chosen: CallStyle | None = self.call_combo.currentData()
        if chosen:
            return chosen
        return self._best_call()

    @property
    def waiting(self) -> bool:
        """Whether the source is still being looked at."""
        return self._timer.isActive() or self._latest.busy

    @property
    def problem(self) -> str:
        """Why these arguments cannot be used, as a sentence; "" where they can, or where it is not known yet."""
        if self._refusal:
            return self._refusal
        preview = self._preview
        if preview is None:
            return ""
        if preview.problem and not self.source.skip_bad:
            return preview.problem
        if preview.count == 0:
            return self.tr("There are no arguments, so there is nothing to run.")
        return self._misfit()

    # What it is told

    def set_source(self, source: ArgumentSource, call: CallStyle | None = None) -> None:
        """Show this source, and pass its arguments so; None passes them as fits best."""
        self.call_combo.setCurrentIndex(max(0, self.call_combo.findData(call)))
        self.fields.set_source(source)

    def set_environment(self, state: EnvironmentState) -> None:
        """Tell what the environment is by now; it is looked at when an expression needs it, after `settle`."""
        self._environment = state

    @Slot()
    def settle(self) -> None:
        """The environment is meant as it is: evaluate again what depends on it."""
        if self._asked is not None and self._asked != (self.source, self._needed_environment()):
            self._timer.start(0)

    def set_function(self, function: FunctionInfo | None) -> None:
        """Tell which function the arguments are for."""
        if function != self._function:
            self._function = function
            self._show()
            self.changed.emit()

    # Asking

    @Slot()
    def _on_source_changed(self) -> None:
        self._latest.drop()
        self._preview, self._refusal = None, ""
        if self.fields.is_empty:
            self._timer.stop()
            self._asked = None
        else:
            self._timer.start(TYPING_DELAY)
        self._show()
        self.changed.emit()

    def _needed_environment(self) -> str:
        """The environment's source where the expression uses names of it, else ""."""
        source, state = self.source, self._environment
        needs = source.kind == "expression" and needs_environment(source.text, state.environment)
        return state.source if needs else ""

    @Slot()
    def _ask(self) -> None:
        source, environment = self.source, self._needed_environment()
        self._asked = (source, environment)
        if environment and self._environment.problem is not None:
            self._preview = None
            self._refusal = self.tr("The expression uses the environment, which has a problem. Mend that first.")
            self._show()
            self.changed.emit()
            return
        self._latest.ask(lambda: self._ask_preview(source, environment))

    @Slot(object)
    def _on_answered(self, preview: ArgumentsPreview) -> None:
        self._preview, self._refusal = preview, ""
        self._show()
        self.changed.emit()

    @Slot(object)
    def _on_refused(self, error: Exception) -> None:
        self._preview, self._refusal = None, str(error) or type(error).__name__
        self._show()
        self.changed.emit()

    @Slot()
    def _on_late(self) -> None:
        self._say(self.tr("still evaluating…"), "muted")
        self.stop.show()

    @Slot()
    def _on_stop(self) -> None:
        self._latest.stop()
        self._refusal = self.tr("Stopped. Change the arguments to have them looked at again.")
        self.fields.focus_entry()
        self._show()
        self.changed.emit()

    @Slot()
    def _on_call_chosen(self) -> None:
        self._show()
        self.changed.emit()

    # Showing

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.fields)
        below = QGridLayout()
        below.setHorizontalSpacing(8)
        below.setVerticalSpacing(4)
        below.addWidget(self.line, 0, 0, 1, 2)
        below.addWidget(self.stop, 0, 2)
        below.addWidget(self.columns, 1, 0, 1, 3)
        below.addWidget(self.remark, 2, 0, 1, 3)
        below.addWidget(self.fields.skip_bad, 3, 0, 1, 3)
        below.addWidget(self.call_label, 4, 0)
        below.addWidget(self.call_combo, 4, 1, 1, 2)
        below.setColumnStretch(1, 1)
        layout.addLayout(below)
        self.call_combo.addItem("", None)
        for style in CALL_STYLES:
            self.call_combo.addItem("", style)

    def _show(self) -> None:
        self.stop.hide()
        preview = self._preview
        problem = self.problem
        self.fields.offer_skipping(bool(preview and preview.problem))
        self._show_calls()
        self._show_columns()
        self._show_remark()
        if problem and problem != self._misfit():
            self._say(problem, "bad")
        elif preview is not None:
            self._say(_summary(preview), "muted")
        elif self.fields.is_empty:
            self._say(self._hint(), "muted")
        else:
            self._say(self.tr("evaluating…"), "muted")

    def _show_columns(self) -> None:
        preview = self._preview
        self.columns.setVisible(bool(preview and preview.columns))
        if preview:
            self.columns.setText(self.tr("Columns: {names}").format(names=", ".join(preview.columns)))

    def _show_remark(self) -> None:
        """Below that: that the arguments do not fit the function, or that some rows are left out."""
        misfit = self._misfit()
        left_out = self._preview.problem if self._preview and self.source.skip_bad else ""
        self.remark.setText(misfit or left_out)
        self.remark.setVisible(bool(self.remark.text()))
        set_tone(self.remark, "bad" if misfit else "warn")

    def _show_calls(self) -> None:
        name = self._function.name if self._function else "f"
        for row, style in enumerate(CALL_STYLES, start=1):
            self.call_combo.setItemText(row, _CALLS[style].format(name=name))
        chosen = self.call_combo.currentIndex() > 0
        automatic = self.call if not chosen else "single"
        self.call_combo.setItemText(0, self.tr("Automatic: {call}").format(call=_CALLS[automatic].format(name=name)))
        preview = self._preview
        first = preview.first[0] if preview and preview.first else ""
        could_differ = first.startswith(("(", "[", "{")) and (not (preview and preview.columns) or bool(self._misfit()))
        matters = could_differ or (chosen and self.call != self._best_call())
        self.call_label.setVisible(matters)
        self.call_combo.setVisible(matters)

    def _best_call(self) -> CallStyle:
        return best_call(self._preview, self._function) if self._preview else "single"

    def _misfit(self) -> str:
        return misfit(self._function, self.call, self._preview) if self._preview else ""

    def _hint(self) -> str:
        return {
            "expression": self.tr("A Python expression: one task for each value that it gives."),
            "text": self.tr("One task for each line of the file."),
            "csv": self.tr("One task for each row; its columns are passed by name."),
        }[self.fields.kind]

    def _say(self, text: str, tone: Tone) -> None:
        self.line.setText(text)
        self.line.setAccessibleDescription(text)
        set_tone(self.line, tone)


def _summary(preview: ArgumentsPreview) -> str:
    """Such as "1,000,000 tasks: 0, 1, 2 …"."""
    tasks = "Tasks, counted while they run" if preview.count is None else format.plural(preview.count, "task")
    shown = _first_few(preview.first)
    more = preview.count is None or preview.count > len(preview.first) or shown != ", ".join(preview.first)
    return f"{tasks}: {shown}{NO_BREAK + '…' if more else ''}"


def _first_few(values: tuple[str, ...]) -> str:
    """As many whole values as there is room for, and of one that is longer than that the beginning."""
    shown = ", ".join(values[:1])[:SHOWN]
    for value in values[1:]:
        if len(shown) + len(value) > SHOWN:
            break
        shown += f", {value}"
    return shown


def _wrapped_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    set_tone(label, "muted")
    return label
