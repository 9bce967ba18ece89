"""What happens in the week, by real processes: a master, a worker with its agent and slots, programs, a mouse.

Each day ends with the owner's log as `LOG` has it. What stands in for something else is in `stand_ins` and
`turned_clock.py`: the clock on the wall, a battery, and the time that the computer has slept.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QSettings

from mcgui_core import Cluster
from mcgui_core.client.access.link_files import read_link_file
from mcgui_core.protocol.messages import NodeStatus
from tests.waiting import comes_true, until
from tests.week.turned_clock import ZONE, TurnedClock

#: Seconds that a worker may take to notice anything: it looks for programs and at the battery every ten.
PATIENCE = 60.0
#: Seconds of two looks of a worker at what its limits ask for, but for the dear ones.
TWO_LOOKS = 5.0
LIMITS = """
only_when_idle = true
idle_minutes = 0.05
only_on_mains = true
not_while_running = ["cad-program"]
memory = "250 MB"
finish_within_minutes = 0.1

[[schedule.period]]
days = "every day"
from = "22:00"
to = "06:00"
nprocs = 0
"""
TASKS = """
import pathlib, time

def nap(x):
    time.sleep(0.2)
    return x

def wait(path):
    while not pathlib.Path(path).exists():
        time.sleep(0.05)

def eat(x):
    held = bytearray(b"x") * 1_200_000_000
    time.sleep(600)
