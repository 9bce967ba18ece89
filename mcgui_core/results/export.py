"""The results of a job as a file, in the format that somebody needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from mcgui_core.client.job import Job
from mcgui_core.errors import BadInput, FileUnwritable, McguiError, ResultsDoNotFit
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.chosen_tasks import ChosenTasks
from mcgui_core.results.csv_writer import write_csv
from mcgui_core.results.excel_writer import write_excel
from mcgui_core.results.export_formats import FOLDER, FORMATS, ExportOptions, listed
from mcgui_core.results.export_progress import ExportProgress, beside_of, remove_beside, target_of
from mcgui_core.results.files.folder_writer import write_folder
from mcgui_core.results.numpy_writer import write_numpy
from mcgui_core.results.parquet_writer import write_parquet
from mcgui_core.results.plain_values import numbers_of_any_length
from mcgui_core.results.result_table import Misfit, ResultTable
from mcgui_core.results.row_writer import write_lines, write_pickle
from mcgui_core.values.text import summary

Writer = Callable[[ResultTable, Path], None]

_WRITERS: Final[dict[str, Writer]] = {
    "csv": write_csv,
    "jsonl": write_lines,
    "parquet": write_parquet,
    "xlsx": write_excel,
    "npy": write_numpy,
    "pickle": write_pickle,
    "folder": write_folder,
}


def export(
    job: Job,
    path: Path,
    format: str,
    watch: ExportProgress | None = None,
    options: ExportOptions | None = None,
    chosen: ChosenTasks | None = None,
) -> Exported:
    """Write every task that has an outcome, in the order of the arguments; or the `chosen` ones, in theirs.

    Returns what was written, and where.

    csv      the columns index, argument, result and error; dicts, dataclasses, named tuples and tuples are a column
             for each key, field or place ("result.loss")
    jsonl    one object a line: index, argument, and result or error
    parquet  the columns of CSV in Arrow's own types; needs pyarrow
    xlsx     the columns of CSV as a sheet for Excel; needs openpyxl
    npy      the tasks that are done, as one structured NumPy array; for numbers, text, dates and arrays of one shape
    pickle   one dict of lists: index, argument, result, error
    folder   results that are files (bytes, pictures, figures, with the names that the tasks gave them) in a new folder,
             with a list of which task each is of

    The file is written whole or not at all, and one that is there already is replaced only where there is a result.
    What the format cannot hold is never cut: then the results are written beside as a pickle instead, with all
    their columns, and ResultsDoNotFit says what did not fit and where they are. Raises FileUnwritable,
    BadInput for another format, and ExportStopped where `watch` says so.
    """
    if format not in _WRITERS:
        raise BadInput(f"Results are written as {listed()}, not {format!r}.")
    watch = watch or ExportProgress()
    options = options or ExportOptions()
    target = target_of(path)
    beside = beside_of(target, watch.ticket or str(os.getpid()))
    with numbers_of_any_length():
        try:
            _check_package(format)
            table = _written(job, beside, format, watch, options, chosen)
            watch.reached(1.0)  # or else it is not wanted any more; who stops it later than now is too late
            return _put(table, beside, target, path)
        except (McguiError, ConnectionError):  # the master's, not the file's
            raise
        except OSError as error:
            raise FileUnwritable(str(path), error.strerror or str(error)) from error
        except Exception as error:  # values of the user's may raise anything
            problem = str(error) if isinstance(error, Misfit) else summary(error)
            raise _kept(job, beside, path, format, watch, problem, chosen) from error
        finally:
            remove_beside(beside)


def missing_package(format: str) -> str:
    """What has to be installed before this format can be written, in a sentence; "" where all is there."""
    kind = FORMATS.get(format, FOLDER)
    if not kind.package or importlib.util.find_spec(kind.package) is not None:
        return ""
    install = f"pip install {kind.package} (or mcgui[{kind.extra}])"
    return f".{format} files need {kind.package}, which is not here. Install it: {install}"


def _check_package(format: str) -> None:
    missing = missing_package(format)
    if missing:
        raise Misfit(missing)


def _written(
    job: Job,
    beside: Path,
    format: str,
    watch: ExportProgress,
    options: ExportOptions,
    chosen: ChosenTasks | None = None,
) -> ResultTable:
    if format == "pickle" and options.arguments == "short":
        options = replace(options, arguments="all")  # who asks for a pickle wants the values as they are
    rows = format not in ("jsonl", "pickle", "folder")
    if not rows:
        options = replace(options, columns=())
    table = ResultTable(job, options, watch, spread=rows, tuples=format != "npy", failed=format != "npy", chosen=chosen)
    _WRITERS[format](table, beside)
    return table


def _put(table: ResultTable, beside: Path, target: Path, path: Path) -> Exported:
    """The file in its place; a good one that is there already stays where there is no result."""
    notes = table.notes.sentences()
    if beside.is_dir():
        return _put_folder(table, beside, path, notes)
    if target.exists():
        if not table.results:
            return Exported(0, str(path), (f"There is no result to write, so the earlier {path.name} stays.", *notes))
        shutil.copymode(target, beside)
    try:
        beside.replace(target)
    except PermissionError:  # on Windows, while another program has it open: Excel, mostly
        other = _free(path)
        beside.replace(other)
        note = f"{path.name} could not be replaced (does another program have it open?), so this is {other.name}."
        return Exported(table.written, str(other), (note, *notes))
    return Exported(table.written, str(path), notes)


def _put_folder(table: ResultTable, beside: Path, path: Path, notes: tuple[str, ...]) -> Exported:
    """A folder that is there already stays as it is, and the new one has a number."""
    if not table.results:
        return Exported(0, str(path), ("There is no result to write, so there is no folder.", *notes))
    other = _free(path)
    beside.replace(other)
    if other != path:
        notes = (f"{path.name} is there already, so this is {other.name}.", *notes)
    return Exported(table.results, str(other), notes)


def _kept(
    job: Job, beside: Path, path: Path, format: str, watch: ExportProgress, problem: str, chosen: ChosenTasks | None
) -> McguiError:
    """The error to be raised, once the results, the chosen ones of them, are in a pickle beside."""
    if format == "pickle":
        return FileUnwritable(str(path), problem)
    remove_beside(beside)
    table = _written(job, beside, "pickle", watch, ExportOptions("all"), chosen)
    other = _free(path.with_name(f"{path.name}.pickle") if format == "folder" else path.with_suffix(".pickle"))
    beside.replace(other)
    return ResultsDoNotFit(path.name, problem, str(other), table.written)


def _free(path: Path) -> Path:
    """This path, or one with a number where that is taken."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found
