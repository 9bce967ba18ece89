"""Keys on X11, where Qt gives fields for text other keys than on the platforms that tests without a screen know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.conftest import Desktop

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(60)]

KEYS = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tests.gui.taken_keys import taken_keys
print(*taken_keys(), sep="\\n", end="")
"""


def test_no_keys_of_the_window_are_kept_by_a_field_for_text(desktop: Desktop) -> None:
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", KEYS],
        env=desktop.env,
        cwd=root,
        check=True,
        timeout=30,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout == ""
