"""Which places along an axis of a plot are labelled, where there is not room for all."""

from __future__ import annotations

#: As pyqtgraph has them: the distance between places, and these.
Ticks = list[tuple[float, list[float]]]


def with_room(ticks: Ticks, room: int) -> Ticks:
    """Of the coarsest places every second, third ... one, so that there are `room` at most; 0 stays among them."""
    spacing, places = ticks[0] if ticks else (1.0, [])
    every = -(-len(places) // max(room, 1))
    if every <= 1:
        return ticks
    return [(spacing * every, [place for place in places if round(place / spacing) % every == 0])]
