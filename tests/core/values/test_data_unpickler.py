"""Results opened as data: all that people return comes back as it was, and what is more is told by its name."""

from __future__ import annotations

import array
import copyreg
import datetime as dt
import decimal
import io
import ipaddress
import pathlib
import pickle
import uuid
import zoneinfo
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.values import pickling
from mcgui_core.values.data_unpickler import open_as_data
from mcgui_core.values.partial_unpickling import Refused
from mcgui_core.values.trust import Trust

STANDARD = [
    dt.datetime(2026, 11, 29, 9, 30, tzinfo=dt.UTC), dt.date(2026, 11, 29), dt.time(9, 30),
    dt.timedelta(days=1), dt.UTC, dt.timezone(dt.timedelta(hours=1)),
    dt.datetime(2026, 11, 29, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")), decimal.Decimal("1.50"),
    Fraction(1, 3), uuid.UUID(int=7), pathlib.Path("a/b"), pathlib.PurePosixPath("b"), pathlib.PureWindowsPath("c:\\d"),
    OrderedDict(a=1), Counter("abca"), deque([1, 2]), defaultdict(list, {"a": [1]}), ChainMap({"a": 1}),
    UserDict(a=1), UserList([1]), UserString("a"), complex(1, 2), {1, 2}, frozenset({1}), bytearray(b"x"), b"x",
    range(3), slice(1, 2), array.array("d", [1.5]), ipaddress.ip_address("10.0.0.7"),
    ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_interface("::1/64"), SimpleNamespace(a=1), ..., NotImplemented,
    ValueError("no ratio"), OSError(2, "gone"), KeyError("k"), int, float, list, np.float64, 10**50, None, "text",
]  # fmt: skip

ARRAYS = [
    np.arange(4), np.arange(12).reshape(3, 4).T, np.arange(12).reshape(3, 4)[:, ::2], np.array(5), np.zeros(0),
    np.array([1, "a", None, [2]], object), np.zeros(2, [("a", "f8"), ("b", "U3")]), np.arange(3, dtype=">i2"),
    np.zeros(2, [("a", "i4", (2,)), ("b", "O")]), np.zeros(2, np.dtype({"names": ["a"], "formats": ["i4"], "itemsize": 9})),
    np.rec.array([(1, 2.5)], names="a,b"), np.ma.array([1, 2], mask=[False, True]),
    np.array(["2026-11-29"], "M8[D]"), np.array([25], "m8[15m]"), np.array(["a", "bcd"]), np.array([b"ab"]),
    np.zeros((2, 2), "?"), np.zeros(2, "c16"), np.zeros(2, "u1"), np.zeros(2, "f2"), np.zeros(2, "g"),
    np.asfortranarray(np.ones((2, 3))), np.ones((2, 3, 4)).transpose(1, 2, 0), np.zeros(3, "V5"),
]  # fmt: skip

NUMBERS = [
    np.float64(1.5), np.int32(2), np.uint8(3), np.bool_(True), np.str_("a"), np.bytes_(b"a"), np.complex128(1j),
    np.float16(1), np.longdouble(1), np.datetime64("2026-11-29"), np.timedelta64(3, "s"), np.float64("nan"),
    np.dtype(">f8"), np.dtype("M8[ns]"), np.dtype("U5"), np.dtype([("a", "i4", (2,))]),
    np.zeros(1, [("a", "f8")])[0], np.rec.array([(1, 2.5)], names="a,b")[0],
]  # fmt: skip

_FRAME = pd.DataFrame(
    {"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2026-01-01", "2026-01-02"]), "d": [1.5, None]}
)
FRAMES = [
    _FRAME, _FRAME["a"], _FRAME["b"], _FRAME["c"], _FRAME.index, _FRAME.columns, _FRAME.T, _FRAME.set_index("b"),
    _FRAME.describe(), _FRAME.dtypes, _FRAME.astype(object), pd.DataFrame(np.eye(2)), pd.DataFrame({"x": [[1], [2]]}),
    _FRAME[["a", "b"]].groupby("b").sum(), pd.Series([1, None], dtype="Int64"), pd.Series([True, None], dtype="boolean"),
    pd.Series([1.0, None], dtype="Float64"), pd.Series(["a", None], dtype="string"), pd.Series(["a"], dtype="category"),
    *(pd.Series(pd.date_range("2026", periods=3, tz=zone)) for zone in ("UTC", "Europe/Berlin")),
    *(pd.date_range("2026", periods=3, freq=freq) for freq in ("D", "h", "MS", "B", "W", "5min", "s", "ms", "us", "ns")),
    pd.period_range("2026", periods=3, freq="M"), pd.timedelta_range("1D", periods=3), pd.interval_range(0, 3),
    pd.MultiIndex.from_tuples([(1, "a"), (2, "b")]), pd.CategoricalIndex(["a", "b"]), pd.RangeIndex(3),
    pd.Series(pd.arrays.SparseArray([0, 0, 1])), pd.Timestamp("2026-01-01"), pd.Timestamp("2026", tz="Europe/Berlin"),
    pd.Timedelta(1, "s"), pd.NaT, pd.NA, pd.Period("2026", "M"), pd.Interval(0, 1), pd.offsets.MonthEnd(),
    pd.Categorical(["a"]), pd.DateOffset(months=1),
]  # fmt: skip


