"""The files that a project names by patterns, such as "data/*.csv"."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

#: Folders that nobody means when a folder above them is named.
_LEFT_OUT = {"__pycache__", "node_modules", "venv", "env", "site-packages"}


def named_files(root: Path, folder: Path, patterns: tuple[str, ...]) -> tuple[list[Path], list[str]]:
    """The files that the patterns name, from `folder` on, in `root`; and a sentence for each that names none.

    A folder stands for all that is in it. Hidden files, and folders such as `.venv`, have to be named themselves.
    """
    found: dict[Path, None] = {}
    problems = []
    for pattern in patterns:
        try:
            matches = _matches(root, folder, pattern)
        except (ValueError, NotImplementedError, OSError) as error:
            problems.append(f"{pattern!r} names no files ({error}).")
            continue
        if not matches:
            problems.append(f"{pattern!r} names no file that there is in {folder}.")
        found.update(dict.fromkeys(matches))
    return list(found), problems


def _matches(root: Path, folder: Path, pattern: str) -> list[Path]:
    wild = any(sign in pattern for sign in "*?[")
    if Path(pattern).is_absolute():
        anchor = Path(Path(pattern).anchor)
        matches = [Path(pattern)] if not wild else list(anchor.glob(str(Path(pattern).relative_to(anchor))))
    else:
        matches = [folder / pattern] if not wild else list(folder.glob(pattern))
    found: list[Path] = []
    for match in sorted(Path(os.path.normpath(match)) for match in matches):
        if not match.is_relative_to(root):
            raise ValueError(f"{match} lies outside of {root}")
        if wild and _is_left_out(match.relative_to(folder) if match.is_relative_to(folder) else match, pattern):
            continue
        found += _all_in(match) if match.is_dir() else [match] if match.exists() or match.is_symlink() else []
    return found


def _is_left_out(path: Path, pattern: str) -> bool:
    named = Path(pattern).parts
    return any((part.startswith(".") or part in _LEFT_OUT) and part not in named for part in path.parts)


def _all_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _LEFT_OUT:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _all_in(path)
        else:
            yield path
