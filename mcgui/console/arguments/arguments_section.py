"""Loading the arguments: their source, how many tasks it makes, the first few, and how each reaches the function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.arguments.argument_fields import ArgumentFields
from mcgui.console.arguments.argument_kinds import offered
from mcgui.console.arguments.argument_look import TYPING_DELAY, ArgumentLook, LooksAtArguments
from mcgui.console.arguments.argument_words import remark, summary
from mcgui.console.arguments.column_mapping import ColumnMappingEditor
from mcgui.console.arguments.expression_names import needs_environment
from mcgui.console.arguments.look_first import SENTENCE, LookFirst
from mcgui.console.arguments.preview_rows import PreviewRows
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.form.call_style_choice import CallStyleChoice
from mcgui.console.parts.elided_label import ElidedLabel, WrappedLabel
from mcgui.console.parts.hint_room import HintRoom
from mcgui.console.parts.scroll_when_small import StaysInSight, bring_what_is_wrong
from mcgui.fold_button import FoldButton
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme, Tone, set_tone
from mcgui_core.arguments.argument_fit import best_call, misfit
from mcgui_core.arguments.argument_source import TABLE_KINDS, ArgumentSource
from mcgui_core.arguments.column_renaming import rename_preview, renamed
from mcgui_core.environment.environment_source import FunctionInfo
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle

#: Lines of words below the field for which there is always room.
_HINT_LINES: Final = 4
_MEND: Final = "Say below what each column is passed as, or leave it out."
_BROKEN: Final = "The expression uses the environment, which has a problem. Mend that first."


class ArgumentsSection(QWidget):
    """The arguments of a job.

    `background`, `preview` and `restart` are for the `ArgumentLook`.

    An expression that uses names of the environment is evaluated again only when the environment is meant so
    (`settle`), not as it is typed: half a line of source might do anything when it is run.

    Arguments that came with a document that was not made here wait (`set_source`, `wait_for_look`): nothing of them is
    evaluated before somebody wants to `look`, or runs or tries the job.

    Signals:
        looked(): somebody wanted to see arguments that waited for that.
        changed(): the source, what is known of it, or how it is passed is different.
        row_chosen(int): which of the arguments the user selected among the first.
    """

    looked = Signal()
    changed = Signal()
    row_chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        background: Background,
        preview: LooksAtArguments,
        restart: Callable[[], object],
        dialogs: FileDialogs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = ArgumentLook(background, preview, restart, self)
        self._environment = EnvironmentState("", "", None, None)
        self._function: FunctionInfo | None = None
        self._preview: ArgumentsPreview | None = None  # as they are passed
        self._named = ("", "", "")  # kind, path and sheet whose columns have the chosen names
        self._offered = ""  # the misfit for which the names were unfolded
        self._misnamed = ""  # why the columns cannot have the chosen names
        self._wrong = ""  # the problem that was shown last
        self.fields = ArgumentFields(dialogs or FileDialogs(), theme, self)
        self._hints = QWidget(self)
        self.line = _wrapped_label(self._hints)
        self.line.setAccessibleName("What the arguments are")
        self.columns = ElidedLabel(self)  # in one line: the rows below it stay where they are
        set_tone(self.columns, "muted")
        self.remark = _wrapped_label(self._hints)
        self._in_sight = {words: self._brought(words) for words in (self.line, self.remark)}
        tip = "Choose which column is passed as which parameter"
        self.rename = FoldButton("Pass as", tip, theme, self)
        self.show_rows = FoldButton("Rows", "Show the first arguments as a table", theme, self)
        self.names = ColumnMappingEditor(self)
        self.names.hide()
        self.rows = PreviewRows(theme, self)
        self.look_first = LookFirst(self)
        self.look_first.clicked.connect(self.look)
        self.stop = QPushButton("Stop", self)
        self.stop.setProperty("segment", True)
        self.stop.setAccessibleName("Stop evaluating")
        self.call_choice = CallStyleChoice(self)
        self.call_combo = self.call_choice.combo
        self._lay_out()
        self._look.due.connect(self._ask)
        self._look.changed.connect(self._on_looked)
        self._look.late.connect(self._on_late)
        self.fields.changed.connect(self._on_source_changed)
        self.call_choice.changed.connect(self._tell)
        self.stop.clicked.connect(self._on_stop)
        self.rename.turned.connect(self._show_folds)
        self.show_rows.turned.connect(self._show_folds)
        self.names.changed.connect(self._on_names_changed)
        self.names.types_changed.connect(self._on_types_changed)
        self.rows.type_chosen.connect(self.names.choose_type)
        self.rows.chosen.connect(self.row_chosen)
        self._show()

    # What it says

    @property
    def source(self) -> ArgumentSource:
        return replace(self._looked_at(), columns=self.names.names)

    @property
    def preview(self) -> ArgumentsPreview | None:
        """What is known of the source; None where nothing is."""
        return self._preview

    @property
    def call(self) -> CallStyle:
        """How a task passes its argument: as the user chose, or what fits best."""
        return self.call_choice.chosen or self._best_call()

    @property
    def waiting(self) -> bool:
        """Whether the source is still being looked at."""
        return self._look.waiting

    @property
    def written(self) -> int:
        """When their file was written, in nanoseconds since the epoch; 0 where none is known."""
        return self._look.written

    @property
    def waits_for_look(self) -> bool:
        """Whether nothing of them is evaluated because they, or their environment, were not made here."""
        return self.look_first.holds(self.fields.source, self._environment.environment)

    @property
    def problem(self) -> str:
        """Why these arguments cannot be used, as a sentence; "" where they can, or where it is not known yet."""
        if self._look.refusal or self._misnamed:
            return self._look.refusal or self._misnamed
        preview = self._preview
        if preview is None:
            return ""
        if preview.problem and not self.source.skip_bad:
            return preview.problem
        if preview.count == 0:
            return "There are no arguments, so there is nothing to run."
        return self._misfit()

    # What it is told

    def set_source(self, source: ArgumentSource, call: CallStyle | None = None, *, wait: bool = False) -> None:
        """Show this source, and pass its arguments so; None passes them as fits best. With `wait`, it is somebody
        else's, and is looked at when that is wanted."""
        self.look_first.begin("arguments" if wait else "")
        self.call_choice.choose(call)
        named = (source.kind, source.path, source.sheet)
        if named != self._named:
            self.rename.set_open(False)  # it was unfolded for others
        self._named = named
        self.names.set_chosen(source.columns, source.types)
        self.fields.set_source(source)
        self._show()

    def wait_for_look(self) -> None:
        """An environment of somebody else was opened: what is here already may mean another thing now."""
        self.look_first.begin_with_environment()
        if self.waits_for_look:
            self._look.drop()
            self._forget()
        self._tell()

    @Slot()
    def look(self) -> None:
        """Evaluate what waited for that."""
        waited = self.waits_for_look
        self.look_first.begin("")
        if waited:
            self._look.begin_soon()
            self.looked.emit()
            self._tell()

    def set_environment(self, state: EnvironmentState) -> None:
        """Tell what the environment is by now; it is looked at when an expression needs it, after `settle`."""
        self._environment = state

    @Slot()
    def settle(self) -> None:
        """The environment is meant as it is: evaluate again what depends on it."""
        if self._look.has_asked_another(self._looked_at(), self._needed_environment()):
            self._look.begin_soon()

    def set_function(self, function: FunctionInfo | None) -> None:
        """Tell which function the arguments are for."""
        if function != self._function:
            self._function = function
            self.fields.set_parameters(function.parameters if function is not None else ())
            if self._look.found is not None:
                self._take_names()
            self._show()
            self.changed.emit()

    # Asking

    @Slot()
    def _on_source_changed(self) -> None:
        self._look.drop()
        self.look_first.typed()
        source, named = self.fields.source, self._named
        if named != (source.kind, source.path, source.sheet):
            self.names.set_chosen((), ())
            self.call_choice.choose(None)  # it was chosen for what these are not
            self.rename.set_open(False)
            if named[:2] != (source.kind, source.path):
                self.fields.read_as_found()
            self._named = (source.kind, source.path, self.fields.source.sheet)
        self._forget()
        if self.fields.is_empty:
            self._look.rest()
        else:
            self._look.begin_soon(TYPING_DELAY)
        self._tell()

    @Slot()
    def _on_types_changed(self) -> None:
        """What is known stays in sight until the file has been looked at again."""
        self._look.drop()
        self._look.begin_soon()
        self._tell()

    @Slot()
    def _on_names_changed(self) -> None:
        self._take_names()
        self._tell()

    def _forget(self) -> None:
        self._look.forget()
        self._take_names()

    def _take_names(self) -> None:
        """Let the columns that were found be passed under the chosen names."""
        self._misnamed = ""
        self._preview = found = self._look.found
        if found is None or self.fields.kind not in TABLE_KINDS:
            return
        self.names.show_columns(found, self._function.parameters if self._function is not None else ())
        if not found.fields or not self.names.passed:
            return
        try:
            renamed([*found.fields], self.names.passed, "The file")
        except ArgumentsInvalid as error:
            self._preview, self._misnamed = None, str(error)
            self.rename.set_open(True)
        else:
            self._preview = rename_preview(found, self.names.passed)

    @Slot()
    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _looked_at(self) -> ArgumentSource:
        """What previews are of: the source with its columns as the file names them."""
        return replace(self.fields.source, types=self.names.types)

    def _needed_environment(self) -> str:
        """The environment's source where the expression uses names of it, else ""."""
        source, state = self.source, self._environment
        needs = source.kind == "expression" and needs_environment(source.text, state.environment)
        return state.source if needs else ""

    @Slot()
    def _ask(self) -> None:
        if self.waits_for_look:
            self._tell()
            return
        environment = self._needed_environment()
        broken = bool(environment) and self._environment.problem is not None
        filename = self._environment.place or self._environment.filename
        self._look.ask(self._looked_at(), environment, filename, refusal=_BROKEN if broken else "")

    @Slot()
    def _on_looked(self) -> None:
        self._take_names()
        self._tell()

    @Slot()
    def _on_late(self) -> None:
        if not self._look.counting:
            self._say("still evaluating…", "muted")
        self.stop.show()

    @Slot()
    def _on_stop(self) -> None:
        self.fields.focus_entry()  # before the button hides
        self._look.stop()

    # Showing

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.fields)
        top = Qt.AlignmentFlag.AlignTop
        hints = QGridLayout(self._hints)
        hints.setContentsMargins(0, 0, 0, 0)
        hints.setHorizontalSpacing(8)
        hints.setVerticalSpacing(0)
        hints.addWidget(self.line, 0, 0, top)
        hints.addWidget(self.stop, 0, 1, top)
        hints.addWidget(self.look_first, 0, 1, 1, 2, top)
        hints.addWidget(self.show_rows, 0, 2, top)
        hints.addWidget(self.remark, 1, 0, 1, 3)
        hints.addWidget(self.call_choice, 2, 0, 1, 3)  # as wide as it can: it must not make the panel wider
        hints.setColumnStretch(0, 1)
        hints.setRowStretch(3, 1)
        self.room = HintRoom(self._hints, _HINT_LINES, summary=self.line)
        layout.addWidget(self._hints)
        head = QHBoxLayout()  # in a grid with the others, what these need would be added to what those do
        head.setSpacing(8)
        head.addWidget(self.columns, 1)
        head.addWidget(self.rename, 0, top)
        layout.addLayout(head)
        for widget in (self.names, self.fields.skip_bad, self.fields.encoding, self.fields.sheet, self.rows):
            layout.addWidget(widget)

    def _show(self) -> None:
        self.stop.hide()
        waits = self.waits_for_look
        self.look_first.setVisible(waits)
        preview = self._preview
        problem = self.problem
        self.fields.offer_skipping(bool(preview and preview.problem))
        if waits:
            self._say(SENTENCE, "warn")
        elif problem and problem != self._misfit():
            self._say(problem, "bad")
        elif preview is not None:
            # What does not fit takes the room of the first few, or the fields above it would move.
            self._say(summary(preview, self._look.counting, few=not problem), "muted", may_fold=True)
        elif self.fields.is_empty:
            self._say(offered(self.fields.kind).hint, "muted")
        else:
            self._say("evaluating…", "muted")
        self._show_calls()
        self._show_columns()
        self._show_folds()  # last: how much room all of these words need is known now
        if problem != self._wrong:
            self._wrong = problem
            for words, in_sight in self._in_sight.items():
                if problem and words is (self.remark if problem == self._misfit() else self.line):
                    in_sight.begin()
                else:
                    in_sight.end()

    def _show_columns(self) -> None:
        preview = self._preview
        self.columns.setVisible(bool(preview and preview.columns) and self.fields.kind in TABLE_KINDS)
        if preview:
            count = format.plural(len(preview.columns), "column")
            self.columns.say(f"Columns: {', '.join(preview.columns)}", short=count)

    def _show_remark(self) -> None:
        """Below that: that the arguments do not fit the function, or that some rows are left out, or read so."""
        misfit = self._misfit()
        known = remark(self._preview, self.source.skip_bad) if self._preview else ""
        below = self.rename.is_open and not self.rename.isHidden()  # it stays unfolded for the next file
        self.remark.setText(f"{misfit} {_MEND}" if misfit and below else misfit or known)
        self.remark.setVisible(bool(self.remark.text()))
        set_tone(self.remark, "bad" if misfit else "warn")
        is_table = self.fields.kind in TABLE_KINDS and not self.fields.is_empty
        self.room.hold((self.fields.kind, self.source.path, self._hints.width()) if is_table else None)

    def _show_calls(self) -> None:
        preview = self._preview
        first = preview.first[0] if preview and preview.first else ""
        could_differ = first.startswith(("(", "[", "{")) and (not (preview and preview.columns) or bool(self._misfit()))
        self.call_choice.offer(self._function.name if self._function else "f", self._best_call(), could_differ)

    def _best_call(self) -> CallStyle:
        return best_call(self._preview, self._function) if self._preview else "single"

    def _misfit(self) -> str:
        return misfit(self._function, self.call, self._preview) if self._preview else ""

    @Slot()
    def _show_folds(self) -> None:
        """The names of the columns, and the rows: each where there are any, and it is unfolded."""
        found, misfit = self._look.found, self._misfit()
        # A column that the file lost, but that has a type, can still be told otherwise.
        has_columns = bool(found.fields if found else self._look.refusal and self.names.types)
        has_columns = has_columns and self.fields.kind in TABLE_KINDS
        if misfit and has_columns and self.call == "kwargs" and misfit != self._offered:
            self._offered = misfit
            self.rename.set_open(True)  # what does not fit by name can be mended right there
        self.rename.setVisible(has_columns)
        self.show_rows.setVisible(bool(found and found.first))
        if found is not None:
            self.rows.show_preview(found, self.names.passed if has_columns else ())
        self.names.setVisible(has_columns and self.rename.is_open)
        shows_rows = bool(found and found.first) and self.show_rows.is_open
        self.rows.setVisible(shows_rows)
        self.fields.offer_readings(found, wanted=shows_rows or self._look.unfit)
        self._show_remark()

    def _brought(self, words: QWidget) -> StaysInSight:
        return StaysInSight(words, lambda: bring_what_is_wrong(self.fields, words))

    def _say(self, text: str, tone: Tone, *, may_fold: bool = False) -> None:
        self.line.setText(text)
        self.line.setToolTip(plain_tip(text) if may_fold else "")
        self.room.may_fold(may_fold)
        self.line.setAccessibleDescription(text)
        set_tone(self.line, tone)


def _wrapped_label(parent: QWidget) -> WrappedLabel:
    label = WrappedLabel(parent)
    set_tone(label, "muted")
    return label
