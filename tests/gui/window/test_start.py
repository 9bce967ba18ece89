"""What the window imports before its first picture is there: what is not needed for that comes after it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

#: Not needed for what is seen at first, and each a good part of the time until it is seen.
LATER = (
    "PIL",
    "csv",
    "difflib",
    "fractions",
    "jedi",
    "mcgui.console.analysis.completion_popup",
    "mcgui.console.arguments.sweep_editor",
    "mcgui.console.comparison.difference_window",
    "mcgui.console.environment.travel_table",
    "mcgui.console.form.options_form",
    "mcgui.console.master.connect_panel",
    "mcgui.console.master.links_panel",
    "mcgui.console.palette.command_palette",
    "mcgui.console.results.plot.results_plot",
    "mcgui.console.throughput.throughput_picture",
    "mcgui.console.workers.add_workers_panel",
    "mcgui_core.arguments.column_types",
    "mcgui_core.arguments.shared_expressions",
    "mcgui_core.arguments.sweep",
    "mcgui_core.client.cluster",
    "mcgui_core.client.job_document",
    "mcgui_core.client.master",
    "mcgui_core.client.project_upload",
    "mcgui_core.environment.project_reader",
    "mcgui_core.protocol.transport",
    "mcgui_core.results.table.filters",
    "multiprocessing",
    "numpy",
    "pyflakes",
    "pygments",
    "pyqtgraph",
    "segno",
    "ssl",
    "urllib.request",
)
#: Starts the console as its command does, and tells what is imported, and how many children it has, when the first
#: picture is painted; and again when the plot is there.
PROGRAM = """
import json, sys
import psutil
from PySide6.QtCore import QEvent, QObject
from mcgui.console import app

class Watch(QObject):
    def __init__(self, window):
        super().__init__(window)
        self.window, self.picture = window, window.parts.plot._picture
        self.picture.made.connect(self.end)
        window.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self.tell()
        return False

    def tell(self):
        print(json.dumps([sorted(sys.modules), len(psutil.Process().children())]), flush=True)

    def end(self):
        self.tell()
        self.window.end()

class Watched(app.Console):
    def __init__(self, *given):
        super().__init__(*given)
        self.watch = Watch(self.window)

app.Console = Watched
sys.exit(app.main(["--port", "0"]))
"""


def test_what_is_not_seen_at_first_is_imported_after_the_first_picture(tmp_path: Path) -> None:
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    env = {**os.environ, **home, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True)
    (before, children), (after, _) = (json.loads(line) for line in ran.stdout.splitlines())
    assert [name for name in LATER if name in before] == []
    assert children == 0
    assert {"mcgui.console.throughput.throughput_picture", "numpy", "pyqtgraph"} <= set(after)
