"""How smooth the console stays in front of a large room: `make bench-console`.

A real master in its own process, 500 simulated nodes in another (simulated_nodes.py), and the real console in this one,
on a virtual screen: connected by its link, with a job of 1,000,000 tasks running, while every panel is looked at in turn,
scrolled and sorted. Every few milliseconds, a timer of the window's own thread is to be heard; the longest time in which
it was not is the longest stall.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QApplication

from mcgui.console.app import Console
from mcgui.console.command_line import Options
from mcgui.console.master.master_startup import Wish
from mcgui.garbage_collection import GuiThreadCollector
from mcgui.settings import Settings
from mcgui.theme import Theme
from mcgui_core import Cluster, Master

#: Milliseconds between two ticks.
TICK = 4
#: Milliseconds between two things that a person does.
STEP = 1500
#: Seconds after which a tick is late, and how many of those are told of.
LATE, SHOWN = 0.045, 6
PATIENCE = 120.0
WANTED_STALL, WANTED_CPU = 0.050, 0.25


@dataclass
class Stalls:
    """The longest times between two ticks, each with the processor time that this thread had in it."""

    longest: list[tuple[float, float, float]] = field(default_factory=list)  # seconds, of processor, since the start
    count: int = 0

    def add(self, wall: float, cpu: float, at: float) -> None:
        self.count += 1
        self.longest = sorted([*self.longest, (wall, cpu, at)], reverse=True)[:5]


class Pulse(QObject):
    """Ticks in the window's thread, and keeps the longest gaps."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.stalls, self.busiest = Stalls(), 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        self.began = self._wall = time.perf_counter()
        self.cpu_before = self._cpu = time.thread_time()
        self._timer.start()

    @Slot()
    def _on_tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        self.busiest = max(self.busiest, cpu - self._cpu)
        self.stalls.add(wall - self._wall - TICK / 1000, cpu - self._cpu, wall - self.began)
        self._wall, self._cpu = wall, cpu
        self.ticked.emit()

    def stop(self) -> tuple[float, float]:
        """Seconds that it ran, and of this thread's processor in them."""
        self._timer.stop()
        return time.perf_counter() - self.began, time.thread_time() - self.cpu_before


