"""The results of a job as a file, in the format that somebody needs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput, FileUnwritable
from mcgui_core.results.export_formats import listed
from mcgui_core.results.export_progress import ExportProgress, beside_of
from mcgui_core.results.parquet_and_numpy_writer import write_numpy, write_parquet
from mcgui_core.results.row_writer import write_csv, write_lines, write_pickle

_WRITERS: Final[dict[str, Callable[[Job, Path, ExportProgress], int]]] = {
    "csv": write_csv,
    "jsonl": write_lines,
    "parquet": write_parquet,
    "npy": write_numpy,
    "pickle": write_pickle,
}


def export(job: Job, path: Path, format: str, watch: ExportProgress | None = None) -> int:
    """Write every task that has an outcome, in the order of the arguments. Returns how many were written.

    csv      the columns index, argument (or one for each key, where arguments are dicts), result and error
    jsonl    one object a line with the same keys
    parquet  the same columns, typed; needs pyarrow
    npy      the tasks that are done, as one structured NumPy array; for numbers, text and arrays of one shape
    pickle   one dict of lists: index, argument, result, error

    The file is written whole or not at all. Raises FileUnwritable; BadInput for values that do not fit the
    format; ExportStopped where `watch` says so.
    """
    if format not in _WRITERS:
        raise BadInput(f"Results are written as {listed()}, not {format!r}.")
    watch = watch or ExportProgress()
    beside = beside_of(path, watch.ticket or str(os.getpid()))
    try:
        written = _WRITERS[format](job, beside, watch)
        beside.replace(path)
        return written
    except OSError as error:
        if isinstance(error, ConnectionError):  # the master's, not the file's
            raise
        raise FileUnwritable(str(path), error.strerror or str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
