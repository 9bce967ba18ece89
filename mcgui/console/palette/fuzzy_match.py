"""Finding things by a few of their letters, as people type them in a hurry. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Points of a letter: for being there, at the beginning of a word, and right after the one before.
_THERE: Final = 1.0
_BEGINS: Final = 8.0
_FOLLOWS: Final = 8.0
#: What a letter costs that stands alone in the middle of a word: it fits, but hardly anybody means it.
_SCATTERED: Final = 60.0
#: What each letter that is passed over costs.
_GAP: Final = 0.05


@dataclass(frozen=True)
class Match:
    """How well it fits (more is better), and which letters of the text fitted."""

    score: float
    places: tuple[int, ...] = ()


def match(typed: str, text: str) -> Match | None:
    """How well `text` fits what was typed: each word of it, in any order, as letters in order. None: not at all."""
    score, places = 0.0, set[int]()
    for word in typed.casefold().split():
        found = _word(word, text.casefold())
        if found is None:
            return None
        score += found.score
        places |= set(found.places)
    return Match(score - _GAP * len(text), tuple(sorted(places)))


def starts(typed: str, text: str) -> bool:
    """Whether every word that was typed is the beginning of a word of `text`."""
    words = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return all(any(word.startswith(one) for word in words) for one in typed.casefold().split())


def _word(word: str, text: str) -> Match | None:
    """The best way to find the letters of `word` in `text`, over every place where the first of them stands."""
    starts = [at for at, letter in enumerate(text) if letter == word[0]]
    return max((made for at in starts if (made := _from(word, text, at))), key=lambda made: made.score, default=None)


def _from(word: str, text: str, start: int) -> Match | None:
    places, at, score = [start], start, _letter(text, start)
    for letter in word[1:]:
        if text[at + 1 : at + 2] == letter:
            at, gained = at + 1, _FOLLOWS + _THERE
        else:
            following = _next(text, letter, at + 1)
            if following is None:
                return None
            gained = _letter(text, following) - _GAP * (following - at)
            if not _begins(text, following):
                gained -= _SCATTERED
            at = following
        score += gained
        places.append(at)
    return Match(score, tuple(places))


def _next(text: str, letter: str, start: int) -> int | None:
    """Where the letter stands next: at the beginning of a word if there is one, or else anywhere."""
    everywhere = [at for at in range(start, len(text)) if text[at] == letter]
    beginning = (at for at in everywhere if _begins(text, at))
    return next(beginning, everywhere[0] if everywhere else None)


def _letter(text: str, at: int) -> float:
    return _THERE + (_BEGINS if _begins(text, at) else 0.0)


def _begins(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()
