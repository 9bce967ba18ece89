"""How soon the windows are there: `make bench-start`, on a virtual screen.

From the start of the command to the first picture on the screen, as somebody sees it who looks from outside: a strip
down the middle of the screen is read again and again, until something is painted in it. In turn with the console and the
tray app's panel stands a bare window, which is what Qt and pyqtgraph take themselves. Beside it is the processor
time that the program itself had taken by then: on a machine that does other things too, the steadier figure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from PySide6.QtGui import QGuiApplication, QScreen

#: Starts of each program that are counted, after one that is not.
STARTS = int(os.environ.get("STARTS", "10"))
#: The console may take so many times as long as the bare window.
MOST = 1.6
#: Seconds after which a window is not waited for any more, and between two looks at the screen.
PATIENCE, LOOK = 60.0, 0.002
#: A window with a plot, as large as the console's: what there is to show, and nothing else. (White: the screen behind it is black.)
BARE = """
import sys
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget(background="w"))
window.resize(1432, 860)
window.show()
app.exec()
"""


@dataclass(frozen=True)
class Program:
    """What is started."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Start:
    """Seconds until the first picture, and of processor that the program had taken when it was there."""

    wall: float
    cpu: float


PROGRAMS = (
    Program("bare window", ("-c", BARE)),
    Program("console", ("-m", "mcgui.console.app", "--port", "0")),
    Program("worker's panel", ("-m", "mcgui.worker", "--nprocs", "1")),
)


class Strip:
    """The part of the screen that is looked at: all programs paint in it, and no window's frame does."""

    def __init__(self, screen: QScreen) -> None:
        self._screen = screen
        size = screen.size()
        self._place = (size.width() // 2 - 8, size.height() // 8, 16, size.height() * 3 // 4)
        self._empty = self._look()

    def _look(self) -> object:
        return self._screen.grabWindow(0, *self._place).toImage()

    @property
    def painted(self) -> bool:
        return self._look() != self._empty

    def wait(self, painted: bool) -> float:
        """The time at which it is painted, or empty again. Raises TimeoutError."""
        end = time.perf_counter() + PATIENCE
        while self.painted != painted:
            if time.perf_counter() > end:
                raise TimeoutError(f"For {PATIENCE:.0f} s the screen was {'empty' if painted else 'painted'}.")
            time.sleep(LOOK)
        return time.perf_counter()


def start(program: Program, strip: Strip, env: dict[str, str]) -> Start:
    """Start the program, look when its window is there, and end it."""
    strip.wait(painted=False)
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *program.command], env=env, stderr=subprocess.DEVNULL) as running:
        try:
            there = strip.wait(painted=True)
            used = psutil.Process(running.pid).cpu_times()
            time.sleep(1)  # so that it is ended as a person would, and not in the midst of its start
        finally:
            running.terminate()
    return Start(there - began, used.user + used.system)


def measured(programs: Sequence[Program], strip: Strip, env: dict[str, str]) -> dict[str, list[Start]]:
    """All of them in turn, so that what else the machine does is shared out evenly."""
    found: dict[str, list[Start]] = {program.name: [] for program in programs}
    for number in range(STARTS + 1):
        for program in programs:
            one = start(program, strip, env)
            if number > 0:  # the first one compiles, and fills the disk's cache
                found[program.name].append(one)
    return found


def main() -> int:
    """Measure and print. 1 where the console takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="leave out programs that are not named here")
    only = parser.parse_args().only
    app = QGuiApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        home = {"HOME": folder, **{f"XDG_{kind}_HOME": str(Path(folder, kind)) for kind in ("CONFIG", "CACHE", "DATA")}}
        env = {**os.environ, **home}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # or all of the source would be compiled at each start
        programs = [one for one in PROGRAMS if not only or one.name in only or one is PROGRAMS[0]]
        found = measured(programs, Strip(app.primaryScreen()), env)
    print(f"From the command to the first picture: medians of {STARTS} starts in turn (least to most)")
    bare = found[PROGRAMS[0].name]
    for name, starts in found.items():
        walls, cpus = [one.wall for one in starts], [one.cpu for one in starts]
        ratio = median(walls) / median(one.wall for one in bare)
        cpu_ratio = median(cpus) / median(one.cpu for one in bare)
        print(
            f"  {name:15}  {median(walls):5.2f} s ({min(walls):.2f} to {max(walls):.2f}), {ratio:4.2f} x the bare window;"
            f"  processor {median(cpus):5.2f} s ({min(cpus):.2f} to {max(cpus):.2f}), {cpu_ratio:4.2f} x"
        )
    console = found.get("console")
    if not console:
        return 0
    ratio = median(one.wall for one in console) / median(one.wall for one in bare)
    good = ratio <= MOST
    print(
        f"The console may take {MOST} x as long as the bare window: it takes {ratio:.2f} x{'' if good else ', TOO LONG'}."
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
