"""Arguments from files and folders: JSON, JSON Lines, NumPy, Parquet, tabs, and columns under other names."""

from __future__ import annotations

import json
import sys
import tracemalloc
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource, kind_of_file
from mcgui_core.errors import ArgumentsInvalid

ROWS = [{"x": 1, "y": "a"}, {"x": 2, "y": None}]


def opened(path: Path, kind: Any, text: str | None = None, **options: Any) -> Arguments:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    return open_arguments(ArgumentSource(kind, path=str(path), **options))


def why_not(path: Path, kind: Any, text: str | None = None, **options: Any) -> str:
    with pytest.raises(ArgumentsInvalid) as caught:
        opened(path, kind, text, **options).check()
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text"),
        ("a.CSV", "csv"),
        ("a.tsv", "csv"),
        ("a.json", "json"),
        ("a.ndjson", "jsonl"),
        ("a.npz", "numpy"),
        ("a.parquet", "parquet"),
        ("a.png", None),
        ("a", None),
    ],
)
def test_the_ending_of_a_file_tells_its_kind(name: str, kind: str | None) -> None:
    assert kind_of_file(Path(name)) == kind


def test_columns_of_a_tsv_file_are_separated_by_tabs_alone(tmp_path: Path) -> None:
    arguments = opened(tmp_path / "a.tsv", "csv", "x\tname\n1\ta, b, c\n")
    assert list(arguments) == [{"x": 1, "name": "a, b, c"}]


# --- JSON Lines ---------------------------------------------------------------------------------------------------


def test_objects_of_json_lines_are_passed_by_name(tmp_path: Path) -> None:
    arguments = opened(tmp_path / "a.jsonl", "jsonl", '{"x": 1, "y": "a"}\n\n{"x": 2, "y": null}\n')
    preview = arguments.preview()
    assert (preview.count, preview.columns, preview.call) == (2, ("x", "y"), "kwargs")
    assert preview.first == ("{'x': 1, 'y': 'a'}", "{'x': 2, 'y': None}")
    assert preview.rows == (("1", "'a'"), ("2", "None"))
    assert list(arguments) == ROWS


def test_other_values_of_json_lines_are_passed_as_they_are(tmp_path: Path) -> None:
    arguments = opened(tmp_path / "a.jsonl", "jsonl", '1\n[1, 2]\n"x"\n')
    assert (list(arguments), arguments.call, arguments.preview().columns) == ([1, [1, 2], "x"], "single", ())


def test_the_first_bad_line_is_named_and_bad_lines_may_be_left_out(tmp_path: Path) -> None:
    text = '{"x": 1}\n{"x": \n{"x": 2}\n7\n'
    problem = why_not(tmp_path / "a.jsonl", "jsonl", text)
    assert problem.startswith("Line 2 of a.jsonl is not JSON: expecting value at character")
    assert "1 more row is bad" in problem
    arguments = opened(tmp_path / "a.jsonl", "jsonl", text, skip_bad=True)
    assert list(arguments) == [{"x": 1}, {"x": 2}]
    assert (arguments.preview().count, arguments.preview().problem[-9:]) == (2, "Left out.")


def test_a_line_that_is_no_object_among_objects_is_bad(tmp_path: Path) -> None:
    problem = why_not(tmp_path / "a.jsonl", "jsonl", '{"x": 1}\n' * 200 + "[2]\n")
    assert problem.startswith("Line 201 of a.jsonl holds an array, and the first one an object.")


def test_an_empty_file_of_json_lines_says_so(tmp_path: Path) -> None:
    assert "is empty" in why_not(tmp_path / "a.jsonl", "jsonl", "")


# --- JSON ---------------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    values=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=5,
        ),
        max_size=8,
    ),
    indent=st.sampled_from([None, 0, 3]),
    plain=st.booleans(),
    chunk=st.sampled_from([1, 7, 1 << 16]),
)
def test_an_array_read_piece_by_piece_is_what_was_written(
    values: list[Any], indent: int | None, plain: bool, chunk: int, tmp_path: Path
) -> None:
    import mcgui_core.arguments.readers.json_reader as reader

    before = reader.CHUNK
    reader.CHUNK = chunk
    try:
        (tmp_path / "a.json").write_text(json.dumps(values, indent=indent, ensure_ascii=plain), encoding="utf-8")
        found = list(open_arguments(ArgumentSource("json", path=str(tmp_path / "a.json"), skip_bad=True)))
    finally:
        reader.CHUNK = before
    first = values[:100]
    named = isinstance(values[0] if values else None, dict) and any(value for value in first if isinstance(value, dict))
    assert found == ([value for value in values if isinstance(value, dict)] if named else values)


