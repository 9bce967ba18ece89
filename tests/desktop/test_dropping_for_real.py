"""Files dragged with the mouse from another program's window onto the console, wherever that is hit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from mcgui.colours import DARK
from tests.desktop.conftest import Desktop
from tests.desktop.test_console_for_real import started
from tests.waiting import until

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(120)]

#: A small window, always on top at the screen's corner, from which the file that it is given can be dragged.
FILE_MANAGER = """
import sys
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel

class File(QLabel):
    def mouseMoveEvent(self, event):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)

app = QApplication([])
file = File("drag me")
file.setWindowTitle("file manager")
file.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
file.setGeometry(40, 60, 120, 80)
file.show()
sys.exit(app.exec())
"""


def has_hint(desktop: Desktop, path: Path) -> bool:
    """Whether the frame around the whole window is on the screen: long lines of the accent colour, not a button's."""
    picture = QImage(str(desktop.screenshot(path)))
    rows = (sum(picture.pixelColor(x, y) == DARK.accent for x in range(0, picture.width(), 2)) for y in range(200))
    return max(rows) * 2 > picture.width() / 3


def test_a_file_dragged_from_another_program_is_opened_wherever_it_is_dropped(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "dropped.py").write_text("def f(x): return x\n")
    with started(desktop, "--port", 0, "--journal", tmp_path / "a.journal") as program:
        console = desktop.wait_for_window("mcgui$")
        command = [sys.executable, "-c", FILE_MANAGER, str(tmp_path / "dropped.py")]
        with subprocess.Popen(command, env=desktop.env) as manager:
            try:
                file = desktop.wait_for_window("file manager")
                desktop.xdotool("windowraise", file)
                desktop.xdotool("mousemove", "--sync", "--window", file, 60, 40)
                desktop.xdotool("mousedown", 1)
                # Onto the table of workers, which takes no drops of its own: step by step, as a hand moves, and then
                # to and fro, since whoever starts the drag may have been late to see the first steps.
                for step in range(1, 9):
                    desktop.xdotool("mousemove", 200 + step * 90, 150 + step * 15)

                def moved_and_seen() -> bool:
                    desktop.xdotool("mousemove_relative", "--", -3, 0)
                    desktop.xdotool("mousemove_relative", 3, 0)
                    return has_hint(desktop, tmp_path / "screen.png")

                until(moved_and_seen, 30, "the hint on the screen")
                desktop.xdotool("mouseup", 1)
                desktop.wait_for_window(r"dropped\.py.* - mcgui")
                until(lambda: not has_hint(desktop, tmp_path / "screen.png"), 30, "a screen without the hint")
            finally:
                manager.kill()
        desktop.xdotool("windowfocus", "--sync", console, "key", "ctrl+q")
        _, errors = program.communicate(timeout=30)
    assert program.returncode == 0, errors.decode()
