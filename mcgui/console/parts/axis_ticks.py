"""Which places along an axis of a plot are labelled, where there is not room for all."""

from __future__ import annotations

from typing import Final

#: Pixels by which numbers at the ends of an axis stand out of it. pyqtgraph leaves out what does not lie within axis
#: and drawing: that is often the 0, and beside a low drawing one number is left, which says nothing of a height.
OUT: Final = 8
#: As pyqtgraph has them: the distance between places, and these.
Ticks = list[tuple[float, list[float]]]


def with_room(ticks: Ticks, room: int) -> Ticks:
    """Of the coarsest places every second, third ... one, so that there are `room` at most; 0 stays among them. Where
    there is but one of the coarsest, those of the next kind too: one number says nothing of a height."""
    if len(ticks) > 1 and len(ticks[0][1]) < 2:
        ticks = [(ticks[1][0], sorted((*ticks[0][1], *ticks[1][1]))), *ticks[2:]]
    spacing, places = ticks[0] if ticks else (1.0, [])
    every = -(-len(places) // max(room, 1))
    if every <= 1:
        return ticks
    kept = [place for place in places if round(place / spacing) % every == 0]
    if len(kept) < 2 <= room:  # of -1, 0 and 1, the 0 alone says as little
        return [(spacing, sorted({*kept, places[-1]}))]
    return [(spacing * every, kept)]
