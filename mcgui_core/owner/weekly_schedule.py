"""A weekly schedule: how many processors a worker gets in which period, by the clock on the wall.

Each period is one unbroken stretch of real time on each day that it begins on, also across midnight and across the
change of the clocks: a time that comes twice that night counts when it comes first, one that does not come counts
as the moment at which the clocks jump over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

#: Minutes in a day.
DAY = 24 * 60
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Period:
    """On each of `days` (0 is Monday) from `start` to `stop`, minutes after midnight; `nprocs` 0 means no work.

    Where `stop` is not after `start`, it is on the next day. Raises ValueError for days and times that there are not.
    """

    days: tuple[int, ...]
    start: int
    stop: int
    nprocs: int

    def __post_init__(self) -> None:
        if any(day not in range(7) for day in self.days):
            raise ValueError("days are numbered from 0, Monday, to 6, Sunday")
        if self.start not in range(DAY) or self.stop not in range(DAY + 1):
            raise ValueError("a time is between 00:00 and 24:00")
        if self.nprocs < 0:
            raise ValueError("processors cannot be fewer than none")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Of periods that overlap, the first one counts. `otherwise` is for all other times; None sets no limit then."""

    periods: tuple[Period, ...] = ()
    otherwise: int | None = None

    def nprocs_at(self, now: float, zone: tzinfo | None = None) -> int | None:
        """Processors at `now`, in seconds since the epoch; None for no limit. `zone` None: the computer's."""
        day = _day_of(now, zone)
        for period in self.periods:
            if any(start <= now < stop for start, stop in _stretches(period, day, 1, zone)):
                return period.nprocs
        return self.otherwise

    def next_change(self, now: float, zone: tzinfo | None = None) -> float | None:
        """When the number is another one for the first time after `now`; None if that never is."""
        current = self.nprocs_at(now, zone)
        day = _day_of(now, zone)
        edges = {edge for period in self.periods for stretch in _stretches(period, day, 8, zone) for edge in stretch}
        for edge in sorted(edges):
            if edge > now and self.nprocs_at(edge, zone) != current:
                return edge
        return None


def _stretches(period: Period, day: date, days: int, zone: tzinfo | None) -> Iterator[tuple[float, float]]:
    """When it starts and stops, for all that begin from the day before `day` to `days` after it."""
    for offset in range(-1, days + 1):
        begins = day + timedelta(days=offset)
        if begins.weekday() not in period.days:
            continue
        ends = begins if period.stop > period.start else begins + timedelta(days=1)
        yield instant(begins, period.start, zone), instant(ends, period.stop, zone)


def instant(day: date, minutes: int, zone: tzinfo | None = None) -> float:
    """When the clock on the wall shows that time of that day for the first time, in seconds since the epoch."""
    day, minutes = day + timedelta(days=minutes // DAY), minutes % DAY
    wall = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone)
    first, second = wall.timestamp(), wall.replace(fold=1).timestamp()
    if first <= second:
        return first
    # The clocks jump over this time: find the jump. Before it they are behind `wall`, after it ahead.
    low, high = second, first
    while high - low > 0.5:
        middle = (low + high) / 2
        if _wall(middle, zone).replace(tzinfo=None, fold=0) >= wall.replace(tzinfo=None):
            high = middle
        else:
            low = middle
    return float(round(high))


def _wall(moment: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(moment, zone)


def _day_of(moment: float, zone: tzinfo | None) -> date:
    return _wall(moment, zone).date()


def parse_time(text: str) -> int:
    """Minutes after midnight of "18:30". Raises ValueError."""
    hours, colon, minutes = text.strip().partition(":")
    if not colon or not hours.isdigit() or not minutes.isdigit() or len(minutes) != 2 or int(minutes) > 59:
        raise ValueError(f"{text!r} is no time of day: write it like 18:30")
    found = 60 * int(hours) + int(minutes)
    if found > DAY:
        raise ValueError(f"{text!r} is no time of day: write it like 18:30")
    return found


def time_text(minutes: int) -> str:
    """ "18:30" of minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def days_text(days: tuple[int, ...]) -> str:
    """ "Mon-Fri", "Sat, Sun", "every day"."""
    if len(set(days)) == 7:
        return "every day"
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{DAY_NAMES[run[0]]}-{DAY_NAMES[run[-1]]}" if len(run) > 2 else ", ".join(DAY_NAMES[day] for day in run)
        for run in runs
    )


def parse_days(text: str) -> tuple[int, ...]:
    """The days of "Mon-Fri", "Sat, Sun", "Fri-Mon" or "every day". Raises ValueError."""
    if text.strip().lower() in ("every day", "daily"):
        return tuple(range(7))
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        start = _day(first)
        stop = _day(last) if dash else start
        found.update((start + step) % 7 for step in range((stop - start) % 7 + 1))
    return tuple(sorted(found))


def _day(name: str) -> int:
    for number, known in enumerate(DAY_NAMES):
        if len(name) >= 2 and name.lower()[:3] == known.lower()[: len(name)]:
            return number
    raise ValueError(f"{name!r} is no day of the week: write Mon, Tue, Wed, Thu, Fri, Sat or Sun")
