"""The modules of a user's own that a file imports, found by reading: nothing of it runs."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from mcgui_core.environment.import_path import KEPT, sources_in


@dataclass(frozen=True, slots=True)
class _Import:
    level: int  # dots in front
    module: str
    names: tuple[str, ...] = ()  # after "import"


def own_modules(root: Path, main: Path, source: str) -> list[Path]:
    """The files of modules that `main`, whose text is `source`, imports from `root`, the folder `src` in there, and its
    own folder, transitively.

    What is imported in functions and in `try` counts, what only a type checker reads does not. Modules of the standard
    library, and ours, are never the user's own, but where a relative import says so. A file that does not compile
    imports nothing.
    """
    sources = sources_in(str(root))
    bases = list(dict.fromkeys([root, *([Path(sources)] if sources else []), main.parent]))
    found: dict[Path, None] = dict.fromkeys(_packages(root, main.parent))
    waiting = [(main, source), *((path, module_text(path)) for path in found)]
    while waiting:
        path, text = waiting.pop()
        for imported in _imports(text):
            for module in _files(imported, path, root, bases):
                if module != main and module not in found:
                    found[module] = None
                    waiting.append((module, module_text(module)))
    return sorted(found)


def _packages(root: Path, folder: Path) -> Iterator[Path]:
    """What is imported before a module in that folder is."""
    while folder != root:
        yield from _init_files(folder)
        folder = folder.parent


def module_text(path: Path) -> str:
    """The source of a module; "" where it cannot be read, or the module is compiled."""
    from mcgui_core.environment.source_encoding import decode_source

    if is_compiled(path.name):
        return ""
    try:
        return decode_source(path.read_bytes())
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ""


def is_compiled(name: str) -> bool:
    """Whether a file of that name is a module which this Python can import, and no source."""
    return name.endswith(tuple(EXTENSION_SUFFIXES))


#: Modules whose imports are remembered: a project is read again and again while somebody works on it.
_REMEMBERED = 512
#: Characters that a text in the source may have and be the name of a file.
_LONGEST_NAME = 200


def mentioned_files(main: Path, source: str, modules: list[Path]) -> list[Path]:
    """The files that lie beside `main`, or beside one of its `modules`, and whose names stand in their source."""
    found: dict[Path, None] = {}
    for path, text in [(main, source), *((module, module_text(module)) for module in modules)]:
        for name in _read_through(text).texts:
            for folder in dict.fromkeys([main.parent, path.parent]):
                if (place := _file_at(folder, name)) is not None:
                    found[place] = None
    return list(found)


def _file_at(folder: Path, name: str) -> Path | None:
    try:
        place = folder / name
        return place if place.is_relative_to(folder) and ".." not in place.parts and place.is_file() else None
    except (OSError, ValueError):  # too long for a name, or with a character that no name has
        return None


@dataclass(frozen=True, slots=True)
class _Contents:
    """What stands in a piece of source."""

    imports: tuple[_Import, ...] = ()
    texts: tuple[str, ...] = ()  # that may be names of files


def _imports(source: str) -> tuple[_Import, ...]:
    return _read_through(source).imports


@lru_cache(_REMEMBERED)
def _read_through(source: str) -> _Contents:
    try:
        waiting: list[ast.AST] = [ast.parse(source)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Contents()
    imports: list[_Import] = []
    texts: dict[str, None] = {}
    while waiting:
        node = waiting.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                waiting.extend(node.orelse)
                continue
            case ast.Constant(value=str() as text) if "." in text and len(text) <= _LONGEST_NAME:
                texts[text] = None
            case ast.Import(names=names):
                imports += [_Import(0, alias.name) for alias in names]
            case ast.ImportFrom(level=level, module=module, names=names):
                imports.append(_Import(level, module or "", tuple(alias.name for alias in names)))
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str() as name), *_],
            ):
                imports.append(_Import(len(name) - len(name.lstrip(".")), name.lstrip(".")))
        waiting.extend(ast.iter_child_nodes(node))
    return _Contents(tuple(imports), tuple(texts))


def _files(imported: _Import, importer: Path, root: Path, bases: list[Path]) -> Iterator[Path]:
    if imported.level:
        folder = importer.parent
        for _ in range(imported.level - 1):
            folder = folder.parent
        if not folder.is_relative_to(root):
            return
        bases = [folder]
    elif (package := imported.module.partition(".")[0]) in sys.stdlib_module_names or package in KEPT:
        return
    parts = [part for part in imported.module.split(".") if part]
    for base in bases:
        place, files = _walk(base, parts)
        if place is None:
            continue
        yield from files
        names = imported.names
        if names == ("*",) and (place / "__init__.py").is_file():
            names = _all_of(place / "__init__.py")
        for name in names:
            yield from _walk(place, [name])[1] if place.is_dir() else ()
        return


def _walk(base: Path, parts: list[str]) -> tuple[Path | None, list[Path]]:
    """Where a module is (None: not here), and the files that are run to import it.

    What is compiled goes before a source of its name, as Python has it; that travels too, for those of other systems.
    """
    place, files = base, []
    for part in parts:
        if inits := _init_files(place / part):
            place /= part
            files += inits
        elif here := [place / name for name in _module_names(part) if (place / name).is_file()]:
            place = here[0]
            files += here
        elif (place / part).is_dir():  # a namespace package
            place /= part
        else:
            return None, files
    return place, files


def _init_files(package: Path) -> list[Path]:
    """What is run to import a package, which may be compiled."""
    return [package / name for name in _module_names("__init__") if (package / name).is_file()]


def _module_names(part: str) -> list[str]:
    return [*(f"{part}{suffix}" for suffix in EXTENSION_SUFFIXES), f"{part}.py"]


def _all_of(package: Path) -> tuple[str, ...]:
    """The names in the `__all__` of a package, of which some may be modules."""
    try:
        body = ast.parse(module_text(package)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple() as value):
                return tuple(e.value for e in value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str))
    return ()
