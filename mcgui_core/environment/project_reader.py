"""A project: an environment's file, and the files that it needs beside it. Found by reading, never by running."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mcgui_core.environment.environment_source import read_source, script_header
from mcgui_core.environment.project_data import named_files
from mcgui_core.environment.project_imports import module_text, own_modules
from mcgui_core.errors import EnvironmentInvalid
from mcgui_core.protocol.job_check import FILE_BYTES_LIMIT, FILES_LIMIT
from mcgui_core.protocol.messages import ProjectFile


@dataclass(frozen=True, slots=True)
class Project:
    """What travels. `problems` are sentences about what does not, though it was named or is imported."""

    main: str  # the path of the main file in the project, with "/"; "." where there is none, and it works in its folder
    files: tuple[ProjectFile, ...]  # the main file is one of them
    problems: tuple[str, ...]
    places: dict[str, Path]  # where each of them is
    source: bytes = b""  # of the main file


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What would travel, by its path in the project: where it is, and its size in bytes."""

    main: str
    files: dict[str, tuple[Path, int]]
    problems: tuple[str, ...]


def read_project(path: Path, patterns: tuple[str, ...] = (), source: str | None = None) -> Project:
    """The project of a file. `patterns` name further files, beside those that its header names under [tool.mcgui].

    `source` is what the file is to say, where somebody has edited it and not saved it.
    Raises EnvironmentInvalid where the file or its header cannot be read.
    """
    found = find_files(path, patterns, source)
    _, content = _main_content(path.resolve(), source)
    main = ProjectFile(found.main, len(content), hashlib.sha256(content).hexdigest())
    others = {name: place for name, (place, _) in found.files.items() if name != found.main}
    files, problems = _read(others)
    places = others | {found.main: path.resolve()}
    return Project(found.main, (main, *files), (*found.problems, *problems), places, content)


def find_files(path: Path, patterns: tuple[str, ...] = (), source: str | None = None) -> FoundFiles:
    """As `read_project`, without reading more than modules."""
    main = path.resolve()
    text, content = _main_content(main, source)
    root = main.parent
    while (root / "__init__.py").is_file() and root.parent != root:
        root = root.parent
    named, problems = named_files(root, main.parent, (*_patterns(text, str(path)), *patterns))
    files = {_shown(root, main): (main, len(content))}
    _add(files, problems, root, [*own_modules(root, main, text), *named])
    return FoundFiles(_shown(root, main), files, tuple(problems))


def project_of_modules(modules: Iterable[tuple[Path, Path]], home: Path, patterns: tuple[str, ...]) -> Project:
    """The project of modules without a main file: each as the folder that it is imported from, and its file.

    With what they import from there, and the files that `patterns` name from `home` on.
    """
    found: dict[str, tuple[Path, int]] = {}
    problems: list[str] = []
    for root, file in modules:
        _add(found, problems, root, [file, *own_modules(root, file, module_text(file))])
    if patterns:
        named, unnamed = named_files(home, home, patterns)
        problems += unnamed
        _add(found, problems, home, named)
    places = {name: place for name, (place, _) in found.items()}
    files, unread = _read(places)
    return Project("." if patterns else "", tuple(files), (*problems, *unread), places)


def _add(found: dict[str, tuple[Path, int]], problems: list[str], root: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        name = _shown(root, path)
        if name in found:
            continue
        if len(found) == FILES_LIMIT:
            problems.append(f"It has more than {FILES_LIMIT:,} files, which are the most that can travel.")
            return
        if problem := _problem(root, path):
            problems.append(problem)
        else:
            found[name] = path, path.stat().st_size


def _read(places: dict[str, Path]) -> tuple[list[ProjectFile], list[str]]:
    files, problems = [], []
    for name, place in places.items():
        try:
            with place.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
                files.append(ProjectFile(name, content.tell(), digest))
        except OSError as error:
            problems.append(f"{name} cannot be read ({error.strerror}).")
    return files, problems


def _main_content(main: Path, source: str | None) -> tuple[str, bytes]:
    if source is not None:
        try:
            saved = read_source(main)
        except EnvironmentInvalid:
            saved = ""
        if saved.removeprefix("\ufeff") != source.removeprefix("\ufeff"):
            return source, source.encode("utf-8", "surrogatepass")
    return read_source(main), main.read_bytes()


def _patterns(source: str, filename: str) -> tuple[str, ...]:
    tool = script_header(source, filename).get("tool", {})
    ours = tool.get("mcgui", {}) if isinstance(tool, dict) else {}
    found = ours.get("files", []) if isinstance(ours, dict) else []
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise EnvironmentInvalid("'files' in [tool.mcgui] of its header must be a list of strings", filename)
    return tuple(found)


def _problem(root: Path, path: Path) -> str:
    """Why a file cannot travel; "" where it can."""
    shown = _shown(root, path)
    if not path.exists():
        return f"{shown} is a link that leads nowhere."
    if not path.resolve().is_relative_to(root):
        return (
            f"{shown} is a link that leads out of {root}: put a copy there, or let each computer read it at its place."
        )
    if not path.is_file():
        return f"{shown} is no file."
    if path.stat().st_size > FILE_BYTES_LIMIT:
        size = path.stat().st_size
        return f"{shown} has {size:,} bytes, and {FILE_BYTES_LIMIT:,} are the most that can travel."
    return ""


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
