"""A computer and what happens to it, by real processes: a master, a worker with its agent and slots, programs, a mouse.

What stands in for something else is in `stand_ins` and `turned_clock.py`: the clock on the wall, a battery, and the
time that the computer has slept.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSettings

from mcgui_core import Cluster
from mcgui_core.client.access.link_files import read_link_file
from mcgui_core.owner.idle_time import idle_reader
from mcgui_core.protocol.messages import NodeStatus
from tests.waiting import comes_true, until
from tests.week.turned_clock import TurnedClock

#: Seconds that a worker may take to notice anything: it looks for programs and at the battery every ten.
PATIENCE = 60.0
#: Seconds of two looks of a worker at what its limits ask for, but for the dear ones.
TWO_LOOKS = 5.0
IDLE_MINUTES = 0.05
LIMITS = """
only_when_idle = true
idle_minutes = {idle_minutes}
only_on_mains = true
not_while_running = ["{program}"]
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
_DONE = re.compile(r"(\d+) tasks done for")
#: Whoever ends the story ends its programs, however they do it.
_END_WITH_US = ("setpriv", "--pdeathsig", "TERM")


class Story:
    """One computer, its owner, and its master."""

    def __init__(self, folder: Path, start: datetime, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        (folder / "power" / "BAT0").mkdir(parents=True)
        (folder / "power" / "AC0").mkdir()
        for name, text in (("energy_now", "30000000"), ("energy_full", "40000000"), ("status", "Charging")):
            (folder / "power" / "BAT0" / name).write_text(text)
        self.plug(True)
        self.program = f"cad-{os.getpid()}"  # of this computer alone, where more than one week passes
        (folder / "limits.toml").write_text(LIMITS.format(idle_minutes=IDLE_MINUTES, program=self.program))
        self.clock = TurnedClock(folder, start)
        places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        self.env = {**os.environ, **places, **self.clock.variables, "HOME": str(folder)}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.read = 0  # lines of the log
        self.worker: subprocess.Popen[bytes] | None = None
        self.master: subprocess.Popen[bytes] | None = None
        self._idle = idle_reader()

    # --- what can be done ---------------------------------------------------------------------------------------

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """The computer sleeps until then."""
        self.clock.sleep_until(datetime(2027, 10, day, hour, minute).astimezone())
        self.say(f"{self.clock.now:%a %H:%M}")

    def start_master(self) -> None:
        links = self.folder / "links"
        links.unlink(missing_ok=True)
        command = [*_END_WITH_US, sys.executable, "-m", "mcgui_core.cli.main", "master", "--port", str(self.port)]
        command += ["--journal", str(self.folder / "week.journal"), "--link-file", str(links)]
        self.master = subprocess.Popen(command, env=self.env, stdout=subprocess.DEVNULL)
        until(links.exists, PATIENCE, "the links of the master")

    def start_worker(self) -> None:
        """Where nobody has touched the computer for a while: a screen that has just been made counts as touched."""
        until(lambda: (self._idle() or 0.0) > 60 * IDLE_MINUTES, PATIENCE, "a computer that nobody uses")
        link = str(read_link_file(self.folder / "links", "worker"))
        command = [*_END_WITH_US, sys.executable, "-m", "tests.week.steered_worker", "--nprocs", "2"]
        command += ["--limits", str(self.folder / "limits.toml")]
        self.worker = subprocess.Popen(command, env={**self.env, "MCGUI_LINK": link}, stdin=subprocess.PIPE)

    def choose(self, action: str) -> None:
        """In the worker's menu."""
        assert self.worker is not None
        assert self.worker.stdin is not None
        self.worker.stdin.write(action.encode() + b"\n")
        self.worker.stdin.flush()

    def end(self) -> None:
        """All programs of it."""
        for program in (self.worker, self.master):
            if program is not None:
                program.terminate()
                program.wait()
        self.clock.clear_away()

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
        with subprocess.Popen([*_END_WITH_US, "sh", "-c", hand], env=self.env | {"LD_PRELOAD": ""}) as moving:
            try:
                yield
            finally:
                moving.terminate()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Somebody's own program runs."""
        program = self.folder / self.program
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
