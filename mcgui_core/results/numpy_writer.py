"""Results as a structured NumPy array.

What a column holds has to be known before its first value is written, so the results are read twice: once to see, once
to write. That takes longer than keeping them all, and no more memory for a million than for a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

from mcgui_core.base.ranges import RangeSet
from mcgui_core.results.column_batches import add_all, batches
from mcgui_core.results.result_table import Misfit, ResultTable

#: Whole numbers up to which every one is a float.
EXACT: Final = 1 << 53
#: Characters of a header up to which numpy.load reads a file without being told to: 10,000, with what else is in it.
LONGEST_HEADER: Final = 9_800


def write_numpy(table: ResultTable, path: Path) -> None:
    """The tasks that are done: `numpy.load(path)["result"]`. Raises Misfit."""
    import numpy as np

    kinds = [_Kind(np, title) for title in table.titles]
    seen = RangeSet()
    for columns in batches(table.rows(_as_it_is, end=0.6)):
        add_all(seen, columns[0])
        for kind, values in zip(kinds, columns, strict=True):
            kind.meet(values, columns[0])
    fields = [(kind.name, *kind.field()) for kind in kinds]
    if len(repr(np.dtype(fields).descr)) > LONGEST_HEADER:
        raise Misfit(
            f"a NumPy file of {len(fields):,} columns names them in more than the {LONGEST_HEADER:,} characters that "
            "numpy.load reads. Choose some of the columns"
        )
    with _array_file(np, path, np.dtype(fields), len(seen)) as file:
        for columns in batches(table.rows(_as_it_is, only=seen)):
            rows = np.empty(len(columns[0]), dtype=fields)
            for kind, values in zip(kinds, columns, strict=True):
                rows[kind.name] = values
            file.write(rows.tobytes())


def _as_it_is(value: Any, _title: str) -> Any:
    return value


def _array_file(np: Any, path: Path, dtype: Any, count: int) -> Any:
    """A file for an array of so many rows, behind its header, which NumPy writes in the version that the names need."""
    # As NumPy guesses it, which would warn that NumPy before 1.17 reads no names such as "λ". That warning could be
    # turned off for a whole process only, whose other threads may do the same.
    version = (1, 0) if max(str(dtype.descr)) <= "\xff" else (3, 0)
    if count == 0:
        with path.open("wb") as file:
            np.lib.format.write_array(file, np.empty(0, dtype), version)
        return path.open("ab")
    mapped = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(count,), version=version)
    offset = mapped.offset
    del mapped
    opened = path.open("r+b")
    opened.seek(offset)
    return opened


class _Unfit(Exception):
    """What there is in a column that is no type of NumPy's, or not the same as what was there before."""


