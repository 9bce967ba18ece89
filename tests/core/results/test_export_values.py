"""What values are in exported files: of their own types, whole, or refused with all results in a pickle beside."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import pickle
import re
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import numpy as np
import pandas as pd
import pytest

from mcgui_core import Master
from mcgui_core.arguments.readers.csv_reader import CsvReader
from mcgui_core.errors import ResultsDoNotFit
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export import export as export_job
from mcgui_core.results.export_formats import FORMATS, ExportOptions
from mcgui_core.results.numpy_writer import _array_file
from mcgui_core.results.plain_values import Unsayable, cell, numbers_of_any_length, plain
from tests.support import PATIENCE

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow, which writes Parquet files, is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, which writes workbooks, is not installed")

HEAD = """
import collections, dataclasses, datetime as dt, decimal, enum, importlib, math, uuid

class Package:
    def __init__(self, name):
        self.name = name
    def __getattr__(self, name):
        return getattr(importlib.import_module(self.name), name)
np, pandas = Package("numpy"), Package("pandas")  # imported where they are used: that takes its time

@dataclasses.dataclass
class Point:
    x: int
    y: float

Pair = collections.namedtuple("Pair", "left right")
UTC = dt.timezone.utc
EAST = dt.timezone(dt.timedelta(hours=2))

class Colour(enum.Enum):
    RED = 1

class Frame:
    def __repr__(self):
        return "a\\n..\\nz"

class Word(str):
    pass

def formula(*_):
    return Word("=cmd|calc")
OWN = dict.fromkeys(["__str__", "__repr__", "__format__", "isoformat", "strftime"], formula)
def own(kind, *args, **more):
    # of a subclass of it, which is text as it likes
    return type("Own", (kind,), {**OWN, "nanosecond": 0, **more})(*args)
