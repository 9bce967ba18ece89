"""Which bracket belongs to the one beside the cursor. Brackets in strings and comments are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QPlainTextEdit

from mcgui.console.editor.editor_marks import EditorMarks, selecting, shaded
from mcgui.console.editor.highlighter import PythonHighlighter
from mcgui.console.editor.lexer import LONGEST
from mcgui.theme import Theme, faded

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_OPENERS: Final = {closer: opener for opener, closer in _PAIRS.items()}
#: Characters that one search looks at, which takes some milliseconds: a bracket that is further away is not in sight
#: either. They are counted, for a time would find it on one computer and not on another.
REACH = 60_000
#: What a line costs besides its characters, in characters.
_LINE = 20


@dataclass(frozen=True, slots=True)
class Match:
    """A bracket and its partner, as positions in the document. `partner` is None where it has none."""

    position: int
    partner: int | None


class BracketMatcher(QObject):
    """Marks the pair of brackets at the cursor of an editor, or the one that lacks its partner."""

    def __init__(
        self, editor: QPlainTextEdit, highlighter: PythonHighlighter, marks: EditorMarks, theme: Theme
    ) -> None:
        super().__init__(editor)
        self._editor, self._highlighter, self._marks, self._theme = editor, highlighter, marks, theme
        editor.cursorPositionChanged.connect(self.show_pair)
        highlighter.settled.connect(self.show_pair)
        theme.changed.connect(self.show_pair)

    @Slot()
    def show_pair(self) -> None:
        match = self.at_cursor() if not self._editor.textCursor().hasSelection() else None
        if match is None:
            self._marks.set("brackets", [])
            return
        colours = self._theme.colours
        colour = colours.bad if match.partner is None else colours.accent
        places = [match.position] if match.partner is None else [match.position, match.partner]
        self._marks.set(
            "brackets", [shaded(selecting(self._editor, at, at + 1), faded(colour, 0.25), colour) for at in places]
        )

    def at_cursor(self) -> Match | None:
        """The bracket left of the cursor, or else right of it, with its partner; None where there is none."""
        cursor = self._editor.textCursor()
        block, column = cursor.block(), cursor.positionInBlock()
        code = self._code(block)
        for at in (column - 1, column):
            if 0 <= at < len(code) and (code[at] in _PAIRS or code[at] in _OPENERS):
                found, partner = self._partner(block, code, at)
                return Match(block.position() + at, partner) if found else None
        return None

    def _partner(self, block: QTextBlock, code: str, at: int) -> tuple[bool, int | None]:
        """Whether the search came to an end, and the position of the partner of the bracket at this column."""
        bracket = code[at]
        forwards = bracket in _PAIRS
        other = _PAIRS[bracket] if forwards else _OPENERS[bracket]
        depth, looked_at = 0, 0
        columns = range(at, len(code)) if forwards else range(at, -1, -1)
        while True:
            for column in columns:
                if code[column] == bracket:
                    depth += 1
                elif code[column] == other:
                    depth -= 1
                    if depth == 0:
                        return True, block.position() + column
            looked_at += len(columns) + _LINE
            block = block.next() if forwards else block.previous()
            if not block.isValid():
                return True, None
            if looked_at > REACH:
                return False, None
            code = self._code(block)
            columns = range(len(code)) if forwards else range(len(code) - 1, -1, -1)

    def _code(self, block: QTextBlock) -> str:
        """The line with one character for each UTF-16 unit, and blanks for those of strings and comments."""
        if block.length() > LONGEST:  # whose strings nobody looked for
            return ""
        text = block.text()
        if not any(bracket in text for bracket in "()[]{}"):
            return ""
        if not text.isascii():
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            text = "".join("__" if char > "\uffff" else char for char in text)
        for start, length in self._highlighter.quoted(block):
            text = text[:start] + " " * length + text[start + length :]
        return text
