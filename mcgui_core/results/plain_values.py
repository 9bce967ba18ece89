"""The user's values in the few kinds that files know: whole, or not at all.

What `plain` gives is None, bool, int, float, complex, str, bytes, datetime, date, time, timedelta, Decimal, NumPy's
times (and pandas' with a zone) where they are finer than Python's, and lists and dicts (with text as keys) of these.
Arrays become lists; dataclasses, named tuples and series of pandas dicts. A value that none of these can say, such as a
DataFrame, is refused: its display is not the value, and may well be cut.

Numbers, text and times of other libraries, and lists, dicts and arrays, are of the same kind as Python's. Whatever else
comes out as another kind than it was (a fraction as text, a set as a list) is told of in `changes`, by a phrase: a type
that nobody has thought of here is among those.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import json
import math
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from threading import Lock
from types import NoneType
from typing import Any, Final

from mcgui_core.base.article import with_article
from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.values.partial_unpickling import Unopened

#: Containers inside one another that are written. (One that contains itself is deeper than any.)
DEEPEST: Final = 50

#: Text as JSON in one line. One encoder for all: `json.dumps` with options makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

#: Of exactly these types, the text is Python's own, and none that a spreadsheet would run.
SAFE: Final = frozenset({bool, int, float, Decimal, datetime, time})
_ATOMS: Final = frozenset({NoneType, bool, int, float, complex, str, bytes, datetime, date, time, timedelta, Decimal})
#: Of these there is nothing more to be asked.
PLAINEST: Final = _ATOMS - {datetime, time}
#: Modules whose values are text that can be read back: 1/3, a UUID, a path, an address.
_IN_WORDS: Final = frozenset({"fractions", "uuid", "pathlib", "pathlib._local", "ipaddress", "zoneinfo"})
#: Of pandas.
_PANDAS_IN_WORDS: Final = frozenset({"Period", "Interval"})
#: Values of a series that has a field for each, at most.
_FIELDS: Final = 1000


class Unsayable(ValueError):
    """A value that no file of rows can hold; says what it is."""


def plain(value: Any, depth: int = DEEPEST, changes: set[str] | None = None) -> Any:
    """The value in the kinds above. Raises Unsayable."""
    kind = type(value)
    if kind in PLAINEST:
        return value
    if depth == 0:
        raise Unsayable(f"made of more than {DEEPEST} lists or dicts inside one another")
    if isinstance(value, list | tuple | set | frozenset | deque) and not hasattr(value, "_fields"):
        if isinstance(value, set | frozenset):
            _tell(changes, kind, "lists")
        return [plain(item, depth - 1, changes) for item in value]
    if isinstance(value, dict):
        return _with_text_keys(value, depth - 1, changes)
    if _is_of_pandas(value, "Series"):
        if not value.index.is_unique:
            raise Unsayable("a pandas.Series with a label that comes again")
        return _with_text_keys(dict(value.items()), depth - 1, changes)
    found = fields(value)
    if found is not None:
        return {utf8_text(name): plain(item, depth - 1, changes) for name, item in found.items()}
    if kind.__module__.partition(".")[0] == "numpy" and hasattr(value, "dtype"):
        return _from_numpy(value, depth - 1, changes)
    return _from_atom(value, changes)


def _tell(changes: set[str] | None, kind: type, how: str, what: str = "values") -> None:
    if changes is not None:
        changes.add(f"{what} of type {_printable(kind.__name__)}, which are {how}")


def _printable(name: str) -> str:
    """A name that stands in a sentence whose braces mean something."""
    return name.replace("{", "{{").replace("}", "}}")


def fields(value: Any) -> dict[str, Any] | None:
    """The fields of a dataclass, a named tuple, an attrs class, a structured scalar of NumPy, or a short series of
    pandas whose labels are text; None for any other."""
    if isinstance(value, type):
        return None
    if isinstance(value, tuple):
        return dict(zip(value._fields, value, strict=True)) if hasattr(value, "_fields") else None
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    if hasattr(value, "__attrs_attrs__"):
        return {field.name: getattr(value, field.name, None) for field in value.__attrs_attrs__}
    if type(value).__name__ in ("void", "record", "mvoid") and getattr(getattr(value, "dtype", None), "names", None):
        return {name: value[name] for name in value.dtype.names}
    if _is_of_pandas(value, "Series") and 0 < len(value) <= _FIELDS and value.index.is_unique:
        found = dict(value.items())
        return found if all(isinstance(name, str) for name in found) else None
    return None


def _is_of_pandas(value: Any, name: str) -> bool:
    """Whether it is of this class of pandas, which need not be installed."""
    kind = type(value)
    return kind.__name__ == name and kind.__module__.partition(".")[0] == "pandas"


def _with_text_keys(value: dict[Any, Any], depth: int, changes: set[str] | None) -> dict[str, Any]:
    found = {_key(key, changes): plain(item, depth, changes) for key, item in value.items()}
    if len(found) < len(value):
        raise Unsayable("a dict with keys that are the same as text")
    return found


def _key(key: Any, changes: set[str] | None) -> str:
    if type(key) is str:
        return key
    found = plain(key)
    if not isinstance(key, str) or isinstance(key, enum.Enum):
        _tell(changes, type(key), "text, in base64" if isinstance(found, bytes) else "text", "keys")
    if isinstance(found, str):
        return found
    return as_json(jsonable(found)) if found is None or isinstance(found, bool | int | float | list) else cell(found)


def _from_numpy(value: Any, depth: int, changes: set[str] | None) -> Any:
    kind = value.dtype.kind
    if value.dtype.names:
        return [plain(row, depth, changes) for row in value] if value.ndim else plain(value[()], depth, changes)
    if kind == "O":
        return plain(value.tolist(), depth, changes)
    if kind in "mM":
        found = _from_times(value)
        if any(isinstance(item, str) for item in _flat(found)):
            _tell(changes, value.dtype.type, "text")
        return found
    found = value.tolist()
    if kind == "V":
        return _each(found, _from_void)
    if value.dtype.char in "gG":  # longer than a float: as one where that is exact
        found = _each(found, _from_long)
        if any(isinstance(item, str) for item in _flat(found)):
            _tell(changes, value.dtype.type, "text, where no float says them")
    return found


def _from_void(value: Any) -> Any:
    """Bytes; and of the short numbers of other libraries, which NumPy has for such too, what they are."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else plain(value, 1)


