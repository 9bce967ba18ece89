"""What people type to see some rows only: `left > 100`, `name contains "a"`, `failed and node = lab-3`, a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mcgui_core.base.ranges import RangeSet
from mcgui_core.errors import FilterInvalid
from mcgui_core.results.table.moments import seconds_of

STATES: Final = ("done", "failed", "waiting")
#: Comparisons, as they are offered and as they are kept.
OPERATORS: Final = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "contains": "contains", "starts": "starts", "ends": "ends", "is": "=",
}  # fmt: skip

QUOTES: Final = ("'", '"')
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"?|'[^']*'?)|(?P<operator><=|>=|==|!=|<>|[=<>])|(?P<bracket>[()])"""
    r"""|(?P<word>(?:\[(?:"[^"]*"|'[^']*'|[^\]\s]*)\]|[^\s()=<>!"'])+|!))"""
)
#: A key as Python has it, and one that is being typed, with what stands before it.
_KEY: Final = re.compile(r"""\[(?:"([^"]*)"|'([^']*)')\]""")
_OPEN_KEY: Final = re.compile(r"""(?:\[(?:"[^"]*"|'[^']*')\]|[^\s()=<>!"'])*\[["'][^"'\]]*$""")
_NUMBER: Final = re.compile(r"[+-]?(\d[\d_]*(,\d{3})*\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf")


@dataclass(frozen=True)
class Literal:
    """What is compared with: as text, and as a number or a date where it is one."""

    text: str
    number: float | None = None
    date: float | None = None  # seconds since 1970


@dataclass(frozen=True)
class Has:
    """The text is somewhere in the row."""

    text: str


@dataclass(frozen=True)
class InState:
    state: str


@dataclass(frozen=True)
class Compare:
    column: str
    operator: str
    literal: Literal


@dataclass(frozen=True)
class Missing:
    column: str


@dataclass(frozen=True)
class Not:
    part: Filter


@dataclass(frozen=True)
class Both:
    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Filter, ...]


Filter = Has | InState | Compare | Missing | Not | Both | Either


@dataclass(frozen=True)
class Token:
    kind: str  # "quoted", "operator", "bracket" or "word"
    text: str
    start: int
    stop: int

    @property
    def folded(self) -> str:
        """A word without regard to case; "" for what is no word."""
        return self.text.casefold() if self.kind == "word" else ""


