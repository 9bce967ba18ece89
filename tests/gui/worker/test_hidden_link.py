"""A link that was opened does not stay on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.waiting import until

LINK = "mcgui://127.0.0.1:9#w.a-key-that-nobody-may-list"


@pytest.mark.skipif(os.name != "posix", reason="there, others do not see command lines")
def test_an_opened_link_is_gone_from_the_command_line_before_anything_else_happens(tmp_path: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    env |= {"XDG_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen([sys.executable, "-m", "mcgui.worker", "--offer", LINK], env=env) as program:
        try:
            process = psutil.Process(program.pid)
            until(lambda: process.cmdline()[-2:] == ["--offer", "-"], what="the command line without the link")
            until(lambda: len(process.open_files()) >= 0 and process.num_threads() > 1, what="the program's start")
            assert "a-key-that-nobody-may-list" not in " ".join([*process.cmdline(), *process.environ().values()])
            assert program.poll() is None
        finally:
            program.terminate()
