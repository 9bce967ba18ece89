"""Searching a text: by words or by a regular expression, a slice at a time, and what is put in place of a match."""

from __future__ import annotations

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QRegularExpression, QRegularExpressionMatch

_Option = QRegularExpression.PatternOption
#: A reference to a group, or an escape, in what is put in place of a match: as Python's re.sub reads it.
_REFERENCE: Final = re.compile(r"\\(?:g<(?P<name>\w+)>|(?P<number>\d{1,2})|(?P<other>.))", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\", "r": "\n"}


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What is searched for."""

    text: str
    regex: bool = False
    case: bool = False  # upper and lower case are told apart
    whole: bool = False  # whole words only

    def expression(self) -> QRegularExpression:
        """As an expression of Qt's, which counts as its documents do, and gives up instead of searching for ever."""
        pattern = self.text if self.regex else QRegularExpression.escape(self.text)
        if self.whole:
            pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
        options = _Option.MultilineOption | _Option.UseUnicodePropertiesOption
        if not self.case:
            options |= _Option.CaseInsensitiveOption
        return QRegularExpression(pattern, options)

    @property
    def problem(self) -> str:
        """Why this cannot be searched for, as a sentence; "" where it can."""
        if not self.regex or not self.text:
            return ""
        expression = QRegularExpression(self.text)
        return "" if expression.isValid() else f"{expression.errorString().capitalize()}."


@dataclass(slots=True)
class TextSearch:
    """The matches of some terms in a text, in UTF-16 units, as far as they have been looked for."""

    terms: SearchTerms
    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    finished: bool = False
    _left: Iterator[QRegularExpressionMatch] | None = None

    def go_on(self, seconds: float) -> bool:
        """Look for more, for about so long. True where all are found."""
        if self.finished:
            return True
        if self._left is None:
            self._left = self._matches()
        deadline = time.perf_counter() + seconds
        for match in self._left:
            self.starts.append(match.capturedStart())
            self.ends.append(match.capturedEnd())
            if time.perf_counter() > deadline:
                return False
        self.finished, self._left = True, None
        return True

    def index_from(self, position: int) -> int | None:
        """The first match that begins here or later; the first of all where there is none. None: there is no match."""
        if not self.starts:
            return None
        return bisect_left(self.starts, position) % len(self.starts)

    def index_before(self, position: int) -> int | None:
        """The last match that begins before this; the last of all where there is none. None: there is no match."""
        if not self.starts:
            return None
        return (bisect_left(self.starts, position) - 1) % len(self.starts)

    def index_of(self, start: int, end: int) -> int | None:
        """Which match this is; None where it is none."""
        at = bisect_left(self.starts, start)
        return at if at < len(self.starts) and (self.starts[at], self.ends[at]) == (start, end) else None

    def between(self, start: int, end: int) -> range:
        """The matches that touch a stretch of the text."""
        return range(bisect_left(self.ends, start), bisect_right(self.starts, end))

    def replaced(self, replacement: str, first: int = 0, count: int | None = None) -> str:
        """The text from the first match that is meant to the end of the last one, with them replaced."""
        raw = self.text.encode("utf-16-le", "surrogatepass")
        pieces: list[str] = []
        last = len(self.starts) if count is None else first + count
        at = self.starts[first]
        matches = self._matches_from(at) if self.terms.regex else None
        for number in range(first, last):
            pieces.append(_decoded(raw, at, self.starts[number]))
            match = next(matches, None) if matches is not None else None
            pieces.append(replacement if match is None else expanded(replacement, match))
            at = self.ends[number]
        return "".join(pieces)

    def _matches(self) -> Iterator[QRegularExpressionMatch]:
        return self._matches_from(0)

    def _matches_from(self, position: int) -> Iterator[QRegularExpressionMatch]:
        expression = self.terms.expression()
        if not self.terms.text or not expression.isValid():
            return
        left = expression.globalMatch(self.text, position)
        while left.hasNext():
            yield left.next()


def expanded(replacement: str, match: QRegularExpressionMatch) -> str:
    r"""What a match is replaced with: `\1` and `\g<name>` stand for its groups, `\n` for the end of a line."""

    def of(reference: re.Match[str]) -> str:
        name, number, other = reference["name"], reference["number"], reference["other"]
        if name is not None:
            return match.captured(int(name)) if name.isdecimal() else match.captured(name)
        if number is not None:
            return match.captured(int(number))
        return _ESCAPES.get(other, "\\" + other)

    return _REFERENCE.sub(of, replacement)


def problem_of(replacement: str, terms: SearchTerms) -> str:
    """Why this cannot be put in place of what is searched for, as a sentence; "" where it can."""
    if not terms.regex:
        return ""
    expression = terms.expression()
    groups = expression.captureCount()
    names = set(expression.namedCaptureGroups())
    for reference in _REFERENCE.finditer(replacement):
        number = reference["number"] or (reference["name"] if (reference["name"] or "").isdecimal() else None)
        if number is not None and int(number) > groups:
            return f"There is no group {int(number)} in what is searched for."
        if number is None and reference["name"] is not None and reference["name"] not in names:
            return f"There is no group {reference['name']!r} in what is searched for."
    return ""


def _decoded(raw: bytes, start: int, end: int) -> str:
    return raw[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
