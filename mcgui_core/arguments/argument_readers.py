"""Which reader opens a source of arguments, and what all of them can do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from mcgui_core.arguments.argument_source import ARGUMENT_KINDS, FILE_ENDINGS, TYPED_KINDS, ArgumentSource
from mcgui_core.base.user_folders import expanded
from mcgui_core.environment.environment_loader import load_in_place
from mcgui_core.errors import ArgumentsInvalid, EnvironmentInvalid
from mcgui_core.protocol.messages import ArgumentsPreview
from mcgui_core.protocol.run_options import CallStyle


class Arguments(Protocol):
    """Arguments that are read as they are asked for."""

    @property
    def call(self) -> CallStyle:
        """How each is best passed to the function."""

    @property
    def count(self) -> int | None:
        """How many there are; None where only reading them could tell. A file is read through once for it.

        Raises ArgumentsInvalid.
        """

    @property
    def values(self) -> Iterable[Any]:
        """What to submit: the list or range itself where there is one, so that a range stays a range.

        Iterating raises ArgumentsInvalid at what cannot be read. An iterator can be read once only.
        """

    def check(self) -> None:
        """Raises ArgumentsInvalid, naming the first bad row, where not all can be read and `skip_bad` is not set."""

    def preview(self, n: int = 5, seconds: float = 2.0) -> ArgumentsPreview:
        """The first `n`, the count, and what is wrong. Counts for so many seconds at most, however long the file."""

    def __iter__(self) -> Iterator[Any]: ...


def open_arguments(
    source: ArgumentSource,
    environment: str = "",
    filename: str = "<environment>",
    load: Callable[[str, str], ModuleType] = load_in_place,
    function: str = "",
) -> Arguments:
    """The arguments of a source; an expression may use what `environment`, source text, defines.

    Columns of a file whose names read like those of parameters of `function`, which the environment defines, are passed
    as these (column_matching.py), unless the source says otherwise.

    Runs the expression, and (by `load`) the environment where the expression needs it: not for a GUI's own process.
    Raises ArgumentsInvalid, and EnvironmentInvalid where the environment is needed and does not compile.
    """
    if source.kind == "expression":
        from mcgui_core.arguments.expression import ExpressionArguments

        return ExpressionArguments(source.text, environment, filename, load)
    if source.kind == "sweep":
        from mcgui_core.arguments.sweep import SweepArguments

        return SweepArguments(source.axes, source.combine)
    if source.kind == "folder":
        from mcgui_core.arguments.folder import FolderArguments

        return FolderArguments(
            checked_folder(source.path), source.pattern, source.content, source.skip_bad, source.encoding
        )
    if source.kind == "tasks":
        raise ArgumentsInvalid("The arguments of another job are at its master.", "Run this in the console.")
    if source.kind not in FILE_ENDINGS:
        raise ArgumentsInvalid(f"Arguments come from {', '.join(ARGUMENT_KINDS)}, not {source.kind!r}.")
    name = Path(source.path).name
    if source.types and source.kind not in TYPED_KINDS:
        raise ArgumentsInvalid(
            f"{name} says itself what its columns are.", "Types are chosen for CSV files and workbooks."
        )
    if source.sheet and source.kind != "xlsx":
        raise ArgumentsInvalid(f"{name} has no sheets.", "They are in workbooks of Excel.")
    parameters = _parameters(environment, function) if function else ()
    return _with_names(_open_file(source, checked_path(source.path)), source, parameters)


def _open_file(source: ArgumentSource, path: Path) -> Arguments:
    # Imported here: a workbench that only evaluates expressions is up sooner without them.
    if source.kind == "csv":
        from mcgui_core.arguments.readers.csv_reader import CsvReader

        return CsvReader(path, source.skip_bad, source.encoding, dict(source.types))
    if source.kind == "xlsx":
        from mcgui_core.arguments.readers.excel_reader import ExcelReader

        return ExcelReader(path, source.sheet, source.skip_bad, dict(source.types))
    if source.kind == "json":
        from mcgui_core.arguments.readers.json_reader import JsonReader

        return JsonReader(path, source.skip_bad, source.encoding)
    if source.kind == "jsonl":
        from mcgui_core.arguments.readers.json_lines_reader import JsonLinesReader

        return JsonLinesReader(path, source.skip_bad, source.encoding)
    if source.kind == "numpy":
        from mcgui_core.arguments.readers.numpy_reader import NumpyReader

        return NumpyReader(path)
    if source.kind == "parquet":
        from mcgui_core.arguments.readers.parquet_reader import ParquetReader

        return ParquetReader(path)
    from mcgui_core.arguments.readers.text_reader import TextReader

    return TextReader(path, source.encoding)


def _with_names(arguments: Any, source: ArgumentSource, parameters: tuple[str, ...]) -> Arguments:
    if arguments.call != "kwargs":
        if source.columns:
            raise ArgumentsInvalid(f"{Path(source.path).name} has no columns that could be passed under other names.")
        return arguments  # type: ignore[no-any-return]
    from mcgui_core.arguments.column_matching import passed_names
    from mcgui_core.arguments.column_renaming import RenamedArguments

    names = passed_names(arguments.columns, getattr(arguments, "unnamed", ()), parameters, source.columns)
    return RenamedArguments(arguments, names, Path(source.path).name) if names else arguments


def _parameters(environment: str, function: str) -> tuple[str, ...]:
    """The names by which the function can be called, as far as that is known."""
    from mcgui_core.environment.environment_source import Environment

    try:
        found = Environment.parse(environment).function(function)
    except EnvironmentInvalid:  # whoever runs it says so
        return ()
    return () if found is None else found.parameters


def checked_folder(text: str) -> Path:
    """The folder that is meant. Raises ArgumentsInvalid where there is none that can be read."""
    if not text.strip():
        raise ArgumentsInvalid("No folder is chosen.", "Choose the folder whose files are the arguments.")
    path = expanded(text)
    try:
        with os.scandir(path):
            return path
    except FileNotFoundError as error:
        raise ArgumentsInvalid(f"There is no folder {path}.", "Was it moved or renamed?") from error
    except NotADirectoryError as error:
        raise ArgumentsInvalid(
            f"{path} is a file.", "Choose the folder that it is in, or load it as a file."
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ArgumentsInvalid(f"{path} cannot be read: {reason}.") from error


def checked_path(text: str) -> Path:
    """The file that is meant. Raises ArgumentsInvalid where there is none that can be read."""
    if not text.strip():
        raise ArgumentsInvalid("No file is chosen.", "Choose the file that holds the arguments.")
    path = expanded(text)
    if _is_folder(path):
        raise ArgumentsInvalid(f"{path} is a folder.", "Choose a file in it.")
    try:
        with path.open("rb"):
            return path
    except FileNotFoundError as error:
        raise ArgumentsInvalid(f"There is no file {path}.", "Was it moved or renamed?") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ArgumentsInvalid(f"{path} cannot be read: {reason}.") from error


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # what is wrong with it is said as it is opened
        return False
