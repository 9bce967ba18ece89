"""The days of the week, in which much happens to a worker; each with its owner's log as `LOG` has it."""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.waiting import until
from tests.week.story import PATIENCE, TASKS, Story
from tests.week.turned_clock import ZONE

MASTER = r"127\.0\.0\.1:\d+"
USED = r"Somebody uses this computer, or did in the last 0\.05 min\."
JOINED = [rf"Looking for {MASTER}\.", rf"Joined {MASTER} with 2 processors\."]


#: What the owner finds in the log: the hour, and what is said. A line after "?" only a slow computer says.
LOG = {
    "monday": (
        r"09  \d tasks done for this computer in [\d.]+ s\.",
        f"12  {USED}",
        "12  Work goes on.",
    ),
    "tuesday": (
        r"10  This computer runs on battery\.",
        r"10  Paused\.",
        r"10  2 tasks done for this computer in [\d.]+ s\.",
        r"10  Work goes on\.",
        r"15  This computer runs on battery\.",
        r"15  Paused\.",
        r"15  Work goes on\.",
        r"15  2 tasks done for this computer in [\d.]+ s\.",
    ),
    "wednesday": (
        r"09  cad-\d+ runs\.",
        r"09  Work goes on\.",
        r"?11  Its tasks need more than 250 MB of memory\.",  # on the way to far more
        r"11  A task of job \d used .* of memory, more than the 250 MB that all may use here\. It was stopped, .*",
        r"22  The schedule allows no work until Thu 06:00\.",
    ),
    "thursday": (
        r"06  Work goes on\.",
        r"10  Snoozed until 10:15\.",
        r"10  Work goes on\.",
    ),
    "friday": (
        r"09  \d tasks done for this computer in [\d.]+ s\.",
        rf"10  The connection to the master at {MASTER} is lost: the other side closed it\.",
        rf"10  No master answers at {MASTER} .*",
        rf"10  Joined {MASTER} with 2 processors\.",
        rf"11  Leaving {MASTER}\.",
        rf"11  Left {MASTER}\.",
        *(f"11  {line}" for line in JOINED),
        r"11  \d tasks done for this computer in [\d.]+ s\.",
        *(f"15  {line}" for line in JOINED),
    ),
    "saturday": (
        r"20  Snoozed until Sun 07:00\.",
        f"21  {JOINED[0]}",
        rf"21  {JOINED[1]} Snoozed until Sun 07:00\.",
    ),
    "sunday": (
        r"07  Work goes on\.",
        r"12  \d tasks done for this computer in [\d.]+ s\.",
    ),
}


def monday(story: Story) -> None:
    """It works, and rests while its owner is there."""
    story.at(25, 9)
    with story.connected():
        story.works()
        story.at(25, 12)
        with story.used():
            story.hears(USED)
            story.is_said_to_be("paused", "Somebody uses")
        story.hears("Work goes on")


def tuesday(story: Story) -> None:
    """Unplugged: tasks may come to their end, and those that do not begin anew when there is power again."""
    story.at(26, 10)
    with story.connected():
        with story.two_tasks() as go:
            story.plug(False)
            story.hears("battery")
            go.touch()
        story.hears("Paused")
        story.is_said_to_be("paused", "This computer runs on battery.")
        story.hears("2 tasks done")
        story.plug(True)
        story.hears("Work goes on")
        story.at(26, 15)
        with story.two_tasks() as go:
            story.plug(False)
            story.hears("battery")
            story.hears("Paused")
            story.is_said_to_be("paused", "This computer runs on battery.")
            assert story.node().busy == 0
            story.plug(True)
            story.hears("Work goes on")
            go.touch()
        story.hears("2 tasks done")


def wednesday(story: Story) -> None:
    """Its owner's own program; a task that is too large; and the night begins."""
    story.at(27, 9)
    with story.connected():
        with story.drawing():
            story.hears(f"{story.program} runs")
            story.is_said_to_be("paused", f"{story.program} runs.")
        story.hears("Work goes on")
        story.at(27, 11)
        failure = story.cluster.submit(TASKS, "eat", [0]).results(return_exceptions=True)[0]
        assert "more memory than the owner of this computer allows" in str(failure), failure
        story.hears("used .* of memory, more than the 250 MB")
        story.at(27, 22)
        story.hears("The schedule allows no work")
        story.is_said_to_be("paused", "The schedule allows no work")


