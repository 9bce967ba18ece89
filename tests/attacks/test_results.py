"""Results that are programs: whoever has a worker link sends them, and whoever looks at results runs none of them."""

from __future__ import annotations

import csv
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.errors import ResultNotOpened
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Chunk, NodeInfo, Outcome, Report
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.values import pickling
from mcgui_core.values.data_unpickler import open_as_data
from mcgui_core.values.partial_unpickling import Refused, Unopened
from mcgui_core.workbench.workbench import Workbench
from tests.raw_calls import call

Make = Callable[[Path], Any]


class Calls:
    """Pickled as a call."""

    def __init__(self, function: Any, *args: Any, state: Any = None) -> None:
        self._parts = (function, args) if state is None else (function, args, state)

    def __reduce__(self) -> Any:
        return self._parts


def code(path: Path) -> str:
    return f"open({str(path)!r}, 'w').close()"


def shell(path: Path) -> str:
    return f'"{sys.executable}" -c "{code(path)}"'


def of_code(path: Path) -> Any:
    return lambda: Path(path).touch()


#: What a pickle can be, beside a value. Each leaves a file where it is opened as it is.
GADGETS: dict[str, Make] = {
    "a command": lambda path: Calls(os.system, shell(path)),
    "a process": lambda path: Calls(subprocess.Popen, [sys.executable, "-c", code(path)]),
    "eval": lambda path: Calls(eval, code(path)),
    "exec": lambda path: Calls(exec, code(path)),
    "a file": lambda path: Calls(open, str(path), "w"),
    "in a list": lambda path: [1, {"a": (Calls(eval, code(path)),)}],
    "as a key": lambda path: {Calls(eval, code(path)): 1},
    "in an array of objects": lambda path: np.array([1, Calls(eval, code(path))], dtype=object),
    "as an array's type": lambda path: Calls(
        np._core.multiarray._reconstruct, np.ndarray, (0,), Calls(eval, code(path))
    ),  # type: ignore[attr-defined]
    "as an exception's argument": lambda path: ValueError(Calls(eval, code(path))),
    "as the state of a value": lambda path: Calls(Fraction, "1/2", state=Calls(eval, code(path))),
    "an attribute of a module": lambda _path: Calls(getattr, Calls(__import__, "os"), "system"),
    "a callable that is called later": lambda path: Calls(map, eval, [code(path)]),
    "a function by value": lambda path: Calls(cloudpickle.loads, cloudpickle.dumps(Calls(of_code(path)))),
    "a method of text": lambda _path: Calls(str.format, "{0.__class__}", 1),
    "a class made anew": lambda _path: Calls(type, "Evil", (), {}),
    "a method of NumPy's": lambda path: Calls(np.ndarray.tofile, np.zeros(1), str(path)),
    "a file of NumPy's": lambda path: Calls(np.save, str(path), np.zeros(1)),
}
#: ... in opcodes that no pickler of today writes.
OLD = {
    "INST": lambda path: b"(lp0\n(S'" + code(path).encode() + b"'\nibuiltins\neval\na.",
    "OBJ": lambda path: b"(lp0\n(cbuiltins\neval\nS'" + code(path).encode() + b"'\noa.",
    "GLOBAL": lambda path: b"(lp0\ncbuiltins\neval\n(S'" + code(path).encode() + b"'\ntRa.",
    "a dotted name": lambda _path: b"\x80\x04]\x8c\x08builtins\x8c\x0eint.__class__\x93a.",
    "EXT": lambda _path: b"\x80\x02]\x82\x01a.",
    "a persistent id": lambda _path: b"\x80\x02]K\x01Qa.",
}  # fmt: skip


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "the code of the worker ran"


@pytest.mark.parametrize("name", GADGETS)
def test_a_result_that_runs_something_stays_closed_and_its_neighbours_are_opened(name: str, mark: Path) -> None:
    data = pickling.dumps([1, GADGETS[name](mark), 2.5])
    found = open_as_data(data, 3)
    assert (found[0], found[2]) == (1, 2.5)
    assert isinstance(found[1], Unopened)
    assert not mark.exists()


@pytest.mark.parametrize("name", ["a command", "eval", "exec", "a method of NumPy's", "a function by value"])
def test_each_of_these_does_run_where_its_worker_is_trusted(name: str, mark: Path) -> None:
    """So that the others of these tests show something."""
    pickling.loads(pickling.dumps([1, GADGETS[name](mark), 2.5]))
    assert any(mark.parent.glob(f"{mark.name}*"))


