"""What the window shows before there is any job: how to begin, and the examples."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mcgui.console.files.examples import Example
from mcgui.theme import set_tone

_COLUMNS = 3


class FirstRun(QScrollArea):
    """Offers the examples. `chosen(path)`: open this job document."""

    chosen = Signal(object)

    def __init__(self, examples: tuple[Example, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("How to begin")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget(self)
        content.setObjectName("firstRun")
        title = QLabel("No job yet", self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        words = QLabel(
            "Write or open an environment on the left, choose a function, say what its arguments are, and press Run. "
            "Or begin with an example:",
            self,
        )
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        set_tone(words, "muted")
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, example in enumerate(examples):
            grid.addWidget(self._button(example), number // _COLUMNS, number % _COLUMNS)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(words)
        layout.addLayout(grid)
        layout.addStretch(2)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)

    def _button(self, example: Example) -> QPushButton:
        button = QPushButton(self)
        button.setAccessibleName(f"Open the example {example.name}: {example.sentence}")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        name, sentence = QLabel(example.name, button), QLabel(example.sentence, button)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        sentence.setWordWrap(True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_tone(sentence, "muted")
        lines = QVBoxLayout(button)
        lines.setContentsMargins(10, 6, 10, 6)
        lines.setSpacing(1)
        for label in (name, sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(label)
        lines.setStretch(1, 1)
        path: Path = example.path
        button.clicked.connect(lambda: self.chosen.emit(path))
        return button
