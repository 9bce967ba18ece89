"""The examples that come with the program: job documents beside their environments. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from mcgui_core.client.job_document import JobDocument

#: How the names of the files begin, the easiest first. Others follow by name.
_ORDER: Final = ("pi", "factor", "tuple", "mandelbrot", "pendulum")


@dataclass(frozen=True)
class Example:
    """One example: its name, what it does in a sentence, and the path of its document."""

    name: str
    sentence: str
    path: Path


def examples() -> tuple[Example, ...]:
    """All examples, the easiest first."""
    folder = Path(str(files("mcgui_resources") / "examples"))
    documents = [(path, JobDocument.load(path)) for path in folder.glob("*.mcjob")]
    found = [Example(document.name, document.description, path) for path, document in documents]
    return tuple(sorted(found, key=lambda example: (_place(example.path.stem), example.name)))


def _place(stem: str) -> int:
    return next((number for number, start in enumerate(_ORDER) if stem.startswith(start)), len(_ORDER))
