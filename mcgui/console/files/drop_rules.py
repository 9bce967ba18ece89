"""What becomes of files that are dropped on the window, and how that is said beforehand. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mcgui import format

_JOB: Final = ".mcjob"
_SOURCE: Final = (".py", ".pyw")


@dataclass(frozen=True, slots=True)
class DropPlan:
    """What is opened, and what is loaded as arguments."""

    documents: tuple[Path, ...] = ()  # a job, or environments
    arguments: tuple[Path, ...] = ()

    @property
    def sentence(self) -> str:
        """Such as "Open pi.py in the editor"."""
        parts = [self._documents(), self._arguments()]
        text = ", and ".join(part for part in parts if part)
        return f"{text[:1].upper()}{text[1:]}"

    def _documents(self) -> str:
        if not self.documents:
            return ""
        first = self.documents[0]
        if first.suffix.lower() == _JOB:
            return f"open the job {first.name}"
        more = len(self.documents) - 1
        return f"open {first.name}{f' and {more} more' if more else ''} in the editor"

    def _arguments(self) -> str:
        if not self.arguments:
            return ""
        if len(self.arguments) > 1:
            return f"load {format.count(len(self.arguments))} files as the arguments, one task each"
        path = self.arguments[0]
        return f"load {'the files of the folder ' if path.is_dir() else ''}{path.name} as the arguments"


def plan(paths: list[Path]) -> DropPlan:
    """A job document is opened and nothing else; Python files are opened, and all others are arguments."""
    jobs = [path for path in paths if path.suffix.lower() == _JOB]
    if jobs:
        return DropPlan(documents=(jobs[0],))
    sources = tuple(path for path in paths if path.suffix.lower() in _SOURCE)
    return DropPlan(sources, tuple(path for path in paths if path not in sources))
