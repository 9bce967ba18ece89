"""What the window shows before there is any job: how to begin, and the examples."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.files.examples import Example
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.theme import set_tone

#: Pixels of the width of a card, at least.
_CARD: Final = 200
#: Pixels between two examples, and at the sides of all of them.
_GAP: Final = 8
_SIDE: Final = 16
_BEGIN: Final = (
    "Write or open an environment on the left, choose a function, say what its arguments are, and press Run. "
    "Or begin with an example:"
)
_EXAMPLE: Final = "Begin with an example:"


class FirstRun(QWidget):
    """Offers the examples, with as many words as there is room for: cards that say what each does, or names alone,
    which say it in their tips. `chosen(path)`: open this job document."""

    chosen = Signal(object)

    def __init__(self, examples: tuple[Example, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("How to begin")
        self._examples = examples
        cards = [self._card(example) for example in examples]
        # The one with most words first.
        self._pages = (
            _Page(_BEGIN, cards, self, _CARD),
            _Page(_BEGIN, [self._name(example) for example in examples], self),
            _Page(_EXAMPLE, [self._name(example) for example in examples], self, titled=False),
        )
        self._stack = QStackedLayout(self)
        self._stack.setSizeConstraint(QStackedLayout.SizeConstraint.SetNoConstraint)  # or the largest page's size
        for page in self._pages:
            self._stack.addWidget(page)
        self._scrolled: QScrollArea | None = None  # the names, where there is not even room for these

    def minimumSizeHint(self) -> QSize:
        """With the fewest words, and one row of names; the others are its comfort."""
        least = self._pages[-1]
        return QSize(least.least_width(), least.one_row())

    def comfort(self) -> int:
        """Pixels of the height in which the other names are; 0 while a list of jobs stands here."""
        least = self._pages[-1]
        return least.needed(max(self.width(), least.least_width())) - least.one_row() if self.isVisible() else 0

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._choose()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._choose()
        return super().event(event)

    def _choose(self) -> None:
        fits = (page for page in self._pages if page.needed(self.width()) <= self.height())
        self._stack.setCurrentWidget(next(fits, None) or self._scroll_names())

    def _scroll_names(self) -> QScrollArea:
        """A button that is lower than its text would cut it."""
        if self._scrolled is None:
            self._scrolled = QScrollArea(self)
            self._scrolled.setObjectName("scrolled")
            self._scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
            self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._scrolled.setWidgetResizable(True)
            names = _Page(_EXAMPLE, [self._name(example) for example in self._examples], self._scrolled, titled=False)
            names.setObjectName("scrolledPanel")
            self._scrolled.setWidget(names)
            self._stack.addWidget(self._scrolled)
        page = self._scrolled.widget()
        assert isinstance(page, _Page), "it was set just now"
        page.needed(self.width() - self._scrolled.verticalScrollBar().sizeHint().width())  # which arranges them
        return self._scrolled

    def _card(self, example: Example) -> QPushButton:
        """Its name, and what it does."""
        button = self._button(example)
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
        return button

    def _name(self, example: Example) -> QPushButton:
        """Its name alone."""
        button = self._button(example)
        button.setText(example.name)
        button.setToolTip(plain_tip(example.sentence))
        return button

    def _button(self, example: Example) -> QPushButton:
        button = QPushButton(self)
        button.setAccessibleName(f"Open the example {example.name}: {example.sentence}")
        path: Path = example.path
        button.clicked.connect(lambda: self.chosen.emit(path))
        return button


class _Page(QWidget):
    """These words, and below them these buttons, each as wide as the widest and as `least` pixels of usual text, in as
    many columns as there is room for."""

    def __init__(
        self, begin: str, buttons: list[QPushButton], parent: QWidget, least: int = 0, *, titled: bool = True
    ) -> None:
        super().__init__(parent)
        self._buttons, self._least, self._columns = buttons, least, 0
        title = QLabel("No job yet", self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        title.setVisible(titled)
        self._words = words = QLabel(begin, self)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        set_tone(words, "muted")
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_SIDE, 8, _SIDE, 8)
        self._layout.setSpacing(8)
        self._layout.addStretch(1)
        self._layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addWidget(words)
        self._layout.addLayout(self._grid)
        self._layout.addStretch(2)
        self._arrange(1)

    def least_width(self) -> int:
        """Pixels of its width at least."""
        return self._widest() + 2 * _SIDE

    def needed(self, width: int) -> int:
        """Pixels of its height in this width."""
        room = width - 2 * _SIDE + _GAP
        self._arrange(max(min(room // (self._widest() + _GAP), len(self._buttons)), 1))
        return self._layout.totalHeightForWidth(width)

    def one_row(self) -> int:
        """Pixels of its height with one row of buttons, in a width that has room for the words in one line."""
        heights = [self._buttons[0].sizeHint().height() if self._buttons else 0, self._words.sizeHint().height()]
        margins = self._layout.contentsMargins()
        return sum(heights) + margins.top() + margins.bottom() + self._layout.spacing()

    def _widest(self) -> int:
        return max([scaled(self._least), *(button.sizeHint().width() for button in self._buttons)])

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for button in self._buttons:
            self._grid.removeWidget(button)
        for number, button in enumerate(self._buttons):
            self._grid.addWidget(button, number // columns, number % columns)
