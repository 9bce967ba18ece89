"""Results as typed columns: Parquet, and a structured NumPy array.

Both need to know what a column holds before its first value is written, so the results are read twice: once to see,
once to write. That takes longer than keeping them all, and no more memory for a million than for a thousand.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput
from mcgui_core.results.export_progress import ExportProgress
from mcgui_core.results.outcome_reader import Settled, in_one_line
from mcgui_core.results.row_writer import argument_columns, tasks, titles
from mcgui_core.values.display import as_json, plain

#: Tasks that are converted and written together.
AT_ONCE = 8192


def write_parquet(job: Job, path: Path, watch: ExportProgress) -> int:
    """Values that pyarrow finds no common type for are written as JSON."""
    pa = _needed("pyarrow", "Parquet files")
    pq = importlib.import_module("pyarrow.parquet")
    columns = _Columns(job)
    kinds = [_ArrowKind(pa) for _ in columns.names]
    for table in columns.tables(watch, 0.0, 0.5, plain):
        for kind, values in zip(kinds, table, strict=True):
            kind.meet(values)
    schema = pa.schema([(name, kind.type) for name, kind in zip(columns.names, kinds, strict=True)])
    written = 0
    with pq.ParquetWriter(path, schema) as writer:
        for table in columns.tables(watch, 0.5, 1.0, plain):
            arrays = [kind.array(values) for kind, values in zip(kinds, table, strict=True)]
            writer.write_table(pa.table(arrays, schema=schema))
            written += len(arrays[0])
    return written


class _ArrowKind:
    """What all values of a column can be."""

    def __init__(self, pa: Any) -> None:
        self._pa = pa
        self._schema = pa.schema([("x", pa.null())])
        self._is_json = False

    def meet(self, values: list[Any]) -> None:
        pa = self._pa
        try:
            met = pa.schema([("x", pa.array(values).type)])
            self._schema = pa.unify_schemas([self._schema, met], promote_options="permissive")
        except (pa.ArrowException, OverflowError, ValueError, TypeError):
            self._is_json = True

    @property
    def type(self) -> Any:
        found = self._schema.field("x").type
        return self._pa.string() if self._is_json or self._pa.types.is_null(found) else found

    def array(self, values: list[Any]) -> Any:
        if self._is_json:
            return self._pa.array([None if value is None else as_json(value) for value in values], self._pa.string())
        return self._pa.array(values, self.type)


def write_numpy(job: Job, path: Path, watch: ExportProgress) -> int:
    """The tasks that are done, as a structured array: `numpy.load(path)["result"]`."""
    np = _needed("numpy", "NumPy files")
    columns = _Columns(job, failed=False)
    kinds: list[Any] = [None] * len(columns.names)
    count = 0
    for table in columns.tables(watch, 0.0, 0.5):
        for at, values in enumerate(table):
            kinds[at] = _numpy_kind(np, columns.names[at], kinds[at], values, table[0])
        count += len(table[0])
    # Fields without any value (of a job that has no results yet) are numbers.
    fields = [(name, kind or "f8") for name, kind in zip(columns.names, kinds, strict=True)]
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": np.lib.format.dtype_to_descr(np.dtype(fields)), "fortran_order": False, "shape": (count,)}
        )
        left = count  # more may have become done since they were counted
        for table in columns.tables(watch, 0.5, 1.0):
            rows = np.empty(min(len(table[0]), left), dtype=fields)
            for name, values in zip(columns.names, table, strict=True):
                rows[name] = values[: len(rows)]
            file.write(rows.tobytes())
            left -= len(rows)
    return count


def _numpy_kind(np: Any, name: str, known: Any, values: list[Any], indices: list[int]) -> Any:
    """A type and a shape in which these values fit too. Raises BadInput where there is none."""
    try:
        met = np.asarray(values)
        if met.dtype.kind not in "biufcU":
            raise ValueError
        kind = (met.dtype, met.shape[1:])
        if known is None:
            return kind
        if known[1] != kind[1] or (known[0].kind == "U") != (kind[0].kind == "U"):
            raise ValueError
        return (np.promote_types(known[0], kind[0]), kind[1])
    except (ValueError, TypeError, OverflowError) as error:
        raise BadInput(
            f"A NumPy file holds numbers, text, or arrays of one shape, and '{name}' is not always the same of these "
            f"(look at the tasks from {indices[0]:,} to {indices[-1]:,}). Export as pickle, which takes anything."
        ) from error


class _Columns:
    """What a job's tasks are as columns: index, argument (or one for each key), result, and error."""

    def __init__(self, job: Job, failed: bool = True) -> None:
        self._job, self._failed = job, failed
        self._keys = argument_columns(job)
        arguments = titles(self._keys) if self._keys else ["argument"]
        self.names = ["index", *arguments, "result", *(["error"] if failed else [])]

    def tables(self, watch: ExportProgress, start: float, stop: float, value: Any = None) -> Iterator[list[list[Any]]]:
        """The columns of some thousand tasks at a time; each value as `value` makes of it."""
        rows = (self._row(task, argument, value) for task, argument in self._wanted(watch, start, stop))
        while some := list(islice(rows, AT_ONCE)):
            yield [list(column) for column in zip(*some, strict=True)]

    def _wanted(self, watch: ExportProgress, start: float, stop: float) -> Iterator[tuple[Settled, Any]]:
        return (pair for pair in tasks(self._job, watch, start, stop) if self._failed or pair[0].failure is None)

    def _row(self, task: Settled, argument: Any, value: Any) -> list[Any]:
        arguments = [argument.get(key) for key in self._keys] if self._keys else [argument]
        cells = [*arguments, task.value]
        if value is not None:
            cells = [value(cell) for cell in cells]
        return [task.index, *cells, *([in_one_line(task.failure) if task.failure else ""] if self._failed else [])]


def _needed(package: str, what: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise BadInput(f"{what} need {package}, which is not here. Install it: pip install {package}") from error
