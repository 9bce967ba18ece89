"""What the tests of the console's panels share: answers to dialogs, and the real look at arguments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QWidget

from mcgui.background import Background
from mcgui.console.environment.environment_state import EnvironmentState
from mcgui.console.files.file_dialogs import Answer, FileDialogs
from mcgui_core.arguments.argument_readers import open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.environment.environment_source import Environment
from mcgui_core.errors import EnvironmentInvalid
from mcgui_core.protocol.messages import ArgumentsPreview

PI = '''\
from random import random


def throw(_):
    """One throw at the unit square: did it hit the circle?"""
    x, y = random(), random()
    return int(x * x + y * y < 1)


def estimate(hits):
    """Pi from all throws."""
    return 4 * sum(hits) / len(hits)
'''


class Answers(FileDialogs):
    """A user who answers every dialog at once, and what they were asked."""

    def __init__(self, path: Path | None = None, about_changes: Answer = "cancel") -> None:
        self.path = path
        self.changes: Answer = about_changes
        self.asked: list[str] = []

    def path_to_open(self, parent: QWidget, folder: Path) -> Path | None:
        self.asked.append("open")
        return self.path

    def path_to_save(self, parent: QWidget, suggested: Path) -> Path | None:
        self.asked.append(f"save {suggested.name}")
        return self.path

    def arguments_to_open(self, parent: QWidget, folder: Path, kind: str) -> Path | None:
        self.asked.append(f"arguments {kind}")
        return self.path

    def path_for_export(self, parent: QWidget, title: str, suggested: Path, kind: str) -> Path | None:
        self.asked.append(f"{title} {suggested.name}")
        return self.path

    def folder_to_open(self, parent: QWidget, folder: Path) -> Path | None:
        self.asked.append("folder")
        return self.path

    def files_to_send(self, parent: QWidget, folder: Path) -> list[Path]:
        self.asked.append("files to send")
        return [self.path] if self.path is not None else []

    def folder_to_send(self, parent: QWidget, folder: Path) -> Path | None:
        self.asked.append("folder to send")
        return self.path

    def about_changes(self, parent: QWidget, name: str) -> Answer:
        self.asked.append(f"changes of {name}")
        return self.changes


def look(
    source: ArgumentSource, environment: str, filename: str = "<environment>", *, seconds: float = 1.0
) -> ArgumentsPreview:
    """What the workbench does in its process, done in this one."""
    return open_arguments(source, environment, filename).preview(seconds=seconds)


def state_of(source: str) -> EnvironmentState:
    """What the environment panel says of this source."""
    try:
        return EnvironmentState(source, "pi.py", Environment.parse(source, "pi.py"), None)
    except EnvironmentInvalid as problem:
        return EnvironmentState(source, "pi.py", None, problem)


@contextmanager
def background() -> Iterator[Background]:
    """Threads to work in, that are gone afterwards."""
    made = Background()
    yield made
    made.close()
