"""What else can be said of a job: its name, and what happens when tasks fail. Folded away until somebody asks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mcgui import format
from mcgui.console.form.option_fields import OptionField, option_field
from mcgui.console.form.shared_values_field import SharedValuesField
from mcgui.fold_button import FoldButton
from mcgui.plain_text import plain_tip
from mcgui.theme import Theme
from mcgui_core.protocol.run_options import DEFAULTS, OPTIONS, RunOptions

#: How arguments are passed is chosen beside them (`CallStyleChoice`).
_ELSEWHERE = ("call",)


@dataclass(frozen=True, slots=True)
class JobOptions(RunOptions):
    """The options of a job, its name and its shared values; how arguments are passed is no matter of this row."""

    name: str = ""  # "": the window names the job
    shared: str = ""  # the text of its shared values, as it was typed


class JobOptionsRow(QWidget):
    """A line that sums the options up, and unfolds into their fields.

    Signals:
        changed(): `options` are others.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.toggle = FoldButton("Options", "Options of the job", theme, self)
        self.toggle.turned.connect(self._show)
        self.fields = QWidget(self)
        self.name = QLineEdit(self.fields)
        self.name.setPlaceholderText("as the file or the function")
        words = {"continue": "go on with the others", "stop": "stop the job"}
        self._options: dict[str, OptionField] = {
            name: option_field(kind, words, self.fields) for name, kind in OPTIONS.items() if name not in _ELSEWHERE
        }
        for name, field in self._options.items():
            field.choose(DEFAULTS[name])
        self.shared = SharedValuesField(self.fields)
        self._lay_out()
        self.shared.edited.connect(self._on_changed)
        self.name.textChanged.connect(self._on_changed)
        for field in self._options.values():
            field.edited.connect(self._on_changed)
        self._show()

    def field(self, name: str) -> OptionField:
        """The field of an option, by the option's name in `RunOptions`."""
        return self._options[name]

    @property
    def options(self) -> JobOptions:
        chosen = {name: field.chosen for name, field in self._options.items()}
        return JobOptions(name=self.name.text().strip(), shared=self.shared.chosen, **chosen)  # type: ignore[arg-type]  # each of its own kind

    def set_options(self, options: JobOptions) -> None:
        """Show these; `changed` is emitted once."""
        with QSignalBlocker(self):
            self.name.setText(options.name)
            self.shared.choose(options.shared)
            for name, field in self._options.items():
                field.choose(getattr(options, name))
        self._on_changed()

    def _lay_out(self) -> None:
        rows = QFormLayout(self.fields)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.name.setAccessibleName("Name")
        titled = {name: (OPTIONS[name].title, field) for name, field in self._options.items()}
        for text, field in (("Name", self.name), *titled.values(), ("Shared values", self.shared)):
            label = QLabel(text, self.fields)
            label.setBuddy(field)
            rows.addRow(label, field)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.toggle)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.fields)

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    @Slot()
    def _show(self) -> None:
        self.fields.setVisible(self.toggle.is_open)
        self.toggle.setText(self._summary())
        self.toggle.setToolTip(plain_tip(self._summary()) if self._summary() != "Options" else "Options of the job")
        self.toggle.setAccessibleName(self._summary().replace("Options", "Options of the job", 1))

    def _summary(self) -> str:
        options = self.options
        said_of = {
            "retries": format.plural(options.retries, "retry", "retries"),
            "backoff": f"first retry after {format.duration(options.backoff)}",
            "timeout": f"{format.duration(options.timeout or 0)} a task",
            "memory": f"{format.bytes(options.memory)} a process",
            "hedge": "late tasks are not repeated",
            "on_error": "stops at a failure",
            "priority": f"priority {options.priority}",
            "chunksize": f"{options.chunksize} tasks a chunk",
            "setup": f"set up by {options.setup}",
            "seed": f"seed {options.seed}",
        }
        parts = [said_of[name] for name in self._options if getattr(options, name) != DEFAULTS[name]]
        if self.shared.shared:
            parts.append(f"shared {', '.join(name for name, _ in self.shared.shared)}")
        if options.name:
            parts.insert(0, f"“{options.name}”")
        said = ", ".join(parts)
        return f"Options: {said}" if said else "Options"
