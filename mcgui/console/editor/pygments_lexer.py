"""Pygments' lexer for Python, with its stack of states in reach."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from pygments.lexer import ExtendedRegexLexer, LexerContext
from pygments.lexers.python import PythonLexer
from pygments.token import Token

from mcgui.console.editor.source_kinds import Kind, State

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


class PygmentsLexer:
    """Lexes a line that starts inside of something. Its tables take 60 ms to make."""

    def __init__(self) -> None:
        self._lexer = _Lexer()
        self._kinds = dict(_KINDS)

    def pieces(self, line: str, state: State) -> tuple[list[tuple[int, Kind, str]], State]:
        """Where the pieces that have a colour begin, with their texts, in characters; and the state after the line."""
        context = LexerContext(line + "\n", 0, list(state))
        found = []
        for begin, token, text in self._lexer.get_tokens_unprocessed(context=context):
            kind = self._kind(token)
            if kind is not None:
                found.append((begin, kind, text))
        return found, tuple(context.stack)

    def _kind(self, token: Any) -> Kind | None:
        while token not in self._kinds:
            token = token.parent
        return self._kinds[token]