"""
MASTER = r"127\.0\.0\.1:\d+"
USED = r"Somebody uses this computer, or did in the last 0\.05 min\."
_DONE = re.compile(r"(\d+) tasks done for")
JOINED = [rf"Looking for {MASTER}\.", rf"Joined {MASTER} with 2 processors\."]


def _page(*lines: str) -> list[re.Pattern[str]]:
    return [re.compile(line) for line in lines]


#: What the owner finds in the log: the hour, and what is said.
LOG = {
    "2027-10-25": _page(
        *(f"07  {line}" for line in JOINED),
        r"09  \d tasks done for this computer in [\d.]+ s\.",
        f"12  {USED}",
        "12  Work goes on.",
    ),
    "2027-10-26": _page(
        r"10  This computer runs on battery\.",
        r"10  Paused\.",
        r"10  2 tasks done for this computer in [\d.]+ s\.",
        r"10  Work goes on\.",
        r"15  This computer runs on battery\.",
        r"15  Paused\.",
        r"15  Work goes on\.",
        r"15  2 tasks done for this computer in [\d.]+ s\.",
    ),
    "2027-10-27": _page(
        r"09  cad-program runs\.",
        r"09  Work goes on\.",
        r"11  A task of job \d used .* of memory, more than the 250 MB that all may use here\. It was stopped, .*",
        r"22  The schedule allows no work until Thu 06:00\.",
    ),
    "2027-10-28": _page(
        r"06  Work goes on\.",
        r"10  Snoozed until 10:15\.",
        r"10  Work goes on\.",
    ),
    "2027-10-29": _page(
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
    "2027-10-30": _page(
        r"20  Snoozed until Sun 07:00\.",
        f"21  {JOINED[0]}",
        rf"21  {JOINED[1]} Snoozed until Sun 07:00\.",
    ),
    "2027-10-31": _page(
        r"07  Work goes on\.",
        r"12  \d tasks done for this computer in [\d.]+ s\.",
        rf"12  Leaving {MASTER}\.",
        rf"12  Left {MASTER}\.",
    ),
}


class Story:
    """One computer, its owner, and its master."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        (folder / "power" / "BAT0").mkdir(parents=True)
        (folder / "power" / "AC0").mkdir()
        for name, text in (("energy_now", "30000000"), ("energy_full", "40000000"), ("status", "Charging")):
            (folder / "power" / "BAT0" / name).write_text(text)
        self.plug(True)
        (folder / "limits.toml").write_text(LIMITS)
        self.clock = TurnedClock(folder, datetime(2027, 10, 25, 6, 59).astimezone())
        places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        self.env = {**os.environ, **places, **self.clock.variables, "HOME": str(folder)}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.read = 0  # lines of the log
        self.worker: subprocess.Popen[bytes] | None = None
        self.master: subprocess.Popen[bytes] | None = None

    # --- what can be done ---------------------------------------------------------------------------------------

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """The computer sleeps until then."""
        self.clock.sleep_until(datetime(2027, 10, day, hour, minute).astimezone())
        self.say(f"{self.clock.now:%a %H:%M}")

    def start_master(self) -> None:
        links = self.folder / "links"
        links.unlink(missing_ok=True)
        command = [sys.executable, "-m", "mcgui_core.cli.main", "master", "--port", str(self.port)]
        command += ["--journal", str(self.folder / "week.journal"), "--link-file", str(links)]
        self.master = subprocess.Popen(command, env=self.env, stdout=subprocess.DEVNULL)
        until(links.exists, PATIENCE, "the links of the master")

    def start_worker(self) -> None:
        link = str(read_link_file(self.folder / "links", "worker"))
        command = [sys.executable, "-m", "tests.week.steered_worker", "--nprocs", "2"]
        command += ["--limits", str(self.folder / "limits.toml")]
        self.worker = subprocess.Popen(command, env={**self.env, "MCGUI_LINK": link}, stdin=subprocess.PIPE)

    def choose(self, action: str) -> None:
        """In the worker's menu."""
        assert self.worker is not None
        assert self.worker.stdin is not None
        self.worker.stdin.write(action.encode() + b"\n")
        self.worker.stdin.flush()

    def end_worker(self) -> None:
        """By its menu."""
        assert self.worker is not None
        self.choose("Quit")
        assert self.worker.wait(PATIENCE) == 0

    def kill(self, program: subprocess.Popen[bytes] | None) -> None:
        assert program is not None
        program.send_signal(signal.SIGKILL)
        program.wait()

    def plug(self, plugged: bool) -> None:
        """The computer in, or out."""
        (self.folder / "power" / "AC0" / "online").write_text("1\n" if plugged else "0\n")

    @contextmanager
    def used(self) -> Iterator[None]:
        """Somebody moves the mouse all the time."""
        hand = "while xdotool mousemove 300 300 mousemove 310 310; do sleep 0.5; done"
        with subprocess.Popen(["sh", "-c", hand], env=self.env | {"LD_PRELOAD": ""}) as moving:
            try:
                yield
            finally:
                moving.terminate()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Somebody's own program runs."""
        program = self.folder / "cad-program"
        if not program.exists():
            program.symlink_to(sys.executable)
        with subprocess.Popen([str(program), "-c", "input()"], stdin=subprocess.PIPE) as running:
            try:
                yield
            finally:
                running.communicate(b"\n")

    # --- what is seen -------------------------------------------------------------------------------------------

    @property
    def log(self) -> list[str]:
        """All lines, "2027-10-25 07:00:01  Joined ..."."""
        path = self.folder / "config" / "mcgui" / "worker.log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def hears(self, pattern: str) -> None:
        """The log says this next, or soon."""
        found = re.compile(pattern)

        def line() -> int:
            fresh = enumerate(self.log[self.read :], self.read + 1)
            return next((number for number, text in fresh if found.search(text)), 0)

        self.read = until(line, PATIENCE, f"{pattern!r} in the log, which ends with {self.log[-3:]}", pause=0.1)

    def node(self) -> NodeStatus:
        """As the master has it now."""
        return next(node for node in self.cluster.nodes() if node.state not in ("left", "lost"))

    def is_said_to_be(self, state: str, reason: str = "") -> None:
        """By the master."""
        if not comes_true(lambda: self.node().state == state and reason in self.node().reason, PATIENCE):
            raise AssertionError(f"not {state} {reason}, but {self.cluster.nodes()}")

    @contextmanager
    def connected(self) -> Iterator[Cluster]:
        with Cluster.connect(read_link_file(self.folder / "links", "console")) as self.cluster:
            yield self.cluster

    def works(self) -> None:
        """Four tasks, which the log counts when they are over: more, where a busy computer made one run twice."""
        assert self.cluster.submit(TASKS, "nap", range(4)).results() == list(range(4))
        self.hears("[4-8] tasks done")

    @contextmanager
    def two_tasks(self) -> Iterator[Path]:
        """They run until the file is there."""
        go = self.folder / f"go-{self.clock.now:%d-%H}"
        job = self.cluster.submit(TASKS, "wait", [str(go)] * 2)
        until(lambda: self.node().busy == 2, PATIENCE, "two tasks that run")
        yield go
        assert job.results() == [None, None]

    def stays(self, state: str) -> None:
        """Nothing changes, though it looks twice."""
        time.sleep(TWO_LOOKS)
        assert self.node().state == state

    def counts(self, day: str) -> bool:
        """The owner's totals of this day, and in all, are what the log says."""
        kept = QSettings(str(self.folder / "config" / "mcgui" / "worker.ini"), QSettings.Format.IniFormat)
        totals = json.loads(str(kept.value("worker/diary")))
        logged = [(line.split()[0], int(found[1])) for line in self.log if (found := _DONE.search(line))]
        today = sum(number for when, number in logged if when == day)
        return totals["day"] == day and (totals["done"], totals["done_ever"]) == (today, sum(n for _, n in logged))


def monday(story: Story) -> None:
    """It joins, works, and rests while its owner is there."""
    story.at(25, 7)
    story.start_worker()
    story.hears("Joined")
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
            story.hears("cad-program runs")
            story.is_said_to_be("paused", "cad-program runs.")
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


DAYS = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def tell(folder: Path, say: Callable[[str], None]) -> dict[str, list[str]]:
    """The whole week. Returns the log of each day: the hour, and what was said."""
    os.environ["TZ"] = ZONE
    time.tzset()
    story = Story(folder, say)
    try:
        story.start_master()
        for day in DAYS:
            say(f"--- {day.__name__}: {day.__doc__}")
            day(story)
        story.end_worker()
    except BaseException:
        say("\n".join(story.log))
        raise
    finally:
        for program in (story.worker, story.master):
            if program is not None:
                program.terminate()
                program.wait()
    pages = defaultdict(list)
    for line in story.log:
        day_of, clock, text = line.split(maxsplit=2)
        pages[day_of].append(f"{clock[:2]}  {text}")
    return pages
