"""The file of results that `mcgui-core run` and `mcgui-core results` write: checked before, and never lost after."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from mcgui_core.errors import BadInput, ExportStopped, FileUnwritable, McguiError, ResultsDoNotFit
from mcgui_core.protocol.messages import JobStatus
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export import missing_package
from mcgui_core.results.export_formats import FOLDER, FORMAT_NAMES, ExportOptions, listed
from mcgui_core.workbench.workbench import Workbench


def output_of(options: argparse.Namespace) -> Path | None:
    """Where the results are to go: a file, or a new folder. Raises BadInput for two places."""
    file: Path | None = options.output
    folder: Path | None = options.output_folder
    if file is not None and folder is not None:
        raise BadInput("Give a file for the results or a folder for those that are files, one of the two.")
    return file or folder


def _format(path: Path, options: argparse.Namespace) -> str:
    return FOLDER.name if options.output_folder is not None else path.suffix[1:].lower()


def check_output(options: argparse.Namespace) -> None:
    """Raises BadInput where no results could be written there: to be said before the work, not after it."""
    path = output_of(options)
    if path is None:
        return
    if options.output_folder is None:
        if _format(path, options) not in FORMAT_NAMES:
            raise BadInput(f"Results are written as {listed('.')}; {path} ends in none of these.")
        missing = missing_package(_format(path, options))
        if missing:
            raise BadInput(f"{missing}.")
    folder = path.absolute().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        why = "you may not write there" if folder.is_dir() else "there is no such folder"
        raise FileUnwritable(str(path), f"{folder}: {why}")
    if options.output_folder is None and path.exists():
        if path.is_dir():
            raise FileUnwritable(str(path), "it is a folder")
        if not os.access(path, os.W_OK):  # writing it whole would replace it all the same
            raise FileUnwritable(str(path), "it is read-only")


def write_output(bench: Workbench, job: int, path: Path, options: argparse.Namespace) -> Exported:
    """Raises BadInput; a ResultsDoNotFit names the pickle that has the results."""
    how = ExportOptions(options.exported_arguments, options.exact, decimal_comma=options.decimal_comma)
    return bench.export(job, str(path), _format(path, options), options=how)


def write_output_of_run(
    bench: Workbench, status: JobStatus, options: argparse.Namespace
) -> tuple[Exported | None, bool]:
    """The results of a run that is over, and whether they are in the file that was asked for.

    Its master may end with us, so that what is not written now is lost: where the file cannot be, another one is
    written, and named on standard error.
    """
    path = output_of(options)
    assert path is not None, "asked before"
    if status.state != "finished" and status.done and path.exists():
        path = _incomplete(path)
        print(f"mcgui-core: The job did not finish, so {output_of(options)} stays as it was.", file=sys.stderr)
    try:
        return write_output(bench, status.id, path, options), True
    except ResultsDoNotFit as error:
        print(f"mcgui-core: {error}", file=sys.stderr)
        return Exported(error.rows, error.kept), False
    except ExportStopped:
        raise
    except McguiError as error:
        print(f"mcgui-core: {error}", file=sys.stderr)
    return _elsewhere(bench, status, path), False


def _incomplete(path: Path) -> Path:
    return path.with_stem(f"{path.stem}.incomplete")


def _elsewhere(bench: Workbench, status: JobStatus, path: Path) -> Exported | None:
    """As a pickle in the first folder that takes it."""
    for folder in (path.parent, Path.cwd(), Path(tempfile.gettempdir())):
        other = folder / f"{path.stem}-job-{status.id}.pickle"
        try:
            if not other.exists():
                return bench.export(status.id, str(other.absolute()), "pickle", options=ExportOptions("all"))
        except McguiError:
            continue
    print(f"mcgui-core: The results could not be written anywhere. Job {status.id} has them.", file=sys.stderr)
    return None
