"""The user's values in the few kinds that files know: whole, or not at all.

What `plain` gives is None, bool, int, float, complex, str, bytes, datetime, date, time, timedelta, Decimal, NumPy's
times where they are finer than Python's, and lists and dicts (with text as keys) of these. Arrays become lists,
dataclasses and named tuples dicts. A value that none of these can say, such as a DataFrame, is refused: its display is
not the value, and may well be cut.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import json
import math
from collections import deque
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, Final

from mcgui_core.base.article import with_article
from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.values.partial_unpickling import Unopened

#: Containers inside one another that are written. (One that contains itself is deeper than any.)
DEEPEST: Final = 50

#: Text as JSON in one line. One encoder for all: `json.dumps` with options makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

_ATOMS: Final = frozenset({NoneType, bool, int, float, complex, str, bytes, datetime, date, time, timedelta, Decimal})
#: Modules whose values are text that can be read back: 1/3, a UUID, a path, an address.
_IN_WORDS: Final = frozenset({"fractions", "uuid", "pathlib", "pathlib._local", "ipaddress", "zoneinfo"})


class Unsayable(ValueError):
    """A value that no file of rows can hold; says what it is."""


def plain(value: Any, depth: int = DEEPEST) -> Any:
    """The value in the kinds above. Raises Unsayable."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if depth == 0:
        raise Unsayable(f"made of more than {DEEPEST} lists or dicts inside one another")
    if isinstance(value, list | tuple | set | frozenset | deque) and not hasattr(value, "_fields"):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return _with_text_keys(value, depth - 1)
    found = fields(value)
    if found is not None:
        return {utf8_text(name): plain(item, depth - 1) for name, item in found.items()}
    if kind.__module__.partition(".")[0] == "numpy" and hasattr(value, "dtype"):
        return _from_numpy(value, depth - 1)
    return _from_subclass(value)


def fields(value: Any) -> dict[str, Any] | None:
    """The fields of a dataclass, a named tuple, an attrs class or a structured scalar of NumPy; None for any other."""
    if isinstance(value, type):
        return None
    if isinstance(value, tuple):
        return dict(zip(value._fields, value, strict=True)) if hasattr(value, "_fields") else None
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    if hasattr(value, "__attrs_attrs__"):
        return {field.name: getattr(value, field.name, None) for field in value.__attrs_attrs__}
    if type(value).__name__ in ("void", "record") and getattr(getattr(value, "dtype", None), "names", None):
        return {name: value[name] for name in value.dtype.names}
    return None


def _with_text_keys(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    found = {_key(key): plain(item, depth) for key, item in value.items()}
    if len(found) < len(value):
        raise Unsayable("a dict with keys that are the same as text")
    return found


def _key(key: Any) -> str:
    if type(key) is str:
        return key
    found = plain(key)
    if isinstance(found, str):
        return found
    return as_json(jsonable(found)) if found is None or isinstance(found, bool | int | float | list) else cell(found)


def _from_numpy(value: Any, depth: int) -> Any:
    kind = value.dtype.kind
    if value.dtype.names:
        return [plain(dict(zip(value.dtype.names, row, strict=True)), depth) for row in value.ravel().tolist()]
    if kind == "O":
        return plain(value.tolist(), depth)
    if kind in "mM":
        return _from_times(value)
    found = value.tolist()
    if kind == "V":
        return bytes(found) if isinstance(found, bytes) else [bytes(item) for item in found]
    if value.dtype.char in "gG":  # longer than a float: as one where that is exact
        return _each(found, lambda item: float(item) if float(item) == item else str(item))
    return found


def _from_times(value: Any) -> Any:
    """Dates and times of NumPy as Python's; nanoseconds as they are, and as text what is finer or farther still."""
    rough = value.astype(f"{value.dtype.kind}8[us]") if "[D]" not in value.dtype.str else value
    found = rough.tolist()
    exact = bool(((rough == value) | (rough != rough)).all())  # noqa: PLR0124 - NaT
    if exact and not any(isinstance(item, int) for item in _flat(found)):
        return found
    if "[ns]" in value.dtype.str and value.ndim < 2:
        return list(value) if value.ndim else value[()]
    return value.astype(str).tolist()


def _flat(found: Any) -> list[Any]:
    return [item for part in found for item in _flat(part)] if isinstance(found, list) else [found]


def _each(found: Any, change: Any) -> Any:
    return [_each(item, change) for item in found] if isinstance(found, list) else change(found)


def _from_subclass(value: Any) -> Any:
    """Atoms under other names: as the atoms that they are, not as their own idea of text."""
    kind = type(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, enum.Enum):
        return str(value.name or value)
    if isinstance(value, Unopened) or (
        kind.__module__.startswith("pandas.") and kind.__name__ in ("NaTType", "NAType")
    ):
        return None
    if getattr(value, "nanosecond", 0) or getattr(value, "nanoseconds", 0):  # pandas', finer than Python's own
        return value.isoformat() if getattr(value, "tzinfo", None) is not None else value.to_numpy()
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, timedelta):
        return timedelta(value.days, value.seconds, value.microseconds)
    if isinstance(value, date | time | Decimal | complex):
        return value
    if isinstance(value, range) or kind.__module__ in _IN_WORDS:
        return str(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    raise Unsayable(with_article(name))


# --- as text ----------------------------------------------------------------------------------------------------


def jsonable(value: Any) -> Any:
    """What `plain` gave in what JSON has. Numbers that JSON cannot write ("nan", "inf") become text, bytes base64."""
    kind = type(value)
    if kind in (int, str, bool, NoneType):
        return value
    if kind is float:
        return value if math.isfinite(value) else str(value)
    if kind is list:
        return [jsonable(item) for item in value]
    if kind is dict:
        return {key: jsonable(item) for key, item in value.items()}
    return cell(value)


def cell(value: Any, between: str = "T") -> str:
    """What `plain` gave as a cell of text: nothing for None, JSON for what has parts, ISO dates, bytes in base64.

    `between` stands between a date and its time.
    """
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is int:
        return str(value)
    if value is None:
        return ""
    if kind in (float, bool):
        return repr(value)
    if kind in (list, dict):
        return as_json(jsonable(value))
    if kind is bytes:
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat(between)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    return str(value)


def _duration(value: timedelta) -> str:
    """By ISO 8601: "P1DT2H3M4.5S"."""
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    part = f".{size.microseconds:06}".rstrip("0") if size.microseconds else ""
    return f"{'-' if value != size else ''}P{size.days}DT{minutes // 60}H{minutes % 60}M{seconds}{part}S"


def has_bytes(value: Any) -> bool:
    """Whether there are bytes in what `plain` gave."""
    if isinstance(value, list):
        return any(map(has_bytes, value))
    if isinstance(value, dict):
        return any(map(has_bytes, value.values()))
    return isinstance(value, bytes)
