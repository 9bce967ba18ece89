"""Python source, one line at a time: what each piece of a line is, and what the next line starts inside of.

Pygments knows the language but lexes whole texts. Its state stack is carried from line to line here, so that a line
is lexed alone and still comes out right inside a triple-quoted string.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from pygments.lexer import ExtendedRegexLexer, LexerContext
from pygments.lexers.python import PythonLexer
from pygments.token import Token

Kind = Literal["keyword", "string", "number", "comment", "name", "builtin"]
#: Start and length, in the UTF-16 units that Qt counts in, and what is there.
Span = tuple[int, int, Kind]
#: What a line starts inside of, as Pygments' stack of states.
State = tuple[str, ...]

START: Final[State] = ("root",)

#: Characters of a line that are looked at. A longer one is data, and lexing it all takes longer than a key press.
LONGEST: Final = 3000

_KINDS: Final[dict[Any, Kind | None]] = {
    Token: None,
    Token.Comment: "comment",
    Token.Keyword: "keyword",
    Token.Keyword.Constant: "number",
    Token.Operator.Word: "keyword",
    Token.Literal.String: "string",
    Token.Literal.Number: "number",
    Token.Name.Function: "name",
    Token.Name.Class: "name",
    Token.Name.Decorator: "name",
    Token.Name.Builtin: "builtin",
    Token.Name.Exception: "builtin",
}


def _is_docstring_rule(rule: object) -> bool:
    return isinstance(rule, tuple) and str(rule[0]).startswith(r"^(\s*)([rRuUbB]")


class _Lexer(ExtendedRegexLexer, PythonLexer):
    """Pygments' lexer for Python with its stack in reach.

    Its rules for docstrings swallow a whole text in one piece, and end it at an escaped quote. Without them a docstring
    is a string as any other, with a state that a line can end in.
    """

    tokens: ClassVar = {
        **PythonLexer.tokens,
        "root": [rule for rule in PythonLexer.tokens["root"] if not _is_docstring_rule(rule)],
    }


class PythonLines:
    """Lexes lines of Python."""

    def __init__(self) -> None:
        self._lexer = _Lexer()
        self._kinds = dict(_KINDS)

    def lex(self, line: str, state: State = START) -> tuple[tuple[Span, ...], State]:
        """The coloured spans of a line (given without its end), and the state after it.

        Of a very long line, only the beginning is coloured, and it is taken to leave no string open or closed.
        """
        if len(line) > LONGEST:
            return self.lex(line[:LONGEST], state)[0], state
        context = LexerContext(line + "\n", 0, list(state))
        spans: list[Span] = []
        wide = not line.isascii() and any(char > "\uffff" for char in line)
        for begin, token, text in self._lexer.get_tokens_unprocessed(context=context):
            kind = self._kind(token)
            if kind is None:
                continue
            start, length = begin, min(len(text), len(line) - begin)  # without the end of the line
            if wide:
                start, length = _units(line[:begin]), _units(line[begin : begin + length])
            if length <= 0:
                continue
            if spans and spans[-1][2] == kind and sum(spans[-1][:2]) == start:
                start, length = spans[-1][0], spans[-1][1] + length
                spans.pop()
            spans.append((start, length, kind))
        return tuple(spans), tuple(context.stack)

    def code_of(self, line: str, state: State = START) -> str:
        """The line with its strings and comments blanked out: what the indentation of the next line depends on."""
        encoded = line.encode("utf-16-le", "surrogatepass")
        for start, length, kind in self.lex(line, state)[0]:
            if kind in ("string", "comment"):
                blank = b" \0" if kind == "comment" else b"_\0"
                encoded = encoded[: 2 * start] + blank * length + encoded[2 * (start + length) :]
        return encoded.decode("utf-16-le", "surrogatepass")

    def _kind(self, token: Any) -> Kind | None:
        while token not in self._kinds:
            token = token.parent
        return self._kinds[token]


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)
