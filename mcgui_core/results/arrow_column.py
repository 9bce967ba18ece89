"""What a column of values is in Arrow's types: found out from all of its values, piece by piece.

Arrow itself guesses a type from some thousand values, and then makes the others fit in silence: a time loses its zone,
a datetime among dates its hours. So the kinds are counted here, and where there is no type for all of them, the values
are written as JSON, and that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.results.export_notes import changes_in_json
from mcgui_core.results.plain_values import as_json, jsonable

#: Whole numbers up to which every one is a float.
EXACT: Final = 1 << 53
#: Digits that a decimal of Arrow has at most.
DIGITS: Final = 76
#: Keys of dicts up to which each is a field.
MOST_FIELDS: Final = 1000

#: The moments, and the longest duration, that Arrow counts the nanoseconds of; and of which it counts the microseconds.
_FINE_MOMENTS: Final = (1678, 2261)  # years
_FINE_SPAN: Final = timedelta(microseconds=((1 << 63) - 1) // 1000)
_SPAN: Final = timedelta(microseconds=(1 << 63) - 1)

_JSON: Final = "{{}} {{has}} {}. They are written as JSON, which is text."
_ZONES: Final = "{} {has} times of zones other than UTC, which are the same moments in UTC."
_KEYS: Final = "{} {has} dicts of different keys, and None where one of them has not the key of another."

#: Times of nanoseconds, of NumPy and (with a zone) of pandas, which need neither here to be known.
_FINE: Final = {"datetime64": "fine datetime", "timedelta64": "fine timedelta", "Timestamp": "fine instant"}


class _Unfit(Exception):
    """What there is in a column that Arrow has no type for."""


class ArrowColumn:
    """Meets all values that `plain` gave, then tells their type and converts them."""

    def __init__(self, pa: Any) -> None:
        self._pa = pa
        self._kinds: set[Any] = set()
        self._low = self._high = 0  # of whole numbers
        self._whole_digits = self._part_digits = 0  # of decimals
        self._finite = True  # all decimals are
        self._years = (9999, 1)  # of moments, the first and the last
        self._longest = timedelta(0)
        self._items: ArrowColumn | None = None
        self._fields: dict[str, ArrowColumn] = {}
        self._dicts, self._having = 0, Counter[str]()  # how many dicts there are, and how many have a key
        self._type: Any = None
        self._problem: str | None = None  # "" where there is none, None as long as nobody asked
        self._changes: set[str] = set()

    def meet(self, values: Iterable[Any]) -> None:
        values = list(values)
        kinds = set(map(type, values))
        for kind in kinds:
            self._meet_kind(kind, values if len(kinds) == 1 else [value for value in values if type(value) is kind])

    def _meet_kind(self, kind: type, values: list[Any]) -> None:
        if kind is datetime:
            self._meet_moments(values)
            return
        self._kinds.add(_FINE.get(kind.__name__, kind))
        if kind is int:
            self._low, self._high = min(self._low, *values), max(self._high, *values)
        elif kind is timedelta:
            self._longest = max(self._longest, *map(abs, values))
        elif kind.__name__ == "Timestamp":
            self._see_zones(values)
        elif kind is time and any(value.tzinfo is not None for value in values):
            self._kinds.add("time with a zone")
        elif kind is Decimal:
            self._meet_decimals(values)
        elif kind is list:
            self._items = self._items or ArrowColumn(self._pa)
            self._items.meet(chain.from_iterable(values))
        elif kind is dict:
            self._meet_fields(values)

    def _meet_moments(self, values: list[datetime]) -> None:
        self._kinds |= {"datetime" if value.tzinfo is None else "instant" for value in values}
        years = [value.year for value in values]
        self._years = min(self._years[0], *years), max(self._years[1], *years)
        self._see_zones(values)

    def _see_zones(self, values: list[datetime]) -> None:
        if any(value.tzinfo is not None and value.utcoffset() for value in values):
            self._changes.add(_ZONES)

    def _meet_decimals(self, values: list[Decimal]) -> None:
        for value in values:
            _, digits, exponent = value.as_tuple()
            if not isinstance(exponent, int):
                self._finite = False
                continue
            self._whole_digits = max(self._whole_digits, len(digits) + exponent)
            self._part_digits = max(self._part_digits, -exponent)

    def _meet_fields(self, values: list[dict[str, Any]]) -> None:
        found: dict[str, list[Any]] = {}
        for value in values:
            for key, item in value.items():
                found.setdefault(key, []).append(item)
        self._dicts += len(values)
        for key, items in found.items():
            self._having[key] += len(items)
            if len(self._fields) <= MOST_FIELDS:
                self._fields.setdefault(key, ArrowColumn(self._pa)).meet(items)

    # --- what they are ------------------------------------------------------------------------------------------

    def notes(self) -> set[str]:
        """What is to be said of it, a sentence each: why some of it is JSON, and what else is not as it was."""
        found = set(self._changes)
        if self._own_type() is None:
            return found - {_ZONES} | {_JSON.format(self._problem)}
        if len(set(self._having.values()) | {self._dicts}) > 1:
            found.add(_KEYS)
        return found.union(*(part.notes() for part in self._parts()))

    def _parts(self) -> Iterator[ArrowColumn]:
        yield from self._fields.values()
        if self._items is not None:
            yield self._items

    def type(self) -> Any:
        found = self._own_type()
        return self._pa.string() if found is None else found

    def _own_type(self) -> Any:
        """None where there is none for all of the values."""
        if self._problem is None:
            try:
                self._type, self._problem = self._common_type(), ""
            except _Unfit as problem:
                self._type, self._problem = None, str(problem)
        return self._type

    def _common_type(self) -> Any:
        pa = self._pa
        kinds = self._kinds - {type(None)}
        if not kinds:
            return pa.string()
        if kinds <= {int, float, complex} and kinds != {int}:
            if max(-self._low, self._high) > EXACT:
                raise _Unfit("fractions beside whole numbers beyond 2^53, which no float keeps exactly")
            return pa.struct([("real", pa.float64()), ("imag", pa.float64())]) if complex in kinds else pa.float64()
        if kinds == {int}:
            return self._integer()
        if kinds in ({Decimal}, {Decimal, int}):
            if not self._finite:
                raise _Unfit("decimal numbers that are nan or inf, which those of Parquet cannot be")
            return self._decimal(self._whole_digits, self._part_digits)
        kinds = self._finest(kinds)
        if len(kinds) > 1:
            named = ", ".join(sorted(str(getattr(kind, "__name__", kind)) for kind in kinds))
            raise _Unfit(f"values of several types ({named}), for which Parquet has no common one")
        (kind,) = kinds
        return self._of_parts(kind) if kind in (list, dict) else self._simple(kind)

    def _finest(self, kinds: set[Any]) -> set[Any]:
        """The same, with nanoseconds alone where microseconds are beside them, and both fit."""
        for fine, rough in (("fine datetime", "datetime"), ("fine instant", "instant")):
            if kinds == {fine, rough}:
                if self._years[0] < _FINE_MOMENTS[0] or self._years[1] > _FINE_MOMENTS[1]:
                    raise _Unfit("times of nanoseconds beside ones before 1678 or after 2261, which Parquet has not")
                return {fine}
        if kinds == {"fine timedelta", timedelta}:
            if self._longest > _FINE_SPAN:
                raise _Unfit("durations of nanoseconds beside ones of more than 292 years, which Parquet has not")
            return {"fine timedelta"}
        return kinds

    def _of_parts(self, kind: Any) -> Any:
        pa = self._pa
        if kind is list:
            assert self._items is not None
            found = self._items._own_type()
            if found is None:
                raise _Unfit(str(self._items._problem))
            return pa.list_(found)
        if not self._fields:
            raise _Unfit("dicts without keys, which Parquet has not")
        if len(self._fields) > MOST_FIELDS:
            raise _Unfit(f"dicts of more than {MOST_FIELDS:,} different keys")
        if any(utf8_text(name) != name for name in self._fields):
            raise _Unfit("dicts with keys that UTF-8 cannot hold")
        return pa.struct([(name, field.type()) for name, field in self._fields.items()])

    def _simple(self, kind: Any) -> Any:
        pa = self._pa
        if kind is timedelta and self._longest > _SPAN:
            raise _Unfit("durations of more than 292,000 years, which Parquet has not")
        simple = {
            bool: pa.bool_(), str: pa.string(), bytes: pa.binary(), date: pa.date32(),
            time: pa.time64("us"), timedelta: pa.duration("us"), "datetime": pa.timestamp("us"),
            "instant": pa.timestamp("us", "UTC"), "fine datetime": pa.timestamp("ns"),
            "fine timedelta": pa.duration("ns"), "fine instant": pa.timestamp("ns", "UTC"),
        }  # fmt: skip
        if kind not in simple:
            raise _Unfit(f"values of type {getattr(kind, '__name__', kind)}, which Parquet has not")
        return simple[kind]

    def _integer(self) -> Any:
        if self._low >= -(1 << 63) and self._high < 1 << 63:
            return self._pa.int64()
        if self._low >= 0 and self._high < 1 << 64:
            return self._pa.uint64()
        return self._decimal(0, 0)

    def _decimal(self, whole: int, part: int) -> Any:
        size = max(-self._low, self._high)
        digits = DIGITS + 1 if size.bit_length() > 4 * DIGITS else max(whole, len(str(size)) if size else 0) + part
        if digits > DIGITS:
            raise _Unfit(f"numbers that need more than {DIGITS} digits, which is what one of Parquet's has")
        return self._pa.decimal128(max(digits, 1), part) if digits <= 38 else self._pa.decimal256(digits, part)

    # --- converting ---------------------------------------------------------------------------------------------

    def array(self, values: list[Any]) -> tuple[Any, bool]:
        """An array of these values, and whether text among them had no UTF-8."""
        changed = values if self._goes_as_it_is() else [self._changed(value) for value in values]
        try:
            return self._pa.array(changed, self.type()), False
        except UnicodeEncodeError:
            return self._pa.array([_with_utf8(value) for value in changed], self.type()), True

    def _goes_as_it_is(self) -> bool:
        if complex in self._kinds or self._own_type() is None:
            return False
        return all(part._goes_as_it_is() for part in self._parts())

    def _changed(self, value: Any) -> Any:
        if value is None:
            return None
        if self._own_type() is None:
            self._changes |= changes_in_json(value)
            return as_json(jsonable(value))
        if complex in self._kinds:
            return {"real": value.real, "imag": value.imag}
        if isinstance(value, list):
            assert self._items is not None
            return [self._items._changed(item) for item in value]
        if isinstance(value, dict):
            return {key: self._fields[key]._changed(item) for key, item in value.items()}
        return value


def _with_utf8(value: Any) -> Any:
    if isinstance(value, str):
        return utf8_text(value)
    if isinstance(value, list):
        return [_with_utf8(item) for item in value]
    if isinstance(value, dict):
        return {key: _with_utf8(item) for key, item in value.items()}
    return value
