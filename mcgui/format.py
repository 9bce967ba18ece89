"""Numbers as people read them: "1,234,567", "9.8k", "1.2 GB", "3 min", "8 to 9 s left"."""

from __future__ import annotations

import math

from mcgui_core.base.sizes import bytes_text

#: What stands where a number is not known.
UNKNOWN = "–"  # noqa: RUF001 - a dash is what tables show

_FRACTIONS = (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3))


def count(number: int | None) -> str:
    """A whole number with separators: "1,234,567"."""
    return UNKNOWN if number is None else f"{number:,}"


def rate(per_second: float | None, short: bool = False) -> str:
    """Tasks a second, without a unit: "9,840", "2.4" below ten; `short`: "9.8k"."""
    if per_second is None or not math.isfinite(per_second):
        return UNKNOWN
    if short and per_second >= 999.5:
        return _short(per_second)
    if per_second <= 0:
        return "0"
    if per_second < 0.05:
        return "<0.1"
    return f"{per_second:.1f}" if per_second < 9.95 else f"{per_second:,.0f}"


def _short(number: float) -> str:
    for unit in ("k", "M", "G"):
        number /= 1000
        if number < 999.5 or unit == "G":
            return f"{number:.1f}{unit}" if number < 99.95 else f"{number:,.0f}{unit}"
    raise AssertionError("the loop ends at the last unit")


def bytes(number: float | None) -> str:
    """A size in powers of 1000, as disks and networks are labelled: "412 bytes", "1.2 GB"."""
    if number is None:
        return UNKNOWN
    return bytes_text(number)


def percent(share: float | None) -> str:
    """A percentage that is given as 0 to 100: "97 %"."""
    return UNKNOWN if share is None else f"{share:.0f} %"


def age(seconds: float | None) -> str:
    """How long ago: "0.4 s", "12 s", "3 min", "2 h", "5 days"."""
    if seconds is None:
        return UNKNOWN
    return f"{max(seconds, 0.0):.1f} s" if seconds < 9.95 else duration(seconds)


def duration(seconds: float | None) -> str:
    """How long: "0.9 µs", "12 ms", "8 s", "3 min", "1 h 20 min", "2 days"."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 0.9995:
        return _fraction_of_a_second(max(seconds, 0.0))
    if seconds < 59.5:
        return f"{seconds:.1f} s".replace(".0 s", " s") if seconds < 9.95 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else _hours(minutes)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours < 10:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(minutes / 60)} h" if hours < 48 else f"{round(minutes / 1440):,} days"


def _fraction_of_a_second(seconds: float) -> str:
    if seconds == 0:
        return "0 s"
    unit, size = next((one for one in _FRACTIONS if seconds < 999.5 * one[1]), _FRACTIONS[-1])
    number = seconds / size
    return f"{number:.1f} {unit}".replace(".0 ", " ") if number < 9.95 else f"{number:.0f} {unit}"


def time_left(low: float | None, high: float | None) -> str:
    """A range of seconds that are left: "8 to 9 s left", "3 min left", "up to 8 s left"; "" where it is not known."""
    if low is None or high is None or not math.isfinite(high):
        return ""
    low, high = sorted((max(low, 0.0), max(high, 0.0)))
    if high < 1:
        return "under 1 s left"
    first, last = _coarse(low), _coarse(high)
    if first == last:
        return f"{last} left"
    if low < 0.5:
        return f"up to {last} left"
    first_number, _, first_unit = first.partition(" ")
    same_unit = first_unit == last.partition(" ")[2]
    return f"{first_number if same_unit else first} to {last} left"


def _coarse(seconds: float) -> str:
    return duration(seconds) if seconds >= 59.5 else f"{math.ceil(seconds)} s"


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 task", "2,000 tasks"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"
