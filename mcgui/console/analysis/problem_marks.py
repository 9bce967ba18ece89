"""The problems that an editor shows: as waves under the text, which move with it until the text is looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from mcgui.colours import Colours
from mcgui.console.analysis.problem import Problem, Severity
from mcgui.console.editor.editor_marks import EditorMarks, selecting, squiggle
from mcgui.console.editor.indentation import leading


@dataclass(frozen=True, slots=True)
class _Placed:
    problem: Problem
    cursor: QTextCursor

    @property
    def line(self) -> int:
        """Where the problem is by now, counted from 1."""
        return self.cursor.document().findBlock(self.cursor.selectionStart()).blockNumber() + 1


class ProblemMarks(QObject):
    """Marks problems in the text of `editor`, and finds them again."""

    def __init__(self, editor: QPlainTextEdit, marks: EditorMarks) -> None:
        super().__init__(editor)
        self._editor, self._marks = editor, marks
        self._placed: list[_Placed] = []
        self._lines: dict[int, Severity] | None = None  # what `by_line` found, until the text changes
        editor.textChanged.connect(self._forget_lines)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(one.problem for one in self._placed)

    def set(self, problems: tuple[Problem, ...], colours: Colours) -> None:
        """Put these in place of those that are marked."""
        self._placed = [_Placed(problem, self._place(problem)) for problem in problems]
        self._lines = None
        self._placed.sort(key=lambda one: one.cursor.selectionStart())
        self.dress(colours)

    def dress(self, colours: Colours) -> None:
        """Mark them in these colours."""
        # Errors are drawn last, and so on top.
        ordered = sorted(self._placed, key=lambda one: one.problem.severity == "error")
        self._marks.set("problems", [squiggle(one.cursor, colour_of(one.problem.severity, colours)) for one in ordered])

    def by_line(self) -> dict[int, Severity]:
        """For each line that has a problem, how bad its worst is."""
        if self._lines is not None:
            return self._lines
        found: dict[int, Severity] = {}
        for one in self._placed:
            line = one.line
            if found.get(line) != "error":
                found[line] = one.problem.severity
        self._lines = found
        return found

    @Slot()
    def _forget_lines(self) -> None:
        self._lines = None

    def text_of_line(self, line: int) -> str:
        """What is wrong with a line, a problem a line; "" where nothing is."""
        return "\n".join(one.problem.text for one in self._placed if one.line == line)

    def text_at(self, position: int) -> str:
        """What is wrong at a position of the document; "" where nothing is."""
        here = [one for one in self._placed if one.cursor.selectionStart() <= position <= one.cursor.selectionEnd()]
        return "\n".join(one.problem.text for one in here)

    def next_from(self, position: int, forwards: bool) -> tuple[int, str] | None:
        """Position and text of the next problem; after the last one comes the first."""
        if not self._placed:
            return None
        places = [(one.cursor.selectionStart(), one.problem.text) for one in self._placed]
        if forwards:
            return next((place for place in places if place[0] > position), places[0])
        return next((place for place in reversed(places) if place[0] < position), places[-1])

    def _place(self, problem: Problem) -> QTextCursor:
        block = self._editor.document().findBlockByNumber(problem.line - 1)
        if not block.isValid():
            block = self._editor.document().lastBlock()
        end = block.length() - 1
        if problem.start is None or problem.end is None:
            return selecting(self._editor, block.position() + len(leading(block.text())), block.position() + end)
        start, stop = min(problem.start, end), min(problem.end, end)
        return selecting(self._editor, block.position() + start, block.position() + stop)


def colour_of(severity: Severity, colours: Colours) -> QColor:
    """What such a problem is marked with."""
    return colours.bad if severity == "error" else colours.warn
