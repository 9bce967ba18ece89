"""The line above the results that shows how far an export is, with the button that stops it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.results.result_exporter import Exporter


class ExportStrip(QWidget):
    """Hidden while nothing is written."""

    def __init__(self, exporter: Exporter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setAccessibleName("How far the export is")
        self.stop = QPushButton("Stop", self)
        self.stop.setAccessibleName("Stop the export; no file is written")
        self.stop.clicked.connect(exporter.stop)
        self.stop.clicked.connect(self._on_stop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.setSpacing(8)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self.stop)
        exporter.started.connect(self._on_started)
        exporter.progressed.connect(self._on_progressed)
        for ended in (exporter.written, exporter.failed, exporter.stopped):
            ended.connect(self.hide)
        self.hide()

    @Slot(str)
    def _on_started(self, path: str) -> None:
        self._label.say(f"Writing {Path(path).name}", path)
        self._bar.setValue(0)
        self.stop.setEnabled(True)
        self.show()

    @Slot(float)
    def _on_progressed(self, part: float) -> None:
        self._bar.setValue(round(1000 * part))
        self._bar.setAccessibleDescription(f"{part:.0%}")

    @Slot()
    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self._label.say("Stopping the export")
