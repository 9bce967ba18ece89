"""How wide the columns of a table are in the room it has, and which are hidden for want of room. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

#: Times its width up to which the first column comes before the words of the one that gets what is left.
_AHEAD: Final = 1.75


def fitted(
    widths: Mapping[str, int],
    room: int,
    *,
    wide: str,
    usual: int,
    least: int,
    dispensable: Sequence[str] = (),
    last: Sequence[str] = (),
    words: Mapping[str, int] | None = None,
    narrow: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Widths, in pixels, of the columns that are shown in `room` pixels; 0: the room is not known yet.

    The column `wide` gets what is left. Where that would be less than `usual`, those of `narrow` give what their words
    do not need; then the columns `dispensable` are hidden, one after the other. Where that does not help either, it
    gets less, down to `least`; then the columns `last` are hidden; then those of `narrow` give way, the widest first,
    down to the widths that they have there; then the table is wider than its room.

    `words` are widths in which the words of columns are whole. They hide no column, and make no table wider: what
    the column `wide` does not need for its own goes to others. The first tells rows apart, so it is given some
    of that too, as long as `wide` keeps its `least`.
    """
    shown, known = dict(widths), words or {}
    needed = sum(width for title, width in shown.items() if title != wide)
    if room > 0:
        spare = {title: max(least, known[title]) for title, least in (narrow or {}).items() if title in known}
        needed -= _give_way(shown, spare, needed + usual - room, wide)
    for title in dispensable:
        if needed + usual > room > 0 and title in shown:
            needed -= shown.pop(title)
    for title in last:
        if needed + least > room > 0 and title in shown:
            needed -= shown.pop(title)
    if room > 0:
        needed -= _give_way(shown, narrow or {}, needed + (least if wide in shown else 0) - room, wide)
    if wide in shown:
        shown[wide] = max(room - needed, least if room > 0 else usual)
        _share(shown, known, wide, usual, least)
        own = known.get(wide, 0)
        for title in narrow or {}:  # and what they gave in vain, they get back
            _give(shown, title, widths.get(title, 0), wide, max(usual, own if own <= shown[wide] else 0))
    return shown


def _give_way(shown: dict[str, int], narrow: Mapping[str, int], missing: int, wide: str) -> int:
    """Make columns narrower until so many pixels are there; how many that gave."""
    given = 0
    for title in sorted(narrow.keys() & shown.keys() - {wide}, key=lambda title: -shown[title]):
        less = max(min(missing - given, shown[title] - narrow[title]), 0)
        shown[title] -= less
        given += less
    return given


def _share(shown: dict[str, int], words: Mapping[str, int], wide: str, usual: int, least: int) -> None:
    """Give what the column `wide` has to spare to those whose words are cut."""
    first, own = next(iter(shown)), max(words.get(wide, usual), least)
    _give(shown, first, min(words.get(first, 0), round(_AHEAD * shown[first])), wide, least)
    for title in shown:
        _give(shown, title, words.get(title, 0), wide, own)


def _give(shown: dict[str, int], title: str, wanted: int, wide: str, kept: int) -> None:
    """Make a column so wide, as far as `wide` has more than it is to keep."""
    more = min(wanted - shown[title], shown[wide] - kept) if title in shown else 0
    if title != wide and more > 0:
        shown[title] += more
        shown[wide] -= more