"""

NEW_YEAR = 1_704_067_200 * 10**9  # of 2024, in nanoseconds
MOMENT = dt.datetime.fromisoformat("2024-01-01T00:00:00.000007")

Export = Callable[..., tuple[Exported, Path]]


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(1)
        master.submit(environment="def f(x): return x", function="f", args=[1]).results()  # a slot has started
        yield master


@pytest.fixture
def export(master: Master, tmp_path: Path) -> Export:
    """Runs a function that returns this expression of `x`, and exports what comes of it."""

    def run(result: str, format: str, inputs: str | list[Any] = "range(3)", **options: Any) -> tuple[Exported, Path]:
        source = f"{HEAD}\ndef f(x):\n    return {result}\n"
        job = master.submit(environment=source, function="f", args=eval(inputs) if isinstance(inputs, str) else inputs)
        assert job.wait(PATIENCE).state == "finished"
        path = tmp_path / f"out.{format}"
        return export_job(job, path, format, options=ExportOptions(**options)), path

    return run


def of_parquet(path: Path, column: str = "result") -> tuple[str, list[Any]]:
    table = pq.read_table(path)
    return str(table.schema.field(column).type), table.column(column).to_pylist()


def of_csv(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def of_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line, parse_constant=pytest.fail) for line in path.read_text("utf-8").splitlines()]


def of_excel(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))


# --- types ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "kind", "values"),
    [
        ("[0.5, math.inf, 2/3][x]", "double", [0.5, math.inf, 2 / 3]),
        ("np.float64(x) / 2", "double", [0.0, 0.5, 1.0]),
        ("np.float32(x) / 2", "double", [0.0, 0.5, 1.0]),
        ("[1, 0.5, None][x]", "double", [1.0, 0.5, None]),
        ("np.int8(x)", "int64", [0, 1, 2]),
        ("x == 1", "bool", [False, True, False]),
        ("np.bool_(x == 1)", "bool", [False, True, False]),
        ("2**64 - 1 - x", "uint64", [2**64 - 1, 2**64 - 2, 2**64 - 3]),
        ("(-1)**x * 10**30", "decimal128(31, 0)", [Decimal(10**30), Decimal(-(10**30)), Decimal(10**30)]),
        ("decimal.Decimal(x) / 4", "decimal128(3, 2)", [Decimal(0), Decimal("0.25"), Decimal("0.5")]),
        ("bytes([0, x, 255])", "binary", [b"\0\0\xff", b"\0\1\xff", b"\0\2\xff"]),
        ("bytearray([x])", "binary", [b"\0", b"\1", b"\2"]),
        ("dt.date(2024, 1, x + 1)", "date32[day]", [dt.date(2024, 1, day) for day in (1, 2, 3)]),
        (
            "dt.datetime(2024, 1, 1, x, 0, 0, 7)",
            "timestamp[us]",
            [MOMENT.replace(hour=h) for h in range(3)],
        ),
        ("np.datetime64('2024-01-01') + x", "date32[day]", [dt.date(2024, 1, day) for day in (1, 2, 3)]),
        ("dt.time(x)", "time64[us]", [dt.time(hour) for hour in range(3)]),
        ("dt.timedelta(seconds=x)", "duration[us]", [dt.timedelta(seconds=s) for s in range(3)]),
        ("[x, x / 2]", "list<element: double>", [[0, 0], [1, 0.5], [2, 1]]),
        ("np.arange(x)", "list<element: int64>", [[], [0], [0, 1]]),
        ("'a\\0'", "string", ["a\0"] * 3),
    ],
)
def test_parquet_columns_have_arrows_own_types(export: Export, result: str, kind: str, values: list[Any]) -> None:
    written, path = export(result, "parquet")
    assert of_parquet(path) == (kind, values)
    assert written.notes == ()


def test_a_column_of_numbers_stays_one_for_a_single_nan_among_many_and_in_whatever_piece_it_is(export: Export) -> None:
    written, path = export("math.nan if x == 20_001 else x if x % 2 else x / 2", "parquet", "range(20_100)")
    kind, values = of_parquet(path)
    assert kind == "double"
    assert math.isnan(values.pop(20_001))
    assert values[:4] == [0.0, 1.0, 1.0, 3.0]
    assert written.notes == ()


def test_times_finer_than_pythons_keep_their_nanoseconds(export: Export) -> None:
    fine = "np.datetime64('2024-01-01T00:00:00.00000000' + str(x))"
    for result in (fine, f"({fine} if x else dt.datetime(2024, 1, 1))", f"np.array([{fine}])[0]"):
        written, path = export(result, "parquet")
        column = pq.read_table(path).column("result")
        assert (str(column.type), column.cast("int64").to_pylist()) == (
            "timestamp[ns]",
            [NEW_YEAR + x for x in range(3)],
        )
        assert written.notes == ()
    fields = "{'span': np.timedelta64(1 + x, 'ns'), 'instant': pandas.Timestamp('2024-01-01T00:00:00.000000001Z')}"
    written, path = export(fields, "parquet")
    schema = pq.read_schema(path)
    assert [str(schema.field(f"result.{name}").type) for name in ("span", "instant")] == [
        "duration[ns]",
        "timestamp[ns, tz=UTC]",
    ]
    assert pq.read_table(path).column("result.instant").cast("int64").to_pylist() == [NEW_YEAR + 1] * 3
    assert written.notes == ()


def test_times_with_zones_are_the_same_moments(export: Export) -> None:
    _, path = export("dt.datetime(2024, 1, 1, 12, tzinfo=[UTC, EAST, UTC][x])", "parquet")
    kind, values = of_parquet(path)
    assert kind == "timestamp[us, tz=UTC]"
    assert [value.hour for value in values] == [12, 10, 12]


@pytest.mark.parametrize(
    ("result", "values"),
    [
        ("[dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, 5), None][x]", ["2024-01-01", "2024-01-01T05:00:00", None]),
        ("[dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=UTC), None][x]",
         ["2024-01-01T00:00:00", "2024-01-01T00:00:00+00:00", None]),
        ("['text', b'bytes', None][x]", ["text", "Ynl0ZXM=", None]),
        ("[2**60 + 1, 0.5, None][x]", [2**60 + 1, 0.5, None]),
        ("[True, 2, None][x]", [True, 2, None]),
        ("[1, 'a', [2]][x]", [1, "a", [2]]),
        ("[[1, 'a'], [], [None]][x]", [[1, "a"], [], [None]]),
    ],
)  # fmt: skip
def test_what_has_no_type_in_common_is_json_and_that_is_said(export: Export, result: str, values: list[Any]) -> None:
    written, path = export(result, "parquet")
    kind, found = of_parquet(path)
    assert kind == "string"
    assert [None if text is None else json.loads(text) for text in found] == values
    assert "'result' has values of several types" in " ".join(written.notes) or "no float keeps" in written.notes[0]


def test_a_mixed_field_leaves_the_others_their_types(export: Export) -> None:
    written, path = export("{'mixed': [1, 'a', 2][x], 'n': x, 'in': {'a': x / 2, 'b': [x, 'a', 0][x]}}", "parquet")
    schema = {field.name: str(field.type) for field in pq.read_schema(path)}
    assert (schema["result.mixed"], schema["result.n"]) == ("string", "int64")
    assert schema["result.in"] == "struct<a: double, b: string>"
    assert "'result.mixed', 'result.in' have values of several types (int, str)" in written.notes[0]


def test_a_numpy_file_neither_turns_numbers_into_text_nor_rounds_or_cuts(export: Export, tmp_path: Path) -> None:
    for result in ("[1, 'a', 2][x]", "[2**60 + 1, 0.5, 1][x]", "[2**63, -1, 0][x]", "[True, 2, 3][x]", "'a\\0'",
                   "[[1], ['a'], [2]][x]", "b'a\\0'", "2**70", "dt.datetime(2024, 1, 1, tzinfo=UTC)", "None",
                   "dt.timedelta.max", "np.ma.array([1, 2], mask=[0, 1])", "pandas.Timedelta('1ns')"):  # fmt: skip
        with pytest.raises(ResultsDoNotFit, match="and 'result' has"):
            export(result, "npy")
    export("dt.datetime(2024, 1, 1, x)", "npy")
    assert np.load(tmp_path / "out.npy")["result"].dtype == "M8[us]"
    export("{'größe λ': x, 'r': math.nan}", "npy")
    assert np.load(tmp_path / "out.npy")["result.größe λ"].tolist() == [0, 1, 2]


# --- whole ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "xlsx"])
@pytest.mark.parametrize("result", ["Frame()", "[Frame()]", "{'a': {'b': Frame()}}", "lambda: 0"])
def test_a_value_that_is_no_row_is_refused_and_all_are_in_a_pickle(
    export: Export, tmp_path: Path, format: str, result: str
) -> None:
    (tmp_path / f"out.{format}").write_text("of yesterday")
    (tmp_path / "out.pickle").write_text("something else")
    with pytest.raises(ResultsDoNotFit, match=r"of task 0 is a.*, which has no place in it") as caught:
        export(result, format)
    assert caught.value.kept == str(tmp_path / "out-2.pickle")
    assert caught.value.kept in str(caught.value)
    assert len(pickle.loads(Path(caught.value.kept).read_bytes())["result"]) == 3
    assert (tmp_path / f"out.{format}").read_text() == "of yesterday"
    assert (tmp_path / "out.pickle").read_text() == "something else"
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_arrays_and_text_are_whole_however_long(export: Export, format: str) -> None:
    _, path = export("{'array': np.arange(5000), 'text': 'x' * 100_000}", format, "range(2)")
    if format == "csv":
        row = of_csv(path)[1]
        array, text = json.loads(row["result.array"]), row["result.text"]
    elif format == "jsonl":
        array, text = of_lines(path)[1]["result"].values()
    else:
        array, text = of_parquet(path, "result.array")[1][1], of_parquet(path, "result.text")[1][1]
    assert array == list(range(5000))
    assert text == "x" * 100_000


def test_numbers_of_any_length_are_written(export: Export) -> None:
    digits = {}
    for format, read in (("csv", of_csv), ("parquet", None), ("xlsx", of_excel)):
        _, path = export("-math.factorial(2000)", format, "range(1)")
        found = of_parquet(path)[1][0] if read is None else read(path)[-1]  # type: ignore[operator]
        digits[format] = found["result"] if format == "csv" else found if read is None else found[2]
    assert set(map(len, digits.values())) == {5737}
    assert len(set(digits.values())) == 1
    _, path = export("[math.factorial(2000)]", "jsonl", "range(1)")
    assert path.read_text() == f'{{"index": 0, "argument": 0, "result": [{digits["csv"][1:]}]}}\n'


def test_numbers_of_any_length_are_written_by_two_at_a_time() -> None:
    """Whichever ends first; then Python's limit is there again, or what somebody else has set meanwhile."""
    before = sys.get_int_max_str_digits()
    long = 10**5000
    assert before == 4300
    try:
        for other in (None, 6000):
            first, second = numbers_of_any_length(), numbers_of_any_length()
            with first:
                second.__enter__()
            assert len(cell(long)) == 5001
            if other is not None:
                sys.set_int_max_str_digits(other)
            second.__exit__(None, None, None)
            assert sys.get_int_max_str_digits() == (other or before)
    finally:
        sys.set_int_max_str_digits(before)


