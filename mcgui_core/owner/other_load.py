"""How busy other programs keep the processors, over the last seconds."""

from __future__ import annotations

from typing import Final

#: Seconds over which it is averaged: a window that opens is no reason to pause.
SPAN: Final = 10.0
#: The share of the limit below which it must fall, before work goes on.
LOW: Final = 0.7


class OtherLoad:
    """Time comes in, in seconds of any clock that never goes back; loads are per cent of the whole computer."""

    def __init__(self) -> None:
        self._mean: float | None = None
        self._at = 0.0
        self._above = False

    def is_above(self, limit: float, everything: float, ours: float, now: float) -> bool:
        """Whether others are busier than `limit`, now that this much is used in all and by us."""
        others = max(0.0, everything - ours)
        if self._mean is None:
            self._mean = 0.0
        else:
            weight = min(1.0, (now - self._at) / SPAN)
            self._mean += weight * (others - self._mean)
        self._at = now
        self._above = self._mean > (LOW * limit if self._above else limit)
        return self._above

    def reset(self) -> None:
        """The limit was switched off."""
        self._mean, self._above = None, False
