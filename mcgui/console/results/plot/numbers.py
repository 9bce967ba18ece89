"""Numbers as they are drawn and said: of any size, and however close together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import floor, log10
from typing import Final

import numpy as np

from mcgui import format

#: Bars of a histogram at most; whole numbers have one each, where they are few enough.
BINS: Final = 60
#: Whole numbers from here on are further apart than bars of one each.
_WHOLE: Final = 1e15
#: Numbers that differ by a smaller part of themselves are drawn as one place: between them is no room for bars, nor for
#: the numbers on an axis.
_NARROW: Final = 1e-9
#: Exponents of ten beyond which numbers are drawn in a unit of their own: sums and squares of them leave the floats.
_PLAIN: Final = 100
#: The largest power of ten that can be divided by on both sides of one.
_MOST: Final = 300
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def unit_of(values: np.ndarray) -> float:
    """1.0, or the power of ten in which numbers are drawn that are too large or too small to be reckoned with."""
    found = np.abs(values[np.isfinite(values)])
    most = float(found.max()) if found.size else 0.0
    exponent = floor(log10(most)) if most else 0
    return 1.0 if abs(exponent) <= _PLAIN else 10.0 ** max(-_MOST, min(exponent, _MOST))


def extent(values: np.ndarray) -> tuple[float, float]:
    """From where to where an axis goes for these numbers, all of them finite; never so narrow that nothing fits."""
    low, high = float(values.min()), float(values.max())
    if not is_narrow(low, high):
        return low, high
    middle = low + (high - low) / 2
    half = max(0.5, abs(middle) * 1000 * _NARROW)
    return middle - half, middle + half


def is_narrow(low: float, high: float) -> bool:
    return high - low <= max(abs(low), abs(high)) * _NARROW


def bins(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
    """Counts, the edges between which they were counted, and whether each is of one whole number."""
    low, high = float(values.min()), float(values.max())
    if max(-low, high) < _WHOLE and high - low < BINS and bool(np.all(values == np.round(values))):
        edges = np.arange(low - 0.5, high + 1.0)
        return np.histogram(values, edges)[0], edges, True
    many = int(np.clip(np.sqrt(values.size), 5, BINS)) if not is_narrow(low, high) else 1
    return (*np.histogram(values, many, extent(values)), False)


def number(value: float) -> str:
    """A number as short as is honest: "3.14159", "1,000,000", "2.5e-09"."""
    if abs(value) < _WHOLE and value == round(value):
        return format.count(round(value))
    return f"{value:.6g}"


def moment(seconds: float, precise: bool = True) -> str:
    """Seconds since 1970 as a date, with its time where that is wanted and there is one."""
    try:
        found = _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return number(seconds)
    day = found.date().isoformat()  # with four digits of the year, which strftime has not everywhere
    return f"{day} {found:%H:%M:%S}".removesuffix(" 00:00:00") if precise else day


def summary(values: np.ndarray, kind: str) -> str:
    """Numbers, or dates, in words."""
    found = values[np.isfinite(values)]
    if not found.size:
        return f"no numbers that can be drawn ({undrawn(values)})" if np.isinf(values).any() else "no numbers"
    say = moment if kind == "date" else number
    unit = unit_of(found)
    words = [f"from {say(float(found.min()))} to {say(float(found.max()))}"]
    if kind != "date":
        middle = float(np.median(found / unit)) * unit
        words = [f"mean {number(float((found / unit).mean()) * unit)}", f"median {number(middle)}", *words]
    return ", ".join(filter(None, [*words, undrawn(values)]))


def undrawn(values: np.ndarray) -> str:
    """How many are no numbers that have a place on an axis, and why; "" where all have one."""
    beyond, none = int(np.isinf(values).sum()), int(np.isnan(values).sum())
    found = [f"{format.count(beyond)} infinite or beyond 1e308"] if beyond else []
    return ", ".join([*found, f"{format.count(none)} without a number"] if none else found)
