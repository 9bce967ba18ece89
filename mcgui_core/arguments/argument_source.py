"""Where a job's arguments come from: an expression, a file, a folder's files, or a sweep."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.environment.function_info import FunctionInfo
from mcgui_core.errors import ArgumentsInvalid
from mcgui_core.protocol.messages import ArgumentsPreview, CallStyle

__all__ = ["ArgumentSource", "Arguments", "fit", "fit_items", "fit_one", "open_arguments"]

ArgumentKind = Literal["expression", "text", "csv", "json", "jsonl", "numpy", "parquet", "folder", "sweep"]
ARGUMENT_KINDS: tuple[ArgumentKind, ...] = (
    "expression", "text", "csv", "json", "jsonl", "numpy", "parquet", "folder", "sweep",
)  # fmt: skip
FileContent = Literal["path", "text", "bytes"]
#: What of each file of a folder is the argument: its path, its text (UTF-8), or its bytes.
FILE_CONTENTS: tuple[FileContent, ...] = ("path", "text", "bytes")
Combine = Literal["product", "zip"]
#: Every value of an axis with every value of the others; or the first values together, the second ones, and so on.
COMBINES: tuple[Combine, ...] = ("product", "zip")
#: Kinds that are one file each, with the endings by which such a file is known.
FILE_ENDINGS: dict[ArgumentKind, tuple[str, ...]] = {
    "text": (".txt", ".lst", ".list"),
    "csv": (".csv", ".tsv", ".tab"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "numpy": (".npy", ".npz"),
    "parquet": (".parquet", ".pq"),
}
#: Kinds that may have bad rows to leave out.
SKIPPING_KINDS: frozenset[ArgumentKind] = frozenset({"csv", "json", "jsonl", "folder"})
#: Kinds that may have columns to pass under other names.
TABLE_KINDS: frozenset[ArgumentKind] = frozenset({"csv", "json", "jsonl", "numpy", "parquet"})


@dataclass(frozen=True, slots=True)
class ArgumentSource:
    """What a user says of the arguments: `text` is the expression, `path` the file or the folder.

    `skip_bad` leaves out the rows of a file that cannot be read; without it they are an error. `pattern` and `content`
    are a folder's (see folder.py), `axes` and `combine` a sweep's (sweep.py, sweep_axis.py). `columns` says as which
    parameter a column of a file is passed where that is not its own name, "" to leave it out.
    """

    kind: ArgumentKind
    text: str = ""
    path: str = ""
    skip_bad: bool = False
    pattern: str = "*"
    content: FileContent = "path"
    combine: Combine = "product"
    axes: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()


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
    load: Callable[[str, str], ModuleType] = load_module,
) -> Arguments:
    """The arguments of a source; an expression may use what `environment`, source text, defines.

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

        return FolderArguments(checked_folder(source.path), source.pattern, source.content, source.skip_bad)
    if source.kind not in FILE_ENDINGS:
        raise ArgumentsInvalid(f"Arguments come from {', '.join(ARGUMENT_KINDS)}, not {source.kind!r}.")
    return _with_names(_open_file(source, checked_path(source.path)), source)


def _open_file(source: ArgumentSource, path: Path) -> Arguments:
    # Imported here: a workbench that only evaluates expressions is up sooner without them.
    if source.kind == "csv":
        from mcgui_core.arguments.csv_reader import CsvReader

        return CsvReader(path, source.skip_bad)
    if source.kind == "json":
        from mcgui_core.arguments.json_reader import JsonReader

        return JsonReader(path, source.skip_bad)
    if source.kind == "jsonl":
        from mcgui_core.arguments.json_lines_reader import JsonLinesReader

        return JsonLinesReader(path, source.skip_bad)
    if source.kind == "numpy":
        from mcgui_core.arguments.numpy_reader import NumpyReader

        return NumpyReader(path)
    if source.kind == "parquet":
        from mcgui_core.arguments.parquet_reader import ParquetReader

        return ParquetReader(path)
    from mcgui_core.arguments.text_reader import TextReader

    return TextReader(path)


def _with_names(arguments: Arguments, source: ArgumentSource) -> Arguments:
    if not source.columns:
        return arguments
    from mcgui_core.arguments.column_renaming import RenamedArguments

    if arguments.call != "kwargs":
        raise ArgumentsInvalid(f"{Path(source.path).name} has no columns that could be passed under other names.")
    return RenamedArguments(arguments, source.columns, Path(source.path).name)


def kind_of_file(path: Path) -> ArgumentKind | None:
    """What kind of source a file is, by its ending; None where that does not tell."""
    ending = path.suffix.lower()
    return next((kind for kind, endings in FILE_ENDINGS.items() if ending in endings), None)


def checked_folder(text: str) -> Path:
    """The folder that is meant. Raises ArgumentsInvalid where there is none that can be read."""
    if not text.strip():
        raise ArgumentsInvalid("No folder is chosen.", "Choose the folder whose files are the arguments.")
    path = Path(text).expanduser()
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
    path = Path(text).expanduser()
    try:
        if path.is_dir():
            raise ArgumentsInvalid(f"{path} is a folder.", "Choose a file in it.")
        with path.open("rb"):
            return path
    except FileNotFoundError as error:
        raise ArgumentsInvalid(f"There is no file {path}.", "Was it moved or renamed?") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ArgumentsInvalid(f"{path} cannot be read: {reason}.") from error


def fit(function: FunctionInfo, columns: Sequence[str]) -> str:
    """What keeps rows of these columns from being the keyword arguments of `function`; "" where they fit."""
    if function.known and not function.any_name:
        unknown = [column for column in columns if column not in function.parameters]
        if unknown:
            takes = ", ".join(function.parameters) or "none by name"
            return f"{function.name} has no parameter {_listed(unknown)}. It takes: {takes}."
    missing = [name for name in function.required if name not in columns]
    if missing:
        return f"{function.name} needs {_listed(missing)}, and nothing is passed by that name."
    return ""


def fit_one(function: FunctionInfo) -> str:
    """What keeps `function` from being called with one argument, by position; "" where it can be."""
    if not function.known:
        return ""
    needed_by_name = function.required[function.positional_required :]
    if needed_by_name:
        return f"{function.name} needs {_listed(needed_by_name)} by name: pass rows as keyword arguments."
    if function.positional == 0:
        return f"{function.name} takes no argument, and gets one."
    if function.positional_required > 1:
        return (
            f"{function.name} needs {function.positional_required} arguments, and gets one. "
            "Pass each tuple as separate arguments, or let the function take one tuple."
        )
    return ""


def fit_items(function: FunctionInfo, count: int) -> str:
    """What keeps `function` from being called with so many arguments by position; "" where it can be."""
    if not function.known:
        return ""
    needed_by_name = function.required[function.positional_required :]
    if needed_by_name:
        return f"{function.name} needs {_listed(needed_by_name)} by name: pass rows as keyword arguments."
    most, least = function.positional, function.positional_required
    if count >= least and (most is None or count <= most):
        return ""
    takes = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
    return f"{function.name} takes {takes} arguments, and gets {count}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
