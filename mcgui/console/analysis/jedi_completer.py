"""Completion and signatures by jedi, which reads source and never runs it. In a process beside the window.

What is switched off, because it could run something: modules that jedi would import to look into them (`gi`), the
project file that could name another Python to start, and compiled modules that lie beside the source. Compiled
modules of installed packages are imported to be looked into: here, in this process, and not in the window's.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mcgui.console.analysis.problem import characters, units

T = TypeVar("T")

#: Names that are offered at most; more than that is a list that nobody reads.
MOST = 400
#: Characters of a description.
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that may stand at the cursor. `kind` is jedi's word: function, class, module, keyword, param ..."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Completions:
    """What may stand in place of the letters before the cursor, which are `units` UTF-16 units."""

    prefix: str
    units: int
    names: tuple[Completion, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """What a name is: such as "random() -> float", and what its documentation begins with."""

    name: str
    heading: str
    doc: str


@dataclass(frozen=True, slots=True)
class CallSignature:
    """The call that the cursor is in: its parameters, and which of them is being written."""

    name: str
    parameters: tuple[str, ...]
    index: int | None
    doc: str = ""


class Completer:
    """Answers for one place in one text at a time. Lines are counted from 1, columns in UTF-16 units."""

    def __init__(self) -> None:
        import jedi

        jedi.settings.auto_import_modules = []
        jedi.settings.case_insensitive_completion = True
        # This process itself is the environment: jedi would start another one to look into compiled modules.
        self._environment = jedi.InterpreterEnvironment()
        self._found: dict[str, Any] = {}

    def complete(self, source: str, line: int, column: int, path: str = "") -> Completions:
        """The names that may stand at a place, those that begin with an underscore last."""
        return _with_a_whole_cache(lambda: self._complete(source, line, column, path))

    def _complete(self, source: str, line: int, column: int, path: str) -> Completions:
        script = self._script(source, path)
        text = _line(source, line)
        at = characters(text, column)
        found = script.complete(line, at)[:MOST]
        self._found = {one.name: one for one in found}
        prefix = text[at - _prefix_length(found) : at] if found else ""
        names = tuple(Completion(one.name, one.type) for one in found)
        return Completions(prefix, units(prefix, len(prefix)), names)

    def describe(self, name: str) -> Described | None:
        """More about one of the names that were offered last."""
        found = self._found.get(name)
        if found is None:
            return None
        signatures: list[Any] = []
        with suppress(Exception):  # jedi gives up in many ways on what it cannot follow
            signatures = found.get_signatures()
        heading = signatures[0].to_string() if signatures else f"{found.type} {name}"
        doc = ""
        with suppress(Exception):
            doc = found.docstring(raw=True)
        return Described(name, heading[:SHOWN], _first_paragraph(doc))

    def signature(self, source: str, line: int, column: int, path: str = "") -> CallSignature | None:
        """The innermost call that a place is in; None where it is in none that is known."""
        return _with_a_whole_cache(lambda: self._signature(source, line, column, path))

    def _signature(self, source: str, line: int, column: int, path: str) -> CallSignature | None:
        text = _line(source, line)
        found = self._script(source, path).get_signatures(line, characters(text, column))
        if not found:
            return None
        one = found[0]
        parameters = tuple(parameter.to_string() for parameter in one.params)
        doc = ""
        with suppress(Exception):
            doc = _first_paragraph(one.docstring(raw=True))
        return CallSignature(one.name, parameters, one.index, doc)

    def _script(self, source: str, path: str) -> Any:
        import jedi

        folder = Path(path).parent if path else Path.home()
        beside = [str(folder)] if path else []
        project = jedi.Project(folder, load_unsafe_extensions=False, smart_sys_path=False, added_sys_path=beside)
        return jedi.Script(source, path=path or None, environment=self._environment, project=project)


def _with_a_whole_cache(look: Callable[[], T]) -> T:
    """What `look` returns. jedi keeps what it has read in files, and fails for ever on one that is not whole, such as
    was left by a window that was closed while it was written. It can read everything anew."""
    try:
        return look()
    except (EOFError, pickle.UnpicklingError):
        import jedi

        for file in Path(jedi.settings.cache_directory).rglob("*.pkl"):
            with suppress(OSError):  # in use by somebody else, on Windows
                file.unlink()
        return look()


def _line(source: str, line: int) -> str:
    lines = source.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _prefix_length(found: list[Any]) -> int:
    length: int = found[0].get_completion_prefix_length()
    return length


def _first_paragraph(doc: str) -> str:
    paragraph: list[str] = []
    for line in doc.strip().splitlines():
        if not line.strip():
            break
        paragraph.append(line.strip())
    text = " ".join(paragraph)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
