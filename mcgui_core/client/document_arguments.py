"""The tables of a job document, a *.mcjob file: [arguments], [shared], and the list of files; and what a job keeps of
them, so that it can be opened again."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from mcgui_core.arguments.argument_source import ARGUMENT_KINDS, COLUMN_TYPES, COMBINES, FILE_CONTENTS, ArgumentSource
from mcgui_core.arguments.sweep_axis import written

#: Characters of a description that a job keeps. A list of a million numbers that was pasted is kept as arguments only.
_KEPT = 100_000
#: Fields that are tables of their own: names with what belongs to each, in their order.
_TABLES = ("axes", "columns", "types")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TYPES = f"one of {', '.join(COLUMN_TYPES)}"
_CHOICES: dict[str, tuple[str, ...]] = {"kind": ARGUMENT_KINDS, "combine": COMBINES, "content": FILE_CONTENTS}


def source_text(source: ArgumentSource) -> str:
    """The table as TOML, without what is at its default."""
    lines = ["[arguments]"]
    for field in fields(source):
        value = getattr(source, field.name)
        if field.name not in _TABLES and value != field.default:
            lines.append(f"{field.name} = {toml(value)}")
    for name in _TABLES:
        pairs = getattr(source, name)
        if pairs:
            lines += ["", f"[arguments.{name}]", *(f"{_key(key)} = {toml(value)}" for key, value in pairs)]
    return "\n".join(lines) + "\n"


def shared_text(shared: tuple[tuple[str, str], ...]) -> str:
    """The table [shared], with names and expressions, as TOML; "" where there are none."""
    lines = [f"{_key(name)} = {toml(text)}" for name, text in shared]
    return "\n".join(["", "[shared]", *lines, ""]) if lines else ""


def files_text(files: tuple[str, ...]) -> str:
    """The key `files`, with patterns, as TOML; "" where there are none."""
    return f"files = [{', '.join(map(toml, files))}]\n" if files else ""


def read_source_table(table: dict[str, Any]) -> ArgumentSource:
    """The source that a table describes; its keys are known ones. Raises ValueError, whose message says which is wrong.

    An axis may also be a list, or a single number.
    """
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key in _TABLES:
            found[key] = _pairs(key, value)
            continue
        kind = bool if key == "skip_bad" else str
        if not isinstance(value, kind):
            raise ValueError(f"'arguments.{key}' must be {'true or false' if kind is bool else 'text'}, not {value!r}")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise ValueError(f"'arguments.{key}' must be one of {', '.join(_CHOICES[key])}, not {value!r}")
        found[key] = value
    needed = {"expression": "text", "tasks": "text", "sweep": "axes"}.get(found["kind"], "path")
    if not found.get(needed):
        raise ValueError(f"'arguments.{needed}' is missing")
    return ArgumentSource(**found)


def _pairs(key: str, table: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(table, dict):
        raise ValueError(f"'arguments.{key}' must be a table")
    for name, value in table.items():
        allowed: tuple[type, ...] = (str, int, float, list) if key == "axes" else (str,)
        if not isinstance(value, allowed):
            what = {"axes": "text such as '1, 2, 5' or '0 to 1 in 11'", "columns": "the name of a parameter"}.get(
                key, _TYPES
            )
            raise ValueError(f"'arguments.{key}.{name}' must be {what}, not {value!r}")
        if key == "types" and value not in COLUMN_TYPES:
            raise ValueError(f"'arguments.{key}.{name}' must be {_TYPES}, not {value!r}")
    return tuple((name, written(value)) for name, value in table.items())


def toml(value: str | float | bool) -> str:
    """A value as TOML: JSON's strings, numbers and booleans are TOML's too, but for one character."""
    if isinstance(value, str) and "\n" in value:
        lines = (json.dumps(line, ensure_ascii=False)[1:-1] for line in value.split("\n"))
        text = '"""\n' + "\n".join(lines) + '"""'
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    """A name as a key of TOML, which may hold no end of a line unless it is written as such."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What is known of a job's description."""

    arguments: ArgumentSource | None = None  # None where a program brought them
    shared: tuple[tuple[str, str], ...] = ()  # names and expressions
    files: tuple[str, ...] = ()  # patterns


def kept_text(
    arguments: ArgumentSource | None, shared: tuple[tuple[str, str], ...] = (), files: Iterable[str] = ()
) -> str:
    """What a job keeps, for `read_kept`; without what is too long."""
    described = "" if arguments is None else source_text(arguments)
    parts = (files_text(tuple(files)), described if len(described) <= _KEPT else "", shared_text(shared))
    text = "".join(parts)
    return text if len(text) <= 2 * _KEPT else ""


def read_kept(text: str) -> KeptForm:
    """What a job has kept; without what this version cannot read."""
    try:
        table = tomllib.loads(text)
    except ValueError:
        return KeptForm()
    shared, files = table.get("shared"), table.get("files")
    return KeptForm(
        _arguments(table.get("arguments")),
        tuple((name, str(value)) for name, value in shared.items()) if isinstance(shared, dict) else (),
        tuple(map(str, files)) if isinstance(files, list) else (),
    )


def kept_with_files(text: str, files: tuple[str, ...]) -> str:
    """What a job has kept, with these patterns of files in the place of those before."""
    kept = read_kept(text)
    return text if kept.files == files else kept_text(kept.arguments, kept.shared, files)


def _arguments(table: object) -> ArgumentSource | None:
    try:
        return read_source_table(table) if isinstance(table, dict) else None
    except (ValueError, KeyError, TypeError):
        return None
