"""The environment: Python source and what it defines, learnt without running any of it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcgui_core.environment.environment_loader import source_digest
from mcgui_core.environment.function_info import FunctionInfo
from mcgui_core.environment.source_encoding import decode_source
from mcgui_core.environment.top_level_names import find_names
from mcgui_core.errors import EnvironmentInvalid, FunctionNotFound

__all__ = ["Environment", "FunctionInfo", "read_source"]

#: Names that a message lists before it stops.
NAMES_LISTED = 12

# The header of PEP 723, as that defines it but for the ends of lines, which may be those of Windows.
_HEADER = re.compile(r"(?m)^# /// script[ \t]*\r?\n(?P<content>(?:^#(?:| [^\n]*)\r?\n)+)^# ///[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class Environment:
    """Source and its functions: those that it defines first, in the order of the source, then those it imports.

    Made by `parse`, which never runs the source.
    """

    source: str
    filename: str
    functions: tuple[FunctionInfo, ...]
    digest: str  # SHA-256 of the source, hexadecimal
    requirements: tuple[str, ...] = ()  # of its PEP 723 header, such as "numpy>=1.26"
    others: tuple[tuple[str, str], ...] = ()  # (name, what it is) of what is certainly no function
    undecided: frozenset[str] = frozenset()  # names that may be functions; only running the source could tell
    star_import: bool = False  # so any name may be defined

    @classmethod
    def parse(cls, source: str, filename: str = "<environment>") -> Environment:
        """Read the source. Quick enough to be called while somebody types: about 2 ms for 500 lines.

        Raises EnvironmentInvalid, with the line, where it does not compile or its PEP 723 header cannot be read.
        """
        source = source.removeprefix("\ufeff")
        tree = _compile(source, filename)
        names = find_names(tree, source.splitlines())
        functions = sorted(names.functions.values(), key=lambda info: (info.kind == "import", info.line))
        return cls(
            source,
            filename,
            tuple(functions),
            source_digest(source),
            _requirements(source, filename),
            tuple(names.others.items()),
            frozenset(names.maybe),
            names.anything,
        )

    def function(self, name: str) -> FunctionInfo | None:
        """What is known of a function; None where the environment has none of that name for certain."""
        return next((info for info in self.functions if info.name == name), None)

    def defines(self, name: str) -> bool:
        """Whether the top level binds this name, or may bind it (by `from x import *`)."""
        return (
            self.star_import
            or name in self.undecided
            or any(
                name == other
                for other in (*(info.name for info in self.functions), *(other for other, _ in self.others))
            )
        )

    def check(self, name: str) -> None:
        """Raises FunctionNotFound unless `name` can be run, or may turn out to be once the source runs."""
        info = self.function(name)
        available = tuple(info.name for info in self.functions if not info.refusal)
        if info is not None:
            if info.refusal:
                raise FunctionNotFound(name, available, info.refusal)
            return
        if name in self.undecided:
            return
        for other, what in self.others:
            if other == name:
                raise FunctionNotFound(name, available, what)
        if self.star_import and name.isidentifier():
            return
        raise FunctionNotFound(name, available, _closest(name, available))


def read_source(path: str | Path) -> str:
    """The text of a source file, in the encoding that it declares (UTF-8 where it declares none).

    Raises EnvironmentInvalid where it cannot be read or is not text in that encoding.
    """
    path = Path(path)
    try:
        return decode_source(path.read_bytes())
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise EnvironmentInvalid(f"it is not {error.encoding} text ({error.reason})", path.name, line) from error
    except SyntaxError as error:  # a coding cookie that names no encoding of source
        raise EnvironmentInvalid(error.msg, path.name) from error
    except OSError as error:
        raise EnvironmentInvalid(f"it cannot be read ({error.strerror})", str(path)) from error


def _compile(source: str, filename: str) -> ast.Module:
    if "\0" in source:  # versions of Python differ in what they say of it, and where
        line = source.count("\n", 0, source.find("\0")) + 1
        raise EnvironmentInvalid("source cannot contain null bytes", filename, line)
    try:
        tree = ast.parse(source, filename)
        # Parsing does not see everything: "return" outside a function, say, is found by the compiler only.
        compile(tree, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        text = error.text or _line(source, error.lineno)
        problem = error.msg.removesuffix(f" (detected at line {error.lineno})")  # which is said anyway
        raise EnvironmentInvalid(problem, filename, error.lineno or None, text) from error
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        raise EnvironmentInvalid("a character that no text may hold (half a surrogate pair)", filename, line) from error
    except (RecursionError, MemoryError) as error:
        raise EnvironmentInvalid("an expression is nested too deeply", filename) from error
    return tree


def _line(source: str, line: int | None) -> str:
    lines = source.splitlines()
    return lines[line - 1] if line is not None and 0 < line <= len(lines) else ""


def _closest(name: str, available: tuple[str, ...]) -> str:
    """A reason that names the likely mistake; "" where there is no likely one."""
    import difflib  # here, because names are right mostly

    close = difflib.get_close_matches(name, available, 1)
    if not close:
        return ""
    listed = ", ".join(available[:NAMES_LISTED]) + (" ..." if len(available) > NAMES_LISTED else "")
    return f"the environment has no such function. Did you mean {close[0]!r}? It defines: {listed}"


def _requirements(source: str, filename: str) -> tuple[str, ...]:
    found = script_header(source, filename).get("dependencies", [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        start = source.count("\n", 0, next(_HEADER.finditer(source)).start()) + 1
        raise EnvironmentInvalid("'dependencies' in its header must be a list of strings", filename, start)
    return tuple(found)


def script_header(source: str, filename: str) -> dict[str, Any]:
    """The table of the PEP 723 header, empty where there is none. Raises EnvironmentInvalid where it is not TOML."""
    headers = list(_HEADER.finditer(source))
    if not headers:
        return {}
    start = source.count("\n", 0, headers[-1].start()) + 1
    if len(headers) > 1:
        raise EnvironmentInvalid("there is a second '# /// script' header, and one is the most", filename, start)
    import tomllib

    text = "\n".join(line[2:] for line in headers[0]["content"].splitlines())
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EnvironmentInvalid(f"its '# /// script' header is not TOML ({error})", filename, start) from error
