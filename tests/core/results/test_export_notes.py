"""Whatever a file does not give back as it was is named in a note: of every type, in every format, at any depth."""

from __future__ import annotations

import collections
import csv
import datetime as dt
import enum
import ipaddress
import json
import math
import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from mcgui_core import Master
from mcgui_core.base.ranges import RangeSet
from mcgui_core.client.job import Job
from mcgui_core.errors import ResultsDoNotFit
from mcgui_core.results import export_notes, plain_values
from mcgui_core.results.arrow_column import ArrowColumn
from mcgui_core.results.chosen_tasks import ChosenTasks
from mcgui_core.results.export import export as export_job
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.results.export_notes import changes_in_json
from mcgui_core.results.numpy_writer import _Kind
from mcgui_core.results.result_table import Misfit

pa = pytest.importorskip("pyarrow", reason="pyarrow, which writes Parquet files, is not installed")
pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow, which writes Parquet files, is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, which writes workbooks, is not installed")


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Mode(enum.StrEnum):
    FAST = "fast"


class Word(str):
    __slots__ = ()
    """Text of a class of somebody's own."""


class Pair(NamedTuple):
    """A result with names."""

    left: int
    right: int


BERLIN = ZoneInfo("Europe/Berlin")
EAST = dt.timezone(dt.timedelta(hours=2))
MOMENT = dt.datetime.fromisoformat("2024-05-01T12:30:15.000007")
NESTED = {"a": [1, {"b": [True, None, "x"]}], "c": 0.5}

#: Values by a name, each a column of its own.
VALUES: dict[str, Any] = {
    "none": None, "truth": True, "whole": -3, "large": 2**70, "float": 0.1 + 0.2, "nan": math.nan, "inf": -math.inf,
    "text": "é ✓", "number as text": "1.5", "empty": "", "complex": 1 + 2j, "bytes": b"\0\xff", "bytearray": bytearray(b"a"),
    "decimal": Decimal("1.50"), "long decimal": Decimal("0." + "1" * 40), "decimal nan": Decimal("NaN"),
    "fraction": Fraction(1, 3), "date": dt.date(2024, 5, 1), "moment": MOMENT, "time": dt.time(3, 4, 5),
    "fine time": dt.time(3, 4, 5, 7), "early": dt.datetime.fromisoformat("0001-01-01"), "zoned": MOMENT.replace(tzinfo=EAST),
    "in Berlin": MOMENT.replace(tzinfo=BERLIN), "zoned time": dt.time(3, tzinfo=EAST),
    "time in Berlin": dt.time(3, tzinfo=BERLIN), "duration": dt.timedelta(days=1, microseconds=7),
    "longest": dt.timedelta.max, "list": [1, 2.5], "nested": NESTED, "tuple": (1, "a"), "empty dict": {}, "empty list": [],
    "named": Pair(1, 2), "set": {3}, "frozen": frozenset([1]), "range": range(3), "deque": collections.deque([1]),
    "keys": {1: "a", (2, 3): "b"}, "bytes as keys": {b"k": 1}, "enum as keys": {Colour.RED: 1}, "dates as keys": {dt.date.max: 1},
    "enum": Colour.RED, "whole enum": Level.HIGH, "text enum": Mode.FAST, "enums": [Colour.RED], "word": Word("w"),
    "path": PurePosixPath("a/b"), "uuid": uuid.UUID(int=1), "address": ipaddress.ip_address("10.0.0.1"),
    "network": ipaddress.ip_network("10.0.0.0/8"), "zone": BERLIN,
    "array": np.arange(3), "table": np.eye(2), "texts": np.array(["a", "b"]), "int8": np.int8(3), "float32": np.float32(0.1),
    "longdouble": np.longdouble("0.1"), "long array": np.array(["0.1"], np.longdouble), "complex64": np.complex64(1j),
    "day": np.datetime64("2024-05-01"), "fine": np.datetime64("2024-05-01T00:00:00.000000001"),
    "far": np.datetime64("20000-01-01"), "span": np.timedelta64(90, "s"), "fine span": np.timedelta64(1, "ns"),
    "masked": np.ma.array([1, 2], mask=[False, True]), "records": np.array([(1, 2.5)], [("n", int), ("x", float)]),
    "stamp": pd.Timestamp(MOMENT), "fine stamp": pd.Timestamp("2024-05-01T00:00:00.000000001Z"), "nat": pd.NaT, "na": pd.NA,
    "period": pd.Period("2024-05"), "interval": pd.Interval(0, 1), "pandas span": pd.Timedelta("1ns"),
    "series": pd.Series([1.5, 2], index=[10, 20]),
    "depths": [{"f": [Fraction(1, 3), {"u": uuid.UUID(int=2), "s": {1}}]}],
    "dates inside": [dt.date(2024, 5, 1)], "decimals inside": [Decimal("0.1")], "spans inside": [dt.timedelta(1)],
}  # fmt: skip


