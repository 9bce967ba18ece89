"""The examples that come with the program: job documents beside their environments. No Qt in here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

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
    folder = _folder()
    # Two of their lines are enough to offer them; what else a job document is, is read when one is chosen.
    documents = [(path, tomllib.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.mcjob")]
    found = [Example(table["name"], table["description"], path) for path, table in documents]
    return tuple(sorted(found, key=lambda example: (_place(example.path.stem), example.name)))


def is_example(path: Path) -> bool:
    """Whether this file came with the program."""
    return path.resolve().is_relative_to(_folder().resolve())


def _folder() -> Path:
    return Path(str(files("mcgui_resources") / "examples"))


def _place(stem: str) -> int:
    return next((number for number, start in enumerate(_ORDER) if stem.startswith(start)), len(_ORDER))
