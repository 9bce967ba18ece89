"""Whether anybody uses the computer, by mouse and keyboard, on a real X screen."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.desktop.conftest import Desktop
from tests.waiting import until

pytestmark = pytest.mark.desktop

READ = "from mcgui_core.owner.idle_time import idle_reader; print(idle_reader()())"


def idle(desktop: Desktop) -> float:
    """Seconds without input, as a worker on this screen reads them."""
    said = subprocess.run(
        [sys.executable, "-c", READ], env=desktop.env, check=True, timeout=30, stdout=subprocess.PIPE, text=True
    )
    return float(said.stdout)


def test_time_without_input_grows_and_ends_with_a_movement_or_a_key(desktop: Desktop) -> None:
    for use in (("mousemove", 300, 300, "mousemove", 310, 310), ("key", "shift")):
        until(lambda: idle(desktop) > 1.0, what="a second without input")

        until(lambda use=use: desktop.xdotool(*use) == "" and idle(desktop) < 1.0, what="input")


WATCH = "from mcgui_core.owner.screen_use import watched; print(watched())"
FILM = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("a film")
label.setWindowTitle("a film")
label.showFullScreen()
app.exec()
"""


def watched(desktop: Desktop) -> str:
    said = subprocess.run(
        [sys.executable, "-c", WATCH], env=desktop.env, check=True, timeout=30, stdout=subprocess.PIPE, text=True
    )
    return said.stdout.strip()


def test_a_program_that_fills_the_screen_is_noticed_until_it_ends(desktop: Desktop) -> None:
    assert watched(desktop) == ""
    with subprocess.Popen([sys.executable, "-c", FILM], env=desktop.env) as film:
        desktop.wait_for_window("a film")
        until(lambda: watched(desktop) == "A program fills the screen.")
        film.terminate()
    until(lambda: watched(desktop) == "")