@pytest.mark.parametrize("name", ["result", "größe", "größe λ"])
@pytest.mark.parametrize("count", [0, 2])
def test_a_numpy_file_is_begun_without_turning_off_the_warnings_of_a_whole_process(
    tmp_path: Path, name: str, count: int
) -> None:
    """Which would stay off where two threads do so at a time."""
    filters, seen = warnings.filters, []

    class Watched(type(Path())):  # type: ignore[misc]
        def __fspath__(self) -> str:
            seen.append(warnings.filters is filters)
            return str(self)

    dtype = np.dtype([(name, "f8")])
    with _array_file(np, Watched(tmp_path / "out.npy"), dtype, count) as file:
        file.write(np.zeros(count, dtype).tobytes())
    assert seen
    assert all(seen)
    assert np.array_equal(np.load(tmp_path / "out.npy"), np.zeros(count, dtype))


def test_text_that_utf_8_cannot_hold_is_written_with_backslashes(export: Export) -> None:
    for format in ("csv", "parquet", "xlsx"):
        written, path = export("{'name\\udce9': 'caf\\udce9'}", format, "range(1)")
        found = {"csv": lambda: list(of_csv(path)[0].items()), "xlsx": lambda: list(zip(*of_excel(path), strict=True)),
                 "parquet": lambda: list(pq.read_table(path).to_pylist()[0].items())}[format]()  # fmt: skip
        assert (r"result.name\udce9", r"caf\udce9") in found
        assert written.notes == (
            r"'result.name\udce9' has text that UTF-8 cannot hold, which is written with backslashes.",
        )
    _, path = export("'caf\\udce9'", "jsonl", "['\\udce9']")
    assert of_lines(path) == [{"index": 0, "argument": "\udce9", "result": "caf\udce9"}]


