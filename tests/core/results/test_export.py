"""Results as files of every format, from a real master."""

from __future__ import annotations

import json
import pickle
import re
import tempfile
import threading
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.cli.main import main
from mcgui_core.cli.output_file import check_output
from mcgui_core.errors import BadInput, ExportStopped, FileUnwritable, ResultsDoNotFit, WorkbenchFailed
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.results.export_formats import FORMAT_NAMES, FORMATS, ExportOptions
from mcgui_core.workbench import export_run
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE, kill

WORK = """
def double(x):
    if x == 3:
        raise ValueError("not three")
    return x * 2

def mixed(x):
    return [1, 2.5, "text", None][x]

def halves(x):
    return x / 2 if x % 2 else x // 2

def tag(speed, name="a"):
    return {"loss": speed / 2, "name": name}

def rows(n):
    import numpy as np
    return np.full((2, 3), n)

class Secret:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x

def secret(x):
    return Secret(x)

class Endless(list):
    def __reduce__(self): return Endless, ()
    def __iter__(self):
        import re
        re.match("(a|aa)+$", "a" * 100 + "b")  # one call into C, with Python's lock held

def first_short(x):
    return Endless() if x else 0
"""


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(2)
        yield master


@pytest.fixture
def at(master: Master) -> Iterator[Workbench]:
    with Workbench(master.console_link) as bench:
        yield bench


def finished(master: Master, bench: Workbench, function: str, arguments: str, call: str = "single") -> int:
    id = bench.submit(JobSpec("job", WORK, function, call=call), ArgumentSource("expression", arguments))  # type: ignore[arg-type]
    assert master.job(id).wait(PATIENCE).state == "finished"
    return id


def test_a_numpy_file_holds_what_is_done_as_a_structured_array(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, "double", "range(20_000)")
    assert at.export(id, str(tmp_path / "out.npy"), "npy").rows == 19_999
    table = np.load(tmp_path / "out.npy", mmap_mode="r")
    assert table.dtype.names == ("index", "argument", "result")
    assert np.array_equal(table["result"], 2 * table["index"])
    assert 3 not in table["index"]


def test_a_numpy_file_takes_numbers_of_several_kinds_and_arrays_of_one_shape(
    master: Master, at: Workbench, tmp_path: Path
) -> None:
    at.export(finished(master, at, "halves", "range(10_000)"), str(tmp_path / "halves.npy"), "npy")
    assert np.array_equal(np.load(tmp_path / "halves.npy")["result"], np.arange(10_000) / 2)
    at.export(finished(master, at, "rows", "range(5)"), str(tmp_path / "rows.npy"), "npy")
    assert np.load(tmp_path / "rows.npy")["result"].shape == (5, 2, 3)


def test_what_no_numpy_file_can_hold_is_said_with_a_way_out(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, "mixed", "range(4)")
    with pytest.raises(ResultsDoNotFit, match="'result' has None.*Export as pickle") as caught:
        at.export(id, str(tmp_path / "out.npy"), "npy")
    assert [caught.value.kept] == [str(found) for found in tmp_path.iterdir()] == [str(tmp_path / "out.pickle")]
    assert pickle.loads((tmp_path / "out.pickle").read_bytes())["result"] == [1, 2.5, "text", None]


def test_what_does_not_fit_is_kept_as_it_was_filtered_and_sorted(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, "mixed", "range(4)")
    options = ExportOptions(where="argument > 0", order=("argument", True))
    with pytest.raises(ResultsDoNotFit, match="all 3 rows are in"):
        at.export(id, str(tmp_path / "out.npy"), "npy", options=options)
    assert pickle.loads((tmp_path / "out.pickle").read_bytes())["result"] == [None, "text", 2.5]


