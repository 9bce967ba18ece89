"""What the Tab, Enter, Backspace and Ctrl+/ keys do to the lines of Python source."""

from __future__ import annotations

from typing import Final

STEP: Final = 4
_CLOSERS: Final = ("return", "pass", "break", "continue", "raise")


def leading(line: str) -> str:
    """The white space that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def next_indent(line: str, code: str) -> str:
    """What a new line after `line` begins with; `code` is `line` with its strings and comments blanked out."""
    indent = leading(line)
    bare = code.strip()
    if bare.endswith((":", "(", "[", "{")):
        return indent + " " * STEP
    if bare.split(" ", 1)[0].split("(", 1)[0] in _CLOSERS and _is_balanced(bare):
        return indent[: max(0, len(indent) - STEP)]
    return indent


def _is_balanced(code: str) -> bool:
    return all(code.count(first) <= code.count(last) for first, last in ("()", "[]", "{}"))


def to_next_stop(column: int) -> int:
    """How many spaces lead from this column to the next one that Tab stops at."""
    return STEP - column % STEP


def to_previous_stop(before: str) -> int:
    """How many characters Backspace takes: back to the last stop within indentation, one elsewhere."""
    if before and not before.strip(" "):
        return (len(before) - 1) % STEP + 1
    return 1


def indented(line: str) -> str:
    return " " * STEP + line if line.strip() else line


def unindented(line: str) -> str:
    """The line with one step less of indentation, or as much as it has."""
    if line.startswith("\t"):
        return line[1:]
    return line[min(STEP, len(line) - len(line.lstrip(" "))) :]


def comment_toggled(lines: list[str]) -> list[str]:
    """Comment the lines out; or in again, where every line that is not blank is a comment."""
    filled = [line for line in lines if line.strip()]
    if filled and all(line.lstrip().startswith("#") for line in filled):
        return [_uncommented(line) for line in lines]
    depth = min((len(leading(line)) for line in filled), default=0)
    return [f"{line[:depth]}# {line[depth:]}" if line.strip() or not filled else line for line in lines]


def _uncommented(line: str) -> str:
    indent, rest = leading(line), line.lstrip()
    rest = rest.removeprefix("#")
    return indent + rest.removeprefix(" ") if rest.strip() else indent
