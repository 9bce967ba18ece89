"""The environment as it stands in the editor, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcgui_core.environment.environment_source import Environment
    from mcgui_core.errors import EnvironmentInvalid


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """One state of the source. Either `environment` or `problem` is there, and the other is None.

    Both are None while a very long source, that was opened just now, is still looked through.
    """

    source: str
    filename: str  # what tracebacks call it: "pi.py", or "<environment>" before it was saved
    environment: Environment | None
    problem: EnvironmentInvalid | None
    text: int = 0  # another number means another text, not an edited one: a file was opened, or a new one begun
    path: str = ""  # of its file, where it has one
    beside: str = ""  # where it has none: the path that it had when a job ran it
    own_name: str = ""  # that no other text has: by which one without a file is known again at the next start

    @property
    def place(self) -> str:
        """The path beside which lies what travels along; "" where nothing does."""
        return self.path or self.beside

    @property
    def kept_as(self) -> str:
        """By which what is filled in for it is found again at the next start."""
        return self.path or self.own_name

    @property
    def reading(self) -> bool:
        """Whether it is not known yet what the source is."""
        return bool(self.source) and self.environment is None and self.problem is None
