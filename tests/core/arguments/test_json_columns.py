"""JSON files that are one object: columns as arrays, what pandas writes, and rows in an envelope."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.arguments.argument_readers import Arguments, open_arguments
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.errors import ArgumentsInvalid

ROWS = [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}]


def opened(folder: Path, value: Any) -> Arguments:
    path = folder / "a.json"
    path.write_text(json.dumps(value))
    return open_arguments(ArgumentSource("json", path=str(path)))


@pytest.mark.parametrize(
    "value",
    [
        {"x": [1, 2], "y": ["a", "b"]},
        {"x": {"0": 1, "1": 2}, "y": {"0": "a", "1": "b"}},
        {"columns": ["x", "y"], "index": [0, 1], "data": [[1, "a"], [2, "b"]]},
        {"columns": ["x", "y"], "data": [[1, "a"], [2, "b"]]},
    ],
)
def test_columns_are_read_as_rows_which_is_told(tmp_path: Path, value: Any) -> None:
    arguments = opened(tmp_path, value)
    arguments.check()
    assert (arguments.call, arguments.count, [*arguments]) == ("kwargs", 2, ROWS)
    assert arguments.preview().note == "a.json holds columns, one in each array: the arguments are their rows."


@pytest.mark.parametrize(
    ("value", "note"),
    [
        ({"rows": ROWS}, "The arguments are the array 'rows' in a.json."),
        (
            {"count": 2, "next": None, "results": ROWS},
            "The arguments are the array 'results' in a.json. What is beside it ('count', 'next') is left out.",
        ),
        (
            {"schema": {"fields": []}, "data": ROWS},
            "The arguments are the array 'data' in a.json. What is beside it ('schema') is left out.",
        ),
    ],
)
def test_rows_in_an_envelope_are_read_which_is_told(tmp_path: Path, value: Any, note: str) -> None:
    arguments = opened(tmp_path, value)
    assert [*arguments] == ROWS
    assert arguments.preview().note == note


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"x": [1, 2], "y": [1]}, "a.json holds arrays that differ in their length: 'x' has 2, 'y' has 1."),
        ({"x": [1, 2], "y": 3}, "a.json holds an object, not an array."),
        ({"a": {"x": 1}, "b": {"x": 2}}, "a.json holds an object, not an array."),
        ({"0": {"0": 1}}, "a.json holds an object, not an array."),
        ({}, "a.json holds an object, not an array."),
    ],
)
def test_an_object_that_is_no_table_is_refused_with_what_it_has_to_be(tmp_path: Path, value: Any, told: str) -> None:
    with pytest.raises(ArgumentsInvalid) as refused:
        opened(tmp_path, value)
    assert str(refused.value).startswith(told)
    assert 'or columns: {"x": [1, 2]}' in refused.value.hint
