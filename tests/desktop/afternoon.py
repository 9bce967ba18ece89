"""An afternoon in front of the console, by keyboard and mouse; its pictures are those of the guide.

`python -m tests.desktop.afternoon FOLDER`, on a screen, makes the pictures anew in that folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mcgui_core import Cluster
from mcgui_core.protocol.messages import JobStatus
from tests.desktop.conftest import Desktop
from tests.waiting import until

_CLIPBOARD = """
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
print(app.clipboard().text())
"""
#: Where a message above the panels is closed, on the virtual screen.
_CLOSE = (1393, 94)
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


def throws(count: int) -> str:
    """A table as a spreadsheet of a European writes it."""
    rows = (f"{10 + number % 50};{5 + number / 4:.2f}".replace(".", ",") for number in range(count))
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
        with subprocess.Popen(command, env=self.desktop.env, stderr=subprocess.PIPE) as program:
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
            command = [sys.executable, "-c", _CLIPBOARD]
            found = subprocess.run(command, env=self.desktop.env, check=True, timeout=30, stdout=subprocess.PIPE)
            return found.stdout.decode().strip()

        found = until(lambda: (text := link()).startswith("mcgui://") and text, 60, "a link")
        self.desktop.xdotool("mousemove", "--sync", *_CLOSE, "click", 1)  # the window says that it is copied
        time.sleep(0.5)
        return Cluster.connect(str(found))

    def picture(self, name: str) -> None:
        """The whole screen, once it has come to rest."""
        before, now = b"", b"x"
        path = (self.pictures or self.folder) / f"{name}.png"
        for _ in range(6):
            before, now = now, self.desktop.screenshot(path).read_bytes()
            if before == now:
                break
            time.sleep(0.3)

    # What is done

    def run_a_table(self, cluster: Cluster, table: Path, number: int) -> JobStatus:
        """Load this table of arguments, run the job, and wait for its end."""
        self.key("alt+g")
        self.type("CSV")
        self.key("Tab", "ctrl+a")
        self.type(str(table))
        self.key("Tab")
        if number == 1:
            self.picture("arguments")

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
            self.key("ctrl+6", "ctrl+shift+g")
            time.sleep(1.5)
            self.picture("plot")
            self.key("ctrl+shift+g")
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

    def export(self) -> None:
        out = self.folder / "throws-out.csv"
        self.do("export resu")
        dialog = self.desktop.wait_for_window("[Ee]xport")
        self.desktop.xdotool("windowfocus", "--sync", dialog, "key", "ctrl+a")
        self.type(str(out))
        self.key("Return")
        until(lambda: out.exists() and len(out.read_text("utf-8-sig").splitlines()) == 201, 40, "the exported file")
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
        afternoon = Afternoon(Desktop({**os.environ, **places}), Path(home), folder)
        afternoon.first_half()
        afternoon.second_half()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
