"""The files that a project names by patterns, such as "data/*.csv"."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Folders that nobody means when a folder above them is named.
_LEFT_OUT = {"__pycache__", "node_modules", "venv", "env", "site-packages"}


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """What one pattern names. `problem` is a sentence about why that is nothing."""

    files: tuple[Path, ...] = ()
    passed_over: tuple[Path, ...] = ()  # hidden files, and folders such as `.venv`, that lie in what it names
    problem: str = ""
    outside: bool = False  # it names what lies outside of the project


def named_files(root: Path, folder: Path, pattern: str) -> NamedFiles:
    """The files that a pattern names, from `folder` on, in `root`.

    A folder stands for all that is in it. Hidden files, and folders such as `.venv`, have to be named themselves.
    """
    found: list[Path] = []
    passed_over: list[Path] = []
    try:
        for match in _matches(folder, pattern):
            if not match.is_relative_to(root):
                problem = f"{pattern!r} names no files ({match} lies outside of {root})."
                return NamedFiles(problem=problem, outside=True)
            inside = match.relative_to(folder if match.is_relative_to(folder) else root)
            if _is_wild(pattern) and _is_left_out(inside, pattern):
                passed_over.append(match)
            elif match.is_dir():
                found += _all_in(match, passed_over)
            elif match.exists() or match.is_symlink():
                found.append(match)
    except (ValueError, NotImplementedError, OSError) as error:
        return NamedFiles(problem=f"{pattern!r} names no files ({error}).")
    problem = "" if found else f"{pattern!r} names no file that there is in {folder}."
    return NamedFiles(tuple(found), tuple(passed_over), problem)


def _is_wild(pattern: str) -> bool:
    return any(sign in pattern for sign in "*?[")


def _matches(folder: Path, pattern: str) -> list[Path]:
    if not _is_wild(pattern):
        matches = [folder / pattern]
    elif Path(pattern).is_absolute():
        anchor = Path(Path(pattern).anchor)
        matches = list(anchor.glob(str(Path(pattern).relative_to(anchor))))
    else:
        matches = list(folder.glob(pattern))
    return sorted(Path(os.path.normpath(match)) for match in matches)


def _is_left_out(path: Path, pattern: str) -> bool:
    named = Path(pattern).parts
    return any((part.startswith(".") or part in _LEFT_OUT) and part not in named for part in path.parts)


def _all_in(folder: Path, passed_over: list[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _LEFT_OUT:
            passed_over.append(path)
        elif path.is_dir() and not path.is_symlink():
            yield from _all_in(path, passed_over)
        else:
            yield path