def test_numbers_that_json_does_not_know_are_text_and_that_is_said(export: Export) -> None:
    written, path = export("[math.nan, [1.5, {'a': -math.inf}], np.array([0.5, 2])][x]", "jsonl")
    assert [row["result"] for row in of_lines(path)] == ["nan", [1.5, {"a": "-inf"}], [0.5, 2.0]]
    assert written.notes == ("'result' has nan or inf, which JSON does not know: they are text.",)


@pytest.mark.parametrize(
    ("result", "format", "note"),
    [
        ("[1j, 2][x]", "jsonl", "complex numbers, which are text"),
        ("[{'z': [1j]}, 2][x]", "jsonl", "complex numbers, which are text"),
        ("[1j, 2][x]", "xlsx", "complex numbers, which are text"),
        ("decimal.Decimal('0.1')", "jsonl", "decimal numbers, which are text, so that no digit is lost"),
        ("dt.timedelta(seconds=90)", "xlsx", "durations, which Excel has only as parts of a day"),
        ("{'n': x, 1: 2}", "parquet", "keys of type int, which are text"),
        ("Colour.RED", "parquet", "values of type Colour, which are text"),
        ("np.timedelta64(90_000_000_001, 'ns')", "xlsx", "durations, which Excel has only as parts of a day"),
    ],
)
def test_what_becomes_text_is_said_to(export: Export, result: str, format: str, note: str) -> None:
    written, _ = export(result, format, "range(2)")
    assert any(f"'result' has {note}" in one for one in written.notes), written.notes


DAY = np.datetime64("2024-01-01T00:00:00.000000001")
RECORDS = np.array(
    [[(1, DAY, (2, 3))], [(4, DAY, (5, 6))]], [("n", int), ("at", "M8[ns]"), ("in", [("c", int), ("d", int)])]
)


def test_structured_arrays_keep_their_shape_their_names_and_their_times() -> None:
    assert plain(RECORDS) == [
        [{"n": 1, "at": DAY, "in": {"c": 2, "d": 3}}],
        [{"n": 4, "at": DAY, "in": {"c": 5, "d": 6}}],
    ]
    assert plain(RECORDS[0, 0].reshape(())) == plain(RECORDS[0, 0]) == plain(RECORDS)[0][0]
    masked = np.ma.array([(1, 2.5)], [("n", int), ("x", float)], mask=[(0, 1)])
    assert plain(masked) == [{"n": 1, "x": None}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.timedelta64(-1_500_000_000_001, "ns"), "-P0DT0H25M0.000000001S"),
        (dt.timedelta(days=-1, hours=1), "-P0DT23H0M0S"),
        (dt.timedelta.max, "P999999999DT23H59M59.999999S"),
        (np.clongdouble(1 + 2j), "(1+2j)"),
        (np.longdouble("0.1"), "0.1"),
        (np.float64(0.1), "0.1"),
        (Path("a/b"), str(Path("a/b"))),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Fraction(1, 3), "1/3"),
        (re.RegexFlag.A | re.RegexFlag.I, "258"),
        (frozenset(), "[]"),
    ],
)
def test_values_are_cells_without_loss(value: Any, text: str) -> None:
    assert cell(plain(value)) == text


@pytest.mark.parametrize("unit", ["Y", "M"])
def test_years_and_months_have_no_length_of_their_own(unit: str) -> None:
    with pytest.raises(Unsayable, match="a number of years or months"):
        plain(np.array([np.timedelta64(1, unit)]))  # type: ignore[call-overload]


