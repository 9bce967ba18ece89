"""An afternoon in front of the console, by keyboard and mouse; its pictures are those of the guide.

`python -m tests.desktop.afternoon FOLDER`, on a screen, makes the pictures anew in that folder.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from mcgui_core import Cluster
from mcgui_core.protocol.messages import JobStatus
from tests.desktop.conftest import Desktop, camera
from tests.pictures.slim import slim
from tests.waiting import until

_CLIPBOARD = """
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
print(app.clipboard().text())
"""
#: On the virtual screen: where a message of one line is closed; a column's title, and the row below it; the field that says
#: against what is plotted, and the place of the plot: left, top, right, bottom.
_CLOSE = (1404, 832)
_RESULT, _FIRST_ROW = (1264, 655), (700, 683)
_AGAINST, _PLOT = (645, 658), (552, 680, 1400, 806)
MODEL = '''\
"""How far a throw goes."""
import math

G = 9.81


def distance(angle, speed):
    """Metres, without the air."""
    turn = math.sin(math.radians(2 * angle))
    return speed**2 * turn / (G * (angle != 30))
'''
BUG = 10  # the line
MENDED = "    return speed**2 * turn / G"
EXACT = "G = 9.80665"


def _throws(count: int) -> list[tuple[int, float]]:
    """Angles and speeds."""
    return [(10 + number % 50, 5 + number / 4) for number in range(count)]


def _is_blue(colour: Any) -> bool:
    """As points are on white."""
    red, green, blue, _ = colour
    return blue - red > 80 and 110 < green < 190


def _number(text: str) -> float:
    """As rows are copied where this person lives."""
    return float(text.replace(",", "."))


def throws(count: int) -> str:
    """A table as a spreadsheet of a European writes it."""
    rows = (f"{angle};{speed:.2f}".replace(".", ",") for angle, speed in _throws(count))
    return "angle;speed\n" + "\n".join(rows) + "\n"


@dataclass
class Afternoon:
    """One person at one console."""

    desktop: Desktop
    folder: Path
    pictures: Path | None = None
    window: int = 0

    @contextmanager
    def console(self, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
        """The console on the screen, with its own journal."""
        command = [sys.executable, "-m", "mcgui.console.app", "--theme", "light", "--port", "0"]
        command += ["--journal", str(self.folder / "runs.journal"), *map(str, arguments)]
        # Numbers are written 1,5 where this person lives.
        env = {name: value for name, value in self.desktop.env.items() if name != "LC_ALL"} | {
            "LC_NUMERIC": "de_DE.UTF-8"
        }
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE) as program:
            try:
                self.window = self.desktop.wait_for_window("mcgui$", 60)
                self.desktop.xdotool("windowfocus", "--sync", self.window)
                yield program
            finally:
                program.kill()

    def key(self, *keys: str) -> None:
        self.desktop.xdotool("key", "--delay", 30, *keys)

    def type(self, text: str) -> None:
        self.desktop.xdotool("type", "--delay", 12, text)

    def click(self, x: int, y: int) -> None:
        """At this place of the screen."""
        self.desktop.xdotool("mousemove", "--sync", x, y, "click", 1)

    def clipboard(self) -> str:
        command = [sys.executable, "-c", _CLIPBOARD]
        found = subprocess.run(command, env=self.desktop.env, check=True, timeout=30, stdout=subprocess.PIPE)
        return found.stdout.decode().strip()

    def do(self, words: str) -> None:
        """Whatever the window can do, by its palette."""
        self.desktop.xdotool("windowfocus", "--sync", self.window)
        self.key("ctrl+shift+p")
        self.type(words)
        self.key("Return")

    def cluster(self) -> Cluster:
        """The console's master, by the link that it copies."""

        def link() -> str:
            self.key("ctrl+shift+k")
            return self.clipboard()

        found = until(lambda: (text := link()).startswith("mcgui://") and text, 60, "a link")
        self.click(*_CLOSE)  # the window says that it is copied
        time.sleep(0.5)
        return Cluster.connect(str(found))

    def picture(self, name: str, rest: float = 0.3) -> None:
        """The whole screen, once it has not changed for so many seconds."""
        before, now = b"", b"x"
        path = (self.pictures or self.folder) / f"{name}.png"
        for _ in range(6):
            before, now = now, self.desktop.screenshot(path).read_bytes()
            if before == now:
                break
            time.sleep(rest)

    # What is done

    def run_a_table(self, cluster: Cluster, table: Path, number: int) -> JobStatus:
        """Load this table of arguments, run the job, and wait for its end."""
        self.key("alt+g")
        self.type("CSV")
        self.key("Tab", "ctrl+a")
        self.type(str(table))
        self.key("Tab")
        if number == 1:
            self.picture("arguments", rest=2.0)  # the process that reads tables begins with the first one

        def ended() -> JobStatus | None:
            if len(cluster.jobs()) < number:
                self.key("ctrl+r")  # the arguments may still be looked at
                time.sleep(1)
                return None
            status = cluster.job(number).status
            return status if status.final else None

        found = until(ended, 60, f"the end of job {number}")
        assert found is not None
        return found

    def first_half(self) -> None:
        """Run a function with a bug, mend it, retry what failed, look at the results, and take them home."""
        model, table = self.folder / "throws.py", self.folder / "throws.csv"
        model.write_text(MODEL)
        table.write_text(throws(200))
        with self.console(model) as program, self.cluster() as cluster:
            job = self.run_a_table(cluster, table, 1)
            assert (job.total, job.failed) == (200, 4)
            self.key("ctrl+6")
            self.picture("first-steps")
            self.key("ctrl+7")
            self.write(model, MENDED, BUG)
            self.key("ctrl+shift+r")
            time.sleep(1.5)
            self.picture("retry")
            self.key("space")  # the first of the answers: with the code as it is now
            until(lambda: not cluster.job(1).status.failed and is_over(cluster, 1), 60, "the end of what failed")
            self.key("ctrl+shift+f")
            self.type("speed > 9")
            self.key("Return")
            time.sleep(1.5)
            self.picture("results")
            self.key("ctrl+shift+f", "ctrl+a", "BackSpace")
            time.sleep(0.5)
            self.key("Escape")  # what may stand there is offered a moment later
            self.key("ctrl+6")
            self.sort()
            self.click_a_point()
            self.export()
            self.key("ctrl+2", "ctrl+F2")
            time.sleep(0.5)
            self.type("first throws")
            self.key("Return")
            until(lambda: cluster.job(1).status.note == "first throws", 20, "the note")
            self.key("ctrl+j")
            time.sleep(1)
            self.picture("workers")
            self.key("ctrl+j")
            self.quit(program)

    def write(self, model: Path, text: str, line: int) -> None:
        """Go to a line, and write it anew."""
        self.key("ctrl+1", "ctrl+g")
        self.type(str(line))
        self.key("Return", "Home", "shift+End")
        self.type(text)
        self.key("Escape", "ctrl+s", "ctrl+Home")
        until(lambda: text in model.read_text(), 20, "the mended file")

    def sort(self) -> None:
        """The farthest throw first."""
        self.click(*_RESULT)
        time.sleep(0.5)
        self.click(*_RESULT)

        def first() -> str:
            self.click(*_FIRST_ROW)
            return self.copied_row()["Result"]

        farthest = max(speed**2 * math.sin(math.radians(2 * angle)) / 9.81 for angle, speed in _throws(200))
        until(lambda: _number(first()) == farthest, 20, "the farthest throw in the first row")

    def click_a_point(self) -> None:
        """Of the plot: its task is shown beside, and chosen in the table."""
        row = self.copied_row()
        self.key("ctrl+shift+g")
        time.sleep(1)
        self.picture("plot")
        self.click(*_AGAINST)
        self.type("speed")
        self.key("Return")
        until(lambda: self.rightmost() is not None, 20, "points in the plot")
        time.sleep(1)  # the field's list may still be going
        place = self.rightmost()
        assert place is not None
        self.click(*place)
        time.sleep(1)
        self.picture("point")
        self.key("ctrl+shift+g")  # back to the table
        self.key("ctrl+6")
        row = until(lambda: (found := self.copied_row())["#"] != row["#"] and found, 20, "another row in the table")
        task = int(row["#"])
        assert task >= 197, row  # the points of two tasks are two pixels apart
        assert (int(row["angle"]), _number(row["speed"])) == _throws(200)[task]

    def rightmost(self) -> tuple[int, int] | None:
        """Where the rightmost point of the plot is to be seen; None while there is none."""
        from PySide6.QtGui import QColor, QImage

        image = QImage(str(self.desktop.screenshot(self.folder / "seen.png")))
        left, top, right, bottom = _PLOT
        for x in range(right, left, -1):
            rows = [y for y in range(top, bottom) if _is_blue(QColor(image.pixel(x, y)).getRgb())]
            if rows:
                return x - 2, sum(rows) // len(rows)
        return None

    def copied_row(self) -> dict[str, str]:
        """The row that is chosen, by the titles of its columns."""
        self.key("ctrl+c")
        titles, *rows = (line.split("\t") for line in self.clipboard().splitlines())
        return dict(zip(titles, rows[-1], strict=False)) if rows else dict.fromkeys(titles, "nan")

    def export(self) -> None:
        out = self.folder / "throws-out.csv"
        self.do("export resu")
        dialog = self.desktop.wait_for_window("[Ee]xport")
        self.desktop.xdotool("windowfocus", "--sync", dialog, "key", "ctrl+a")
        self.type(str(out))
        self.key("Return")
        until(lambda: out.exists() and len(out.read_text("utf-8-sig").splitlines()) == 201, 40, "the exported file")
        titles, first, *_ = out.read_text("utf-8-sig").splitlines()
        assert titles == "index;angle;speed;result;error"
        assert first.count(";") == 4
        assert "." not in first, first  # decimal commas, as the spreadsheet of this computer reads them
        self.desktop.xdotool("windowfocus", "--sync", self.window)

    def second_half(self) -> None:
        """The next day: a better number in the code, yesterday's job opened, run on more arguments, the two compared."""
        model = self.folder / "throws.py"
        more = self.folder / "more.csv"
        more.write_text(throws(300))
        with self.console() as program, self.cluster() as cluster:
            self.write(model, EXACT, 4)
            self.key("ctrl+5", "ctrl+F5")  # yesterday's job, with the code of yesterday
            time.sleep(1.5)
            self.key("F5")
            self.desktop.wait_for_window("Job 1.*as it is now")
            self.picture("jobs")
            self.key("Escape")
            self.desktop.xdotool("windowfocus", "--sync", self.window)
            self.key("ctrl+1", "ctrl+Next")  # the file as it is now
            job = self.run_a_table(cluster, more, 2)
            assert (job.total, job.failed) == (300, 0)
            self.key("ctrl+5", "Home", "ctrl+Down", "ctrl+space", "ctrl+F9")
            self.desktop.wait_for_window("Job 1.*job 2")
            time.sleep(1.5)
            self.picture("compared")
            self.key("ctrl+Tab")  # both in one plot
            time.sleep(1.5)
            self.picture("compared-plot")
            self.key("Escape")
            self.second_start()
            self.quit(program)

    def second_start(self) -> None:
        """It ends at once, and its file is in front here."""
        other = self.folder / "another.py"
        other.write_text("def g(x):\n    return x\n")
        command = [
            sys.executable,
            "-m",
            "mcgui.console.app",
            "--journal",
            str(self.folder / "runs.journal"),
            str(other),
        ]
        subprocess.run(command, env=self.desktop.env, check=True, timeout=60)
        self.window = self.desktop.wait_for_window("another.py.* - mcgui")

    def quit(self, program: subprocess.Popen[bytes]) -> None:
        self.desktop.xdotool("windowfocus", "--sync", self.window)
        self.key("ctrl+q")
        _, errors = program.communicate(timeout=60)
        assert program.returncode == 0, errors.decode()


def is_over(cluster: Cluster, number: int) -> bool:
    return len(cluster.jobs()) >= number and cluster.job(number).status.final


def main(folder: Path) -> None:
    """On the screen that there is."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": f"{home}/{name}" for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        for place in places.values():
            Path(place).mkdir()
        env = {**os.environ, **places}
        with camera(env) as eye:
            afternoon = Afternoon(Desktop(env, eye), Path(home), folder)
            afternoon.first_half()
            afternoon.second_half()
    for picture in folder.glob("*.png"):
        slim(QImage(str(picture))).save(str(picture), "PNG", 0)  # type: ignore[call-overload]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
