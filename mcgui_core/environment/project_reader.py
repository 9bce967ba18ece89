"""A project: an environment's file, and the files that it needs beside it. Found by reading, never by running."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISREG
from typing import Final, Literal

from mcgui_core.environment.environment_source import read_source, script_header
from mcgui_core.environment.project_data import NamedFiles, named_files
from mcgui_core.environment.project_imports import mentioned_files, module_text, own_modules
from mcgui_core.errors import EnvironmentInvalid
from mcgui_core.protocol.job_check import FILE_BYTES_LIMIT, FILES_LIMIT
from mcgui_core.protocol.messages import ProjectFile

#: Why a file travels: it is the environment, an imported module, named in its header, or named by who submits.
FileOrigin = Literal["main", "module", "header", "given"]
#: Why something does not. What is "passed over" (hidden files, `.venv`), or "mentioned" in the source, is no problem.
StayReason = Literal["missing", "outside", "too large", "too many", "no file", "passed over", "mentioned"]
#: How a program of Python's ends, in capitals or not: it is started by its whole name.
_PROGRAMS: Final = (".py", ".pyw")
_NO_PROBLEM: Final = ("passed over", "mentioned")


@dataclass(frozen=True, slots=True)
class Project:
    """What travels. `problems` are sentences about what does not, though it was named or is imported."""

    main: str  # the path of the main file in the project, with "/"; "." where there is none, and it works in its folder
    files: tuple[ProjectFile, ...]  # the main file is one of them
    problems: tuple[str, ...]
    places: dict[str, Path]  # where each of them is
    source: bytes = b""  # of the main file
    modules: tuple[str, ...] = ()  # the paths of those that are imported, and not only named


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that would travel."""

    path: str  # in the project, with "/"
    place: Path
    size: int  # bytes
    origin: FileOrigin
    given: str = ""  # the pattern of who submits that names it, whatever else does
    written: int = 0  # when, in nanoseconds since the epoch; 0 of the main file, whose text is the editor's


@dataclass(frozen=True, slots=True)
class StayingFile:
    """What does not travel, though a pattern names it or a module of it is imported."""

    name: str  # its path in the project, or the pattern that names nothing
    reason: StayReason
    sentence: str
    given: str = ""  # as in `FoundFile`