# --- columns ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "titles"),
    [
        ("Point(x, x / 2)", ["result.x", "result.y"]),
        ("Pair(x, x / 2)", ["result.left", "result.right"]),
        ("(x, x / 2)", ["result[0]", "result[1]"]),
        ("{'x': x, 'y': x / 2}", ["result.x", "result.y"]),
        ("np.array([(x, x / 2)], dtype=[('x', int), ('y', float)])[0]", ["result.x", "result.y"]),
        ("pandas.Series({'x': x, 'y': x / 2}, dtype=object)", ["result.x", "result.y"]),
    ],
)
def test_what_has_parts_is_a_column_for_each(export: Export, result: str, titles: list[str]) -> None:
    _, path = export(result, "csv")
    rows = of_csv(path)
    assert list(rows[0]) == ["index", "argument", *titles, "error"]
    assert [rows[1][title] for title in titles] == ["1", "0.5"]
    _, path = export(result, "parquet")
    assert [of_parquet(path, title)[0] for title in titles] == ["int64", "double"]
    _, path = export(result, "xlsx")
    assert of_excel(path)[2] == (1, 1, 1, 0.5, None)


def test_a_series_is_whole_with_its_labels_or_refused() -> None:
    days = pd.date_range("2026-01-30", periods=2)
    assert plain(pd.Series([0.5, None], index=days)) == {"2026-01-30T00:00:00": 0.5, "2026-01-31T00:00:00": ANY}
    assert len(plain(pd.Series(range(5000), index=map(str, range(5000))))) == 5000
    assert plain([pd.Interval(0, 1), pd.Period("2026-01")]) == ["(0, 1]", "2026-01"]
    with pytest.raises(Unsayable, match="a label that comes again"):
        plain(pd.Series([1, 2], index=["a", "a"]))


def test_a_column_that_is_not_wanted_need_not_fit(export: Export) -> None:
    done, path = export("{'a': x, 'b': Frame(), 'c': [x]}", "csv", columns=("result.c", "result.a"))
    assert of_csv(path)[1] == {"index": "1", "result.c": "[1]", "result.a": "1", "error": ""}
    assert "without 'argument', 'result.b'" in str(done.notes)


def test_parts_that_differ_are_columns_together_or_none_at_all(export: Export) -> None:
    _, path = export("[{'a': 1}, {'b': {'c': [1]}}, None][x]", "csv")
    assert [(row["result.a"], row["result.b"]) for row in of_csv(path)] == [("1", ""), ("", '{"c": [1]}'), ("", "")]
    for result in (
        "[{'a': 1}, 2, 3][x]",
        "(0,) * (x + 1)",
        "{x: 1}",
        "{}",
        "{str(i): i for i in range(x * 400, 2000)}",
    ):
        _, path = export(result, "csv")
        assert list(of_csv(path)[0]) == ["index", "argument", "result", "error"], result


def test_failed_tasks_have_empty_cells_and_say_why(export: Export) -> None:
    written, path = export("(x, 1 / x)", "csv")
    assert written.rows == 3
    assert list(of_csv(path)[0].values()) == ["0", "0", "", "", "ZeroDivisionError: division by zero"]


def test_titles_are_told_apart(export: Export) -> None:
    _, path = export("{'a': x['a']}", "csv", "[{'a': 1, 'result.a': 2, 'error': 3}]")
    assert list(of_csv(path)[0]) == ["index", "a", "result.a", "argument.error", "result.a_", "error"]


# --- for Excel, or exact ----------------------------------------------------------------------------------------


def test_csv_is_safe_for_excel_unless_it_is_to_be_exact(export: Export) -> None:
    texts = ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-5", "+1.5e3", "é", "plain", "'quoted"]
    written, path = export("x", "csv", repr([*texts, -5, -0.5]))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfindex,")
    assert [row["result"] for row in of_csv(path)] == [*(f"'{text}" for text in texts[:7]), *texts[7:], "-5", "-0.5"]
    assert "'argument', 'result' have text that spreadsheets would take for a formula" in written.notes[0]
    written, path = export("x", "csv", repr([*texts, -5, -0.5]), exact=True)
    assert path.read_bytes().startswith(b"index,")
    assert [row["result"] for row in of_csv(path, "utf-8")] == [*texts, "-5", "-0.5"]
    assert written.notes == ()


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("own(decimal.Decimal, '-1.5')", "-1.5"),
        ("own(float, -2.5)", "-2.5"),
        ("own(int, -5)", "-5"),
        ("own(complex, -1, 1)", "(-1+1j)"),
        ("own(dt.datetime, 2024, 1, 2, 3, 4, 5)", "2024-01-02 03:04:05"),
        ("own(dt.datetime, 2024, 1, 2, 3, 4, 5, 0, UTC, nanosecond=1)", "'=cmd|calc"),
        ("own(dt.date, 2024, 1, 2)", "2024-01-02"),
        ("own(dt.time, 3, 4, 5, 0, EAST)", "03:04:05+02:00"),
        ("own(dt.timedelta, 1)", "P1DT0H0M0S"),
    ],
)
def test_a_class_that_is_text_as_it_likes_is_no_formula(export: Export, result: str, text: str) -> None:
    _, path = export(result, "csv", "range(1)")
    assert of_csv(path)[0]["result"] == text
    _, path = export(result, "xlsx", "range(1)")
    assert openpyxl.load_workbook(path).active["C2"].data_type != "f"


