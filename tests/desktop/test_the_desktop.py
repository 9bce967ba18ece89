"""The virtual screen that the other tests here stand on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.desktop.conftest import Desktop
from tests.waiting import until

pytestmark = pytest.mark.desktop

WINDOW = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QSystemTrayIcon
app = QApplication([])
window = QLineEdit(windowTitle="A window of the test")
window.returnPressed.connect(lambda: (print(window.text()), window.close()))
window.setStyleSheet("background: #ff0000")
window.resize(500, 300)
window.show()
assert QSystemTrayIcon.isSystemTrayAvailable()
app.exec()
"""


def test_a_window_can_be_seen_and_typed_into(desktop: Desktop, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW], env=desktop.env, stdout=subprocess.PIPE, text=True
    ) as program:
        window = desktop.wait_for_window("A window of the test")

        def is_red() -> bool:
            picture = QImage(str(desktop.screenshot(tmp_path / "screen.png")))
            x, y = place(desktop, window)
            return picture.pixelColor(x + 250, y + 250).name() == "#ff0000"

        until(is_red)
        desktop.xdotool("windowfocus", "--sync", window)
        desktop.xdotool("type", "hello")
        desktop.xdotool("key", "Return")
        output, _ = program.communicate(timeout=20)
    assert output == "hello\n"
    assert program.returncode == 0


def place(desktop: Desktop, window: int) -> tuple[int, int]:
    """Where the upper left corner of a window is, in pixels."""
    geometry = dict(
        line.split("=") for line in desktop.xdotool("getwindowgeometry", "--shell", window).splitlines() if "=" in line
    )
    return int(geometry["X"]), int(geometry["Y"])
