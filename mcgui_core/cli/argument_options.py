"""The options of `mcgui-core run` that say where the arguments come from."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from mcgui_core.arguments.argument_source import (
    COLUMN_TYPES,
    FILE_CONTENTS,
    FILE_ENDINGS,
    ArgumentKind,
    ArgumentSource,
    ColumnType,
    FileContent,
    kind_of_file,
)
from mcgui_core.errors import BadInput


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the options; `given_source` reads them."""
    group = command.add_argument_group("arguments", "Where the arguments come from; one of these:")
    source = group.add_mutually_exclusive_group()
    source.add_argument("--expression", help='a Python expression: "range(100)"')
    source.add_argument("--file", type=Path, metavar="FILE", help="a file; its ending says of what kind, or --format")
    source.add_argument("--text", type=Path, metavar="FILE", help="a text file, one argument a line")
    source.add_argument("--csv", type=Path, metavar="FILE", help="a table with a header, one argument a row")
    source.add_argument("--folder", type=Path, metavar="FOLDER", help="a folder, one argument a file")
    source.add_argument(
        "--sweep",
        action="append",
        metavar="NAME=VALUES",
        help='an axis of a parameter sweep, one option for each: "x=1, 2, 5", "x=0 to 1 in 11", "x=log 1 to 1000"',
    )
    detail = command.add_argument_group("arguments in detail")
    detail.add_argument("--format", choices=tuple(FILE_ENDINGS), help="what kind of file --file is")
    detail.add_argument(
        "--map",
        action="append",
        metavar="COLUMN=PARAMETER",
        help="pass a column of the file as this parameter; nothing behind the = leaves it out",
    )
    detail.add_argument(
        "--type",
        action="append",
        metavar="COLUMN=TYPE",
        help=f"what a column of a CSV file or a workbook is: {', '.join(COLUMN_TYPES)} "
        "(default: what its cells look like)",
    )
    detail.add_argument("--encoding", metavar="NAME", help="of a file of text, where it is not found: cp1252, utf-16")
    detail.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook (default: the first)")
    detail.add_argument("--skip-bad", action="store_true", help="leave out rows or files that cannot be read")
    detail.add_argument(
        "--pattern", metavar="PATTERN", help='which files of the folder: "*.png", "**/*.csv" (default: *)'
    )
    detail.add_argument(
        "--content",
        choices=FILE_CONTENTS,
        help="what of each file is the argument (default: path); named: its name and its bytes, as two",
    )
    detail.add_argument("--zip", action="store_true", help="take the values of the axes together, not each with each")


def given_source(options: argparse.Namespace) -> ArgumentSource | None:
    """What the options say of the arguments; None where they say nothing. Raises BadInput."""
    source: ArgumentSource | None = None
    if options.expression is not None:
        source = ArgumentSource("expression", text=options.expression)
    elif options.text is not None:
        source = ArgumentSource("text", path=str(options.text))
    elif options.csv is not None:
        source = ArgumentSource("csv", path=str(options.csv))
    elif options.file is not None:
        source = ArgumentSource(_kind(options.file, options.format), path=str(options.file))
    elif options.folder is not None:
        pattern: str = options.pattern or "*"
        content: FileContent = options.content or "path"
        source = ArgumentSource("folder", path=str(options.folder), pattern=pattern, content=content)
    elif options.sweep is not None:
        source = ArgumentSource(
            "sweep", axes=_pairs("--sweep", options.sweep), combine="zip" if options.zip else "product"
        )
    if source is None:
        return None
    return replace(
        source,
        skip_bad=options.skip_bad,
        columns=_pairs("--map", options.map or []),
        types=_types(options.type or []),
        encoding=options.encoding or "",
        sheet=options.sheet or "",
    )


def _kind(path: Path, given: ArgumentKind | None) -> ArgumentKind:
    kind = given or kind_of_file(path)
    if kind is None:
        raise BadInput(
            f"What kind of file {path.name} is cannot be told by its ending. Say it: --format text, for one."
        )
    return kind


def _types(texts: list[str]) -> tuple[tuple[str, ColumnType], ...]:
    known = {str(type): type for type in COLUMN_TYPES}
    pairs = _pairs("--type", texts)
    for name, type in pairs:
        if type not in known:
            raise BadInput(f"--type {name}={type}: the types are {', '.join(COLUMN_TYPES)}.")
    return tuple((name, known[type]) for name, type in pairs)


def _pairs(option: str, texts: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise BadInput(f"{option} takes NAME=VALUE, not {text!r}.")
        found.append((name.strip(), value.strip()))
    return tuple(found)