#: What is said although a reader who knows the type has the value again.
SAID_ANYWAY: dict[str, set[str]] = {"csv": {"far"}, "parquet": set(), "xlsx": set()}


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(1)
        yield master


@pytest.fixture(scope="module")
def job(master: Master) -> Job:
    job = master.submit(environment="def f(x): return 0", function="f", args=[VALUES])
    job.results()
    return job


def _simply(was: Any) -> Any:
    """Lists for arrays and tuples, dicts for what has names, None for what is missing."""
    if was is pd.NA or was is pd.NaT:
        return None
    if isinstance(was, np.ma.MaskedArray):
        return was.tolist()
    if isinstance(was, np.ndarray):
        return [dict(zip(row.dtype.names, row, strict=True)) for row in was] if was.dtype.names else list(was)
    if isinstance(was, tuple | collections.deque):
        return was._asdict() if isinstance(was, Pair) else list(was)
    return dict(was.items()) if isinstance(was, pd.Series) else was


#: Types of numbers, of text and of bytes that say the same.
ALIKE = [(str,), (bytes, bytearray), (Decimal, int, float, np.integer, np.floating), (complex, np.complexfloating)]


def _is_the_same(was: Any, found: Any) -> bool:
    """Of lists and arrays the items, of dicts and records the keys too; of numbers and text what they say."""
    was = _simply(was)
    if isinstance(was, enum.Enum) or was is None:
        return was is found
    if isinstance(was, list):
        return isinstance(found, list) and len(was) == len(found) and all(map(_is_the_same, was, found))
    if isinstance(was, dict):
        return isinstance(found, dict) and list(was) == list(found) and all(_is_the_same(was[k], found[k]) for k in was)
    if isinstance(was, bool | np.bool_) or isinstance(found, bool):
        return type(found) is bool and bool(was) == found
    if isinstance(was, float | Decimal) and math.isnan(was):
        return type(was) is type(found) and math.isnan(found)
    if isinstance(was, dt.date | np.datetime64 | np.timedelta64 | pd.Timedelta):
        return _is_the_same_time(was, found)
    if isinstance(was, dt.time):
        return type(found) is dt.time and was == found and str(was.tzinfo) == str(found.tzinfo)
    alike = any(isinstance(was, kinds) and isinstance(found, kinds) for kinds in ALIKE) or type(was) is type(found)
    return alike and bool(was == found)


def _is_the_same_time(was: Any, found: Any) -> bool:
    """A day may be its midnight, as Excel has it; a zone has its name."""
    if isinstance(found, str | None):
        return False
    if isinstance(found, dt.timedelta | np.timedelta64):
        return bool(pd.Timedelta(was) == pd.Timedelta(found))
    zones = [str(getattr(moment, "tzinfo", None)) for moment in (was, found)]
    return bool(pd.Timestamp(was) == pd.Timestamp(found)) and zones[0] == zones[1]


def _of_text(text: str, kind: type) -> Any:
    """What whoever reads text takes a cell for in a column of numbers, or of dates."""
    if issubclass(kind, bool):
        return {"True": True, "False": False}.get(text, text)
    for numbers in (int, Decimal, float):
        if issubclass(kind, numbers):
            return numbers(text)
    if issubclass(kind, np.integer | np.floating):
        return float(text)
    if issubclass(kind, pd.Timestamp | np.datetime64):
        return kind(text)
    return kind.fromisoformat(text) if issubclass(kind, dt.date | dt.time) else text


def _of_cell(text: str, was: Any) -> Any:
    try:
        return _of_text(text, type(was)) if text else None
    except ValueError:
        return text


