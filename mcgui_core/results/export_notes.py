"""What whoever reads an exported file has to know, since the file itself does not say it.

Of values it is noted what becomes of their types, in JSON and in a cell of text: by a list of what is kept there, and
not of what is lost, so that a type which is in no list here is noted too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType
from typing import Any, Final

#: Columns that a sentence names, at most.
MOST_NAMED = 5

#: What `plain` gives and JSON has. (Not every float: `nan` it has not.)
_OF_JSON: Final = frozenset({NoneType, bool, int, float, str, list, dict})
#: What a cell of text says as everybody reads it: numbers, and dates as ISO 8601 has them.
_OF_CELLS: Final = frozenset({NoneType, bool, int, float, str, Decimal, datetime, date, time})
_FINE_DATES: Final = ("datetime64", "Timestamp")

_NOT_FINITE: Final = "{} {has} nan or inf, which JSON does not know: they are text."
_LISTS: Final = "{} {has} lists or dicts, which are JSON in a cell."
_DATES: Final = "{} {has} dates or times, which are text as ISO 8601 has them."
_DURATIONS: Final = "{} {has} durations, which are text as ISO 8601 has them."
_SENTENCES: Final[dict[str, str]] = {
    "bytes": "{} {has} bytes, which are written in base64.",
    "complex": "{} {has} complex numbers, which are text.",
    "Decimal": "{} {has} decimal numbers, which are text, so that no digit is lost.",
    "timedelta": _DURATIONS,
    "timedelta64": _DURATIONS,
    **dict.fromkeys(("datetime", "date", "time", *_FINE_DATES), _DATES),
}


class ExportNotes:
    """Sentences, each once, with the columns that it is about."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, None]] = {}

    def add(self, sentence: str, column: str = "") -> None:
        """`{}` in the sentence is where the columns are named, `{has}` what one of them has, or several have."""
        self._columns.setdefault(sentence, {})[column] = None

    def sentences(self) -> tuple[str, ...]:
        return tuple(
            sentence.format(_named(list(columns)), has="has" if len(columns) == 1 else "have")
            for sentence, columns in self._columns.items()
        )


def _named(columns: list[str]) -> str:
    quoted = [f"'{column}'" for column in columns[:MOST_NAMED]]
    more = f" and {len(columns) - MOST_NAMED:,} more" if len(columns) > MOST_NAMED else ""
    return ", ".join(quoted) + more


def note_json(notes: ExportNotes, value: Any, title: str) -> None:
    """Note what JSON cannot say of a value that `plain` gave."""
    for sentence in sorted(changes_in_json(value)):
        notes.add(sentence, title)


def note_cell(notes: ExportNotes, value: Any, title: str) -> None:
    """The same of a cell of text, in which lists and dicts are JSON."""
    kind = type(value)
    if kind in (list, dict):
        notes.add(_LISTS, title)
        note_json(notes, value, title)
    elif kind not in _OF_CELLS and kind.__name__ not in _FINE_DATES:
        notes.add(_sentence(kind), title)


def changes_in_json(value: Any) -> set[str]:
    """What JSON cannot say of a value that `plain` gave, a sentence for each."""
    kind = type(value)
    return _changes_in(value if kind is list else value.values() if kind is dict else (value,))


def _changes_in(items: Iterable[Any]) -> set[str]:
    kinds = set(map(type, items))
    found = {_sentence(kind) for kind in kinds - _OF_JSON}
    if float in kinds and not all(math.isfinite(item) for item in items if type(item) is float):
        found.add(_NOT_FINITE)
    if not kinds.isdisjoint((list, dict)):
        found = found.union(*(changes_in_json(item) for item in items if type(item) in (list, dict)))
    return found


def _sentence(kind: type) -> str:
    return _SENTENCES.get(kind.__name__, f"{{}} {{has}} values of type {kind.__name__}, which are text.")