def test_a_formula_within_a_text_is_none_where_the_file_is_divided_otherwise(export: Export) -> None:
    """A comma file on a computer that expects semicolons is cut within its quotation marks, and the other way round."""
    texts = ["a;=cmd|' /C calc'!A0", 'b;"=HYPERLINK(1)"', "c\n@SUM(A1)", "d,=SUM(A1)", "e;-5", "f\n- item", "g = f(x)"]
    _, path = export("x", "csv", repr(texts))
    assert [row["result"] for row in of_csv(path)] == [
        "a;'=cmd|' /C calc'!A0", 'b;"\'=HYPERLINK(1)"', "c\n'@SUM(A1)", *texts[3:],
    ]  # fmt: skip
    _, path = export("x", "csv", repr(texts), decimal_comma=True)
    assert [row["result"] for row in of_csv(path, delimiter=";")] == [
        *texts[:2], "c\n'@SUM(A1)", "d,'=SUM(A1)", *texts[4:],
    ]  # fmt: skip


BLANKS = ["  ", "\xa0", "\u3000", "\u2003 ", "\ufeff", "\u200b", "\x1f", "\0"]


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_blanks_before_a_formula_hide_it_from_no_spreadsheet_and_from_us_neither(export: Export, blank: str) -> None:
    """Some take away the blanks before they look at what a cell begins with."""
    texts = [f"{blank}{sign}1+1" for sign in "=@+-＝＋－＠﹦"] + [
        f"\n{blank}=1+1",
        f'a;{blank}"{blank}=cmd|1',
        f"{blank}-5",
    ]
    _, path = export("x", "csv", texts)
    assert [row["result"] for row in of_csv(path)] == [
        *(f"'{text}" for text in texts[:10]), f'a;{blank}"{blank}\'=cmd|1', f"{blank}-5",
    ]  # fmt: skip
    _, path = export("x", "csv", texts, exact=True)
    assert [row["result"] for row in of_csv(path, "utf-8")] == texts


def test_what_excel_changes_as_it_opens_a_csv_file_is_said(export: Export) -> None:
    written, path = export("x", "csv", "[10**15, -(10**18), 5]")
    assert [row["result"] for row in of_csv(path)] == [str(10**15), str(-(10**18)), "5"]
    assert "'argument', 'result' have numbers of more than 15 digits" in written.notes[0]
    for text in ("007", "1" * 16, "1E5", " 007", "1-2", "3/4", "2024-05-01", "MARCH1", "sep-2"):
        written, _ = export("x", "csv", [text, "1.5", "0"])
        assert "(007 becomes 7, and 1-2 a day)" in written.notes[0], text
    assert export("x", "csv", "['1.5', '0', '-2', 'mars', 'v1-2', '10-20-x']")[0].notes == ()
    assert export("x", "csv", "[10**15, '007']", exact=True)[0].notes == ()


COLUMNS: dict[str, list[Any]] = {
    "numbers": [0.1, -2.0, 1e-300, 1.7976931348623157e308, 1234.567, math.inf, None],
    "a nan": [0.5, math.nan],
    "whole numbers": [0, -7, 10**14, 10**30, None],
    "truth": [True, False, None],
    "dates": [dt.date(2024, 2, 29), dt.date(1, 1, 1), None],
    "moments": [dt.datetime.fromisoformat("2024-01-02T03:04:05"), MOMENT, None],
    "text": ["a;b,c", 'say "no"', "two\nlines", "two\r\nlines", "1,5 and 1.5", "tab\there", "é ✓", None],
}


@pytest.mark.parametrize("comma", [False, True])
def test_a_csv_file_for_a_spreadsheet_is_read_back_equal(export: Export, comma: bool) -> None:
    longest = max(map(len, COLUMNS.values()))
    rows = [{n: values[at] if at < len(values) else None for n, values in COLUMNS.items()} for at in range(longest)]
    _, path = export("x", "csv", rows, decimal_comma=comma)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfindex" + (b";" if comma else b","))
    read = list(CsvReader(path).values)
    for name, values in COLUMNS.items():
        found = [row[f"result.{name}"] for row in read][: len(values)]
        assert repr(found) == repr(values), name
        assert [type(value) for value in found] == [type(value) for value in values]


