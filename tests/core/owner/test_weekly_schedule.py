"""Weekly schedules, by the clock on the wall: across midnight, across the end of the week, and when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mcgui_core.owner.weekly_schedule import (
    DAY,
    Period,
    Schedule,
    days_text,
    instant,
    parse_days,
    parse_time,
    time_text,
)

BERLIN = ZoneInfo("Europe/Berlin")  # clocks change by an hour at 02:00, which is within periods that people set
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # by half an hour
MINUTE = 60.0

periods = st.builds(
    Period,
    st.lists(st.integers(0, 6), unique=True).map(tuple),
    st.integers(0, DAY - 1),
    st.integers(0, DAY),
    st.integers(0, 8),
)
schedules = st.builds(Schedule, st.lists(periods, max_size=4).map(tuple), st.none() | st.integers(0, 8))
#: Moments of a year in which both zones change their clocks twice.
moments = st.integers(
    int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
)
zones = st.sampled_from([UTC, BERLIN, LORD_HOWE])


def by_the_wall(schedule: Schedule, moment: datetime) -> int | None:
    """The same by comparing what the clock shows; right where no clock ever changes."""
    minute = moment.hour * 60 + moment.minute
    for period in schedule.periods:
        today, yesterday = moment.weekday() in period.days, (moment.weekday() - 1) % 7 in period.days
        over_midnight = period.stop <= period.start
        if today and period.start <= minute and (over_midnight or minute < period.stop):
            return period.nprocs
        if yesterday and over_midnight and minute < period.stop:
            return period.nprocs
    return schedule.otherwise


@given(schedules, moments)
def test_where_no_clock_changes_a_period_is_what_the_clock_on_the_wall_says(schedule: Schedule, now: int) -> None:
    assert schedule.nprocs_at(now, UTC) == by_the_wall(schedule, datetime.fromtimestamp(now, UTC))


@given(schedules, moments, zones)
def test_the_next_change_is_a_change_and_nothing_changes_before_it(
    schedule: Schedule, now: int, zone: ZoneInfo
) -> None:
    current, change = schedule.nprocs_at(now, zone), schedule.next_change(now, zone)
    if change is None:
        week = [now + hour * 3600 for hour in range(7 * 24)]
        assert {schedule.nprocs_at(moment, zone) for moment in week} == {current}
        return
    assert change > now
    assert schedule.nprocs_at(change, zone) != current
    assert schedule.nprocs_at(change - 1, zone) == current
    steps = 50
    between = [now + (change - now) * step / steps for step in range(steps)]
    assert {schedule.nprocs_at(moment, zone) for moment in between} == {current}


@given(st.integers(0, DAY - 1), st.integers(0, DAY), st.dates(date(2026, 1, 2), date(2026, 12, 30)), zones)
def test_a_period_begins_and_ends_once_a_day_also_when_clocks_change(
    start: int, stop: int, day: date, zone: ZoneInfo
) -> None:
    schedule = Schedule((Period((day.weekday(),), start, stop, 3),), 0)
    low, high = instant(day, 0, zone), instant(day + timedelta(days=2), 0, zone)
    values = [schedule.nprocs_at(low + minute * MINUTE, zone) for minute in range(int((high - low) // MINUTE))]
    switches = [a for a, b in zip([0, *values], [*values, 0], strict=True) if a != b]
    assert switches in ([0, 3], []), "more than one stretch"
    # As long as on any other day, but for what the clocks change by.
    length = (stop - start) if stop > start else DAY + stop - start
    assert abs(values.count(3) - length) <= 60


def test_a_period_across_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = Schedule((Period((4,), 22 * 60, 6 * 60, 8),), 0)
    friday = date(2026, 7, 3)
    for day, minute, allowed in (
        (friday, 5 * 60, 0),
        (friday, 22 * 60, 8),
        (friday + timedelta(days=1), 5 * 60 + 59, 8),
        (friday + timedelta(days=1), 6 * 60, 0),
        (friday + timedelta(days=1), 22 * 60, 0),
    ):
        assert friday_night.nprocs_at(instant(day, minute, BERLIN), BERLIN) == allowed


def test_the_night_of_sunday_goes_on_into_monday() -> None:
    schedule = Schedule((Period((6,), 23 * 60, 2 * 60, 5),), 1)
    assert schedule.nprocs_at(instant(date(2026, 7, 6), 60, BERLIN), BERLIN) == 5


def test_a_time_over_which_the_clocks_jump_is_the_moment_of_the_jump() -> None:
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC).timestamp()  # 02:00 becomes 03:00 in Berlin
    assert instant(date(2026, 3, 29), 2 * 60 + 30, BERLIN) == jump
    assert instant(date(2026, 3, 29), 3 * 60, BERLIN) == jump
    assert instant(date(2026, 3, 29), 2 * 60 - 1, BERLIN) == jump - 60


def test_a_time_that_comes_twice_counts_when_it_comes_first() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()  # 02:30 in summer time
    schedule = Schedule((Period((6,), 60, 2 * 60 + 30, 4),), 0)
    assert instant(date(2026, 10, 25), 2 * 60 + 30, BERLIN) == first
    assert schedule.nprocs_at(first - 1, BERLIN) == 4
    assert schedule.nprocs_at(first, BERLIN) == 0
    assert schedule.nprocs_at(first + 3600 - 60, BERLIN) == 0, "it came back with the hour that is repeated"


def test_of_periods_that_overlap_the_first_counts() -> None:
    every_day = tuple(range(7))
    schedule = Schedule((Period(every_day, 720, 780, 1), Period(every_day, 0, DAY, 6)))
    assert schedule.nprocs_at(instant(date(2026, 7, 3), 730, UTC), UTC) == 1
    assert schedule.nprocs_at(instant(date(2026, 7, 3), 780, UTC), UTC) == 6


@given(st.lists(st.integers(0, 6), unique=True, min_size=1))
def test_days_are_written_as_they_are_read(days: list[int]) -> None:
    assert parse_days(days_text(tuple(days))) == tuple(sorted(days))


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ((0, 1, 2, 3, 4, 5, 6), "every day"),
        ((4, 0, 1, 3, 2), "Mon-Fri"),
        ((5, 6), "Sat, Sun"),
        ((0, 2, 3, 4, 6), "Mon, Wed-Fri, Sun"),
    ],
)
def test_days_are_written_as_people_do(days: tuple[int, ...], text: str) -> None:
    assert days_text(days) == text


@given(st.integers(0, DAY))
@example(DAY)
def test_times_are_written_as_they_are_read(minutes: int) -> None:
    assert parse_time(time_text(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "8", "8:5", "24:01", "12:60", "-1:30", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "days"), [("Fri-Mon", (0, 4, 5, 6)), ("mon, WED", (0, 2)), ("daily", tuple(range(7)))]
)
def test_days_may_be_written_in_several_ways(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="'someday' is no day of the week"):
        parse_days("Mon, someday")
    with pytest.raises(ValueError, match="'M' is no day"):
        parse_days("M")
    assert parse_days("Mo, Tu") == (0, 1)


@pytest.mark.parametrize(
    ("days", "start", "stop", "nprocs", "reason"),
    [
        ((7,), 0, 60, 1, "days are numbered from 0, Monday, to 6, Sunday"),
        ((0, -1), 0, 60, 1, "days are numbered from 0, Monday, to 6, Sunday"),
        ((0,), -1, 60, 1, "a time is between 00:00 and 24:00"),
        ((0,), DAY, 60, 1, "a time is between 00:00 and 24:00"),
        ((0,), 0, DAY + 1, 1, "a time is between 00:00 and 24:00"),
        ((0,), 0, -1, 1, "a time is between 00:00 and 24:00"),
        ((0,), 0, 60, -1, "processors cannot be fewer than none"),
    ],
)
def test_a_period_of_days_and_times_that_there_are_not_is_refused(
    days: tuple[int, ...], start: int, stop: int, nprocs: int, reason: str
) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        Period(days, start, stop, nprocs)