def _from_long(value: Any) -> float | complex | str | None:
    if value is None:  # is masked
        return None
    found = complex(value) if value.dtype.kind == "c" else float(value)
    return found if found == value or value != value else str(value)  # noqa: PLR0124 - nan


def _from_times(value: Any) -> Any:
    """Dates and times of NumPy as Python's; nanoseconds as they are, and as text what is finer or farther still."""
    if value.dtype.kind == "m" and value.dtype.str.endswith(("Y]", "M]")):
        raise Unsayable("a number of years or months")
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


def _from_atom(value: Any, changes: set[str] | None) -> Any:
    """What is no container: as the atom that it is. Told of where it was none."""
    found = _atom(value)
    is_missing = found is None and not isinstance(value, Unopened)
    if isinstance(value, enum.Enum) or not (is_missing or isinstance(value, type(found)) or _is_like(value, found)):
        _tell(changes, type(value), _AS.get(type(found), "text"))
    zone = getattr(getattr(value, "tzinfo", None), "key", "") if isinstance(value, datetime | time) else ""
    if zone not in ("", "UTC") and changes is not None:
        changes.add(f"times of the zone {_printable(str(zone))}, of which the moment is kept and not the name")
    return found


#: What an atom of a type is said to be.
_AS: Final[dict[type, str]] = {
    int: "numbers", float: "numbers", bytes: "bytes", NoneType: "empty, because they cannot be opened on this computer",
}  # fmt: skip


def _is_like(value: Any, found: Any) -> bool:
    """Bytes in another guise, and times of pandas, which are as they were."""
    if isinstance(value, memoryview):
        return value.ndim == 1 and value.itemsize == 1
    return isinstance(value, bytearray) or type(found).__name__ in ("datetime64", "timedelta64")


#: Of classes that are one of these, what they are by the class itself and not by a method of the user's.
_MADE: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (complex, complex.__complex__),
    (Decimal, Decimal),
)


def _atom(value: Any) -> Any:
    """Atoms under other names: as the atoms that they are, not as their own idea of text."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    for atom, made in _MADE:
        if isinstance(value, atom):
            return made(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, enum.Enum):
        return str.__str__(str(value.name or value))  # which may be of a class of the user's in turn
    if isinstance(value, Unopened) or (
        kind.__module__.startswith("pandas.") and kind.__name__ in ("NaTType", "NAType")
    ):
        return None
    if getattr(value, "nanosecond", 0) or getattr(value, "nanoseconds", 0):  # pandas', finer than Python's own
        return value if getattr(value, "tzinfo", None) is not None else value.to_numpy()
    if isinstance(value, date | time | timedelta):
        return _exact_time(value)
    if _is_in_words(value):
        return str.__str__(str(value))
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    raise Unsayable(with_article(name))


def _is_in_words(value: Any) -> bool:
    in_pandas = any(_is_of_pandas(value, one) for one in _PANDAS_IN_WORDS)
    return in_pandas or isinstance(value, range) or type(value).__module__ in _IN_WORDS


def _exact_time(value: date | time | timedelta) -> date | time | timedelta:
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, date):
        return date.fromordinal(date.toordinal(value))
    if isinstance(value, time):
        return datetime.combine(date.min, value).timetz()
    return timedelta(value.days, value.seconds, value.microseconds)


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
        return _duration((value.days * 86_400 + value.seconds) * 10**9 + value.microseconds * 1000)
    if kind.__name__ == "timedelta64":
        return _duration(int(value.astype("m8[ns]").astype("int64")))
    return str(value)


def _duration(nanoseconds: int) -> str:
    """By ISO 8601: "P1DT2H3M4.5S"."""
    seconds, part = divmod(abs(nanoseconds), 10**9)
    minutes, seconds = divmod(seconds, 60)
    rest = f".{part:09}".rstrip("0") if part else ""
    sign = "-" if nanoseconds < 0 else ""
    return f"{sign}P{minutes // 1440}DT{minutes // 60 % 24}H{minutes % 60}M{seconds}{rest}S"


class _DigitLimit:
    """Python's limit of digits, of which a process has one: off for as long as any of its threads needs that."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._users = self._before = 0

    def lift(self) -> None:
        with self._guard:
            if self._users == 0:
                self._before = sys.get_int_max_str_digits()
                sys.set_int_max_str_digits(0)
            self._users += 1

    def put_back(self) -> None:
        """As it was, once nobody needs it off any more, and unless somebody has set another one meanwhile."""
        with self._guard:
            self._users -= 1
            if self._users == 0 and sys.get_int_max_str_digits() == 0:
                sys.set_int_max_str_digits(self._before)


_DIGIT_LIMIT: Final = _DigitLimit()


@contextmanager
def numbers_of_any_length() -> Iterator[None]:
    """Python refuses to write numbers of more than 4,300 digits, unless it is told that this is wanted. Any number of
    these may overlap."""
    _DIGIT_LIMIT.lift()
    try:
        yield
    finally:
        _DIGIT_LIMIT.put_back()