def test_objects_of_a_json_array_are_passed_by_name(tmp_path: Path) -> None:
    arguments = opened(tmp_path / "a.json", "json", json.dumps(ROWS, indent=2))
    assert (list(arguments), arguments.call, arguments.count) == (ROWS, "kwargs", 2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a.json is empty. It has to hold one array"),
        ('{"x": 1}', "a.json holds an object, not an array."),
        ('{"x": 1}\n{"x": 2}', "holds more than one value. Is it a JSON Lines file?"),
        ("[1,\n2,\n oops, 4, 5, 6, 7, 8, 9, 10, 11, 12]", "Line 3 of a.json is not JSON: expecting value."),
        ("[1\n 2]", "Line 2 of a.json is not JSON: a comma or the end"),
        ("[1, 2", "Line 1 of a.json is not JSON: a comma or the end"),
        ('[1, "2', "not JSON: unterminated string"),
        ("[1] 2", "there is more behind the end"),
    ],
)
def test_json_that_gives_no_arguments_says_why(text: str, problem: str, tmp_path: Path) -> None:
    assert problem in why_not(tmp_path / "a.json", "json", text)


def test_an_array_longer_than_the_memory_that_it_may_take_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    path.write_text("[" + ",\n".join(f'{{"number": {n}}}' for n in range(50_000)) + "]")
    tracemalloc.start()
    try:
        count = sum(1 for _ in opened(path, "json"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 50_000
    assert peak < path.stat().st_size / 2


# --- NumPy --------------------------------------------------------------------------------------------------------


def test_items_of_an_array_are_plain_numbers(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(5000) / 2)
    arguments = opened(tmp_path / "a.npy", "numpy")
    found = list(arguments)
    assert found == [n / 2 for n in range(5000)]
    assert {type(value) for value in found} == {float}
    assert arguments.preview().count == 5000


def test_rows_of_a_matrix_are_arrays_of_their_own(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(6).reshape(3, 2))
    rows = list(opened(tmp_path / "a.npy", "numpy"))
    assert [row.tolist() for row in rows] == [[0, 1], [2, 3], [4, 5]]
    assert all(row.base is None and type(row) is np.ndarray for row in rows)


def test_named_fields_and_several_arrays_are_columns(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([(1, 2.5)], dtype=[("x", "i4"), ("y", "f8")]))
    np.savez(tmp_path / "b.npz", x=np.array([1, 2]), word=np.array(["a", "b"]))
    assert list(opened(tmp_path / "a.npy", "numpy")) == [{"x": 1, "y": 2.5}]
    several = opened(tmp_path / "b.npz", "numpy")
    assert (several.call, several.preview().columns) == ("kwargs", ("x", "word"))
    assert list(several) == [{"x": 1, "word": "a"}, {"x": 2, "word": "b"}]


@pytest.mark.parametrize(
    ("times", "values"),
    [
        (np.array(["2024-01-31", "NaT"], "M8[D]"), [date(2024, 1, 31), None]),
        (np.array(["2024-01-31T08:30:00", "NaT"], "M8[ns]"), [datetime.fromisoformat("2024-01-31 08:30"), None]),
        (np.array(["2024-01-31T08:30:00.000001"], "M8[us]"), [datetime.fromisoformat("2024-01-31 08:30:00.000001")]),
        (np.array([90, "NaT"], "m8[s]"), [timedelta(seconds=90), None]),
        (np.array([90_000], "m8[ns]"), [timedelta(microseconds=90)]),
        (np.array(["2024-01-31T00:00:00.123456789"], "M8[ns]"), [np.datetime64("2024-01-31T00:00:00.123456789")]),
        (np.array(["2024-01-31", "12024-01-31"], "M8[D]"), list(np.array(["2024-01-31", "12024-01-31"], "M8[D]"))),
        (np.array([1], "m8[M]"), [np.timedelta64(1, "M")]),
        (np.array([], "M8[ns]"), []),
    ],
)
def test_dates_and_durations_are_no_numbers(tmp_path: Path, times: np.ndarray, values: list[object]) -> None:
    """`tolist` makes numbers of what has nanoseconds, as all that comes from pandas has."""
    np.save(tmp_path / "a.npy", times)
    np.savez(tmp_path / "b.npz", when=times, n=np.arange(len(times)))
    fields = np.zeros(len(times), [("when", times.dtype), ("n", "i8")])
    fields["when"], fields["n"] = times, np.arange(len(times))
    np.save(tmp_path / "c.npy", fields)
    for found in (
        list(opened(tmp_path / "a.npy", "numpy")),
        [row["when"] for row in opened(tmp_path / "b.npz", "numpy")],
        [row["when"] for row in opened(tmp_path / "c.npy", "numpy")],
    ):
        assert found == values
        assert list(map(type, found)) == list(map(type, values))


def test_dates_of_one_array_are_all_of_one_kind(tmp_path: Path) -> None:
    times = np.full(10_000, np.datetime64("2024-01-31T00:00:00", "ns"))
    times[-1] += np.timedelta64(1, "ns")
    np.save(tmp_path / "a.npy", times)
    assert {type(item) for item in opened(tmp_path / "a.npy", "numpy")} == {np.datetime64}


def test_numpy_files_that_give_no_arguments_say_why(tmp_path: Path) -> None:
    np.save(tmp_path / "number.npy", np.array(3))
    np.save(tmp_path / "objects.npy", np.array([{}, []], dtype=object))
    np.savez(tmp_path / "uneven.npz", x=np.zeros(2), y=np.zeros(3))
    assert "is a single number" in why_not(tmp_path / "number.npy", "numpy")
    assert "holds Python objects" in why_not(tmp_path / "objects.npy", "numpy")
    assert "differ in length: x has 2, y has 3" in why_not(tmp_path / "uneven.npz", "numpy")
    assert "no NumPy file" in why_not(tmp_path / "text.npy", "numpy", "this is text")
    assert "cannot be read as a NumPy file" in why_not(tmp_path / "empty.npy", "numpy", "")


# --- Parquet ------------------------------------------------------------------------------------------------------


def test_rows_of_a_parquet_file_are_passed_by_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1, 2], "y": ["a", None]}), tmp_path / "a.parquet")
    arguments = opened(tmp_path / "a.parquet", "parquet")
    assert (arguments.call, arguments.count, arguments.preview().columns) == ("kwargs", 2, ("x", "y"))
    assert list(arguments) == ROWS


