"""How the commands are started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_python_m_is_the_same_as_the_command_from_whatever_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mcgui_core", "--version"]
    assert subprocess.check_output(command, cwd=tmp_path, text=True).startswith("mcgui 0")
