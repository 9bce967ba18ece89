"""The modules that travelled with a job, in a process that serves many: beside those of other jobs, and of the disk.

Two jobs may have two versions of one module, and a folder a third by now. So these are made of the texts that the job
has, and are found by their names only in a block of `in_place`: `sys.modules` has the process's own before and after.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import SourceLoader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

from mcgui_core.environment.environment_loader import beside, load_module
from mcgui_core.environment.import_path import importing, is_kept, is_source
from mcgui_core.errors import McguiError
from mcgui_core.protocol.messages import ProjectFile


class ProjectModules:
    """The modules of one project. Thread-safe."""

    def __init__(self, filename: str, main: str, files: Iterable[ProjectFile], content: Callable[[str], bytes]) -> None:
        """`filename` is that of the environment, `content` gives a file by its SHA-256."""
        self._filename, self._main, self._content = filename, main, content
        self._files = {file.path: file for file in files}
        self._paths = _paths_by_name(main, self._files)
        self._folder = _folder(filename, main)
        self._loaded: dict[str, ModuleType] = {}
        self._failed: dict[str, Exception] = {}

    def path_of(self, name: str) -> str:
        """The file of a module; "" where the project has none of that name."""
        return self._paths.get(name, "")

    def find(self, name: str) -> ModuleType | None:
        """The module of that name; None where the project has none. Raises, each time, what importing it raises."""
        if name in self._failed:
            raise self._failed[name]
        if name not in self._paths:
            return None
        try:
            return self._loaded.get(name) or self._import(name)
        except McguiError:  # its text cannot be had from the master just now
            raise
        except Exception as error:
            self._failed[name] = error
            raise

    def load_environment(self, source: str) -> ModuleType:
        """As `load_in_place`, with the modules of the project. Raises what the source raises."""
        with self.in_place(), beside(self._filename):
            return load_module(source, self._filename, self._folder, self._main)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """For the time of a block, the names of its modules lead to them, also for pickle. One block at a time."""
        with importing:
            if self in sys.meta_path:  # in such a block already
                yield
                return
            others = _taken_out(self._paths)
            sys.modules.update(self._loaded)
            sys.meta_path.insert(0, self)
            try:
                yield
            finally:
                sys.meta_path.remove(self)
                self._loaded = _taken_out(self._paths)
                sys.modules.update(others)

    def _import(self, name: str) -> ModuleType:
        with self.in_place():
            try:
                return importlib.import_module(name)
            except SystemExit as error:
                raise ImportError(f"{name} ends the program as it is imported", name=name) from error

    # --- as a finder of sys.meta_path -----------------------------------------------------------------------------

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of the project."""
        if name not in self._paths:
            return None
        path = self._paths[name]
        if not path:  # a folder alone
            return ModuleSpec(name, None, is_package=True)
        loader = _Loader(self._files[path], str(Path(self._folder, path)), self._content)
        spec = spec_from_loader(name, loader, is_package=_is_package(path))
        if spec is not None and spec.submodule_search_locations is not None:
            spec.submodule_search_locations = []  # what lies in its folder now is no part of it
        return spec


class _Loader(SourceLoader):
    """Runs a module's text. Its `__file__` says where it lay at home: what it reads beside it may lie there still."""

    def __init__(self, file: ProjectFile, place: str, content: Callable[[str], bytes]) -> None:
        self._file, self._place, self._content = file, place, content

    def get_filename(self, _fullname: str) -> str:
        return self._place

    def get_data(self, path: str) -> bytes:
        if path != self._place:
            return Path(path).read_bytes()
        text = self._content(self._file.sha256)
        if hashlib.sha256(text).hexdigest() != self._file.sha256:
            raise ImportError(f"the master has another {self._file.path} than the job", path=self._file.path)
        return text


def _taken_out(names: Iterable[str]) -> dict[str, ModuleType]:
    return {name: sys.modules.pop(name) for name in names if name in sys.modules}


def _is_package(source: str) -> bool:
    return source[:-3].endswith("__init__")


def _folder(filename: str, main: str) -> str:
    """Where the project lay."""
    place = Path(filename)
    if not place.is_absolute():
        return ""
    return str(place.parents[main.count("/")]) if len(place.parents) > main.count("/") else ""


def _paths_by_name(main: str, files: Iterable[str]) -> dict[str, str]:
    """The modules by their names, as `enter_project` has them found; "" for a folder that is only a package by name."""
    sources = [path for path in files if is_source(path)]
    sources.sort(key=lambda path: not _is_package(path))  # a package goes before a file of its name
    home = main[: main.rfind("/") + 1]
    found: dict[str, str] = {}
    for base in dict.fromkeys(["", *([] if any(path[:-3] == "src/__init__" for path in sources) else ["src/"]), home]):
        folders = []
        for path in sources:
            parts = path.removeprefix(base)[:-3].split("/")
            if parts[-1] == "__init__":
                parts.pop()
            if path.startswith(base) and parts and not is_kept(parts[0]) and all(map(str.isidentifier, parts)):
                found.setdefault(".".join(parts), path)
                folders += [".".join(parts[:count]) for count in range(1, len(parts))]
        for name in folders:
            found.setdefault(name, "")
    return found
