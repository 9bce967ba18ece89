"""The demonstration as `make run` has it on a machine without a screen: a picture, the estimate of Pi, and out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage

from tests.waiting import until


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "mcgui.console.app", *map(str, arguments)]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_demonstration_ends_with_a_picture_and_pi(tmp_path: Path, theme: str) -> None:
    picture = tmp_path / "made" / "console.png"
    done = subprocess.run(
        command("--demo", "--picture", picture, "--theme", theme, "--port", 0),
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"Pi is roughly (3\.1[34]\d*)", done.stdout)
    assert found is not None, done.stdout
    assert str(picture) in done.stdout
    image = QImage(str(picture))
    assert image.width() > 600
    assert (image.pixelColor(4, 4).lightness() < 128) == (theme == "dark")


@pytest.mark.timeout(120)
def test_a_picture_that_cannot_be_written_is_a_failure_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        command("--picture", tmp_path / "file" / "a.png", "--port", 0),
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 1
    assert "the picture could not be written" in done.stderr


def test_without_a_screen_the_command_says_what_to_do() -> None:
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    if not sys.platform.startswith("linux"):
        pytest.skip("Only on Linux can there be no screen")
    done = subprocess.run(command(), check=False, capture_output=True, text=True, env=env, timeout=30)
    assert done.returncode == 2
    assert "there is no screen" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl+C to one process alone")
def test_ctrl_c_ends_the_window_and_everything_that_it_started(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("--demo", "--port", 0, "--journal", tmp_path / "a.journal"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        process = psutil.Process(program.pid)
        # Server, agent, its slots, and the workbench that looks at the arguments.
        until(lambda: len(process.children(recursive=True)) >= 4, 40)
        children = process.children(recursive=True)
        program.send_signal(2)
        _, errors = program.communicate(timeout=30)
    assert program.returncode == 0, errors
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
