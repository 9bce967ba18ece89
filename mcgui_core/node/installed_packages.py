"""Packages that jobs require and this computer lacks, installed for them alone: in folders of their own, by content.

What is in such a folder is imported by the slots of those jobs, before what is installed for everybody.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mcgui_core.base.user_folders import cache_folder
from mcgui_core.errors import InstallationFailed
from mcgui_core.processes.child_commands import kill_group, own_group, quiet_window

#: Folders that are kept. What was used least recently goes first.
KEPT = 16
#: Characters of what an installer prints that are kept.
PRINTED = 200_000

_COMPLETE = "complete"


class InstalledPackages:
    """Thread-safe, and safe between processes: a folder gets its name when it is whole."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._closed = False

    def place_of(self, requirements: tuple[str, ...], say: Callable[[str], None]) -> Path:
        """The folder with these, installed now if need be. `say` is told each line that the installer prints.

        Raises InstallationFailed.
        """
        with self._guard:  # one after the other: they would only slow each other down
            place = self._usable_folder() / _key(requirements)
            if not (place / _COMPLETE).exists():
                self._install(requirements, place, say)
                self._drop_surplus(place)
            os.utime(place / _COMPLETE)
            return place

    def close(self) -> None:
        """Nobody waits for an installation any more."""
        self._closed = True
        running = self._running
        if running is not None:
            kill_group(running)

    def _install(self, requirements: tuple[str, ...], place: Path, say: Callable[[str], None]) -> None:
        with tempfile.TemporaryDirectory(
            dir=self._usable_folder(), prefix="arriving-", ignore_cleanup_errors=True
        ) as made:
            target = Path(made, "packages")
            say(f"installing {', '.join(requirements)}")
            for command in _commands(requirements, target, Path(made, "installer")):
                self._run(command, requirements, say)
            target.mkdir(exist_ok=True)
            (target / _COMPLETE).touch()
            with suppress(OSError):  # another worker of this computer was faster
                target.rename(place)
        if not (place / _COMPLETE).exists():
            raise InstallationFailed(", ".join(requirements), f"{place} could not be made.")

    def _run(self, command: list[str], requirements: tuple[str, ...], say: Callable[[str], None]) -> None:
        printed: list[str] = []
        try:
            code = self._output_of(command, printed, say)
        except OSError as error:
            printed.append(str(error))
            code = 1
        if code:
            raise InstallationFailed(", ".join(requirements), "\n".join(printed)[-PRINTED:])

    def _output_of(self, command: list[str], printed: list[str], say: Callable[[str], None]) -> int:
        """Run it, note what it prints, and return its exit code. Raises OSError."""
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **own_group(),
            **quiet_window(),
        ) as process:  # fmt: skip
            self._running = process
            if self._closed:
                kill_group(process)
            assert process.stdout is not None
            for line in process.stdout:
                printed.append(line.decode(errors="replace").rstrip())
                say(printed[-1])
        self._running = None
        return process.returncode

    def _drop_surplus(self, kept: Path) -> None:
        used = []
        for path in self._usable_folder().iterdir():
            with suppress(OSError):
                used.append(((path / _COMPLETE).stat().st_mtime_ns, path))
        for _, path in sorted(used)[:-KEPT]:
            if path != kept:
                shutil.rmtree(path, ignore_errors=True)

    def _usable_folder(self) -> Path:
        if self._folder is None:
            self._folder = cache_folder() / "packages"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder


def _commands(requirements: tuple[str, ...], target: Path, installer: Path) -> list[list[str]]:
    """What installs them: uv where there is one, else pip, in an environment of its own where this one has none."""
    uv = shutil.which("uv")
    if uv is not None:
        return [[uv, "pip", "install", "--python", sys.executable, "--target", str(target), *requirements]]
    options = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    options += ["--target", str(target), *requirements]
    if importlib.util.find_spec("pip") is not None:
        return [[sys.executable, *options]]
    python = installer / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    return [[sys.executable, "-m", "venv", str(installer)], [str(python), *options]]


def _key(requirements: tuple[str, ...]) -> str:
    what = json.dumps([sorted(requirements), sys.version, sys.platform, sys.prefix])
    return hashlib.sha256(what.encode()).hexdigest()[:32]