class _Kind:
    """A type and a shape in which all values of a column are what they were. Meeting others raises Misfit."""

    def __init__(self, np: Any, name: str) -> None:
        self._np, self.name = np, name
        self._families: set[str] = set()
        self._shape: tuple[int, ...] | None = None
        self._dtype: Any = None
        self._has_long = False  # a whole number that is no float
        self._indices = [0]

    def meet(self, values: list[Any], indices: list[int]) -> None:
        self._indices = indices
        try:
            self._see(values)
        except _Unfit as problem:
            raise self._misfit(str(problem)) from problem
        except RecursionError as error:
            raise self._misfit("a list in itself") from error
        except (
            ValueError,
            TypeError,
            OverflowError,
        ) as error:  # of numpy.asarray: other lengths of lists beside each other
            raise self._misfit("lists or arrays that are not all of one shape") from error

    def field(self) -> tuple[Any, tuple[int, ...]]:
        # Without any value (of a job that has no results yet) they are numbers.
        return (self._np.dtype("f8"), ()) if self._dtype is None else (self._dtype, self._shape or ())

    def _see(self, values: list[Any]) -> None:
        np = self._np
        kinds = set(map(type, values))
        leaves = values if kinds <= _QUICK else list(_leaves(values))
        self._families |= {_FAMILY_OF[kind] for kind in kinds} if kinds <= _QUICK else {self._family(v) for v in leaves}
        if len(self._families) != 1:
            raise _Unfit(" beside ".join(sorted(_NAMES.get(family, family) for family in self._families)))
        (family,) = self._families
        if family == "text" and any(text.endswith("\0") for text in leaves if isinstance(text, str)):
            raise _Unfit("text that ends with a zero character, which NumPy takes for the end of a shorter one")
        unit = _UNITS.get(family)
        met = np.asarray(values, unit) if unit else np.asarray(values)
        if met.dtype.kind == "O":
            raise _Unfit("whole numbers of more than 64 bits")
        if met.dtype.kind not in "biufcUmM":
            raise _Unfit(f"values of type {met.dtype}")
        if (self._shape or met.shape[1:]) != met.shape[1:]:
            raise _Unfit("lists or arrays that are not all of one shape")
        self._shape = met.shape[1:]
        self._dtype = met.dtype if self._dtype is None else np.promote_types(self._dtype, met.dtype)
        self._has_long = self._has_long or any(map(self._is_long, leaves))
        if self._has_long and self._dtype.kind in "fc":
            raise _Unfit("fractions beside whole numbers beyond 2^53, which no float keeps exactly")

    def _family(self, value: Any) -> str:
        """What may stand in one column with it."""
        if isinstance(value, self._np.ndarray | self._np.generic):
            return self._of_numpy(value)
        if isinstance(value, datetime):
            if value.tzinfo is not None or getattr(value, "nanosecond", False):
                raise _Unfit("times of day and date that have a zone, or nanoseconds")
            return "datetime"
        if isinstance(value, timedelta):
            if abs(value) > _LONGEST or getattr(value, "nanoseconds", False):
                raise _Unfit("durations of more than 292,000 years, or of nanoseconds")
            return "duration"
        family = next((family for kind, family in _FAMILY_OF.items() if isinstance(value, kind)), None)
        if family is None or isinstance(value, Enum):
            raise _Unfit("None" if value is None else f"values of type {type(value).__name__}")
        return family

    def _of_numpy(self, value: Any) -> str:
        if isinstance(value, self._np.ma.MaskedArray) and self._np.ma.is_masked(value):
            raise _Unfit("masked arrays, and no place for what is masked")
        kind = value.dtype.kind
        family = {"b": "bool", "U": "text"}.get(kind) or ("number" if kind in "iufc" else str(value.dtype))
        if kind not in "biufcUmM":
            raise _Unfit(f"values of NumPy's type {family}")
        return family

    def _is_long(self, value: Any) -> bool:
        if isinstance(value, int):
            return abs(value) > EXACT
        if isinstance(value, self._np.ndarray | self._np.generic) and value.dtype.kind in "iu" and value.itemsize == 8:
            return bool(self._np.any((value > EXACT) | (value < -EXACT)))
        return False

    def _misfit(self, problem: str) -> Misfit:
        return Misfit(
            f"a NumPy file holds numbers, text, dates, durations, or arrays of one shape, and '{self.name}' has "
            f"{problem} (look at the tasks from {self._indices[0]:,} to {self._indices[-1]:,})"
        )


def _leaves(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _leaves(value)
        else:
            yield value


_QUICK: Final = frozenset({bool, int, float, complex, str})
_FAMILY_OF: Final[dict[Any, str]] = {
    bool: "bool", int: "number", float: "number", complex: "number", str: "text", date: "date",
}  # fmt: skip
_NAMES: Final = {
    "bool": "True or False",
    "number": "numbers",
    "date": "dates",
    "datetime": "times",
    "duration": "durations",
}
#: What NumPy counts the microseconds of.
_LONGEST: Final = timedelta(microseconds=(1 << 63) - 1)
_UNITS: Final = {"datetime": "M8[us]", "date": "M8[D]", "duration": "m8[us]"}
