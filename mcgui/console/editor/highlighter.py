"""Colours Python source in an editor, as far as each edit reaches and no further.

Each line's state at its end is kept. After an edit the changed lines are lexed at once, and on from there until a line
ends in the state that it had before: mostly that is the next one. Where it is not (a triple quote was opened at the
top of a long file), the rest is done in slices between key presses, so that no key waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextDocument, QTextFormat, QTextLayout

from mcgui.background import Background
from mcgui.colours import Colours
from mcgui.console.editor.lexer import START, PythonLines
from mcgui.console.editor.source_kinds import Kind, Span, State

#: Characters that are lexed within a key press, and within a slice: some 3 ms. They are counted, for by a clock the
#: same edit would be coloured at once on one computer and later on another.
SLICE: Final = 1800
#: What a line costs besides its characters, in characters.
_LINE: Final = 10
#: Property of the formats of what is no code.
_IS_QUOTED: Final = QTextFormat.Property.UserProperty
_QUOTED: Final[tuple[Kind, ...]] = ("string", "comment")


class PythonHighlighter(QObject):
    """Colours a document, as soon as the lexer is loaded: with a `background` it waits for that, without it loads it.

    Signals:
        settled: every line has its colours, after an edit that reached beyond one slice or not.
    """

    settled = Signal()

    def __init__(self, document: QTextDocument, colours: Colours, background: Background | None = None) -> None:
        super().__init__(document)
        self._document = document
        self._lexer = PythonLines()
        self._waits = background is not None and not PythonLines.is_loaded()
        self._after: list[State | None] = [None] * document.blockCount()  # state at each line's end; None: not lexed
        self._next = 0  # the first line to lex
        self._until = len(self._after)  # lines before this one are to be lexed whatever their states are
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)
        self._formats: dict[Kind, QTextCharFormat] = {}
        document.contentsChange.connect(self._on_contents_change)
        self.set_colours(colours)
        if background is not None and self._waits:
            background.run(PythonLines.load, self._on_loaded)

    @property
    def is_settled(self) -> bool:
        return not self._timer.isActive() and not self._waits

    def set_colours(self, colours: Colours) -> None:
        """Colour everything anew."""
        self._formats = {kind: _format(getattr(colours, kind)) for kind in get_args(Kind)}
        self._formats["comment"].setFontItalic(True)
        for kind in _QUOTED:
            self._formats[kind].setProperty(_IS_QUOTED, True)
        self._next, self._until = 0, len(self._after)
        if not self._waits:
            self._timer.start()

    def _on_loaded(self, _lexer: object) -> None:
        self._waits = False
        self._next, self._until = 0, len(self._after)
        self._timer.start()

    def state_before(self, line: int) -> State:
        """What a line (counted from 0) starts inside of, as far as it is known by now."""
        return (self._after[line - 1] if line > 0 else None) or START

    def quoted(self, block: QTextBlock) -> Iterator[tuple[int, int]]:
        """Start and length of the strings and comments of a line, in UTF-16 units."""
        for one in block.layout().formats():
            if one.format.hasProperty(_IS_QUOTED):
                yield one.start, one.length

    def is_quoted(self, block: QTextBlock, column: int) -> bool:
        """Whether what is typed at this column belongs to a string or comment."""
        return any(start < column <= start + length for start, length in self.quoted(block))

    @Slot(int, int, int)
    def _on_contents_change(self, position: int, _removed: int, added: int) -> None:
        document = self._document
        first = document.findBlock(position).blockNumber()
        end = document.findBlock(position + added)
        last = end.blockNumber() if end.isValid() else document.blockCount() - 1
        grown = document.blockCount() - len(self._after)
        self._after[first : max(last + 1 - grown, first)] = [None] * (last + 1 - first)
        if self._waits:
            return
        if self._timer.isActive():
            # An unfinished run has its own lines to see to; those below the edit have moved with it.
            moved = self._until + grown if self._until > first else self._until
            self._next, self._until = min(self._next, first), max(moved, last + 1)
        else:
            self._next, self._until = first, last + 1
        self._work()

    @Slot()
    def _work(self) -> None:
        """Lex for one slice, and have the timer come back where more is left."""
        lexed = 0
        begun = block = self._document.findBlockByNumber(self._next)
        state = self.state_before(self._next)
        finished = True
        while block.isValid():
            spans, after = self._lexer.lex(block.text().replace("\u2028", " "), state)
            self._paint(block, spans)
            finished = self._after[self._next] == after and self._next + 1 >= self._until
            self._after[self._next] = state = after
            lexed += block.length() + _LINE
            self._next += 1
            block = block.next()
            finished = finished or not block.isValid()
            if finished or lexed > SLICE:
                break
        self._repaint(begun, self._next)
        if not finished:
            self._timer.start()
            return
        self._timer.stop()
        self.settled.emit()

    def _paint(self, block: QTextBlock, spans: tuple[Span, ...]) -> None:
        ranges = []
        for start, length, kind in spans:
            one = QTextLayout.FormatRange()
            one.start, one.length, one.format = start, length, self._formats[kind]
            ranges.append(one)
        block.layout().setFormats(ranges)

    def _repaint(self, begun: QTextBlock, end: int) -> None:
        """Have Qt lay out and draw the lines from `begun` to before `end` again."""
        if not begun.isValid():
            return
        last = self._document.findBlockByNumber(end - 1)
        self._document.markContentsDirty(begun.position(), last.position() + last.length() - begun.position())


def _format(colour: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    return made
