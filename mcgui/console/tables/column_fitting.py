"""How wide the columns of a table are in the room it has, and which are hidden for want of room. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def fitted(
    widths: Mapping[str, int],
    room: int,
    *,
    wide: str,
    usual: int,
    least: int,
    dispensable: Sequence[str] = (),
    last: Sequence[str] = (),
) -> dict[str, int]:
    """Widths, in pixels, of the columns that are shown in `room` pixels; 0: the room is not known yet.

    The column `wide` gets what is left. Where that would be less than `usual`, the columns `dispensable` are hidden,
    one after the other. Where that does not help either, it gets less, down to `least`; then the columns `last` are
    hidden; and then the table is wider than its room.
    """
    shown = dict(widths)
    needed = sum(width for title, width in shown.items() if title != wide)
    for title in dispensable:
        if needed + usual > room > 0 and title in shown:
            needed -= shown.pop(title)
    for title in last:
        if needed + least > room > 0 and title in shown:
            needed -= shown.pop(title)
    if wide in shown:
        shown[wide] = max(room - needed, least if room > 0 else usual)
    return shown