def test_numbers_have_commas_where_they_are_wanted_and_nothing_else_has(export: Export) -> None:
    values = "[1.5, decimal.Decimal('1.50'), dt.datetime(2024, 1, 2, 3, 4, 5, 600000), [1.5, 2], 'v1.5', 3, True]"
    _, path = export(f"{values}[x]", "csv", "range(7)", decimal_comma=True)
    cells = [row["result"] for row in of_csv(path, delimiter=";")]
    assert cells == ["1,5", "1,50", "2024-01-02 03:04:05,600000", "[1.5, 2]", "v1.5", "3", "True"]


def test_titles_and_failures_are_no_formulas_either(export: Export) -> None:
    _, path = export("{'=1+1': x}", "csv", "[{'=cmd()': 1}]")
    assert list(of_csv(path)[0]) == ["index", "'=cmd()", "result.=1+1", "error"]


@pytest.mark.parametrize(
    ("result", "cell"),
    [
        ("dt.datetime(2024, 1, 2, 3, 4, 5)", "2024-01-02 03:04:05"),
        ("dt.date(2024, 1, 2)", "2024-01-02"),
        ("np.datetime64('2024-01-02T03:04:05.123456789')", "2024-01-02T03:04:05.123456789"),
        ("np.float64(0.1)", "0.1"),
        ("np.int64(-3)", "-3"),
        ("np.bool_(True)", "True"),
        ("np.str_('a')", "a"),
        ("math.nan", "nan"),
        ("decimal.Decimal('1.50')", "1.50"),
        ("uuid.UUID(int=1)", "00000000-0000-0000-0000-000000000001"),
        ("[np.float64(0.5), dt.date(2024, 1, 2)]", '[0.5, "2024-01-02"]'),
        ("np.ma.masked_array([1, 2], [0, 1])", "[1, null]"),
    ],
)
def test_cells_are_as_one_writes_them(export: Export, result: str, cell: str) -> None:
    _, path = export(result, "csv", "range(1)")
    assert of_csv(path)[0]["result"] == cell


def test_a_workbook_has_numbers_dates_and_text_as_what_they_are(export: Export) -> None:
    result = "('=1+1', '-5', 0.1 + 0.2, True, dt.datetime(2024, 1, 2, 3, 4, 5), dt.date(2024, 1, 2), np.int64(7), None)"
    written, path = export(result, "xlsx", "range(1)")
    titles, row = of_excel(path)
    assert titles == ("index", "argument", *(f"result[{at}]" for at in range(8)), "error")
    moment, day = map(dt.datetime.fromisoformat, ("2024-01-02T03:04:05", "2024-01-02"))
    assert row == (0, 0, "=1+1", "-5", 0.1 + 0.2, True, moment, day, 7, None, None)
    assert {cell.data_type for cell in openpyxl.load_workbook(path).active[2][2:4]} == {"s"}
    assert written.notes == ()


@pytest.mark.parametrize(
    ("result", "cell", "note"),
    [
        ("2**60", str(2**60), "more than 15 digits"),
        ("math.inf", "inf", "nan or inf"),
        ("decimal.Decimal('1E+400')", "1E+400", "beyond 1e308"),
        ("dt.datetime.max", "9999-12-31 23:59:59.999999", "after 9999"),
        ("dt.datetime(2024, 1, 1, tzinfo=UTC)", "2024-01-01 00:00:00+00:00", "dates with a zone"),
        ("dt.date(1850, 1, 1)", "1850-01-01", "before March 1900"),
        ("b'a'", "YQ==", "base64"),
    ],
)
def test_what_excel_does_not_know_is_text_and_that_is_said(export: Export, result: str, cell: str, note: str) -> None:
    written, path = export(result, "xlsx", "range(1)")
    assert of_excel(path)[1][2] == cell
    assert note in written.notes[0]


def test_excel_is_given_no_more_than_it_holds_and_no_character_that_it_does_not(export: Export) -> None:
    with pytest.raises(ResultsDoNotFit, match="32,767 characters"):
        export("'x' * 32_768", "xlsx")
    _, path = export("'a\\x07b_x0041_\\r\\n'", "xlsx", "range(1)")
    assert of_excel(path)[1][2] == "a_x0007_b_x005F_x0041__x000D_\n"


