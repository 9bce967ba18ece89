"""A screen reader for tests: a session bus of its own, and what AT-SPI tells of the programs on a virtual screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.desktop.conftest import Desktop
from tests.waiting import until

READER = Path(__file__).with_name("screen_reader.py")
#: The system's Python: `gi` is no package that pip could bring without a compiler.
PYTHON = "/usr/bin/python3"
#: Roles that tell nobody what an object is for.
NO_ROLES = frozenset({"", "unknown", "invalid", "filler", "redundant object"})
#: Roles of objects whose content is what there is to hear, so that they need a name whether or not they have text.
FIELDS = frozenset({"text", "password text", "entry", "spin button", "combo box", "slider", "table", "tree table"})
#: Roles of what is only looked at: without a name, nothing is heard of it.
PICTURES = frozenset({"image", "icon", "canvas", "drawing area", "chart", "animation"})
#: Roles of what stands on the screen by itself.
WINDOWS = frozenset({"frame", "window", "dialog", "alert", "popup menu", "tool tip"})


def why_there_is_none() -> str:
    """What is missing for a screen reader on this computer; "" where nothing is."""
    if shutil.which("dbus-daemon") is None:
        return "there is no dbus-daemon (Debian: dbus)"
    probe = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if not Path(PYTHON).exists() or subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode:
        return "the system's Python has no AT-SPI (Debian: python3-gi, gir1.2-atspi-2.0)"
    launchers = [Path(folder, "at-spi-bus-launcher") for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")]
    return "" if any(one.exists() for one in launchers) else "there is no at-spi-bus-launcher (Debian: at-spi2-core)"


@dataclass(frozen=True)
class Thing:
    """An object that a screen reader can come to."""

    role: str
    name: str
    description: str
    text: str
    states: frozenset[str]
    path: tuple[str, ...]  # of what it is in, from the window on

    @property
    def can_have_the_focus(self) -> bool:
        return {"focusable", "showing", "sensitive"} <= self.states

    @property
    def fault(self) -> str:
        """What is wrong with it, if it can have the focus."""
        if self.role in NO_ROLES:
            return "no role"
        if not self.name and (self.role in FIELDS or not self.text):
            return "no name" if self.role in FIELDS else "no name and no text"
        return ""

    def __str__(self) -> str:
        return f"{self.role} {self.name!r} in {' > '.join(self.path)}"


class ScreenReader:
    """Hears all programs of a session."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.heard: list[dict[str, Any]] = []
        self._trees: list[dict[str, Any] | None] = []
        self._ready = threading.Event()
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        assert self._ready.wait(30), "the screen reader did not start"

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "tree" in said:
                self._trees.append(said["tree"])
            elif "heard" in said:
                self.heard.append(said)
            else:
                self._ready.set()

    def things(self, program: str) -> list[Thing]:
        """All objects of a program that are there now."""
        assert self._process.stdin is not None
        count = len(self._trees)
        self._process.stdin.write(f"tree {program}\n")
        self._process.stdin.flush()
        until(lambda: len(self._trees) > count, 40, "the tree of the program")
        tree = self._trees[count]
        return [] if tree is None else list(_flat(tree, ()))

    def faults(self, program: str) -> list[str]:
        """Objects that can have the focus, and do not say what they are."""
        whole = self.things(program)
        things = [thing for thing in whole if thing.can_have_the_focus]
        assert things, f"{program} has nothing that can have the focus"
        windows = [thing for thing in whole if len(thing.path) == 1 and "showing" in thing.states]
        no_windows = [f"no window: {thing}" for thing in windows if thing.role not in WINDOWS]
        pictures = [
            f"no name: {thing}"
            for thing in whole
            if thing.role in PICTURES and "showing" in thing.states and not thing.name
        ]
        return [*no_windows, *pictures, *(f"{thing.fault}: {thing}" for thing in things if thing.fault)]

    def says(self, words: str, since: int = 0) -> bool:
        """Something with these words was announced, or got the focus."""
        return any(words in one.get("text", "") + one.get("name", "") for one in self.heard[since:])

    @property
    def focus(self) -> str:
        """The name of what got the focus last."""
        return next((str(one["name"]) for one in reversed(self.heard) if one["heard"] == "focus"), "")


def _flat(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[Thing]:
    yield Thing(node["role"], node["name"], node["description"], node["text"], frozenset(node["states"]), path)
    here = (*path, node["name"] or node["role"])
    for child in node["children"]:
        yield from _flat(child, here)


@contextmanager
def session_bus(desktop: Desktop) -> Iterator[Desktop]:
    """The same screen, with a session bus: programs on it can be heard."""
    command = ["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address=1"]
    with subprocess.Popen(
        command, env=desktop.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            heard = {"DBUS_SESSION_BUS_ADDRESS": address, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
            yield replace(desktop, env={**desktop.env, **heard})
        finally:
            bus.terminate()


@contextmanager
def screen_reader(desktop: Desktop) -> Iterator[ScreenReader]:
    """It, from now on, on a screen with a session bus."""
    env = {name: value for name, value in desktop.env.items() if not name.startswith("PYTHON")}
    with subprocess.Popen(
        [PYTHON, "-W", "ignore", str(READER)],
        env={**env, "PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield ScreenReader(process)
        finally:
            process.kill()
