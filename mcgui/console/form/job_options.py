"""What else can be said of a job: its name, and what happens when tasks fail. Folded away until somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.icons import icon
from mcgui.theme import Theme, pad, set_tone


@dataclass(frozen=True, slots=True)
class JobOptions:
    """The options of a job, as `JobSpec` has them."""

    name: str = ""  # "": the window names the job
    retries: int = 0
    timeout: float | None = None  # seconds a task
    on_error: Literal["continue", "stop"] = "continue"
    priority: int = 0


class JobOptionsRow(QWidget):
    """A line that sums the options up, and unfolds into their fields.

    Signals:
        changed(): `options` are others.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.toggle = QPushButton(self)
        self.toggle.setProperty("link", True)
        self.toggle.setCheckable(True)
        self.toggle.setIconSize(QSize(14, 14))
        self.toggle.setAccessibleName(self.tr("Options of the job"))
        self.toggle.toggled.connect(self._on_toggled)
        self.fields = QWidget(self)
        self.name = QLineEdit(self.fields)
        self.name.setPlaceholderText(self.tr("as the file or the function"))
        self.retries = QSpinBox(self.fields)
        self.retries.setRange(0, 1000)
        self.timeout = QDoubleSpinBox(self.fields)
        self.timeout.setRange(0, 10_000_000)
        self.timeout.setDecimals(1)
        self.timeout.setSuffix(self.tr(" s a task"))
        self.timeout.setSpecialValueText(self.tr("none"))
        self.on_error = QComboBox(self.fields)
        self.on_error.addItem(self.tr("go on with the others"), "continue")
        self.on_error.addItem(self.tr("stop the job"), "stop")
        self.priority = QSpinBox(self.fields)
        self.priority.setRange(-1000, 1000)
        self.priority.setToolTip(self.tr("Jobs of a higher priority run first."))
        for box in (self.retries, self.timeout, self.priority):
            pad(box)
        self._lay_out()
        self.name.textChanged.connect(self._on_changed)
        self.retries.valueChanged.connect(self._on_changed)
        self.timeout.valueChanged.connect(self._on_changed)
        self.on_error.currentIndexChanged.connect(self._on_changed)
        self.priority.valueChanged.connect(self._on_changed)
        theme.changed.connect(self._dress)
        self._show()

    @property
    def options(self) -> JobOptions:
        return JobOptions(
            name=self.name.text().strip(),
            retries=self.retries.value(),
            timeout=self.timeout.value() or None,
            on_error=self.on_error.currentData(),
            priority=self.priority.value(),
        )

    def set_options(self, options: JobOptions) -> None:
        """Show these; `changed` is emitted once."""
        with QSignalBlocker(self):
            self.name.setText(options.name)
            self.retries.setValue(options.retries)
            self.timeout.setValue(options.timeout or 0)
            self.on_error.setCurrentIndex(self.on_error.findData(options.on_error))
            self.priority.setValue(options.priority)
        self._on_changed()

    def _lay_out(self) -> None:
        rows = QFormLayout(self.fields)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, field in (
            (self.tr("Name"), self.name),
            (self.tr("Retries"), self.retries),
            (self.tr("Time limit"), self.timeout),
            (self.tr("When a task fails"), self.on_error),
            (self.tr("Priority"), self.priority),
        ):
            label = QLabel(text, self.fields)
            label.setBuddy(field)
            field.setAccessibleName(text)
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
        set_tone(self.toggle, "muted")

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    @Slot(bool)
    def _on_toggled(self) -> None:
        self._show()

    def _show(self) -> None:
        self.fields.setVisible(self.toggle.isChecked())
        self.toggle.setText(self._summary())
        self.toggle.setAccessibleDescription(self._summary())
        self._dress()

    @Slot()
    def _dress(self) -> None:
        sign = "chevron-down" if self.toggle.isChecked() else "chevron-right"
        self.toggle.setIcon(icon(sign, self._theme.colours.muted))

    def _summary(self) -> str:
        options = self.options
        parts = [
            self.tr("“{name}”").format(name=options.name) if options.name else "",
            format.plural(options.retries, "retry", "retries") if options.retries else "",
            self.tr("{time} a task").format(time=format.duration(options.timeout)) if options.timeout else "",
            self.tr("stops at a failure") if options.on_error == "stop" else "",
            self.tr("priority {number}").format(number=options.priority) if options.priority else "",
        ]
        said = ", ".join(part for part in parts if part)
        return self.tr("Options: {options}").format(options=said) if said else self.tr("Options")