# --- arguments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "xlsx"])
def test_content_of_files_is_left_out_of_the_arguments_unless_it_is_wanted(export: Export, format: str) -> None:
    content = "[{'name': 'a.png', 'data': b'content'}, {'name': 'b.png', 'data': b'of files'}]"
    written, path = export("x['name']", format, content)
    assert b"content" not in path.read_bytes()
    assert b"a.png" in path.read_bytes() or format in ("xlsx", "parquet")
    assert "'data' is left out" in written.notes[0]
    if format != "xlsx":
        export("x['name']", format, content, arguments="all")
        assert any(text in path.read_bytes() for text in (b"content", b"Y29udGVudA=="))
    _, path = export("x['name']", format, content, arguments="none")
    assert b"'name'" not in path.read_bytes()


def test_the_names_of_files_stay_where_their_content_is_the_argument(master: Master, tmp_path: Path) -> None:
    """On the worker there may be no such files; results tell which they are of."""
    job = master.submit(
        "def f(name, content): return len(content)", "f", [("a.png", b"abc"), ("b.png", b"d")], call="args"
    )
    job.results()
    written = export_job(job, tmp_path / "out.csv", "csv")
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1:] == ["0,a.png,3,", "1,b.png,1,"]
    assert "'argument[1]' is left out" in written.notes[0]


def test_long_and_unsayable_arguments_are_left_out_and_short_ones_stay(export: Export) -> None:
    for arguments in ("[b'content']", "['x' * 20_000]", "[list(range(20_000))]", "[object()]", "[(1, object())]"):
        written, path = export("1", "csv", arguments)
        assert not any("argument" in title and title != "argument[0]" for title in of_csv(path)[0]), arguments
        assert "is left out" in written.notes[0]
    _, path = export("1", "csv", "[[1, 2], 'name', None]")
    assert [row["argument"] for row in of_csv(path)] == ["[1, 2]", "name", ""]
    with pytest.raises(ResultsDoNotFit, match="'argument' of task 0 is an object"):
        export("1", "csv", "[object()]", arguments="all")


# --- the file ---------------------------------------------------------------------------------------------------


def test_a_good_file_stays_where_there_is_no_result(export: Export, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("of yesterday")
    written, path = export("1 / 0", "csv")
    assert (written.rows, path.read_text()) == (0, "of yesterday")
    assert "the earlier out.csv stays" in written.notes[0]
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]
    path.unlink()
    written, path = export("1 / 0", "csv")
    assert (written.rows, len(of_csv(path))) == (3, 3)


def test_a_link_stays_a_link_and_its_file_is_written(export: Export, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "data.csv").write_text("of yesterday")
    try:
        (tmp_path / "out.csv").symlink_to(tmp_path / "there" / "data.csv")
    except OSError:
        pytest.skip("this user may make no links")
    export("x", "csv")
    assert (tmp_path / "out.csv").is_symlink()
    assert len(of_csv(tmp_path / "there" / "data.csv")) == 3


def test_a_package_that_is_missing_loses_nothing(
    export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(FORMATS, "parquet", replace(FORMATS["parquet"], package="no_such_package"))
    with pytest.raises(ResultsDoNotFit, match="need no_such_package, which is not here. Install it"):
        export("x", "parquet")
    assert pickle.loads((tmp_path / "out.pickle").read_bytes())["result"] == [0, 1, 2]


def test_a_file_that_is_in_use_costs_only_its_name(
    export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put = Path.replace

    def refuse(path: Path, target: Path) -> Path:  # as Windows does while Excel has it open
        if target.name == "out.csv":
            raise PermissionError
        return put(path, target)

    (tmp_path / "out.csv").write_text("of yesterday")
    monkeypatch.setattr(Path, "replace", refuse)
    written, path = export("x", "csv")
    assert (written.path, path.read_text()) == (str(tmp_path / "out-2.csv"), "of yesterday")
    assert "does another program have it open?" in written.notes[0]
    assert len(of_csv(tmp_path / "out-2.csv")) == 3


@pytest.mark.parametrize(
    "result", ["{f'c{n}': x * n for n in range(500)}", "{'λ' * 2_000 + str(n): x for n in range(5)}"]
)
def test_a_numpy_file_that_numpy_would_not_load_is_not_written(export: Export, result: str) -> None:
    """Of very many columns, or ones with very long names: it reads 10,000 characters of them, unless it is told to."""
    with pytest.raises(ResultsDoNotFit, match="more than the 9,800 characters that numpy.load reads"):
        export(result, "npy")


def test_a_numpy_file_of_as_many_columns_as_numpy_loads_is_written(export: Export) -> None:
    _, path = export("{f'c{n}': x * n for n in range(300)}", "npy")
    assert np.load(path)["result.c299"].tolist() == [0, 299, 598]


def test_a_list_in_itself_is_said_not_to_fit_and_not_how_python_failed(export: Export) -> None:
    with pytest.raises(ResultsDoNotFit, match="and 'result' has"):
        export("(lambda a: (a.append(a), a)[1])([])", "npy")