@dataclass(slots=True)
class FoundFiles:
    """What would travel, by its path in the project, and what would not."""

    main: str = ""
    files: dict[str, FoundFile] = field(default_factory=dict)
    staying: list[StayingFile] = field(default_factory=list)

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each that was to travel and cannot."""
        return tuple(one.sentence for one in self.staying if one.reason not in _NO_PROBLEM)

    @property
    def modules(self) -> tuple[str, ...]:
        """The paths of modules that are imported."""
        return tuple(file.path for file in self.files.values() if file.origin == "module")

    def stay(self, file: StayingFile) -> None:
        """Note what does not travel, once, however many patterns name it."""
        if file not in self.staying:
            self.staying.append(file)


def read_project(path: Path, patterns: tuple[str, ...] = (), source: str | None = None) -> Project:
    """The project of a file. `patterns` name further files, beside those that its header names under [tool.mcgui].

    `source` is what the file is to say, where somebody has edited it and not saved it.
    Raises EnvironmentInvalid where the file or its header cannot be read.
    """
    found, _ = _find(path, patterns, source)
    _, content = _main_content(path.resolve(), source)
    main = ProjectFile(found.main, len(content), hashlib.sha256(content).hexdigest())
    others = {name: file.place for name, file in found.files.items() if name != found.main}
    files, problems = _read(others)
    places = others | {found.main: path.resolve()}
    return Project(found.main, (main, *files), (*found.problems, *problems), places, content, found.modules)


def find_files(path: Path, patterns: tuple[str, ...] = (), source: str | None = None) -> FoundFiles:
    """As `read_project`, without reading more than modules; with files beside them whose names stand in the source."""
    found, text = _find(path, patterns, source)
    main = path.resolve()
    root = _root(main)
    modules = [file.place for file in found.files.values() if file.origin == "module"]
    for place in mentioned_files(main, text, modules):
        name = _shown(root, place)
        if name not in found.files:
            sentence = f"The source names {name}, which lies here and does not travel."
            found.stay(StayingFile(name, "mentioned", sentence))
    return found


def _find(path: Path, patterns: tuple[str, ...], source: str | None) -> tuple[FoundFiles, str]:
    """What would travel, and the text of the main file."""
    main = path.resolve()
    text, content = _main_content(main, source)
    root = _root(main)
    found = FoundFiles(_shown(root, main))
    found.files[found.main] = FoundFile(found.main, main, len(content), "main")
    _add(found, root, own_modules(root, main, text), "module")
    for pattern in _patterns(text, str(path)):
        _add_named(found, root, main.parent, pattern, "header")
    for pattern in patterns:
        _add_named(found, root, main.parent, pattern, "given")
    return found, text


def _root(main: Path) -> Path:
    """The folder of the project: that of the file, or the one that its package lies in."""
    root = main.parent
    while (root / "__init__.py").is_file() and root.parent != root:
        root = root.parent
    return root


def pattern_of(path: Path, main: Path) -> str:
    """The pattern that names this file or folder and nothing else, from the folder of a main file on; the whole path
    where it lies outside of its project."""
    place, root = _place(path, main)
    inside = place.is_relative_to(root)
    home = main.resolve().parent
    return glob.escape(Path(os.path.relpath(place, home)).as_posix() if inside else str(place))


def is_outside(path: Path, main: Path) -> bool:
    """Whether this file or folder lies outside of the project of a main file, and cannot travel with it."""
    place, root = _place(path, main)
    return not place.is_relative_to(root)


def _place(path: Path, main: Path) -> tuple[Path, Path]:
    """Where something lies as seen from the project of a main file, and the folder of that."""
    root = _root(main.resolve())
    place = Path(os.path.abspath(path))  # noqa: PTH100 - a link is a name like any other
    return place if place.is_relative_to(root) else path.resolve(), root


def beside_text(folder: Path, source: str) -> tuple[str, ...]:
    """The files in a folder that a text which has no file imports or names: it finds them only where it runs there."""
    main = folder / "<text>"
    modules = own_modules(folder, main, source)
    return tuple(_shown(folder, place) for place in (*modules, *mentioned_files(main, source, modules)))


def project_of_modules(modules: Iterable[tuple[Path, Path]], home: Path, patterns: tuple[str, ...]) -> Project:
    """The project of modules without a main file: each as the folder that it is imported from, and its file.

    With what they import from there, and the files that `patterns` name from `home` on, or from such a folder on.
    """
    found = FoundFiles()
    roots: dict[Path, None] = {}
    for root, file in modules:
        roots[root] = None
        _add(found, root, [file, *own_modules(root, file, module_text(file))], "module")
    for pattern in patterns:
        _add_beside_modules(found, [root for root in roots if root != home], home, pattern)
    places = {name: file.place for name, file in found.files.items()}
    files, unread = _read(places)
    main = "." if patterns else ""
    return Project(main, tuple(files), (*found.problems, *unread), places, modules=found.modules)


def _add_beside_modules(found: FoundFiles, roots: list[Path], home: Path, pattern: str) -> None:
    """Add what a pattern names. What lies beside modules that come from elsewhere, such as from `src`, lies beside them
    there too; what is named from the folder of a script, also where that one finds it."""
    all_named = [(root, named_files(root, folder, pattern)) for root in roots for folder in (root, home)]
    beside = [(root, named) for root, named in all_named if named.files]
    at_home = named_files(home, home, pattern)
    if at_home.files or not beside:
        _add_found(found, home, at_home, pattern, "given")
    for root, named in beside:
        _add_found(found, root, named, pattern, "given")


def _add_named(found: FoundFiles, root: Path, folder: Path, pattern: str, origin: FileOrigin) -> None:
    _add_found(found, root, named_files(root, folder, pattern), pattern, origin)


def _add_found(found: FoundFiles, root: Path, named: NamedFiles, pattern: str, origin: FileOrigin) -> None:
    given = pattern if origin == "given" else ""
    if named.problem:
        reason: StayReason = "outside" if named.outside else "missing"
        found.stay(StayingFile(pattern, reason, named.problem, given))
    _add(found, root, named.files, origin, given)
    for path in named.files:
        if (
            path.suffix.lower() in _PROGRAMS
        ):  # a program that tasks start, say, or a module that is imported by a name made up
            _add(found, root, own_modules(root, path, module_text(path)), "module")
    for path in named.passed_over:
        shown = _shown(root, path)
        sentence = f"{shown} lies in what {pattern!r} names, and travels only where it is named itself."
        found.stay(StayingFile(shown, "passed over", sentence, given))


def _add(found: FoundFiles, root: Path, paths: Iterable[Path], origin: FileOrigin, given: str = "") -> None:
    folders: dict[Path, Path] = {}
    for path in paths:
        name = _shown(root, path)
        known = found.files.get(name)
        if known is not None:
            if given and not known.given:
                found.files[name] = replace(known, given=given)
            continue
        if len(found.files) == FILES_LIMIT:
            sentence = f"It has more than {FILES_LIMIT:,} files, which are the most that can travel."
            found.stay(StayingFile(given or name, "too many", sentence, given))
            return
        if obstacle := _obstacle(root, path, folders):
            found.stay(StayingFile(name, *obstacle, given))
        else:
            status = path.stat()
            found.files[name] = FoundFile(name, path, status.st_size, origin, given, status.st_mtime_ns)


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


def _obstacle(root: Path, path: Path, folders: dict[Path, Path]) -> tuple[StayReason, str] | None:
    """Why a file cannot travel, and a sentence about it; None where it can. `folders` are where those before led."""
    shown = _shown(root, path)
    try:
        status = path.stat()
    except FileNotFoundError:
        return "missing", f"{shown} is a link that leads nowhere."
    except OSError as error:
        return "no file", f"{shown} cannot be read ({error.strerror})."
    if path.parent not in folders:  # to follow it takes longer than all else, and files of one folder are many
        folders[path.parent] = path.parent.resolve()
    place = path.resolve() if path.is_symlink() else folders[path.parent] / path.name
    if not place.is_relative_to(root):
        way_out = "put a copy there, or let each computer read it at its place."
        return "outside", f"{shown} is a link that leads out of {root}: {way_out}"
    if not S_ISREG(status.st_mode):
        return "no file", f"{shown} is no file."
    if status.st_size > FILE_BYTES_LIMIT:
        limit = f"{FILE_BYTES_LIMIT:,} are the most that can travel."
        return "too large", f"{shown} has {status.st_size:,} bytes, and {limit}"
    return None


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
