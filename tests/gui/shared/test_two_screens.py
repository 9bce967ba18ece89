"""Windows on a second screen that is lower than the first: a process of its own, since Qt is told of screens as it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_SCREENS = [("first", 0, 0, 1440, 900), ("second", 1440, 380, 1000, 520)]
_SCRIPT = """
import json
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from mcgui.console.comparison.difference_window import DifferenceWindow
from mcgui.console.help.help_window import HelpWindow
from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.panel.worker_panel import WorkerPanel

app = QApplication([])
second = app.screens()[1].availableGeometry()
heights = {}
main = QWidget()
main.setGeometry(QRect(second.topLeft(), second.size() / 2))
main.show()
app.processEvents()
theme = Theme(app, "light")
heights["help"] = HelpWindow((), theme, main).height()
heights["difference"] = DifferenceWindow(theme, main).height()
panel = WorkerPanel(theme, WorkerActions(8), "")
panel.bring_up(QRect())
app.processEvents()
panel.hide()
panel.bring_up(QRect(second.right() - 24, second.bottom() - 24, 24, 24))
app.processEvents()
heights["panel"] = panel.frameGeometry().height()
heights["hidden"] = max(0, panel.frameGeometry().bottom() - second.bottom())
panel.hide()
panel.bring_up(QRect(100, 100, 24, 24))
app.processEvents()
panel.move(second.topLeft())
app.processEvents()
heights["moved"] = panel.height()
print(json.dumps(heights))
"""


def test_no_window_is_higher_than_the_screen_that_it_opens_on(tmp_path: Path) -> None:
    names = ("name", "x", "y", "width", "height")
    known = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = [{**dict(zip(names, screen, strict=True)), **known} for screen in _SCREENS]
    (tmp_path / "screens.json").write_text(json.dumps({"screens": screens}))
    # By its name alone: a colon, as in a path of Windows, would end it.
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen:configfile=screens.json"}
    env["PYTHONPATH"] = os.pathsep.join((str(Path(__file__).parents[3]), env.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], check=False, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=50
    )
    # What the platform without a screen cannot do, it says.
    assert [line for line in done.stderr.splitlines() if not line.startswith("This plugin does not support")] == []
    heights = json.loads(done.stdout)
    assert heights.pop("hidden") == 0
    assert [name for name, height in heights.items() if height > _SCREENS[1][4]] == []
