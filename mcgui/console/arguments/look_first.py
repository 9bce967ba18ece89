"""Arguments that were not made here wait: the button that has them looked at, and which have to wait for it."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtWidgets import QPushButton, QWidget

from mcgui.console.arguments.expression_names import is_plain, needs_environment
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.environment.environment_source import Environment

#: What is said of them meanwhile.
SENTENCE: Final = (
    "This was not made here, so nothing of it has been run. Read it first: Run, Try and a look at the arguments run it."
)


class LookFirst(QPushButton):
    """An expression runs code: its own, and its environment's. Numbers, ranges, files and sweeps run none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Look at the arguments", parent)
        self.setProperty("segment", True)
        self.setToolTip("Evaluate the expression, which may run code of the document and its environment")
        self._whose: Literal["", "arguments", "environment"] = ""  # is somebody else's
        self.hide()

    def begin(self, whose: Literal["", "arguments", "environment"]) -> None:
        """The arguments, or the environment under them, came from somebody else; "": they did not."""
        self._whose = whose

    def begin_with_environment(self) -> None:
        self._whose = self._whose or "environment"

    def typed(self) -> None:
        """The arguments were changed: with that environment in front, so they are meant for it."""
        if self._whose == "environment":
            self._whose = ""

    def holds(self, source: ArgumentSource, environment: Environment | None) -> bool:
        """Whether these may not be evaluated yet."""
        if not self._whose or source.kind != "expression" or not source.text.strip():
            return False
        needs = needs_environment(source.text, environment)
        return needs or (self._whose == "arguments" and not is_plain(source.text))
