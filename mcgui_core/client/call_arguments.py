"""What a script gives to a call of this package, checked before the call does anything.

Each of these returns the value as it is used, or raises BadInput, which names the parameter and says what it must be.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

from mcgui_core.errors import BadInput
from mcgui_core.protocol.job_check import NAME_LIMIT
from mcgui_core.protocol.option_kinds import NoSuchValue, Seconds, WholeNumber, shown

#: Seconds that a call may be asked to wait, and days back: some thirty years.
LONGEST = 10**9
_SECONDS = Seconds("Seconds", "how long", 0, LONGEST)
_SECONDS_OR_NONE = Seconds("Seconds", "how long", 0, LONGEST, none="for ever")
_INDEX = WholeNumber("Index", "the number of a task", 0, (1 << 63) - 1)
_PORT = WholeNumber("Port", "where a master listens", 0, 65535)


def seconds(name: str, value: object) -> float:
    """A number of seconds."""
    return float(_checked(name, _SECONDS, value))


def seconds_or_none(name: str, value: object) -> float | None:
    """A number of seconds, or None for as long as it takes."""
    found: float | None = _checked(name, _SECONDS_OR_NONE, value)
    return found


def days(value: object) -> float:
    """A number of days."""
    try:
        return seconds("days", value)
    except BadInput as error:
        raise BadInput(f"days must be a number of days, 0 or more, not {shown(value)}.") from error


def index(name: str, value: object) -> int:
    """The number of a task."""
    return int(_checked(name, _INDEX, value))


def port(value: object) -> int:
    """A port; 0 is any free one."""
    return int(_checked("port", _PORT, value))


def text(name: str, value: object) -> str:
    """Some text."""
    if not isinstance(value, str):
        raise BadInput(f"{name} must be text, not {shown(value)}.")
    return value


def text_or_none(name: str, value: object) -> str | None:
    """Some text, or None."""
    return None if value is None else text(name, value)


def node_name(value: object) -> str | None:
    """What a node is to be called; None for its computer's name, also where it would be shown as nothing."""
    name = text_or_none("name", value)
    if name is not None and len(name) > NAME_LIMIT:  # the master would not let it join, however often it asks
        raise BadInput(f"name has {len(name):,} characters, and {NAME_LIMIT:,} are the most.")
    return name if name and not name.isspace() else None


def path_or_none(name: str, value: Any) -> Path | None:
    """The path of a file; None or "" is none."""
    if value is None or value == "":
        return None
    try:
        return Path(value)
    except TypeError as error:
        raise BadInput(f"{name} must be the path of a file, not {shown(value)}.") from error


def several(name: str, value: Any) -> tuple[Any, ...]:
    """Some paths or texts; one of them alone is a list of one."""
    if isinstance(value, str | PathLike):
        return (value,)
    if not isinstance(value, Iterable):
        raise BadInput(f"{name} must be a list, not {shown(value)}.")
    return tuple(value)


def _checked(name: str, kind: Seconds | WholeNumber, value: object) -> Any:
    try:
        return kind.checked(value)
    except NoSuchValue as error:
        raise BadInput(f"{name} must be {kind.expected}, not {shown(value)}.") from error
