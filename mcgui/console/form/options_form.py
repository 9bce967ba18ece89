"""The fields of a job's options: its name, what happens when tasks fail, what each call is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from mcgui.console.form.option_fields import OptionField, option_field
from mcgui.console.form.shared_values_field import SharedValuesField
from mcgui.console.parts.elided_label import WrappedLabel
from mcgui.console.parts.hint_room import HintRoom
from mcgui.console.parts.scroll_when_small import StaysInSight, bring_what_is_wrong
from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui_core.protocol.run_options import OPTIONS

#: How arguments are passed is chosen beside them (`CallStyleChoice`).
_ELSEWHERE: Final = ("call",)
_WORDS: Final = {"continue": "go on with the others", "stop": "stop the job"}
_HINT: Final = "Each shared value is made once, and given to every call by its name."
#: Pixels of the field of the name that its text has not.
_AIR: Final = 24
#: Lines of words below the fields for which there is always room.
_LINES: Final = 2


class OptionsForm(QWidget):
    """A field for each option; below them what is wrong with one.

    Signals:
        edited(): the user has changed one.
    """

    edited = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("as the file or the function")
        self.name.setAccessibleName("Name")
        metrics = self.name.fontMetrics()
        self.name.setMinimumWidth(metrics.horizontalAdvance(self.name.placeholderText()) + scaled(_AIR))
        self._fields: dict[str, OptionField] = {
            name: option_field(kind, _WORDS, self) for name, kind in OPTIONS.items() if name not in _ELSEWHERE
        }
        self.shared = SharedValuesField(self)
        self.remark = WrappedLabel(self)
        self.remark.setText(_HINT)
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        set_tone(self.remark, "muted")
        self._in_sight = StaysInSight(self.remark, lambda: bring_what_is_wrong(self, self.remark))
        HintRoom(self.remark, _LINES)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # where text is large
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        titled = {name: (OPTIONS[name].title, field) for name, field in self._fields.items()}
        for text, field in (("Name", self.name), *titled.values(), ("Shared values", self.shared)):
            label = QLabel(text, self)
            label.setBuddy(field)
            rows.addRow(label, field)
        rows.addRow(self.remark)
        self.name.textChanged.connect(self._on_edited)
        for field in (*self._fields.values(), self.shared):
            field.edited.connect(self._on_edited)

    def field(self, name: str) -> OptionField:
        """The field of an option, by the option's name in `RunOptions`."""
        return self._fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """What is filled in, by the names of `JobOptions`."""
        options = {name: field.chosen for name, field in self._fields.items()}
        return {**options, "name": self.name.text().strip(), "shared": self.shared.chosen}

    def show_options(self, options: Mapping[str, Any]) -> None:
        """Show these, by the names of `JobOptions`; nothing is told of it."""
        with QSignalBlocker(self):
            self.name.setText(options["name"])
            self.shared.choose(options["shared"])
            for name, field in self._fields.items():
                field.choose(options[name])

    def show_problem(self, problem: str, about: str) -> None:
        """Say what is wrong with the option of that name, or what shared values are for."""
        said = problem or _HINT
        if said != self.remark.text():
            self.remark.setText(said)
            set_tone(self.remark, "bad" if problem else "muted")
            if problem:
                self._in_sight.begin()
            else:
                self._in_sight.end()
        for name, field in (*self._fields.items(), ("shared", self.shared)):
            if name in ("setup", "seed", "shared"):
                set_tone(field, "bad" if problem and name == about else "")
                kind = OPTIONS.get(name)
                field.setAccessibleDescription(problem if problem and name == about else kind.text if kind else _HINT)

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit()
