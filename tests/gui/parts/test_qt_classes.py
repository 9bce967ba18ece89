"""All classes of Qt are there before a thread imports what uses them: made in two threads at once, they end the process."""

from __future__ import annotations

import os
import subprocess
import sys

#: As a window does at its start, the plot is made. Tells the classes
#: of Qt that were not there when the import began, and whether that was in the GUI thread.
PROGRAM = """
import sys, threading
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from mcgui.background import Background
from mcgui.console.parts.first_picture import Later

app = QApplication([])
left = []

class Finder:
    \"\"\"Hears of the import of pyqtgraph, in the thread that does it.\"\"\"
    def find_spec(self, name, path=None, target=None):
        if name == "pyqtgraph":
            for module in (QtCore, QtGui, QtWidgets):
                left.extend(one for one in dir(module) if one not in object.__getattribute__(module, "__dict__"))
            left.append(threading.current_thread() is threading.main_thread())
        return None

sys.meta_path.insert(0, Finder())
window, background = QWidget(), Background()
layout = QVBoxLayout(window)
later = Later("mcgui.console.throughput.throughput_picture", lambda: QLabel(), background, window)
layout.addWidget(later)
later.made.connect(app.quit)
window.show()
app.exec()
background.close()
print(left)
"""


def test_a_thread_that_imports_a_plot_finds_every_class_made() -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[False]", "a class that was left to the thread, or an import in the GUI thread"
