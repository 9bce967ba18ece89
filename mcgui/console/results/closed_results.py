"""The line above the results that says that some were not opened, with the button that opens them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.console.results.result_source import ResultSource
from mcgui.theme import set_tone


class ClosedResults(QWidget):
    """Hidden while all are open.

    Signals:
        opened(): the workers are trusted from now on, so what is shown has to be fetched anew.
        trouble(str): that could not be done.
    """

    opened = Signal()
    trouble = Signal(str)

    def __init__(self, background: Background, source: ResultSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background, self._source = background, source
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tone(self.label, "warn")
        self.button = QPushButton("Open them anyway", self)
        self.button.setToolTip("Trust the workers of this master; remembered on this computer")
        self.button.clicked.connect(self._on_open)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        self.hide()

    @Slot(int)
    def show_count(self, count: int) -> None:
        """So many results of the job are closed."""
        some = format.plural(count, "result was", "results were")
        self.label.setText(
            f"{some} not opened: more than data, and opening that runs code that its worker chose, as you."
        )
        self.button.setEnabled(True)
        self.setVisible(count > 0)

    @Slot()
    def _on_open(self) -> None:
        self.button.setEnabled(False)
        self._background.run(self._source.trust_workers, lambda _none: self.opened.emit(), self._on_trouble)

    def _on_trouble(self, error: Exception) -> None:
        self.button.setEnabled(True)
        self.trouble.emit(str(error))
