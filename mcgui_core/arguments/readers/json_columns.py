"""A table that is one JSON object: columns as arrays, as programs and pandas write it, or its rows in an envelope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mcgui_core.base.listing import listed
from mcgui_core.errors import ArgumentsInvalid

#: What is said to do where the object is no table.
HINT: Final = 'It has to hold one array of arguments, such as [{"x": 1}, {"x": 2}], or columns: {"x": [1, 2]}.'
#: Keys of the object that pandas writes with orient="split", and others that may be there.
_SPLIT, _BESIDE = frozenset({"columns", "data"}), frozenset({"index", "index_names", "column_names"})


@dataclass(frozen=True, slots=True)
class ObjectTable:
    """The rows of an object, and what is told of how they were found."""

    rows: Sequence[dict[str, Any]]
    note: str


def table_of_object(value: Mapping[str, Any], name: str) -> ObjectTable:
    """The table that the object in the file of this name is.

    Raises ArgumentsInvalid where it is none, or where it may be several.
    """
    if set(value) >= _SPLIT and set(value) <= _SPLIT | _BESIDE and _are_rows_of(value["columns"], value["data"]):
        names = [str(one) for one in value["columns"]]
        return ObjectTable([dict(zip(names, row, strict=True)) for row in value["data"]], _columns_note(name))
    tables = [key for key, items in value.items() if _are_objects(items)]
    arrays = {key: items for key, items in value.items() if isinstance(items, list)}
    if len(tables) == len(arrays) == 1:
        beside = [repr(key) for key in value if key != tables[0]]
        left = f" What is beside it ({listed(beside, 3)}) is left out." if beside else ""
        return ObjectTable(value[tables[0]], f"The arguments are the array {tables[0]!r} in {name}.{left}")
    if value and len(arrays) == len(value):
        return ObjectTable(_transposed(arrays, name), _columns_note(name))
    if _is_frame(value):
        columns = {key: list(cells.values()) for key, cells in value.items()}
        return ObjectTable(_transposed(columns, name), _columns_note(name))
    raise ArgumentsInvalid(f"{name} holds an object, not an array.", HINT)


def _columns_note(name: str) -> str:
    return f"{name} holds columns, one in each array: the arguments are their rows."


def _transposed(columns: Mapping[str, Sequence[Any]], name: str) -> list[dict[str, Any]]:
    lengths = {len(cells) for cells in columns.values()}
    if len(lengths) > 1:
        said = listed([f"{key!r} has {len(cells):,}" for key, cells in columns.items()], 3)
        raise ArgumentsInvalid(f"{name} holds arrays that differ in their length: {said}.", HINT)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _are_objects(items: Any) -> bool:
    return isinstance(items, list) and bool(items) and all(isinstance(item, dict) for item in items)


def _are_rows_of(names: Any, rows: Any) -> bool:
    if not isinstance(names, list) or not isinstance(rows, list) or len({*map(str, names)}) < len(names):
        return False
    return all(isinstance(row, list) and len(row) == len(names) for row in rows)


def _is_frame(value: Mapping[str, Any]) -> bool:
    """Whether it is what pandas writes unless told otherwise: in each column, values by the numbers of their rows."""
    if not value or not all(isinstance(cells, dict) for cells in value.values()):
        return False
    first = list(next(iter(value.values())))
    if not first or not all(key.isdecimal() for key in first) or all(key.isdecimal() for key in value):
        return False
    return all(list(cells) == first for cells in value.values())
