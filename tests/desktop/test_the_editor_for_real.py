"""The editor as a person has it: what is typed into a real window is there again after that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcgui.console.environment.saved_session import KeptSession, SessionFolder
from tests.desktop.conftest import Desktop
from tests.waiting import until

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(180)]


@contextmanager
def console(desktop: Desktop, home: Path, *arguments: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A console with settings of its own, and its window, which has the keyboard."""
    command = [sys.executable, "-m", "mcgui.console.app", "--port", "0", "--journal", str(home / "journal"),
               *map(str, arguments)]  # fmt: skip
    env = {**desktop.env, "XDG_CONFIG_HOME": str(home)}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as program:
        try:
            window = desktop.wait_for_window("mcgui", 60)
            desktop.xdotool("windowfocus", "--sync", window)
            yield program, window
        finally:
            program.kill()


def kept(home: Path) -> KeptSession:
    return SessionFolder(home / "mcgui" / "editor" / "1").load()


def test_what_is_typed_is_there_again_after_the_console_is_killed(desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "pi.py"
    file.write_text("def throw(_):\n    return 1\n")
    with console(desktop, tmp_path, file) as (program, _):
        until(lambda: kept(tmp_path).pages, 30)
        # To the editor by its key, then to the end of the text.
        desktop.xdotool("key", "ctrl+1", "ctrl+End")
        desktop.xdotool("type", "# typed a moment ago")
        until(lambda: any("moment ago" in (page.text or "") for page in kept(tmp_path).pages), 30)
        os.kill(program.pid, signal.SIGKILL)
        assert program.wait() == -signal.SIGKILL
    assert file.read_text() == "def throw(_):\n    return 1\n"  # nobody saved it
    with console(desktop, tmp_path) as (program, window):
        desktop.xdotool("key", "ctrl+1")
        desktop.xdotool("type", "!")  # where the cursor was
        # Until the window has taken the keyboard, a key may be lost: so it is pressed until it has an effect.
        until(lambda: desktop.xdotool("key", "--window", window, "ctrl+s") == "" and "typed" in file.read_text(), 30)
        assert file.read_text() == "def throw(_):\n    return 1\n# typed a moment ago!"
        desktop.xdotool("key", "ctrl+q")
        _, errors = program.communicate(timeout=60)
    assert program.returncode == 0, errors.decode()
