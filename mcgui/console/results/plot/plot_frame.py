"""What each plot of results is made of: fields, the drawing below them, words where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from mcgui.background import Background
from mcgui.console.parts.empty_state import EmptyStack, EmptyState
from mcgui.console.results.plot.chart_content import KINDS
from mcgui.console.results.plot.plot_fields import PlotFields
from mcgui.console.results.plot.plot_view import PlotView, name_of_task
from mcgui.theme import Theme


class PlotFrame(QWidget):
    """The parts, laid out. `name` is what a screen reader calls the drawing, `kinds` are the kinds of plots, `which` is
    one more field, and `named` gives a point its name where that is not its task's number.

    Signals: `trouble(str)`: something cannot be fetched or saved.
    """

    trouble = Signal(str)

    def __init__(
        self,
        background: Background,
        theme: Theme,
        name: str,
        parent: QWidget | None = None,
        *,
        kinds: Sequence[str] = KINDS,
        which: QWidget | None = None,
        named: Callable[[int], str] = name_of_task,
    ) -> None:
        super().__init__(parent)
        self.fields = PlotFields(self, kinds, which)
        self.words = self.fields.words
        self.view = PlotView(background, theme, name, self, named)
        self.view.trouble.connect(self.trouble)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)  # for what stands beside the drawing
        self.split.addWidget(self.view)
        self.split.setChildrenCollapsible(False)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.fields)
        layout.addWidget(self.split, 1)
        self._empty = EmptyState("", "", self)
        self._stack = EmptyStack(content, self._empty)
        self.setLayout(self._stack)

    def show_drawing(self, is_there: bool) -> None:
        """Show fields and drawing, or what `say_empty` said last."""
        self._stack.show_content(is_there)

    def say_empty(self, title: str, words: str) -> None:
        """What stands there while there is nothing to draw."""
        self._empty.say(title, words)
