"""What a column of values is in Arrow's types: found out from all of its values, piece by piece.

Arrow itself guesses a type from some thousand values, and then makes the others fit in silence: a time loses its zone,
a datetime among dates its hours. So the kinds are counted here, and where there is no type for all of them, the values
are written as JSON, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.results.plain_values import as_json, jsonable

#: Whole numbers up to which every one is a float.
EXACT: Final = 1 << 53
#: Digits that a decimal of Arrow has at most.
DIGITS: Final = 76
#: Keys of dicts up to which each is a field.
MOST_FIELDS: Final = 1000

#: Times of nanoseconds, of NumPy and (with a zone) of pandas, which need neither here to be known.
_FINE: Final = {"datetime64": "fine datetime", "timedelta64": "fine timedelta", "Timestamp": "fine instant"}


class ArrowColumn:
    """Meets all values that `plain` gave, then tells their type and converts them."""

    def __init__(self, pa: Any) -> None:
        self._pa = pa
        self._kinds: set[Any] = set()
        self._low = self._high = 0  # of whole numbers
        self._whole_digits = self._part_digits = 0  # of decimals
        self._finite = True  # all decimals are
        self._items: ArrowColumn | None = None
        self._fields: dict[str, ArrowColumn] = {}
        self._type: Any = None

    def meet(self, values: Iterable[Any]) -> None:
        values = list(values)
        kinds = set(map(type, values))
        for kind in kinds:
            self._meet_kind(kind, values if len(kinds) == 1 else [value for value in values if type(value) is kind])

    def _meet_kind(self, kind: type, values: list[Any]) -> None:
        if kind is datetime:
            kinds = {"datetime" if value.tzinfo is None else "instant" for value in values}
            self._kinds |= kinds
            return
        self._kinds.add(_FINE.get(kind.__name__, kind))
        if kind is int:
            self._low, self._high = min(self._low, *values), max(self._high, *values)
        elif kind is time and any(value.tzinfo is not None for value in values):
            self._kinds.add("time with a zone")
        elif kind is Decimal:
            self._meet_decimals(values)
        elif kind is list:
            self._items = self._items or ArrowColumn(self._pa)
            self._items.meet(chain.from_iterable(values))
        elif kind is dict:
            self._meet_fields(values)

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
        for key, items in found.items():
            if len(self._fields) <= MOST_FIELDS:
                self._fields.setdefault(key, ArrowColumn(self._pa)).meet(items)

    # --- what they are ------------------------------------------------------------------------------------------

    @property
    def is_mixed(self) -> bool:
        """Whether some of it is written as JSON."""
        if self._own_type() is None:
            return True
        return bool(self._items and self._items.is_mixed) or any(field.is_mixed for field in self._fields.values())

    def type(self) -> Any:
        if self._type is None:
            found = self._own_type()
            self._type = self._pa.string() if found is None else found
        return self._type

    def _own_type(self) -> Any:
        """None where there is none for all of the values."""
        pa = self._pa
        kinds = self._kinds - {type(None)}
        if not kinds:
            return pa.string()
        if kinds == {int}:
            return self._integer()
        if kinds == {int, float}:
            return pa.float64() if max(-self._low, self._high) <= EXACT else None
        if kinds in ({Decimal}, {Decimal, int}):
            return self._decimal(self._whole_digits, self._part_digits) if self._finite else None
        if kinds in ({"fine datetime", "datetime"}, {"fine timedelta", timedelta}, {"fine instant", "instant"}):
            kinds = {kind for kind in kinds if str(kind).startswith("fine")}
        if len(kinds) > 1:
            return None
        (kind,) = kinds
        if kind is list:
            assert self._items is not None
            return None if self._items._own_type() is None else pa.list_(self._items.type())
        if kind is dict:
            if not 0 < len(self._fields) <= MOST_FIELDS:
                return None
            return pa.struct([(name, field.type()) for name, field in self._fields.items()])
        if kind is complex:
            return pa.struct([("real", pa.float64()), ("imag", pa.float64())])
        simple = {
            bool: pa.bool_(), float: pa.float64(), str: pa.string(), bytes: pa.binary(), date: pa.date32(),
            time: pa.time64("us"), timedelta: pa.duration("us"), "datetime": pa.timestamp("us"),
            "instant": pa.timestamp("us", "UTC"), "fine datetime": pa.timestamp("ns"),
            "fine timedelta": pa.duration("ns"), "fine instant": pa.timestamp("ns", "UTC"),
        }  # fmt: skip
        return simple.get(kind)

    def _integer(self) -> Any:
        if self._low >= -(1 << 63) and self._high < 1 << 63:
            return self._pa.int64()
        if self._low >= 0 and self._high < 1 << 64:
            return self._pa.uint64()
        return self._decimal(0, 0)

    def _decimal(self, whole: int, part: int) -> Any:
        size = max(-self._low, self._high)
        if size.bit_length() > 4 * DIGITS:
            return None
        digits = max(whole, len(str(size)) if size else 0) + part
        if digits > DIGITS:
            return None
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
        return all(field._goes_as_it_is() for field in (*self._fields.values(), *filter(None, (self._items,))))

    def _changed(self, value: Any) -> Any:
        if value is None:
            return None
        if self._own_type() is None:
            return as_json(jsonable(value))
        if isinstance(value, complex):
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