def test_labels_of_rows_that_pandas_has_written_are_left_out_where_they_have_no_name(tmp_path: Path) -> None:
    columns = {"x": [1, 2], "y": ["a", None]}
    pq.write_table(pa.table({**columns, "__index_level_0__": [7, 9]}), tmp_path / "a.parquet")
    arguments = opened(tmp_path / "a.parquet", "parquet")
    assert (list(arguments), arguments.preview().columns) == (ROWS, ("x", "y"))
    assert arguments.preview().fields == ("x", "y", "__index_level_0__")
    pq.write_table(pa.table({**columns, "label": [7, 9]}), tmp_path / "b.parquet")
    assert [row["label"] for row in opened(tmp_path / "b.parquet", "parquet")] == [7, 9]


def test_a_parquet_file_that_is_none_says_so(tmp_path: Path) -> None:
    assert "cannot be read as a Parquet file" in why_not(tmp_path / "a.parquet", "parquet", "x,y\n1,2\n")


@pytest.mark.parametrize(("module", "kind", "extra"), [("numpy", "numpy", "numpy"), ("pyarrow", "parquet", "parquet")])
def test_a_reader_that_is_not_installed_names_what_to_install(
    module: str, kind: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one == module or one.startswith(f"{module}.")]:
        monkeypatch.setitem(sys.modules, name, None)
    problem = why_not(tmp_path / "a", kind, "any")
    assert f"read by {module}, which is not installed on this computer" in problem
    assert f'pip install "mcgui[{extra}]"' in problem


# --- folders ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    for name in ("b.txt", "a.txt", "c.csv", ".hidden.txt", "deep/d.txt", "deep/er/e.txt", "other/d.csv"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(f"in {name}", encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*", ["a.txt", "b.txt", "c.csv"]),
        ("*.txt", ["a.txt", "b.txt"]),
        ("?.csv; a.*", ["a.txt", "c.csv"]),
        ("**/*.txt", ["a.txt", "b.txt", "deep/d.txt", "deep/er/e.txt"]),
        ("*/d.*", ["deep/d.txt", "other/d.csv"]),
        ("deep/**", ["deep/d.txt", "deep/er/e.txt"]),
        (".*", [".hidden.txt"]),
    ],
)
def test_files_of_a_folder_are_found_by_pattern(folder: Path, pattern: str, names: list[str]) -> None:
    arguments = opened(folder, "folder", pattern=pattern)
    assert list(arguments) == [str(folder / name) for name in names]
    assert arguments.preview().count == len(names)


