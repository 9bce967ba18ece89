"""What was meant by a file that cannot be what it was given as: the command that takes it."""

from __future__ import annotations

import argparse
import difflib
import os
import shlex
from contextlib import suppress
from pathlib import Path

from mcgui_core.arguments.argument_source import kind_of_file
from mcgui_core.environment.environment_source import Environment, read_source
from mcgui_core.errors import BadInput, EnvironmentInvalid

_DOCUMENT = ".mcjob"
_SOURCE = (".py", ".pyw")
_JOURNAL = b"SQLite format 3\0"
#: What stands for an environment in a command, where nobody has named one.
_FILE = "FILE.py"


def as_typed(path: Path) -> str:
    """A path as it is typed in a terminal."""
    if os.name == "posix":
        return shlex.quote(str(path))
    return f'"{path}"' if " " in str(path) else str(path)


def check_document(path: Path, options: argparse.Namespace) -> None:
    """Raises BadInput, with the command that was meant, where a file is certainly no job document."""
    if path.suffix.lower() == _DOCUMENT and path.is_file():
        return
    _check_is_file(path, _DOCUMENT, f"Its files as arguments: {_run(options)} --folder {as_typed(path)}")
    typed, suffix = as_typed(path), path.suffix.lower()
    if suffix in _SOURCE:
        arguments = "" if _has_arguments(options) else ' --expression "range(10)"'
        function = options.function or _first_function(path)
        meant = f"mcgui-core run --environment {typed} --function {function}{arguments}"
        raise BadInput(f"{path} is Python source, not a job document. A function of it is run so: {meant}")
    _check_is_no_notebook(path)
    if kind_of_file(path) is not None:
        raise BadInput(f"{path} is no job document. As arguments of a function: {_run(options)} --file {typed}")
    if _starts_as_journal(path):
        raise BadInput(
            f"{path} is a journal, not a job document. What it holds: mcgui-core jobs --journal {typed}; to go on with "
            f"a job of it: mcgui-core run --journal {typed} --resume"
        )


def check_environment(path: Path) -> None:
    """Raises BadInput, with what was meant, where a file is certainly no Python source."""
    if path.suffix.lower() in _SOURCE and path.is_file():
        return
    _check_is_file(path, _SOURCE[0], "Name the Python file in it that defines the function.")
    if path.suffix.lower() == _DOCUMENT:
        raise BadInput(f"{path} is a job document, not Python source. It is run so: mcgui-core run {as_typed(path)}")
    _check_is_no_notebook(path)
    if kind_of_file(path) is not None:
        raise BadInput(
            f"{path} is not Python source. --environment names the file that defines the function; arguments are named "
            f"by --file {as_typed(path)}"
        )


def _check_is_file(path: Path, ending: str, meant: str) -> None:
    there: list[str] = []
    with suppress(OSError, ValueError):  # no name of a file at all
        if path.exists() and not path.is_dir():  # also a pipe, as in --environment <(cat a.py b.py)
            return
        there = [found.name for found in path.parent.glob(f"*{ending}")]
    if path.is_dir():
        raise BadInput(f"{path} is a folder, not a file. {meant}")
    close = difflib.get_close_matches(path.name, there, 1) or [name for name in there if name == f"{path.name}{ending}"]
    near = f" Did you mean {as_typed(path.with_name(close[0]))}?" if close else ""
    where = "" if path.is_absolute() else f" in {Path.cwd()}"
    raise BadInput(f"There is no file {path}{where}.{near}")


def _check_is_no_notebook(path: Path) -> None:
    if path.suffix.lower() == ".ipynb":
        raise BadInput(
            f"{path} is a notebook. Save its code as Python, for example by `jupyter nbconvert --to script "
            f"{as_typed(path)}`, and give that by --environment."
        )


def _run(options: argparse.Namespace) -> str:
    environment = _FILE if options.environment is None else as_typed(options.environment)
    return f"mcgui-core run --environment {environment} --function {options.function or 'NAME'}"


def _has_arguments(options: argparse.Namespace) -> bool:
    names = ("expression", "file", "text", "csv", "folder", "sweep")
    return any(getattr(options, name) is not None for name in names)


def _first_function(path: Path) -> str:
    try:
        functions = Environment.parse(read_source(path), path.name).functions
    except EnvironmentInvalid:
        return "NAME"
    return next((found.name for found in functions if not found.refusal and found.kind != "import"), "NAME")


def _starts_as_journal(path: Path) -> bool:
    if not path.is_file():  # what is read from a pipe is gone
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_JOURNAL)) == _JOURNAL
    except OSError:
        return False