def tokens(text: str) -> list[Token]:
    """The text in its parts. Quotes are taken away."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "word"
        part = match[kind]
        if kind == "quoted":
            part = part[1:-1] if len(part) > 1 and part[-1] == part[0] else part[1:]
        found.append(Token(kind, part, match.start(kind), match.end(kind)))
    return found


def parse(text: str, columns: Sequence[str]) -> Filter | None:
    """What is meant; None where nothing is typed. Raises FilterInvalid, which says where."""
    parser = _Parser(tokens(text), columns, len(text))
    return parser.whole() if parser.more else None


class _Parser:
    def __init__(self, found: list[Token], columns: Sequence[str], end: int) -> None:
        self._tokens, self._columns, self._end, self._at = found, columns, end, 0

    @property
    def more(self) -> bool:
        return self._at < len(self._tokens)

    def whole(self) -> Filter:
        made = self._either()
        if self.more:
            raise self._error('there is no "(" for this ")"', self._tokens[self._at])
        return made

    def _either(self) -> Filter:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Filter:
        parts = [self._one()]
        while self.more and not self._sees("or") and self._tokens[self._at].text != ")":
            self._take("and")
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self) -> Filter:
        if not self.more:
            raise self._error("something is missing at the end", None)
        token = self._tokens[self._at]
        self._at += 1
        if token.folded == "not" or (token.kind == "word" and token.text == "!"):
            return Not(self._one())
        if token.kind == "bracket":
            return self._bracket(token)
        if token.kind == "operator":
            raise self._error(f'there is no column before "{token.text}"', token)
        operator = self._operator()
        if operator is not None:
            return self._comparison(token, operator)
        if token.folded in STATES:
            return InState(token.folded)
        return Has(token.text)

    def _bracket(self, token: Token) -> Filter:
        if token.text == ")":
            raise self._error('there is no "(" for this ")"', token)
        made = self._either()
        if not (self.more and self._tokens[self._at].text == ")"):
            raise self._error('a ")" is missing', token)
        self._at += 1
        return made

    def _operator(self) -> Token | None:
        if not self.more:
            return None
        token = self._tokens[self._at]
        if token.kind == "operator" or token.folded in OPERATORS:
            following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
            if token.folded in ("starts", "ends") and (following is None or following.folded != "with"):
                return None
            self._at += 1
            return token
        return None

    def _comparison(self, name: Token, operator: Token) -> Filter:
        column = self._column(name)
        kind = OPERATORS[operator.text.casefold()]
        if kind in ("starts", "ends"):
            self._at += 1  # "with"
        negated = operator.folded == "is" and self._take("not")
        if not self.more or self._tokens[self._at].kind in ("bracket", "operator"):
            raise self._error(f'there is nothing after "{operator.text}"', operator)
        value = self._tokens[self._at]
        self._at += 1
        if value.folded in ("missing", "empty", "none") and kind in ("=", "!="):
            return Not(Missing(column)) if negated or kind == "!=" else Missing(column)
        made = Compare(column, kind, literal(value.text, quoted=value.kind == "quoted"))
        return Not(made) if negated else made

    def _column(self, token: Token) -> str:
        found = column_named(token.text, self._columns)
        if found is None:
            known = {part.casefold(): title for title in self._columns for part in (title, title.rpartition(".")[2])}
            import difflib  # here, because names are right mostly

            near = difflib.get_close_matches(token.text.casefold(), known, 1)
            hint = f" Did you mean {known[near[0]]}?" if near else ""
            raise self._error(f'there is no column "{token.text}".{hint}', token)
        return found

    def _sees(self, word: str) -> bool:
        return self.more and self._tokens[self._at].folded == word

    def _take(self, word: str) -> bool:
        if self._sees(word):
            self._at += 1
            return True
        return False

    def _error(self, reason: str, token: Token | None) -> FilterInvalid:
        start, stop = (token.start, token.stop) if token is not None else (self._end, self._end)
        return FilterInvalid(reason, start, stop)


def column_named(name: str, columns: Sequence[str]) -> str | None:
    """The column that is meant: by its title, whatever its case, or by the end of it where only one has that, or one is
    less deep inside than the others. Keys may be as Python has them: `result["settings"]["left"]`."""
    for exact in (name, dotted(name)):
        if exact in columns:
            return exact
    folded = dotted(name).casefold()
    for fits in (
        [title for title in columns if title.casefold() in (folded, folded.removeprefix("argument."))],
        [title for title in columns if title.casefold().endswith(f".{folded}")],
    ):
        least = min((title.count(".") for title in fits), default=0)
        highest = [title for title in fits if title.count(".") == least]
        if len(highest) == 1:
            return highest[0]
    return "task" if name == "#" else None


def dotted(name: str) -> str:
    """A name with its keys as titles have them: `result["a"]["b"]` is `result.a.b`."""
    return _KEY.sub(lambda key: f".{key[1] or key[2] or ''}", name)


def literal(text: str, *, quoted: bool = False) -> Literal:
    """A number or a date is also one where it stands in quotes; text is compared as text."""
    folded = text.casefold()
    if folded in ("true", "false") and not quoted:
        return Literal(text, float(folded == "true"))
    number = float(text.replace("_", "").replace(",", "")) if _NUMBER.fullmatch(text) else None
    try:
        date = seconds_of(datetime.fromisoformat(text)) if len(text) > 6 and "-" in text else None
    except (ValueError, OverflowError):
        date = None
    return Literal(text, number, date)


def completions(
    text: str, cursor: int, columns: Sequence[str], words: Mapping[str, Sequence[str]]
) -> tuple[int, list[str]]:
    """What may stand where the cursor is: where the word that is typed begins, and words for it.

    `words` are texts that stand in a column, by its title.
    """
    key = _OPEN_KEY.search(text[:cursor])
    before = tokens(text[: key.start() if key else cursor])
    word, begin = "", cursor
    if key:
        word, begin = dotted(f"{key[0]}{key[0][max(key[0].rfind(mark) for mark in QUOTES)]}]"), key.start()
    elif before and before[-1].stop == cursor and (before[-1].kind == "word" or _is_open(before[-1])):
        last = before.pop()
        word, begin = dotted(last.text), last.start
    word = word.removeprefix("argument.") if word not in columns else word
    offered = [found for found in _offered(before, columns, words) if word.casefold() in found.casefold()]
    if word in offered:
        return begin, []
    offered.sort(key=lambda found: not found.lstrip("\"'").casefold().startswith(word.casefold()))
    return begin, offered


def _offered(before: list[Token], columns: Sequence[str], words: Mapping[str, Sequence[str]]) -> list[str]:
    last = before[-1] if before else None
    if last is None or last.folded in ("and", "or", "not") or last.kind == "bracket":
        return [*map(quoted, columns), *STATES, "not"]
    named = column_named(before[-2].text, columns) if len(before) > 1 else None
    if named is not None and (last.kind == "operator" or last.folded in OPERATORS):
        missing = ["missing", "not missing"] if last.folded == "is" else ["missing"]
        return [*filter(None, map(quoted_value, words.get(named, ()))), *missing]
    if named is None and column_named(last.text, columns) is not None:
        return ["=", "!=", "<", ">", "<=", ">=", "contains", "starts with", "ends with", "is missing"]
    return ["and", "or"]


def _is_open(token: Token) -> bool:
    """A text in quotes of which the end is not typed yet."""
    return token.kind == "quoted" and token.stop - token.start < len(token.text) + 2


def quoted(title: str) -> str:
    """The title as it is typed in a filter."""
    plain = len(tokens(title)) == 1 and tokens(title)[0].text == title
    reserved = title.casefold() in (*STATES, "and", "or", "not")
    return title if plain and not reserved else f'"{title}"'


def quoted_value(text: str) -> str:
    """The text as it is typed after an operator; "" where it cannot be."""
    if len(tokens(text)) == 1 and tokens(text)[0] == Token("word", text, 0, len(text)):
        return text if text.casefold() not in ("missing", "empty", "none", "not") else f'"{text}"'
    return f'"{text}"' if '"' not in text else f"'{text}'" if "'" not in text else ""


def equals(column: str, text: str) -> str:
    """The filter for rows in which this text stands in a column; "" where it cannot be typed."""
    value = quoted_value(text)
    return f"{quoted(column)} = {value}" if text and value else "" if text else f"{quoted(column)} is missing"


def narrowed(state: str, text: str) -> str:
    """The filter for tasks in a state ("": any) that another filter keeps."""
    return f"{state} and ({text})" if state and text.strip() else state or text


def those(tasks: Sequence[int]) -> str:
    """The filter for these tasks, which ascend."""
    found = list(RangeSet((task, task + 1) for task in tasks))
    parts = [f"# = {start}" if stop == start + 1 else f"# >= {start} and # < {stop}" for start, stop in found]
    return parts[0] if len(parts) == 1 else " or ".join(f"({part})" if "and" in part else part for part in parts)