def test_what_is_in_the_files_may_be_the_arguments(folder: Path) -> None:
    assert list(opened(folder, "folder", pattern="*.txt", content="text")) == ["in a.txt", "in b.txt"]
    assert list(opened(folder, "folder", pattern="*.txt", content="bytes")) == [b"in a.txt", b"in b.txt"]
    named = opened(folder, "folder", pattern="*.txt", content="named")
    assert list(named) == [("a.txt", b"in a.txt"), ("b.txt", b"in b.txt")]
    assert (named.call, named.preview().call) == ("args", "args")  # for a function of two


def test_a_file_that_is_no_text_is_named_and_may_be_left_out(folder: Path) -> None:
    (folder / "b.txt").write_bytes(b"\x89PNG\x00\x00\x00\rIHDR\x00\xff")
    assert "b.txt is not UTF-8 text." in why_not(folder, "folder", pattern="*.txt", content="text")
    skipping = opened(folder, "folder", pattern="*.txt", content="text", skip_bad=True)
    assert list(skipping) == ["in a.txt"]


def test_a_preview_does_not_read_large_files_to_their_end(folder: Path) -> None:
    (folder / "a.txt").write_text("é" * 500_000, encoding="utf-8")
    arguments = opened(folder, "folder", pattern="*.txt", content="text")
    tracemalloc.start()
    try:
        preview = arguments.preview()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (preview.count, preview.problem) == (2, "")
    assert preview.first[0].startswith("'éé")
    assert peak < 700_000
    assert len(next(iter(arguments))) == 500_000


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [("../*", "leads out of the folder"), ("/etc/*", "leads out"), ("**/x/**/y", "more than one '**'")],
)
def test_a_pattern_that_cannot_be_used_says_why(folder: Path, pattern: str, problem: str) -> None:
    assert problem in why_not(folder, "folder", pattern=pattern)


def test_a_folder_without_a_match_or_that_is_none_says_so(folder: Path) -> None:
    preview = opened(folder, "folder", pattern="*.png").preview()
    assert (preview.count, "matches '*.png'" in preview.problem) == (0, True)
    assert "There is no folder" in why_not(folder / "gone", "folder")
    assert "is a file" in why_not(folder / "a.txt", "folder")
    assert "No folder is chosen" in why_not(Path("  "), "folder")


# --- columns under other names ------------------------------------------------------------------------------------


def test_columns_are_passed_under_other_names_or_left_out(tmp_path: Path) -> None:
    names = (("length (m)", "length"), ("note", ""))
    arguments = opened(tmp_path / "a.csv", "csv", "length (m),angle,note\n1.5,2,x\n", columns=names)
    preview = arguments.preview()
    assert preview.columns == ("length", "angle")
    assert preview.fields == ("length (m)", "angle", "note")
    assert preview.first == ("{'length': 1.5, 'angle': 2}",)
    assert list(arguments) == [{"length": 1.5, "angle": 2}]
    assert arguments.count == 1


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ((("z", "x"),), "a.csv has no column 'z' to pass as 'x'. It has: x, y."),
        ((("y", "x"),), "The columns 'x' and 'y' would both be passed as 'x'."),
    ],
)
def test_names_that_do_not_fit_the_columns_are_refused(
    names: tuple[tuple[str, str], ...], problem: str, tmp_path: Path
) -> None:
    assert problem in why_not(tmp_path / "a.csv", "csv", "x,y\n1,2\n", columns=names)


def test_lines_of_text_have_no_columns_to_rename(tmp_path: Path) -> None:
    assert "has no columns" in why_not(tmp_path / "a.txt", "text", "one\n", columns=(("x", "y"),))


def test_counting_stops_when_its_time_is_up(tmp_path: Path) -> None:
    for kind, text in (("jsonl", '{"x": 1}\n'), ("text", "word\n"), ("csv", "1,2\n")):
        path = tmp_path / f"long.{kind}"
        path.write_text(("x,y\n" if kind == "csv" else "") + text * 40_000)
        quick = opened(path, kind).preview(seconds=0.0)
        assert (quick.count, len(quick.first)) == (None, 5), kind
        assert opened(path, kind).preview(seconds=600.0).count == 40_000, kind
