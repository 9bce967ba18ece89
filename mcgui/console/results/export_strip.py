"""The line above the results that shows how far an export is, with the button that stops it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.focus_return import FocusReturn
from mcgui.console.results.result_exporter import ResultExporter

#: Reports of the same part after which a bar that stands still says only that it goes on: how far, nobody knows within
#: one large value, or while the file is put together.
_STILL: Final = 5


class ExportStrip(QWidget):
    """Hidden while nothing is written."""

    def __init__(self, exporter: ResultExporter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(self)
        self._bar = QProgressBar(self)
        self._part, self._reports = 0.0, 0  # how far it is, and how often that was told
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setAccessibleName("How far the export is")
        self.stop = QPushButton("Stop", self)
        self.stop.setAccessibleName("Stop the export; no file is written")
        self.stop.clicked.connect(exporter.stop)
        self.stop.clicked.connect(self._on_stop)
        self._focus = FocusReturn(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.setSpacing(8)
        layout.addWidget(self._label, 3)  # a name of a file is read; of a bar, a short one tells as much
        layout.addWidget(self._bar, 1)
        layout.addWidget(self.stop)
        exporter.started.connect(self._on_started)
        exporter.progressed.connect(self._on_progressed)
        for ended in (exporter.written, exporter.failed, exporter.stopped):
            ended.connect(self._on_ended)
        self.hide()

    @Slot(str)
    def _on_started(self, path: str) -> None:
        name = Path(path).name
        self._label.say(f"Writing {name}", path, short=(name, "Writing…"))
        self._part, self._reports = -1.0, 0
        self._on_progressed(0.0)
        self.stop.setEnabled(True)
        self.show()

    @Slot(float)
    def _on_progressed(self, part: float) -> None:
        self._reports = self._reports + 1 if part == self._part else 0
        self._part = part
        stands = self._reports >= _STILL
        self._bar.setRange(0, 0 if stands else 1000)
        self._bar.setValue(round(1000 * part))
        self._bar.setAccessibleDescription(f"{part:.0%}, still at it" if stands else f"{part:.0%}")

    @Slot()
    def _on_stop(self) -> None:
        self._focus.give_back()
        self.stop.setEnabled(False)
        self._label.say("Stopping the export")

    @Slot()
    def _on_ended(self) -> None:
        self._focus.give_back()
        self.hide()
