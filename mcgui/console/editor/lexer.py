"""Python source, one line at a time: what each piece of a line is, and what the next line starts inside of.

Pygments knows the language but lexes whole texts. Its state stack is carried from line to line here, so that a line
is lexed alone and still comes out right inside a triple-quoted string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from mcgui.console.editor.source_kinds import Span, State

if TYPE_CHECKING:
    from mcgui.console.editor.pygments_lexer import PygmentsLexer

START: Final[State] = ("root",)

#: Characters of a line that are looked at. A longer one is data, and lexing it all takes longer than a key press.
LONGEST: Final = 3000


class PythonLines:
    """Lexes lines of Python. Pygments is loaded when the first one is lexed; whoever cannot wait for that (it takes
    longer than a picture may) has it loaded in the background before."""

    _shared: ClassVar[PygmentsLexer | None] = None  # its tables are made once

    @classmethod
    def load(cls) -> PygmentsLexer:
        """Load Pygments, where that has not been done yet. Thread-safe."""
        if cls._shared is None:
            from mcgui.console.editor.pygments_lexer import PygmentsLexer

            cls._shared = PygmentsLexer()
        return cls._shared

    @classmethod
    def is_loaded(cls) -> bool:
        return cls._shared is not None

    def lex(self, line: str, state: State = START) -> tuple[tuple[Span, ...], State]:
        """The coloured spans of a line (given without its end), and the state after it.

        Of a very long line, only the beginning is coloured, and it is taken to leave no string open or closed.
        """
        if len(line) > LONGEST:
            return self.lex(line[:LONGEST], state)[0], state
        spans: list[Span] = []
        wide = not line.isascii() and any(char > "\uffff" for char in line)
        pieces, after = self.load().pieces(line, state)
        for begin, kind, text in pieces:
            start, length = begin, min(len(text), len(line) - begin)  # without the end of the line
            if wide:
                start, length = _units(line[:begin]), _units(line[begin : begin + length])
            if length <= 0:
                continue
            if spans and spans[-1][2] == kind and sum(spans[-1][:2]) == start:
                start, length = spans[-1][0], spans[-1][1] + length
                spans.pop()
            spans.append((start, length, kind))
        return tuple(spans), after

    def code_of(self, line: str, state: State = START) -> str:
        """The line with its strings and comments blanked out: what the indentation of the next line depends on."""
        encoded = line.encode("utf-16-le", "surrogatepass")
        for start, length, kind in self.lex(line, state)[0]:
            if kind in ("string", "comment"):
                blank = b" \0" if kind == "comment" else b"_\0"
                encoded = encoded[: 2 * start] + blank * length + encoded[2 * (start + length) :]
        return encoded.decode("utf-16-le", "surrogatepass")


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)
