"""A strip in which a job is given another name, and a note about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from mcgui.console.parts.buttons import icon_button
from mcgui.icons import icon
from mcgui.theme import set_tone
from mcgui_core.protocol.job_check import NAME_LIMIT, NOTE_LIMIT
from mcgui_core.protocol.messages import JobStatus


class JobDescription(QWidget):
    """Hidden until `edit`; Enter or Keep takes what was typed, Escape leaves it.

    Signals: `described(job id, name, note)`; `closed()`: it is about to be hidden again.
    """

    described = Signal(int, str, str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._job: int | None = None
        self._which = QLabel(self)
        set_tone(self._which, "muted")
        self.name = _field("Name of the job", "Name", NAME_LIMIT, self)
        self.note = _field("Note about the job", "Note: what it was for, what came of it", NOTE_LIMIT, self)
        self.keep = QPushButton("Keep", self)
        self.keep.setAccessibleName("Keep name and note")
        self.keep.clicked.connect(self._on_keep)
        self._leave = icon_button("Leave name and note as they are", self, "Leave name and note as they are (Esc)")
        self._leave.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 4, 2)
        row.setSpacing(8)
        row.addWidget(self._which)
        row.addWidget(self.name, 1)
        row.addWidget(self.note, 2)
        row.addWidget(self.keep)
        row.addWidget(self._leave)
        for field in (self.name, self.note):
            field.returnPressed.connect(self._on_keep)
        self.name.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self._dress()
        self.hide()

    def edit(self, job: JobStatus) -> None:
        """Show what this job is called, to be changed."""
        self._job = job.id
        self._which.setText(f"Job {job.id}")
        self.name.setText(job.name)
        self.note.setText(job.note)
        self.show()
        self.note.setFocus()
        self.note.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        self._leave.setIcon(icon("close", self.palette().color(QPalette.ColorRole.PlaceholderText)))

    @Slot()
    def _on_keep(self) -> None:
        if self._job is not None and self.name.text().strip():
            self.described.emit(self._job, self.name.text(), self.note.text())
            self._close()

    @Slot()
    def _close(self) -> None:
        self._job = None
        self.closed.emit()  # before it hides: the focus goes where it is wanted, and not to whatever comes next
        self.hide()


def _field(name: str, hint: str, limit: int, parent: QWidget) -> QLineEdit:
    field = QLineEdit(parent)
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setMaxLength(limit)
    return field
