"""A project: an environment's file, and the files that it needs beside it. Found by reading, never by running."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mcgui_core.environment.environment_source import read_source, script_header
from mcgui_core.environment.project_data import named_files
from mcgui_core.environment.project_imports import own_modules
from mcgui_core.errors import EnvironmentInvalid
from mcgui_core.protocol.job_check import FILE_BYTES_LIMIT, FILES_LIMIT
from mcgui_core.protocol.messages import ProjectFile


@dataclass(frozen=True, slots=True)
class Project:
    """What travels. `problems` are sentences about what does not, though it was named or is imported."""

    root: Path  # the folder of the main file, or that in which its outermost package lies
    main: str  # the path of the main file, relative to `root`, with "/"
    files: tuple[ProjectFile, ...]  # the main file is one of them
    problems: tuple[str, ...]
    source: bytes  # of the main file


def read_project(path: Path, patterns: tuple[str, ...] = (), source: str | None = None) -> Project:
    """The project of a file. `patterns` name further files, beside those that its header names under [tool.mcgui].

    `source` is what the file is to say, where somebody has edited it and not saved it.
    Raises EnvironmentInvalid where the file or its header cannot be read.
    """
    main = path.resolve()
    text, content = _main_content(main, source)
    root = main.parent
    while (root / "__init__.py").is_file() and root.parent != root:
        root = root.parent
    named, problems = named_files(root, main.parent, (*_patterns(text, str(path)), *patterns))
    files = [ProjectFile(main.relative_to(root).as_posix(), len(content), hashlib.sha256(content).hexdigest())]
    for other in dict.fromkeys([*own_modules(root, main, text), *named]):
        if other == main:
            continue
        if len(files) == FILES_LIMIT:
            problems.append(f"It has more than {FILES_LIMIT:,} files, which are the most that can travel.")
            break
        problem = _problem(root, other)
        if not problem:
            try:
                files.append(_file(root, other))
            except OSError as error:
                problem = f"{_shown(root, other)} cannot be read ({error.strerror})."
        if problem:
            problems.append(problem)
    return Project(root, files[0].path, tuple(files), tuple(problems), content)


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


def _file(root: Path, path: Path) -> ProjectFile:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        return ProjectFile(_shown(root, path), content.tell(), digest)
