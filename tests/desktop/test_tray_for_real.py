"""The tray worker on a real screen, with a window manager, a tray, a mouse, and a real master."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from mcgui.colours import LIGHT
from mcgui_core import Cluster, Master
from tests.desktop.conftest import Desktop
from tests.waiting import until

pytestmark = pytest.mark.desktop

ENVIRONMENT = "import time\ndef work(x):\n    time.sleep(0.02)\n    return -x\n"


@dataclass(frozen=True)
class Place:
    """Where a window is on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True)
class Track:
    """The filled part of the slider on the screen: from its left end to the handle."""

    left: int
    right: int
    y: int


class Screen:
    """What a person does with the worker: look, click, drag."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self._desktop = desktop
        self._picture = folder / "screen.png"

    def place(self, window: int) -> Place:
        lines = self._desktop.xdotool("getwindowgeometry", "--shell", window).splitlines()
        found = {name: int(value) for name, _, value in (line.partition("=") for line in lines) if value.isdigit()}
        return Place(found["X"], found["Y"], found["WIDTH"], found["HEIGHT"])

    def windows(self) -> list[tuple[int, Place]]:
        """The worker's visible windows. By their class, since the icon's has no title."""
        try:
            found = self._desktop.xdotool("search", "--onlyvisible", "--class", "^mcgui-worker$").split()
            return [(int(window), self.place(int(window))) for window in found]
        except (KeyError, subprocess.CalledProcessError):
            return []  # there are none, or one went away while it was looked at

    def icon(self) -> Place | None:
        """The icon in the tray: the only window of ours that is small, and really drawn."""
        small = [place for _, place in self.windows() if 8 < place.width < 64]
        return small[0] if small else None

    def panel(self) -> Place | None:
        large = [place for _, place in self.windows() if place.height > 200]  # a notification is lower
        return large[0] if large else None

    def picture(self, place: Place) -> QImage:
        """What is seen at a place now."""
        whole = QImage(str(self._desktop.screenshot(self._picture)))
        return whole.copy(place.x, place.y, place.width, place.height)

    def shows(self, place: Place, colour: QColor) -> bool:
        image = self.picture(place)
        return any(
            image.pixelColor(x, y) == colour for y in range(0, image.height(), 2) for x in range(0, image.width(), 2)
        )

    def track(self) -> Track:
        """The longest unbroken line in the accent colour, which is the slider's."""
        panel = until(self.panel)
        image = self.picture(panel)
        best = Track(0, 0, 0)
        for y in range(image.height() // 2):
            row = "".join("#" if image.pixelColor(x, y) == LIGHT.accent else " " for x in range(image.width()))
            longest = max(row.split(), key=len, default="")
            if len(longest) > best.right - best.left:
                left = row.index(longest)
                best = Track(left, left + len(longest), y)
        assert best.right > best.left, "there is no slider to be seen"
        return Track(panel.x + best.left, panel.x + best.right, panel.y + best.y)

    def slide_from_four(self, look: Callable[[int], object]) -> None:
        """Drag the slider from all four processors to one, and back to three; `look` at what has come of each."""
        panel, track = until(self.panel), until(self.track)
        whole = panel.width - 2 * (track.left - panel.x)
        self.drag((track.right + 4, track.y + 2), (track.left + 4, track.y + 2))
        look(1)
        self.drag((track.left + 9, track.y + 2), (track.left + whole * 2 // 3, track.y + 2))
        look(3)

    def click(self, x: int, y: int) -> None:
        self._desktop.xdotool("mousemove", "--sync", x, y, "click", 1)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """With the left button, in a few steps, as a hand does."""
        steps = [tuple(round(a + (b - a) * step / 5) for a, b in zip(start, end, strict=True)) for step in range(1, 6)]
        moves = [str(word) for step in steps for word in ("mousemove", *step)]
        self._desktop.xdotool("mousemove", "--sync", *start, "mousedown", 1, *moves, "mouseup", 1)


@contextmanager
def worker(desktop: Desktop, master: Cluster, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`mcgui-worker` on this screen; asked to end when the test is through, which it has to do well."""
    env = {**desktop.env, "MCGUI_LINK": master.worker_link}
    with subprocess.Popen([sys.executable, "-m", "mcgui.worker", *arguments], env=env) as program:
        try:
            yield program
        finally:
            program.terminate()
        assert program.wait(timeout=20) == 0


@pytest.fixture
def screen(desktop: Desktop, tmp_path: Path) -> Screen:
    return Screen(desktop, tmp_path)


def nprocs(master: Master) -> int:
    """Slots of the node as the master has it, 0 while there is none."""
    return next((node.nprocs for node in master.nodes() if node.state not in ("left", "lost")), 0)


def test_the_icon_is_there_a_click_opens_the_panel_and_the_mouse_resizes_the_node(
    desktop: Desktop, screen: Screen
) -> None:
    with Master() as master, worker(desktop, master, "--minimised", "--nprocs=4"):
        icon = until(screen.icon, what="an icon in the tray")
        until(lambda: nprocs(master) == 4, what="a node with 4 slots")
        until(lambda: screen.shows(icon, LIGHT.good), what="an icon in the colour of a worker that is ready", pause=0.5)
        assert screen.panel() is None

        screen.click(*icon.middle)
        panel = until(screen.panel, what="a panel after a click on the icon")
        assert abs(panel.x + panel.width - icon.x) < 60, "the panel is not beside the icon"

        job = master.submit(environment=ENVIRONMENT, function="work", args=range(800))
        # Live, while the job runs.
        screen.slide_from_four(lambda count: until(lambda: nprocs(master) == count, what=f"a node with {count} slots"))
        assert job.results() == [-x for x in range(800)]

        screen.click(*icon.middle)
        until(lambda: screen.panel() is None, what="no panel after a second click")


def test_closing_the_panel_leaves_the_worker_in_the_tray(desktop: Desktop, screen: Screen) -> None:
    with Master() as master, worker(desktop, master, "--nprocs=1") as program:
        until(screen.panel, what="a panel at the start")
        icon = until(screen.icon, what="an icon in the tray")
        until(lambda: nprocs(master) == 1)
        panel = until(lambda: [window for window, place in screen.windows() if place.height > 200])[0]
        desktop.xdotool("windowactivate", "--sync", panel, "key", "alt+F4")
        until(lambda: screen.panel() is None, what="a closed panel")
        assert program.poll() is None
        assert nprocs(master) == 1
        screen.click(*icon.middle)
        until(screen.panel, what="the panel again")
