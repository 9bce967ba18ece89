"""What the workbench makes of arguments and results, for people to look at."""

from __future__ import annotations

from typing import Literal

from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.run_options import CallStyle


@message
class ResultRow:
    """One task with its outcome, as text for a table."""

    index: int
    argument: str
    state: Literal["waiting", "done", "failed"]
    value: str  # repr of the result, or the failure in one line
    node: str


@message
class ArgumentsPreview:
    """What an argument source holds, without holding it."""

    count: int | None  # None: not known before it has been read to its end
    first: tuple[str, ...]  # reprs of the first few
    columns: tuple[str, ...] = ()  # of a table, as they are passed
    call: CallStyle = "single"  # how such arguments are best passed
    problem: str = ""  # the first bad row, named with its line; "" where all is well
    fields: tuple[str, ...] = ()  # of a table: its columns as the file names them
    rows: tuple[tuple[str, ...], ...] = ()  # of a table: the first rows, by `fields`, as reprs; "" where there is none
    widths: tuple[int, ...] = ()  # items of each of the first few, where all of those are tuples or lists
    keys: tuple[str, ...] = ()  # of the first, where that is a dict with nothing but strings for keys
    types: tuple[str, ...] = ()  # of a table of text: what each of `fields` is read as
    encoding: str = ""  # of a file of text
    sheets: tuple[str, ...] = ()  # of a workbook, by name
    note: str = ""  # what was made of a file that it does not say itself, and how to have it otherwise


@message
class Picture:
    """A result that is a picture: rows of 8-bit pixels, from the top."""

    width: int
    height: int
    channels: int  # 1 grey, 3 RGB, 4 RGBA
    pixels: bytes


@message
class Reduced:
    """What a reduce function made of all results."""

    text: str  # repr, shortened; or the traceback where it failed
    failed: bool = False
    picture: Picture | None = None
