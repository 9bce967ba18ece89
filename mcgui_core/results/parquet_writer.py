"""Results as a Parquet file: columns in Arrow's own types.

What a column holds has to be known before its first value is written, so the results are read twice: once to see, once
to write. That takes longer than keeping them all, and no more memory for a million than for a thousand.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from mcgui_core.base.ranges import RangeSet
from mcgui_core.results.arrow_column import ArrowColumn
from mcgui_core.results.column_batches import add_all, batches
from mcgui_core.results.result_table import Misfit, ResultTable
from mcgui_core.results.row_writer import NO_UTF8

_REFUSED = (
    "'{}' of the tasks from {:,} to {:,} has what Parquet cannot hold ({}). Without this column, or as CSV or JSON "
    "Lines, the results can be written"
)


def write_parquet(table: ResultTable, path: Path) -> None:
    """Values that Arrow has no common type for are written as JSON, and noted."""
    pa: Any = importlib.import_module("pyarrow")
    pq: Any = importlib.import_module("pyarrow.parquet")
    kinds = [ArrowColumn(pa) for _ in table.titles]
    seen = RangeSet()
    for columns in batches(table.rows(table.plain, end=0.6)):
        add_all(seen, columns[0])
        for kind, values in zip(kinds, columns, strict=True):
            kind.meet(values)
    schema = pa.schema([(title, kind.type()) for title, kind in zip(table.titles, kinds, strict=True)])
    with pq.ParquetWriter(path, schema) as writer:
        for columns in batches(table.rows(table.plain, only=seen)):
            arrays = []
            for title, kind, values in zip(table.titles, kinds, columns, strict=True):
                try:
                    array, escaped = kind.array(values)
                except (pa.ArrowException, OverflowError) as error:
                    raise Misfit(_REFUSED.format(title, columns[0][0], columns[0][-1], error)) from error
                arrays.append(array)
                if escaped:
                    table.notes.add(NO_UTF8, title)
            writer.write_table(pa.table(arrays, schema=schema))
    for title, kind in zip(table.titles, kinds, strict=True):
        for sentence in sorted(kind.notes()):
            table.notes.add(sentence, title)