def _picture(mode: str) -> Any:
    return Image.effect_noise((4, 3), 50).convert(mode)


def _from_file(format: str) -> Any:
    file = io.BytesIO()
    _picture("RGB").save(file, format)
    return Image.open(io.BytesIO(file.getvalue()))


def opened(value: Any) -> Any:
    """As the second of three results, with itself."""
    found = open_as_data(pickling.dumps([value, (value, "x"), value]), 3)
    assert found[1][1] == "x"
    return found[0]


@pytest.mark.parametrize("value", STANDARD, ids=repr)
def test_value_types_of_the_standard_library_come_back(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # A test of Dask before this one has brought tblib, which has every exception be pickled as a call of its own.
    monkeypatch.delitem(copyreg.dispatch_table, type(value), raising=False)
    found = opened(value)
    assert type(found) is type(value)
    assert repr(found) == repr(value)


@pytest.mark.parametrize("value", ARRAYS, ids=lambda value: f"{value.dtype}{value.shape}")
def test_arrays_come_back(value: Any) -> None:
    found = opened(value)
    assert (type(found), found.dtype, found.shape) == (type(value), value.dtype, value.shape)
    assert repr(found.tolist()) == repr(value.tolist())
    found[...] = value  # it can be written to


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_numbers_and_types_of_numpy_come_back(value: Any) -> None:
    found = opened(value)
    assert type(found) is type(value)
    assert repr(found) == repr(value)


def test_a_type_in_both_byte_orders_stays_two_types() -> None:
    little, big = np.arange(3, dtype="<i4"), np.arange(3, dtype=">i4")
    found = open_as_data(pickling.dumps([little, big, little.dtype, big.dtype]), 4)
    assert (found[0].dtype, found[1].dtype, found[2], found[3]) == (little.dtype, big.dtype, little.dtype, big.dtype)
    assert found[0].tolist() == found[1].tolist() == [0, 1, 2]


@pytest.mark.parametrize("value", FRAMES, ids=lambda value: f"{type(value).__name__} {getattr(value, 'dtype', '')}")
def test_what_pandas_makes_comes_back(value: Any) -> None:
    found = opened(value)
    assert type(found) is type(value)
    assert repr(found) == repr(value)
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(found, value)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "CMYK"])
def test_pictures_come_back(mode: str) -> None:
    value = _picture(mode)
    found = opened(value)
    assert (found.mode, found.size, found.tobytes()) == (value.mode, value.size, value.tobytes())


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_pictures_that_came_from_a_file_come_back(format: str) -> None:
    value = _from_file(format)
    found = opened(value)
    assert type(found) is type(value)
    assert found.tobytes() == value.tobytes()


@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
        )
    )
)
def test_plain_values_come_back(values: list[Any]) -> None:
    assert open_as_data(pickling.dumps(values), len(values)) == values


def test_a_million_numbers_need_no_second_look() -> None:
    assert open_as_data(pickling.dumps(range(1_000_000)), 1_000_000) == range(1_000_000)


ENVIRONMENT = """
import enum
import math
from dataclasses import dataclass, field

class Colour(enum.Enum):
    RED = 1

@dataclass
class Base:
    x: int
    def length(self):
        return math.hypot(self.x, 1)


@dataclass
class Whole(Base):
    inner: Base
    colour: Colour = Colour.RED
    more: list = field(default_factory=list)

class Slotted:
    __slots__ = ("a",)

class Broken(ValueError):
    pass

def made():
    whole = Whole(1, Base(2), more=[Base(3)])
    slotted = Slotted()
    slotted.a = 5
    return [whole, Colour.RED, slotted, Broken("why"), (Base(1), Base(2))]
"""


def test_instances_of_the_environments_classes_are_made_of_the_classes_here_and_bring_no_code() -> None:
    module = load_module(ENVIRONMENT)
    data = pickling.dumps(module.made())
    assert b"hypot" in data  # the class itself came along
    again = load_module(ENVIRONMENT)
    pickling.identify_classes(again)
    trust = Trust(workers=False, environment=lambda: again)
    whole, colour, slotted, broken, pair = trust.load(data, 5, trusted=False)
    assert type(whole) is again.Whole
    assert whole == again.made()[0]
    assert colour is again.Colour.RED
    assert slotted.a == 5
    assert type(broken) is again.Broken
    assert broken.args == ("why",)
    assert pair == (again.Base(1), again.Base(2))


def test_without_the_environment_they_are_told_by_their_names() -> None:
    module = load_module(ENVIRONMENT)
    found = open_as_data(pickling.dumps([*module.made(), 1.5]), 6)
    assert [value.kind for value in found[:5]] == ["Whole", "Colour", "Slotted", "Broken", "Base"]
    assert found[5] == 1.5


def test_a_class_of_a_script_or_a_package_is_told_by_its_name() -> None:
    import argparse

    found = open_as_data(pickling.dumps([argparse.Namespace(a=1), pickle.PickleBuffer, 3]), 3)
    assert [type(value) for value in found] == [Refused, Refused, int]
    assert found[0].kind == "argparse.Namespace"


def test_more_or_fewer_values_than_were_due_are_none_of_them_opened() -> None:
    assert all(not isinstance(value, int) for value in open_as_data(pickling.dumps([1, 2]), 3))