@pytest.mark.parametrize("name", OLD)
def test_opcodes_of_old_pickles_run_nothing(name: str, mark: Path) -> None:
    (found,) = open_as_data(pickling.PLAIN + OLD[name](mark), 1)
    assert isinstance(found, Unopened)
    assert not mark.exists()


def test_a_class_is_told_by_its_name() -> None:
    _, found = open_as_data(pickling.dumps([0, Calls(eval, "1")]), 2)
    assert isinstance(found, Refused)
    assert found.kind == "builtins.eval"
    assert repr(found) == "<builtins.eval, not opened>"


def test_no_class_that_values_are_made_of_can_be_changed() -> None:
    """BUILD sets attributes of whatever it is given."""
    before = dict(vars(Fraction))
    stolen = b"\x80\x05]\x94(\x8c\x09fractions\x8c\x08Fraction\x93N}\x8c\x07__str__\x8c\x03abcs\x86bK\x05e."
    found = open_as_data(pickling.PLAIN + stolen, 2)
    assert isinstance(found[0], Unopened)
    assert found[1] == 5
    assert dict(vars(Fraction)) == before


def test_an_array_of_objects_cannot_say_that_it_is_numbers() -> None:
    """Its bytes would be taken for addresses."""

    class Liar:
        def __reduce__(self) -> Any:
            return np.dtype, ("O", False, True), (3, "|", None, None, None, 8, 8, 0)

    def array() -> Any:
        return Calls(np._core.numeric._frombuffer, b"A" * 16, Liar(), (2,), "C")  # type: ignore[attr-defined]

    def filled() -> Any:
        empty = (np.ndarray, (0,), b"b")
        return Calls(np._core.multiarray._reconstruct, *empty, state=(1, (2,), Liar(), False, b"A" * 16))  # type: ignore[attr-defined]

    for made in (array, filled):
        found = open_as_data(pickling.dumps([made(), 7]), 2)
        assert isinstance(found[0], Unopened)
        assert found[1] == 7


# --- from a worker to whoever looks -----------------------------------------------------------------------------

INFO = NodeInfo("rogue", "rogue", 1, 1, ".".join(map(str, sys.version_info[:3])), "Test", 1)
ENVIRONMENT = """
from dataclasses import dataclass

@dataclass
class Point:
    x: int

def f(x):
    return Point(x)

def total(points):
    return sum(point.x for point in points)
"""


def lie(job: int, chunk: Chunk, mark: Path) -> Outcome:
    """A result of which opening makes a file. It says that it is at home, which only its key could prove."""
    values = [GADGETS["eval"](mark) if index == 1 else index for index in range(chunk.start, chunk.stop)]
    data = pickling.dumps(values)
    return Outcome(job, chunk.start, chunk.stop, data, (), 0.1, "rogue", chunk.lease, home=True, token=chunk.token)


@pytest.fixture
def master(mark: Path) -> Iterator[Master]:
    """A master of which a worker that means ill has done the first job, and an honest one the second."""
    with Master() as started:
        job = started.submit(ENVIRONMENT, "f", range(3), reduce="total")
        with connect(JoinLink.parse(started.worker_link)) as rogue:
            call(rogue, "node", "join", INFO)
            report = Report()
            while not job.status.final:
                chunks = call(rogue, "node", "exchange", "rogue", report, 10.0).chunks
                report = Report(outcomes=tuple(lie(job.id, chunk, mark) for chunk in chunks))
            call(rogue, "node", "leave", "rogue", "")
        started.add_local_worker(1)
        started.submit(ENVIRONMENT, "f", range(3), reduce="total").wait()
        yield started


@pytest.mark.parametrize("home", [True, False])
def test_the_console_shows_its_class_and_runs_nothing(master: Master, mark: Path, tmp_path: Path, home: bool) -> None:
    with Workbench(master.own_link, home=home) as bench:
        assert [row.value for row in bench.rows(1, 0, 3)] == ["0", "<builtins.eval, not opened>", "2"]
        detail = bench.detail(1, 1)
        assert detail is not None
        assert "builtins.eval" in str(detail)
        table = bench.table(1, seconds=20.0)
        assert (table.read, table.refused) == (3, 1)
        assert bench.table_rows(1, 0, 1, 1)[0].cells["result"] == "<builtins.eval, not opened>"
        shown = bench.table(1, 'result contains "eval"', ("result", True), seconds=20.0)
        assert [row.index for row in bench.table_rows(1, shown.view, 0, 3)] == [1]
        bench.series(1, shown.view, ("task", "result"))
        for format in ("csv", "jsonl", "pickle"):
            written = bench.export(1, str(tmp_path / f"out.{format}"), format)
            assert any("were not opened" in note for note in written.notes)
        assert "builtins.eval" in bench.reduce(1).text
        assert not mark.exists()
        # What is the environment's own is opened as it was, wherever it comes from.
        assert [row.value for row in bench.rows(2, 0, 3)] == ["Point(x=0)", "Point(x=1)", "Point(x=2)"]
        assert bench.reduce(2).text == "3"
        bench.trust_workers()
        assert bench.rows(1, 0, 3)[1].value == "None"
        assert bench.table(1, seconds=20.0).refused == 0
    assert mark.exists()
    mark.unlink()
    with Workbench(master.own_link) as later:  # it is remembered for this master
        later.rows(1, 0, 3)
    assert mark.exists()


