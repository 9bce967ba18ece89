"""What the adversary does, one act after the other: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

#: How often each act is in the deck. Decks are shuffled and played to their end, so a run of one deck has seen all.
DECK = {
    "kill slot": 5,
    "kill agent": 1,
    "kill server": 1,
    "kill client": 1,
    "end agent": 1,
    "end server": 1,
    "stop slot": 2,
    "hang slot": 1,
    "hang agent": 1,
    "stop agent": 1,
    "stop server": 1,
    "stop client": 1,
    "drop connections": 1,
    "reset connections": 1,
    "delay connections": 1,
    "freeze connections": 1,
    "corrupt connections": 2,
    "fill disk": 1,
}
#: What hangs does so so many times as long as what is stopped: for minutes, where nobody is in a hurry.
HANGS_TIMES = 15
#: Seconds between two acts, and that an act lasts (a stop, a cut, a pause before a restart).
PAUSE, SHORT, LONG = (0.1, 3.0), 0.2, 8.0


@dataclass(frozen=True)
class Act:
    """One thing to do. `aim` (0 to 1) chooses among the victims that there are when it is done."""

    number: int
    kind: str
    pause: float  # seconds after the one before, at most
    aim: float
    seconds: float


def schedule(seed: int, haste: float = 1.0) -> Iterator[Act]:
    """Acts without end. With a haste of 4 all times are a quarter as long."""
    chosen = random.Random(seed)
    number = 0
    while True:
        deck = [kind for kind, times in DECK.items() for _ in range(times)]
        chosen.shuffle(deck)
        for kind in deck:
            pause = chosen.uniform(*PAUSE) / haste
            # Most of them short: it is the many borders in time where things go wrong.
            seconds = max(SHORT, chosen.uniform(SHORT**0.5, LONG**0.5) ** 2 / haste)
            if kind.startswith("hang "):
                seconds *= HANGS_TIMES
            yield Act(number, kind, pause, chosen.random(), seconds)
            number += 1