def thursday(story: Story) -> None:
    """The night goes on, and ends; a snooze lasts as long as was said, whatever the clock is set to."""
    story.at(28, 0, 30)
    with story.connected():
        story.stays("paused")
        story.at(28, 6)
        story.hears("Work goes on")
        story.is_said_to_be("idle")
        story.at(28, 10)
        story.choose("For 15 minutes")
        story.hears("Snoozed until 10:15")
        story.is_said_to_be("paused")
        for change in (timedelta(hours=-3), timedelta(hours=6), timedelta(hours=-3)):
            story.clock.set_by(change)
            story.stays("paused")
        story.at(28, 10, 17)
        story.hears("Work goes on")
        story.is_said_to_be("idle")


def friday(story: Story) -> None:
    """The master is killed and comes back; the worker is ended, and killed, and comes back."""
    story.at(29, 9)
    with story.connected():
        story.works()
    story.at(29, 10)
    story.kill(story.master)
    story.hears("No master answers")
    story.start_master()
    story.hears("Joined")
    story.at(29, 11)
    story.end_worker()
    story.start_worker()
    story.hears("Joined")
    with story.connected():
        story.works()
        until(lambda: story.counts("2027-10-29"), PATIENCE, "the totals of the day")
    story.at(29, 15)
    story.kill(story.worker)
    story.start_worker()
    story.hears("Joined")
    assert story.counts("2027-10-29")


def saturday(story: Story) -> None:
    """A snooze outlives the worker that was told of it."""
    story.at(30, 20)
    story.choose("For 12 hours")
    story.hears("Snoozed until Sun 07:00")
    story.at(30, 21)
    story.kill(story.worker)
    story.start_worker()
    story.hears("Joined")
    with story.connected():
        story.is_said_to_be("paused")


def sunday(story: Story) -> None:
    """The clocks have gone back in the night: twelve hours are twelve hours."""
    with story.connected():
        story.at(31, 6, 30)
        story.stays("paused")
        story.at(31, 7)
        story.hears("Work goes on")
        story.at(31, 12)
        story.works()
        until(lambda: story.counts("2027-10-31"), PATIENCE, "the totals of the day")


DAYS = {day.__name__: day for day in (monday, tuesday, wednesday, thursday, friday, saturday, sunday)}
#: Those that go on with what began on the evening before.
_AFTER_AN_EVENING = ("thursday", "sunday")


def chosen(name: str) -> list[str]:
    """The days that have to pass for that one; all for ""."""
    days = list(DAYS)
    if not name:
        return days
    number = days.index(name)
    return days[number - 1 if name in _AFTER_AN_EVENING else number : number + 1]


def right_log(names: Sequence[str]) -> dict[str, list[str]]:
    """What the log of these days should be: it joins at seven on the first, and leaves at the end of the last."""
    pages = {name: list(LOG[name]) for name in names}
    pages[names[0]][:0] = [f"07  {line}" for line in JOINED]
    pages[names[-1]] += [rf"\d\d  Leaving {MASTER}\.", rf"\d\d  Left {MASTER}\."]
    return pages


def is_right(written: Sequence[str], page: Sequence[str]) -> bool:
    """Whether the log of a day is that."""
    lines = [f"(?:{line[1:]}\n)?" if line.startswith("?") else f"{line}\n" for line in page]
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in written)) is not None


def tell(folder: Path, names: Sequence[str], say: Callable[[str], None]) -> dict[str, list[str]]:
    """Let these days pass. Returns the log of each: the hour, and what was said."""
    os.environ["TZ"] = ZONE
    time.tzset()
    first = 25 + list(DAYS).index(names[0])
    story = Story(folder, datetime(2027, 10, first, 6, 59).astimezone(), say)
    try:
        story.start_master()
        story.at(first, 7)
        story.start_worker()
        story.hears("Joined")
        for name in names:
            say(f"--- {name}: {DAYS[name].__doc__}")
            DAYS[name](story)
        story.end_worker()
    except BaseException:
        say("\n".join(story.log))
        raise
    finally:
        story.end()
    pages = defaultdict(list)
    for line in story.log:
        day_of, clock, text = line.split(maxsplit=2)
        pages[f"{date.fromisoformat(day_of):%A}".lower()].append(f"{clock[:2]}  {text}")
    return pages
