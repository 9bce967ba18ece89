"""What mails, chats and word processors make of a link, undone. A link's check says which reading is the right one."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from urllib.parse import unquote

#: Characters of a text that are looked at: more than any link has, with some words around it.
_LONGEST = 4000
#: A link with a check and a fingerprint, wherever it ends.
_LINK = re.compile(
    r"mcgui://(?:\[[^\[\]/#]+\]|[^\[\]/#:]+):\d{1,5}/[\w-]{4}#[\w.~%-]+?:[\w-]{22}", re.IGNORECASE | re.ASCII
)
#: The same without a check, of a key of ours, which has a length; and nothing behind it that may be of a fingerprint.
_OLD_LINK = re.compile(
    r"mcgui://(?:\[[^\[\]/#]+\]|[^\[\]/#:]+):\d{1,5}/?#[wvc]\.[\w-]{32}(?::[\w-]{22}(?![\w-])|(?![:\w-]))",
    re.IGNORECASE | re.ASCII,
)
#: A line that is wrapped as mails and shells do it.
_BREAK = re.compile(r"[=\\]?\r?\n")
#: What stands around links and before the lines of an answer, and in no link.
_AROUND = frozenset("<>|\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb")
#: What a word processor may have made of one hyphen, or of two.
_DASHES = {
    "\u2010": ("-",),
    "\u2011": ("-",),
    "\u2012": ("-",),
    "\u2212": ("-",),
    "\u2013": ("--", "-"),
    "\u2014": ("--", "---", "-"),
}


def healed(text: str) -> Iterator[str]:
    """Links that the text may have been: first those with a check, which says whether they are."""
    readings = [reading for line in _lines(text[:_LONGEST]) for reading in _with_hyphens(line)]
    for pattern in (_LINK, _OLD_LINK):
        for reading in readings:
            yield from (match[0] for match in pattern.finditer(reading))


def _lines(text: str) -> Iterator[str]:
    """The text on one line: as it is, and with what HTML and addresses write otherwise."""
    for plain in (_joined(text), _joined(html.unescape(text))):
        yield plain
        yield unquote(plain)


def _joined(text: str) -> str:
    """Without blanks, and what cannot be seen."""
    return "".join(char for char in _BREAK.sub("", text) if not _is_between(char))


def _is_between(char: str) -> bool:
    return char.isspace() or char in _AROUND or unicodedata.category(char) in ("Cf", "Cc")


def _with_hyphens(text: str) -> Iterator[str]:
    kinds = sorted(set(text) & _DASHES.keys())
    for choice in product(*(_DASHES[kind] for kind in kinds)):
        reading = text
        for kind, hyphens in zip(kinds, choice, strict=True):
            reading = reading.replace(kind, hyphens)
        yield reading
