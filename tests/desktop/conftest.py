"""A real X screen for tests that need one: window manager, system tray, keyboard and mouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.waiting import until

SCRIPT = Path(__file__).parents[2] / "packaging" / "virtual-screen.sh"

#: Photographs the whole screen, into the file that each line of its input names.
CAMERA = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
for line in sys.stdin:
    print(app.primaryScreen().grabWindow(0).save(line.rstrip("\\n")), flush=True)
"""


class Camera:
    """A process of its own: the tests' own QApplication is on another platform. One for all pictures, since it takes
    half a second to start."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def take(self, path: Path) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "True\n", f"no picture in {path}"


@contextmanager
def camera(env: dict[str, str]) -> Iterator[Camera]:
    """One in front of the screen that `env` names."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", CAMERA], env=env, stdin=pipe, stdout=pipe, text=True) as process:
        yield Camera(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass(frozen=True)
class Desktop:
    """A virtual screen. Programs appear on it when they are started with `env`."""

    env: dict[str, str]
    camera: Camera

    @property
    def display(self) -> str:
        """What DISPLAY is to be, such as ":3"."""
        return self.env["DISPLAY"]

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the whole screen, and return where."""
        self.camera.take(path)
        return path

    def xdotool(self, *args: str | int) -> str:
        """Run xdotool (type, click, search ...) and return what it prints. Raises CalledProcessError."""
        command = ["xdotool", *map(str, args)]
        return subprocess.run(
            command, env=self.env, check=True, timeout=30, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    def windows(self, title: str) -> list[int]:
        """The visible windows whose title matches the regular expression `title`."""
        command = ["xdotool", "search", "--onlyvisible", "--name", title]
        # It exits with 1 where it finds none.
        found = subprocess.run(command, env=self.env, check=False, timeout=30, stdout=subprocess.PIPE, text=True)
        return [int(word) for word in found.stdout.split()]

    def wait_for_window(self, title: str, timeout: float = 30.0) -> int:
        """Wait until a window whose title matches `title` is visible, and return its number. Raises TimeoutError."""
        return until(lambda: self.windows(title), timeout, f"a window with the title {title!r}")[0]


@pytest.fixture
def desktop(virtual_screen: Desktop, tmp_path: Path) -> Desktop:
    """The screen, and a home of this test's own: no program finds what another test's left to be restored."""
    places = {name: tmp_path / "home" / name for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    for place in places.values():
        place.mkdir(parents=True)
    homes = {f"XDG_{name}_HOME": str(place) for name, place in places.items()}
    return replace(virtual_screen, env={**virtual_screen.env, **homes})


@pytest.fixture(scope="session")
def virtual_screen(surroundings: Path) -> Iterator[Desktop]:
    """A virtual screen with a window manager and a system tray, the same one for all tests that ask for it."""
    if not sys.platform.startswith("linux"):
        pytest.skip("The virtual screen is an X server, which this system does not have")
    missing = [name for name in ("Xvfb", "openbox", "trayer", "xdotool") if shutil.which(name) is None]
    assert not missing, f"not installed: {', '.join(missing)}. `make test` installs them"
    # The command that runs on the screen says where that is, and then waits until we close its input.
    command = [str(SCRIPT), "--tray", "sh", "-c", 'echo "$DISPLAY:$XDG_RUNTIME_DIR" && exec cat']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as screen:
        assert screen.stdin is not None
        assert screen.stdout is not None
        _, number, runtime = screen.stdout.readline().rstrip("\n").split(":", 2)
        env = {**os.environ, "DISPLAY": f":{number}", "XDG_RUNTIME_DIR": runtime, "QT_QPA_PLATFORM": "xcb"}
        with camera(env) as eye:
            yield Desktop(env, eye)
        screen.stdin.close()
        assert screen.wait(timeout=20) == 0