class Sampler:
    """Has written down what every thread is at whenever a tick is late.

    By `faulthandler`, which needs no lock of Python's: most often, the window waits for just that, and another thread,
    which imports or reads, has it.
    """

    def __init__(self, pulse: Pulse, file: Path) -> None:
        self._pulse, self._path = pulse, file

    def start(self) -> None:
        self._file = self._path.open("w")
        self._pulse.ticked.connect(self._arm)

    def _arm(self) -> None:
        faulthandler.dump_traceback_later(LATE, file=self._file)

    def stop(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._file.close()

    @property
    def seen(self) -> str:
        """The first of it, our own lines and those of what is imported."""
        dumps = self._path.read_text().split("Timeout (")[1:]
        return (
            "\n".join(f"Late: {dump.partition(chr(10))[2]}" for dump in dumps[:SHOWN]) + f"\n{len(dumps)} late ticks."
        )


class Person(QObject):
    """Looks at one thing after the other."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        parts = console.window.parts
        tabs = parts.tabs
        self._steps = cycle(
            [
                lambda: tabs.bring(tabs.results),
                lambda: self._scroll(tabs.results),
                lambda: tabs.bring(tabs.failures),
                lambda: tabs.bring(tabs.jobs),
                lambda: tabs.bring(tabs.log),
                lambda: self._scroll(parts.workers),
                lambda: self._sort(parts.workers),
                lambda: tabs.bring(tabs.results),
            ]
        )
        self._number = 0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP)
        self._timer.timeout.connect(self._on_step)
        self._timer.start()

    @Slot()
    def _on_step(self) -> None:
        next(self._steps)()
        self._number += 1

    def _views(self, panel: QObject) -> list[QAbstractItemView]:
        return [view for view in panel.findChildren(QAbstractItemView) if view.isVisible()]

    def _scroll(self, panel: QObject) -> None:
        for view in self._views(panel):
            bar = view.verticalScrollBar()
            bar.setValue(bar.maximum() * (self._number % 5) // 4)

    def _sort(self, panel: QObject) -> None:
        for view in self._views(panel):
            header = getattr(view, "horizontalHeader", None)
            if header is not None:
                view.sortByColumn(self._number % 8, Qt.SortOrder.DescendingOrder)  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--nodes", type=int, default=500)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="that are measured")
    parser.add_argument("--where", action="store_true", help="print what the window's thread was at when it was late")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mcgui-bench-") as folder, Master() as master:
        nodes = _start_nodes(master, given.nodes)
        try:
            _wait(lambda: len(master.nodes()) == given.nodes, "the nodes to join")
            job = master.submit("def f(x): return x % 2", "f", range(given.tasks), name="A million", retries=0)
            _measure(master, Path(folder), given.seconds, nodes, given.where)
            status = job.status
            print(f"The job: {status.done + status.failed:,} of {status.total:,} tasks over, {status.failed:,} failed.")
        finally:
            assert nodes.stdin is not None, "it was made with one"
            nodes.stdin.close()
            nodes.wait(30)
    return 0


def _start_nodes(master: Master, number: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.benchmarks.simulated_nodes", "--nodes", str(number)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, "MCGUI_LINK": master.worker_link})


def _measure(master: Cluster, folder: Path, seconds: float, nodes: subprocess.Popen[bytes], where: bool) -> None:
    app = QApplication([])
    collector = GuiThreadCollector(app)
    options = Options((), Wish(link=master.console_link, worker=False), demo=False, picture=None, scheme="dark")
    console = Console(app, Theme(app, "dark"), Settings(folder / "mcgui.ini"), options, ())
    console.start()
    workers = console.window.parts.workers.model
    _wait(lambda: workers.rowCount() > 0 and console.window.parts.controller.job is not None, "the window", app)
    person, pulse = Person(console), Pulse()
    others = {"master": psutil.Process(master.pid), "nodes": psutil.Process(nodes.pid)}  # type: ignore[attr-defined]
    before = {name: sum(process.cpu_times()[:2]) for name, process in others.items()}
    process_before = time.process_time()
    QTimer.singleShot(round(seconds * 1000), app.quit)
    pulse.start()
    sampler = Sampler(pulse, folder / "late.txt")
    if where:
        sampler.start()
    app.exec()
    lasted, cpu = pulse.stop()
    if where:
        sampler.stop()
    whole = (time.process_time() - process_before) / lasted
    person.deleteLater()
    used = {name: (sum(process.cpu_times()[:2]) - before[name]) / lasted for name, process in others.items()}
    print(f"{lasted:.0f} s in front of {workers.rowCount()} workers, looked at {pulse.stalls.count:,} times.")
    _say("Longest stall of the window's thread", pulse.stalls.longest[0][0], WANTED_STALL, "{:.0f} ms", 1000)
    _say("  of which it had the processor at most", pulse.busiest, WANTED_STALL, "{:.0f} ms", 1000)
    _say("Processor of the console (all threads)", whole, WANTED_CPU, "{:.0f} % of a core", 100)
    print(f"  of which the window's thread          {100 * cpu / lasted:.0f} % of a core")
    print(
        "The five longest, in ms (of processor) at s:",
        *(f"{w * 1000:.0f} ({c * 1000:.0f}) at {at:.0f}" for w, c, at in pulse.stalls.longest),
    )
    busy = ", ".join(f"{name} {100 * share:.0f} %" for name, share in used.items())
    print(f"Beside it: {busy} of a core; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    if where:
        print(sampler.seen)
    console.window.end()
    console.close()
    collector.close()


def _say(what: str, value: float, wanted: float, shape: str, factor: float) -> None:
    verdict = "as wanted" if value < wanted else "MORE than wanted"
    print(f"{what:<40}{shape.format(value * factor)}  ({verdict}: under {shape.format(wanted * factor)})")


def _wait(condition: Callable[[], object], what: str, app: QApplication | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited in vain for {what}.")
        if app is not None:
            app.processEvents()
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
