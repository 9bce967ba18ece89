"""A job as a document: *.mcjob, TOML that people can read, compare and keep under version control."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.client.document_arguments import files_text, read_source_table, shared_text, source_text, toml
from mcgui_core.environment.environment_source import read_source
from mcgui_core.errors import BadInput, DocumentInvalid
from mcgui_core.protocol.job_check import check_shared_names
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.option_kinds import NoSuchValue, shown
from mcgui_core.protocol.run_options import OPTIONS, RunOptions


@dataclass(frozen=True, slots=True)
class JobDocument(RunOptions):
    """What Run needs, with the job's options. Paths are absolute here, and relative to the document's folder in it."""

    environment: str  # path of the source file
    function: str
    arguments: ArgumentSource
    name: str = ""  # the file's name where it has none of its own
    description: str = ""
    reduce: str | None = None
    shared: tuple[tuple[str, str], ...] = ()  # values that each call is given: their names, and expressions
    files: tuple[str, ...] = ()  # patterns of what travels along, from the folder of the environment on

    @classmethod
    def load(cls, path: str | Path) -> JobDocument:
        """Raises DocumentInvalid. Whether the files that it names exist is not looked at here."""
        path = Path(path)
        table = _read(path)
        _check_keys(path, table, {field.name for field in fields(cls)}, _needed(cls), "")
        source = table.pop("arguments")
        if not isinstance(source, dict):
            raise DocumentInvalid(path.name, "'arguments' must be a table")
        arguments, shared = _arguments(path, source), _shared(path, table.pop("shared", {}))
        files = _files(path, table.pop("files", []))
        table = {key: _checked_value(path, key, value) for key, value in table.items()}
        table["environment"] = _absolute(table["environment"], path)
        return cls(arguments=arguments, shared=shared, files=files, **{"name": path.stem, **table})

    def save(self, path: str | Path) -> None:
        """Write the file whole or not at all. Raises DocumentInvalid where it cannot be written."""
        path = Path(path)
        try:
            write_whole(path, self._text(path).encode())
        except OSError as error:
            raise DocumentInvalid(str(path), f"it cannot be written ({error.strerror})") from error
        except UnicodeEncodeError as error:
            raise DocumentInvalid(str(path), "a name in it is no text") from error

    def spec(self) -> JobSpec:
        """The job's description, with the environment's source read. Raises EnvironmentInvalid."""
        return JobSpec(
            name=self.name,
            environment=read_source(self.environment),
            function=self.function,
            reduce=self.reduce,
            filename=self.environment,
            **self.options(),
        )

    def _text(self, path: Path) -> str:
        shown = replace(
            self,
            environment=relative(self.environment, path),
            arguments=replace(self.arguments, path=relative(self.arguments.path, path)),
        )
        keys = ("name", "description", "environment", "function", "reduce", *OPTIONS)
        return (
            f"{_table(shown, keys)}{files_text(shown.files)}\n{source_text(shown.arguments)}{shared_text(shown.shared)}"
        )


def _table(record: JobDocument, keys: tuple[str, ...]) -> str:
    """Lines of TOML for what is not at its default."""
    defaults = {field.name: field.default for field in fields(record)}
    values = [(key, getattr(record, key)) for key in keys]
    return "".join(f"{key} = {toml(value)}\n" for key, value in values if value != defaults[key])


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise DocumentInvalid(str(path), f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DocumentInvalid(path.name, "it is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise DocumentInvalid(path.name, f"it is not TOML ({error})") from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(data)
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _arguments(path: Path, table: dict[str, Any]) -> ArgumentSource:
    _check_keys(path, table, {field.name for field in fields(ArgumentSource)}, _needed(ArgumentSource), "arguments.")
    try:
        source = read_source_table(table)
    except ValueError as error:
        raise DocumentInvalid(path.name, str(error)) from error
    return replace(source, path=_absolute(source.path, path)) if source.path else source


def _shared(path: Path, table: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        raise DocumentInvalid(path.name, "'shared' must be a table of names and expressions")
    try:
        check_shared_names(table, None)
    except BadInput as error:
        raise DocumentInvalid(path.name, str(error)) from error
    return tuple(table.items())


def _files(path: Path, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(pattern, str) and pattern for pattern in given):
        raise DocumentInvalid(path.name, "'files' must be a list of patterns, such as [\"data/*.csv\"]")
    return tuple(given)


def _checked_value(path: Path, key: str, value: Any) -> Any:
    """A value of the table as it is kept. Raises DocumentInvalid."""
    expected, fits = "text", isinstance(value, str)
    if key in OPTIONS:
        try:
            return OPTIONS[key].checked(value)
        except NoSuchValue:
            expected, fits = OPTIONS[key].expected.removesuffix(" or None"), False
    elif fits and not value and key in ("environment", "function", "reduce"):
        expected, fits = "the path of a file" if key == "environment" else "the name of a function", False
    if not fits:
        raise DocumentInvalid(path.name, f"'{key}' must be {expected}, not {shown(value)}")
    return value


def _check_keys(path: Path, table: dict[str, Any], known: set[str], needed: set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(key, sorted(known), 1)
            hint = f"; did you mean '{prefix}{close[0]}'?" if close else ""
            raise DocumentInvalid(path.name, f"it has an unknown key '{prefix}{key}'{hint}".removesuffix("?"))
    for key in sorted(needed - table.keys()):
        raise DocumentInvalid(path.name, f"'{prefix}{key}' is missing")


def _needed(record: type[JobDocument | ArgumentSource]) -> set[str]:
    return {field.name for field in fields(record) if field.default is MISSING}


def _absolute(text: str, document: Path) -> str:
    return str(Path(os.path.abspath(document.parent / text)))  # noqa: PTH100 - resolve() follows links


def relative(text: str, document: Path) -> str:
    """Relative to the document's folder, with forward slashes, so that folder may move to another computer."""
    if not text:
        return ""
    try:
        found = os.path.relpath(text, os.path.abspath(document.parent))  # noqa: PTH100
    except ValueError:  # another drive, on Windows
        return text
    return Path(found).as_posix()