def _read(path: Path) -> dict[str, Any]:
    """The values of the only row, as those who wrote the libraries read them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file))
        return {name: _of_cell(text, VALUES.get(name)) for name, text in row.items()}
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return {name: _of_fine(table.column(name)) for name in table.column_names}
    titles, row = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return dict(zip(titles, row, strict=True))


def _of_fine(column: Any) -> Any:
    if str(column.type).startswith(("timestamp[ns", "duration[ns")):
        found = column.to_numpy()[0]
        return pd.Timestamp(found, tz="UTC") if "UTC" in str(column.type) else found
    found = column.to_pylist()[0]
    return complex(**found) if isinstance(found, dict) and list(found) == ["real", "imag"] else found


@pytest.mark.parametrize("format", ["csv", "parquet", "xlsx"])
def test_what_a_table_does_not_give_back_as_it_was_is_named_in_a_note(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setattr(export_notes, "MOST_NAMED", 1000)  # so that all are
    path = tmp_path / f"out.{format}"
    notes = " ".join(export_job(job, path, format, options=ExportOptions("all", exact=True)).notes)
    found = _read(path)
    changed = {name for name, was in VALUES.items() if not _is_the_same(was, found[name])}
    named = {name for name in VALUES if f"'{name}'" in notes}
    assert changed - named == set()
    assert named - changed == SAID_ANYWAY[format]


def test_what_a_line_of_json_does_not_give_back_as_it_was_is_named_in_a_note(master: Master, tmp_path: Path) -> None:
    job = master.submit(environment="def f(x): return 0", function="f", args=list(VALUES.values()))
    job.results()
    for task, (name, was) in enumerate(VALUES.items()):
        path = tmp_path / f"{task}.jsonl"
        chosen = ChosenTasks(RangeSet([(task, task + 1)]))
        notes = export_job(job, path, "jsonl", options=ExportOptions("all"), chosen=chosen).notes
        found = json.loads(path.read_text("utf-8"))["argument"]
        assert bool(notes) != _is_the_same(was, found), (name, found, notes)


class Odd:
    """Of a type that nobody has thought of."""

    def __str__(self) -> str:
        return "odd"


def test_a_type_that_is_in_no_list_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_values, "_IN_WORDS", {__name__})
    changes: set[str] = set()
    assert plain_values.plain([{"deep": [Odd()]}], changes=changes) == [{"deep": ["odd"]}]
    assert changes == {"values of type Odd, which are text"}
    assert changes_in_json([{"deep": Odd()}]) == {"{} {has} values of type Odd, which are text."}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([Decimal("0.1"), 0.5], "values of several types (Decimal, float)"),
        ([1j, "a"], "values of several types (complex, str)"),
        ([2**60 + 1, 0.5], "fractions beside whole numbers beyond 2^53"),
        ([Decimal("NaN")], "decimal numbers that are nan or inf"),
        ([10**80], "more than 76 digits"),
        ([Decimal("1E-80")], "more than 76 digits"),
        ([{}], "dicts without keys"),
        ([{"\udce9": 1}], "keys that UTF-8 cannot hold"),
        ([[{}]], "dicts without keys"),
        ([dt.time(1, tzinfo=EAST)], "time with a zone"),
        ([dt.timedelta.min], "durations of more than 292,000 years"),
        ([np.timedelta64(1, "ns"), dt.timedelta(365 * 300)], "ones of more than 292 years"),
        ([np.datetime64("2024-01-01T00:00:00.000000001"), MOMENT.replace(year=2300)], "after 2261"),
    ],
)  # fmt: skip
def test_parquet_says_the_true_reason_why_a_column_is_json(values: list[Any], reason: str) -> None:
    column = ArrowColumn(pa)
    column.meet(values)
    array, _ = column.array(values)
    assert str(array.type) == "string"
    assert any(reason in note and "They are written as JSON" in note for note in column.notes()), column.notes()


def test_complex_numbers_beside_others_stay_numbers_in_parquet() -> None:
    column = ArrowColumn(pa)
    column.meet([1j, 0.5, 2, None])
    assert column.array([1j, 0.5, 2, None])[0].to_pylist() == [
        {"real": 0.0, "imag": 1.0}, {"real": 0.5, "imag": 0.0}, {"real": 2.0, "imag": 0.0}, None,
    ]  # fmt: skip
    assert column.notes() == set()


def test_dicts_that_lack_a_key_of_others_are_said_to_have_none_there() -> None:
    column = ArrowColumn(pa)
    column.meet([{"a": {"b": 1}}, {"a": {"c": 1}}])
    assert column.array([{"a": {"b": 1}}])[0].to_pylist() == [{"a": {"b": 1, "c": None}}]
    (note,) = column.notes()
    assert "dicts of different keys" in note


def test_what_arrow_refuses_is_said_with_its_column_and_tasks_and_a_way_out(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcgui_core.results.arrow_column._SPAN", dt.timedelta.max)  # which is not what Arrow holds
    with pytest.raises(
        ResultsDoNotFit, match="'longest' of the tasks from 0 to 0 has what .* Without this column, or as"
    ):
        export_job(job, tmp_path / "out.parquet", "parquet", options=ExportOptions("all"))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([b"a"], "has values of type bytes"),
        ([None], "has None"),
        ([Level.HIGH], "has values of type Level"),
        ([Fraction(1, 3)], "has values of type Fraction"),
        ([2**70], "has whole numbers of more than 64 bits"),
        ([2**60 + 1, 0.5], "has fractions beside whole numbers beyond 2^53"),
        ([1, "a"], "has numbers beside text"),
        ([True, 1], "has True or False beside numbers"),
        ([[1], [1, 2]], "has lists or arrays that are not all of one shape"),
        (["a\0"], "has text that ends with a zero character"),
        ([MOMENT.replace(tzinfo=EAST)], "has times of day and date that have a zone"),
        ([dt.timedelta.max], "has durations of more than 292,000 years"),
        ([np.ma.array([1, 2], mask=[False, True])], "has masked arrays"),
    ],
)
def test_a_numpy_file_says_the_true_reason_why_it_is_not_written(values: list[Any], reason: str) -> None:
    kind = _Kind(np, "result")
    with pytest.raises(Misfit, match=re.escape(reason)) as caught:
        kind.meet(values, [3, 9])
    assert "look at the tasks from 3 to 9" in str(caught.value)