def test_a_parquet_file_has_typed_columns(master: Master, at: Workbench, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow, which writes Parquet files, is not installed")
    id = finished(master, at, "tag", "[{'speed': 2}, {'speed': 3, 'name': 'b'}]", call="kwargs")
    assert at.export(id, str(tmp_path / "out.parquet"), "parquet").rows == 2
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == [
        {"index": 0, "speed": 2, "name": None, "result.loss": 1.0, "result.name": "a", "error": ""},
        {"index": 1, "speed": 3, "name": "b", "result.loss": 1.5, "result.name": "b", "error": ""},
    ]
    id = finished(master, at, "double", "range(20_000)")
    at.export(id, str(tmp_path / "out.parquet"), "parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert [str(field.type) for field in table.schema] == ["int64", "int64", "int64", "string"]
    assert table.num_rows == 20_000
    assert table.slice(3, 1).to_pylist() == [
        {"index": 3, "argument": 3, "result": None, "error": "ValueError: not three"}
    ]


def test_values_without_a_common_type_are_json_in_a_parquet_file(master: Master, at: Workbench, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow, which writes Parquet files, is not installed")
    at.export(finished(master, at, "mixed", "range(4)"), str(tmp_path / "out.parquet"), "parquet")
    column = pq.read_table(tmp_path / "out.parquet").column("result").to_pylist()
    assert [None if text is None else json.loads(text) for text in column] == [1, 2.5, "text", None]


def test_a_pickle_takes_anything_and_needs_no_environment_to_be_read(
    master: Master, at: Workbench, tmp_path: Path
) -> None:
    id = finished(master, at, "secret", "range(3)")
    assert at.export(id, str(tmp_path / "out.pickle"), "pickle").rows == 3
    table = pickle.loads((tmp_path / "out.pickle").read_bytes())
    assert list(table) == ["index", "argument", "result", "error"]
    assert [secret.x for secret in table["result"]] == table["argument"] == [0, 1, 2]


@pytest.mark.parametrize("format", FORMAT_NAMES)
def test_an_empty_job_makes_an_empty_file(master: Master, at: Workbench, tmp_path: Path, format: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow.parquet", reason="pyarrow, which writes Parquet files, is not installed")
    assert at.export(finished(master, at, "double", "[]"), str(tmp_path / "out"), format).rows == 0
    assert (tmp_path / "out").exists()


def test_an_export_tells_how_far_it_is_and_can_be_stopped(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, "double", "range(300_000)")
    seen: list[float] = []
    stop = threading.Event()

    def progress(part: float) -> None:
        seen.append(part)
        if part > 0:
            stop.set()

    (tmp_path / "out.jsonl").write_text("what was there before")
    with pytest.raises(ExportStopped, match="No file was written"):
        at.export(id, str(tmp_path / "out.jsonl"), "jsonl", progress, stop)
    assert 0 < max(seen) < 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "what was there before"


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_whatever_ends_an_export_leaves_no_half_of_a_file(
    master: Master, at: Workbench, tmp_path: Path, error: type[BaseException]
) -> None:
    """Ctrl+C in a terminal, say."""
    id = finished(master, at, "double", "range(300_000)")

    def progress(part: float) -> None:
        if part > 0:
            raise error

    with pytest.raises(error):
        at.export(id, str(tmp_path / "out.jsonl"), "jsonl", progress)
    assert list(tmp_path.iterdir()) == []


def test_a_stop_counts_that_comes_before_the_export_has_begun(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, "double", "range(3)")
    stop = threading.Event()
    stop.set()
    with pytest.raises(ExportStopped):  # pressed while another piece of work had the thread
        at.export(id, str(tmp_path / "out.jsonl"), "jsonl", None, stop)
    at._call("stop_export")  # each request has a thread of its own, and this one's was faster
    with pytest.raises(ExportStopped):
        at._call("export", id, str(tmp_path / "out.jsonl"), "jsonl", "a ticket", "all", False, (), False, None)
    assert list(tmp_path.iterdir()) == []
    assert at.export(id, str(tmp_path / "out.jsonl"), "jsonl").rows == 3


def test_what_is_told_of_a_file_is_why_it_is_not_there_and_not_what_clearing_up_met(
    master: Master, at: Workbench, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "out.csv"
    with pytest.raises(FileUnwritable, match=re.escape(str(path))) as raised:
        at.export(finished(master, at, "double", "range(3)"), str(path), "csv")
    assert ".new" not in str(raised.value)
    assert "Errno" not in str(raised.value)


def exporting(bench: Workbench) -> psutil.Process:
    """The process that writes a file."""
    return psutil.Process(bench._exports[-1]._process.pid)


@pytest.mark.parametrize("format", ["jsonl", "xlsx"])
def test_an_export_is_stopped_in_the_middle_of_a_single_value(
    master: Master, at: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    """Its process ends, and nothing of it stays: no file, and none of those that it keeps meanwhile."""
    monkeypatch.setattr(export_run, "LOOK", 0.05)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    id = finished(master, at, "first_short", "range(2)")
    stop = threading.Event()
    told: list[float] = []

    def progress(part: float) -> None:
        told.append(part)
        # It has begun, and has answered nothing else since.
        if len(told) > 20 and (list(tmp_path.glob(".*")) or list(temporary.glob("*/openpyxl*"))):
            stop.set()

    with pytest.raises(ExportStopped):
        at.export(id, str(tmp_path / f"out.{format}"), format, progress, stop)
    assert all(export.ended for export in at._exports)
    assert list(tmp_path.iterdir()) == [temporary]
    assert list(temporary.iterdir()) == []
    assert at.rows(id, 0, 1)[0].value == "0", "what else is asked of the workbench is not touched"


def test_an_export_goes_on_to_tell_how_far_it_is_while_its_process_answers_nothing(
    master: Master, at: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_run, "LOOK", 0.05)
    id = finished(master, at, "first_short", "range(2)")
    stop, held = threading.Event(), threading.Event()
    told: list[float] = []  # while the process answered nothing, as within C code

    def progress(part: float) -> None:
        if held.is_set():
            told.append(part)
            if len(told) == 3:
                stop.set()
        elif list(tmp_path.iterdir()):
            exporting(at).suspend()
            held.set()

    with pytest.raises(ExportStopped):
        at.export(id, str(tmp_path / "out.jsonl"), "jsonl", progress, stop)
    assert len(told) >= 3
    assert list(tmp_path.iterdir()) == []


def test_an_export_whose_process_is_killed_leaves_nothing_and_one_at_work_outlives_the_workbench_process(
    master: Master, at: Workbench, tmp_path: Path
) -> None:
    id = finished(master, at, "double", "range(300_000)")
    ended = threading.Event()

    def restart(part: float) -> None:
        if part > 0 and not ended.is_set():
            ended.set()
            at.restart()

    assert at.export(id, str(tmp_path / "out.jsonl"), "jsonl", restart).rows == 300_000
    assert ended.is_set()
    (tmp_path / "out.jsonl").unlink()

    def end(part: float) -> None:
        if part > 0:
            kill(exporting(at))

    with pytest.raises(WorkbenchFailed):
        at.export(id, str(tmp_path / "out.jsonl"), "jsonl", end)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "parquet", replace(FORMATS["parquet"], package="no_such_package"))
    with pytest.raises(BadInput, match="parquet files need no_such_package.*pip install no_such_package"):
        check_output(Namespace(output=Path("out.parquet"), output_folder=None))


def test_the_command_writes_every_format_and_names_those_that_it_knows(
    master: Master, at: Workbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id = finished(master, at, "halves", "range(10)")
    links = tmp_path / "links.json"
    links.write_text(json.dumps({"console": master.console_link, "worker": master.worker_link}))
    links.chmod(0o600)
    for format in FORMAT_NAMES:
        path = tmp_path / f"out.{format}"
        assert main(["results", str(id), str(path), "--link-file", str(links)]) == 0
        assert path.stat().st_size > 0
    comma = tmp_path / "comma.csv"
    assert main(["results", str(id), str(comma), "--decimal-comma", "--link-file", str(links)]) == 0
    assert comma.read_text("utf-8-sig").splitlines()[2] == "1;1;0,5;"
    assert main(["results", str(id), str(tmp_path / "out.xls"), "--link-file", str(links)]) == 1
    told = f".csv, .xlsx, .jsonl, .parquet, .npy or .pickle; {tmp_path / 'out.xls'} ends in none"
    assert told in capsys.readouterr().err