def test_a_class_of_an_environment_that_was_submitted_elsewhere_stays_closed(master: Master) -> None:
    TrustStore().path.unlink()
    with Workbench(master.own_link) as bench:
        assert bench.rows(2, 0, 1)[0].value == "<Point, not opened>"
        assert "submitted from elsewhere" in bench.reduce(2).text


def test_what_workers_sent_that_the_own_program_started_is_opened_as_it_comes(tmp_path: Path) -> None:
    source = "import argparse\ndef f(x):\n    return argparse.Namespace(x=x)"
    with Master() as master, Cluster.connect(master.console_link) as guest:
        master.add_local_worker(1)
        master.submit(source, "f", [1]).wait()
        with Workbench(master.own_link, home=True) as bench:
            assert bench.rows(1, 0, 1)[0].value == "Namespace(x=1)"
        with Workbench(guest.own_link, home=guest.home) as bench:
            assert bench.rows(1, 0, 1)[0].value == "<argparse.Namespace, not opened>"
        with Cluster.connect(master.console_link, trust_workers=False) as strict, pytest.raises(ResultNotOpened):
            strict.job(1).results()


def test_a_journal_of_somebody_else_does_not_say_who_is_at_home(tmp_path: Path) -> None:
    source = "import argparse\ndef f(x):\n    return argparse.Namespace(x=x)"
    with Master(journal=tmp_path / "mine") as master:
        master.add_local_worker(1)
        master.submit(source, "f", [1]).wait()
        assert master.home
    (tmp_path / "theirs").write_bytes((tmp_path / "mine").read_bytes())
    with Master(journal=tmp_path / "theirs") as master, Workbench(master.own_link, home=master.home) as bench:
        assert bench.rows(1, 0, 1)[0].value == "<argparse.Namespace, not opened>"
    with Master(journal=tmp_path / "mine") as master, Workbench(master.own_link, home=master.home) as bench:
        assert bench.rows(1, 0, 1)[0].value == "Namespace(x=1)"


def test_the_terminal_writes_an_error_in_its_place(master: Master, mark: Path, tmp_path: Path) -> None:
    links = tmp_path / "links.json"
    from mcgui_core.client.access.link_files import write_link_file

    write_link_file(links, {"worker": "", "watch": "", "console": master.console_link})

    def results(*more: str) -> tuple[str, list[dict[str, str]]]:
        target = tmp_path / "out.csv"
        command = [
            sys.executable,
            "-m",
            "mcgui_core.cli.main",
            "results",
            "1",
            str(target),
            "--link-file",
            str(links),
            *more,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return done.stderr, list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))

    said, rows = results()
    assert "were not opened, because that may run code" in said
    assert [row["result"] for row in rows] == ["0", "", "2"]
    assert "opening builtins.eval may run code of the worker" in rows[1]["error"]
    assert not mark.exists()
    results("--trust-workers")
    assert mark.exists()


def test_a_script_that_does_not_trust_its_workers_hears_which_and_what_to_do(master: Master, mark: Path) -> None:
    with Cluster.connect(master.console_link, trust_workers=False) as strict:
        job = strict.job(1)
        with pytest.raises(ResultNotOpened) as raised:
            job.results()
        assert (raised.value.kind, raised.value.failure.index, raised.value.failure.node) == (
            "builtins.eval",
            1,
            "rogue",
        )
        assert "on rogue" in str(raised.value)
        assert "trust_workers=True" in str(raised.value)
        assert isinstance(pickle.loads(pickle.dumps(raised.value)), ResultNotOpened)
        found = job.results(return_exceptions=True)
        assert (found[0], type(found[1]), found[2]) == (0, ResultNotOpened, 2)
        assert [type(value) for _, value in job.iter_results(return_exceptions=True)].count(ResultNotOpened) == 1
        assert strict.job(2).results() == master.job(2).results()
    assert not mark.exists()
