"""The workbench, with its real child and a real master: previews, submissions, rows, files, reductions, and accidents."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psutil
import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource, ColumnType
from mcgui_core.client.document_arguments import KeptForm, read_kept
from mcgui_core.errors import (
    ArgumentsInvalid,
    BadInput,
    ConnectionFailed,
    EnvironmentInvalid,
    FunctionNotFound,
    JobUnknown,
    WorkbenchFailed,
)
from mcgui_core.protocol.messages import JobSpec, Picture
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE, kill
from tests.waiting import until

WORK = """
from collections import namedtuple
from dataclasses import dataclass

@dataclass
class Point:
    x: int

class Broken:
    def __repr__(self):
        raise ValueError("no repr")

def double(x):
    if x == 3:
        raise ValueError("not three\\nsecond line")
    return x * 2

def odd_values(x):
    return [None, True, 1.5, float("nan"), "a,b", (1, [2]), {"k": {1}, 2: b"x"}, Point(1), 10**30, Broken()][x]

def move(point):
    assert isinstance(point, Point), type(point)
    return Point(point.x + 1)

def throw(speed, angle=45):
    return speed * angle

def is_point(points):
    return [type(point) is Point for point in points], points

def total(values):
    return sum(values)

def fail(values):
    raise KeyError("no " + "total")

def table(values):
    return "x" * 10_000
"""


def hanging(bench: Workbench, call: Callable[[], Any]) -> Future[Any]:
    """A call in a thread of its own, from the moment on at which the child is at it."""
    answer: Future[Any] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except Exception as error:  # noqa: BLE001
            answer.set_exception(error)

    threading.Thread(target=run).start()
    return answer


def child_of(bench: Workbench) -> psutil.Process:
    """The workbench's process, which may have been started anew since the last look."""
    found = [
        process
        for process in psutil.Process().children()
        if "mcgui_core.workbench.workbench_child" in " ".join(process.cmdline())
    ]
    assert len(found) == 1
    return found[0]


def spec(function: str, **options: Any) -> JobSpec:
    return JobSpec("job", WORK, function, filename="work.py", **options)


def expression(text: str) -> ArgumentSource:
    return ArgumentSource("expression", text)


@pytest.fixture
def bench() -> Iterator[Workbench]:
    """Without a master."""
    with Workbench() as bench:
        yield bench


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(2)
        yield master


@pytest.fixture
def at(master: Master) -> Iterator[Workbench]:
    """With a master."""
    with Workbench(master.console_link) as bench:
        yield bench


def finished(master: Master, bench: Workbench, job: JobSpec, source: ArgumentSource) -> int:
    id = bench.submit(job, source)
    assert master.job(id).wait(PATIENCE).state == "finished"
    return id


# --- previews -------------------------------------------------------------------------------------------------------


def test_a_preview_needs_no_master_and_runs_the_environment_elsewhere(bench: Workbench) -> None:
    environment = "import os\ndef pids(n):\n    print('prints do no harm')\n    return [os.getpid()] * n\n"
    preview = bench.preview(expression("pids(3)"), environment)
    assert preview.count == 3
    assert preview.first[0] != str(os.getpid())
    assert preview.first[0] == str(child_of(bench).pid)


def test_a_preview_of_a_table_follows_the_file(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n")
    source = ArgumentSource("csv", path=str(path))
    assert bench.preview(source).count == 1
    path.write_text("a,b\n1,2\n3,4\n5\n")
    preview = bench.preview(source)
    assert (preview.count, preview.columns, preview.call) == (2, ("a", "b"), "kwargs")
    assert "Line 4" in preview.problem


def test_a_relative_path_means_the_folder_we_are_in_now(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.preview(expression("[]"))
    (tmp_path / "lines.txt").write_text("one\ntwo\n")
    monkeypatch.chdir(tmp_path)
    assert bench.preview(ArgumentSource("text", path="lines.txt")).count == 2


def test_bad_input_comes_back_as_it_was_raised(bench: Workbench) -> None:
    with pytest.raises(ArgumentsInvalid, match="ZeroDivisionError"):
        bench.preview(expression("1 / 0"))
    with pytest.raises(EnvironmentInvalid) as caught:
        bench.preview(expression("f()"), "def f(:\n", "mine.py")
    assert (caught.value.line, caught.value.filename) == (1, "mine.py")


def test_the_environment_runs_once_for_many_previews_of_it(bench: Workbench, tmp_path: Path) -> None:
    environment = f"open({str(tmp_path / 'runs')!r}, 'a').write('x')\ndef f(n): return range(n)\n"
    for n in range(5):
        assert bench.preview(expression(f"f({n})"), environment).count == n
    assert (tmp_path / "runs").read_text() == "x"


def test_without_a_master_only_previews_are_possible(bench: Workbench) -> None:
    with pytest.raises(WorkbenchFailed, match="without a master"):
        bench.submit(spec("double"), expression("[1]"))


@pytest.mark.parametrize("method", ["close", "give_up", "_there", "__init__", "__class__", "nothing", ""])
def test_nothing_is_called_in_the_child_but_what_is_meant_to_be(bench: Workbench, method: str) -> None:
    with pytest.raises(WorkbenchFailed, match=f"it has no {method}"):
        bench._call(method)


def test_an_expression_that_recurses_without_end_is_an_error(bench: Workbench) -> None:
    with pytest.raises(ArgumentsInvalid, match="RecursionError"):
        bench.preview(expression("f(1)"), "def f(n): return f(n + 1)\n")


def test_what_an_expression_prints_and_reads_does_not_reach_the_channel(bench: Workbench) -> None:
    environment = "import os, sys\ndef f():\n    os.write(1, b'garbage')\n    return [sys.stdin.read()]\n"
    assert bench.preview(expression("f()"), environment).first == ("''",)


# --- accidents ------------------------------------------------------------------------------------------------------


def test_an_expression_that_never_ends_is_stopped_by_a_restart(bench: Workbench, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    environment = f"def hang():\n    open({str(mark)!r}, 'w').close()\n    while True: pass\n"
    answer = hanging(bench, lambda: bench.preview(expression("hang()"), environment))
    until(mark.exists, PATIENCE)
    bench.restart()
    with pytest.raises(WorkbenchFailed, match="started anew"):
        answer.result(PATIENCE)
    assert bench.preview(expression("[1]")).count == 1


def test_an_expression_that_crashes_python_is_told_and_the_next_call_starts_anew(bench: Workbench) -> None:
    with pytest.raises(WorkbenchFailed, match=r"ended with exit code 3|killed by"):
        bench.preview(expression("__import__('os')._exit(3)"))
    assert bench.preview(expression("[1]")).count == 1


def test_a_child_that_was_killed_between_two_calls_is_started_anew(bench: Workbench) -> None:
    bench.preview(expression("[1]"))
    kill(child_of(bench))

    def works() -> bool:
        with contextlib.suppress(WorkbenchFailed):  # until the end has been noticed
            return bench.preview(expression("[1]")).count == 1
        return False

    until(works, PATIENCE)


def test_closing_lets_go_of_whoever_waits(tmp_path: Path) -> None:
    mark = tmp_path / "started"
    environment = f"def hang():\n    open({str(mark)!r}, 'w').close()\n    while True: pass\n"
    bench = Workbench()
    answer = hanging(bench, lambda: bench.preview(expression("hang()"), environment))
    until(mark.exists, PATIENCE)
    bench.close()
    with pytest.raises(WorkbenchFailed, match="closed"):
        answer.result(PATIENCE)
    with pytest.raises(WorkbenchFailed, match="closed"):
        bench.preview(expression("[1]"))
    bench.close()
    bench.restart()


def test_a_child_whose_parent_is_gone_ends(tmp_path: Path) -> None:
    bench = Workbench()
    bench.preview(expression("[1]"))
    process = child_of(bench)
    bench._child._process.stdin.close()  # type: ignore[union-attr]  # what the end of a parent does
    process.wait(PATIENCE)
    bench.close()


def test_rows_can_be_read_while_an_expression_runs(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, spec("double"), expression("range(3)"))
    mark, go = tmp_path / "started", tmp_path / "go"
    environment = (
        f"import pathlib, threading\ndef hang():\n    open({str(mark)!r}, 'w').close()\n"
        f"    while not pathlib.Path({str(go)!r}).exists(): threading.Event().wait(0.01)\n    return [1]\n"
    )
    answer = hanging(at, lambda: at.preview(expression("hang()"), environment))
    until(mark.exists, PATIENCE)
    assert [row.value for row in at.rows(id, 0, 10)] == ["0", "2", "4"]
    assert not answer.done()
    go.touch()
    assert answer.result(PATIENCE).count == 1


def test_many_threads_may_call_at_once(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double"), expression("range(10, 2010)"))
    found: list[bool] = []

    def read(start: int) -> None:
        rows = at.rows(id, start, 50)
        found.append([row.index for row in rows] == list(range(start, start + 50)))

    threads = [threading.Thread(target=read, args=(start,)) for start in range(0, 2000, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 20


# --- submissions ----------------------------------------------------------------------------------------------------


def test_a_range_a_list_and_an_iterator_are_submitted(master: Master, at: Workbench) -> None:
    for text in ("range(10, 20)", "list(range(10, 20))", "(i for i in range(10, 20))"):
        id = finished(master, at, spec("double"), expression(text))
        assert master.job(id).results() == [2 * i for i in range(10, 20)]


def test_no_arguments_are_a_job_that_is_finished_at_once(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double"), expression("[]"))
    assert master.job(id).results() == []
    assert at.rows(id, 0, 10) == ()


def test_a_table_is_passed_as_keyword_arguments(master: Master, at: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("speed,angle\n" + "".join(f"{i},2\n" for i in range(3000)))
    id = finished(master, at, spec("throw", call="kwargs"), ArgumentSource("csv", path=str(path)))
    assert master.job(id).results() == [2 * i for i in range(3000)]


def test_a_job_remembers_where_its_arguments_came_from(master: Master, at: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("speed;angle\n1,5;2\n")
    types: tuple[tuple[str, ColumnType], ...] = (("angle", "text"),)
    given = ArgumentSource("csv", path=str(path), columns=(("speed", "v"),), types=types, encoding="cp1252")
    for source in (expression('["two\\nlines", None]'), given):
        id = at.submit(spec("double"), source)
        assert read_kept(master.job(id).spec.source) == KeptForm(source)
    long = at.submit(spec("double"), expression(repr(list(range(50_000)))))
    assert read_kept(master.job(long).spec.source) == KeptForm()  # its arguments are kept, not the text that made them


def test_a_job_remembers_its_shared_values_and_which_files_were_picked(
    master: Master, at: Workbench, tmp_path: Path
) -> None:
    main = tmp_path / "main.py"
    main.write_text("def f(x, table):\n    return table[x], open('a.txt').read()\ndef load():\n    return [7, 8]\n")
    (tmp_path / "a.txt").write_text("a")
    source, shared = expression("range(2)"), (("table", "load()"),)
    described = JobSpec("job", main.read_text(), "f", filename=str(main))
    job = master.job(at.submit(described, source, ("*.txt",), shared))
    assert job.results() == [(7, "a"), (8, "a")]
    assert read_kept(job.spec.source) == KeptForm(source, shared, ("*.txt",))
    by_script = master.submit(main, "f", [0], files=["*.txt"], shared={"table": [1]})
    assert read_kept(by_script.spec.source) == KeptForm(files=("*.txt",))


@pytest.mark.parametrize(
    "text", ["load()", "[open('a.txt').read()]", "(path.read_text() for path in here.glob('*.txt'))", "once"]
)
def test_an_expression_reads_what_lies_beside_the_environment(
    master: Master, at: Workbench, tmp_path: Path, text: str
) -> None:
    main = tmp_path / "main.py"
    main.write_text(
        "from pathlib import Path\nonce = [Path('a.txt').read_text()]\nhere = Path('.')\n"
        "def load():\n    return [Path('a.txt').read_text()]\ndef f(x):\n    return x\n"
    )
    (tmp_path / "a.txt").write_text("a")
    described = JobSpec("job", main.read_text(), "f", filename=str(main))
    assert at.preview(expression(text), main.read_text(), str(main)).first == ("'a'",)
    assert master.job(at.submit(described, expression(text), ("a.txt",))).results() == ["a"]


def test_a_module_that_was_edited_counts_in_the_next_preview(bench: Workbench, tmp_path: Path) -> None:
    main, helper = tmp_path / "main.py", tmp_path / "helper.py"
    main.write_text("import helper\n")
    helper.write_text("COUNT = 3\n")
    described = expression("range(helper.COUNT)"), main.read_text(), str(main)
    assert bench.preview(*described).count == 3
    later = time.time() + 5
    helper.write_text("COUNT = 44\n")
    os.utime(helper, (later, later))
    assert bench.preview(*described).count == 44


def test_arguments_may_be_of_a_class_of_the_environment(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("move", reduce="is_point"), expression("[Point(i) for i in range(3)]"))
    assert at.reduce(id).text == "([True, True, True], [Point(x=1), Point(x=2), Point(x=3)])"
    assert [row.value for row in at.rows(id, 0, 3)] == ["Point(x=1)", "Point(x=2)", "Point(x=3)"]


@pytest.mark.parametrize(
    ("job", "source", "error", "problem"),
    [
        (spec("trouble"), expression("[1]"), FunctionNotFound, "Did you mean 'double'"),
        (spec("double", reduce="totals"), expression("[1]"), FunctionNotFound, "Did you mean 'total'"),
        (JobSpec("j", "def f(:", "f"), expression("[1]"), EnvironmentInvalid, "line 1"),
        (
            spec("double"),
            expression("[1, __import__('threading').Lock()]"),
            ArgumentsInvalid,
            "pickled",
        ),
        (spec("double"), expression("[(i for i in 'ab')] * 200_000"), ArgumentsInvalid, "Argument 0.*pickled"),
        (spec("double"), expression("nothing"), ArgumentsInvalid, "NameError"),
        (spec("double"), ArgumentSource("text", path="/no/such/file"), ArgumentsInvalid, "no file"),
    ],
)
def test_bad_input_starts_nothing(
    master: Master, at: Workbench, job: JobSpec, source: ArgumentSource, error: type[Exception], problem: str
) -> None:
    before = [job.id for job in master.jobs()]
    with pytest.raises(error, match=problem):
        at.submit(job, source)
    assert [job.id for job in master.jobs()] == before


def test_a_table_with_a_bad_row_is_refused_or_run_without_it(master: Master, at: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("speed,angle\n1,2\n3\n5,6\n")
    with pytest.raises(ArgumentsInvalid, match=r"Line 3 of p\.csv has 1 column, the header 2\."):
        at.submit(spec("throw", call="kwargs"), ArgumentSource("csv", path=str(path)))
    id = finished(master, at, spec("throw", call="kwargs"), ArgumentSource("csv", path=str(path), skip_bad=True))
    assert master.job(id).results() == [2, 30]


def test_an_iterator_that_raises_ends_its_job_with_the_reason(master: Master, at: Workbench) -> None:
    text = "(1 // (5 - i) for i in range(9))"
    id = at.submit(spec("double"), expression(text))
    status = master.job(id).wait(PATIENCE)
    assert status.state == "cancelled"
    assert "ZeroDivisionError" in status.reason
    assert "after 5 arguments" in status.reason


ENDLESS = "(i for i in __import__('itertools').count(10))"


def test_closing_cancels_a_job_whose_arguments_are_still_read(master: Master) -> None:
    with Workbench(master.console_link) as bench:
        id = bench.submit(spec("double"), expression(ENDLESS))
    status = master.job(id).wait(PATIENCE)
    assert status.state == "cancelled"
    assert "before they were all read" in status.reason


def test_a_restart_cancels_a_job_whose_arguments_are_still_read(master: Master, at: Workbench) -> None:
    over = finished(master, at, spec("double"), expression("(i for i in range(10, 20))"))
    id = at.submit(spec("double"), expression(ENDLESS))
    at.restart()
    status = master.job(id).wait(PATIENCE)
    assert status.state == "cancelled"
    assert "ended before they were read" in status.reason
    assert master.job(over).status.state == "finished"


def test_the_arguments_of_a_cancelled_job_are_read_no_further(master: Master, at: Workbench, tmp_path: Path) -> None:
    read = tmp_path / "read"
    id = at.submit(spec("double"), expression(f"(open({str(read)!r}, 'a').write('x') for i in iter(int, 1))"))
    until(read.exists, PATIENCE)
    master.job(id).cancel()

    def held_back() -> bool:
        before = read.stat().st_size
        threading.Event().wait(0.5)
        return read.stat().st_size == before

    until(held_back, PATIENCE)


# --- results --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "row", "bad"), [("csv", "1\n", "1,2\n"), ("jsonl", '{"x": 1}\n', "{\n"), ("text", "word\n", "\n")]
)
def test_a_job_knows_how_many_arguments_it_will_have_while_they_are_still_read(
    tmp_path: Path, kind: Any, row: str, bad: str
) -> None:
    (tmp_path / "a").write_text(("x\n" if kind == "csv" else "") + row * 300_000 + bad + row * 300_000)
    source = ArgumentSource(kind, path=str(tmp_path / "a"), skip_bad=kind != "text")
    spec = JobSpec("many", "def f(x): ...", "f", call="single" if kind == "text" else "kwargs")
    # A master of its own: no worker has joined, so it does not want more for now.
    with Master() as alone, Workbench(alone.console_link) as bench:
        job = alone.job(bench.submit(spec, source))
        until(lambda: job.status.total > 0)
        status = job.status
        assert (status.sealed, status.whole, status.remaining) == (False, 600_000, 600_000)
        job.cancel()


def test_rows_show_what_became_of_each_task(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double"), expression("range(6)"))
    rows = at.rows(id, 1, 3)
    assert [(row.index, row.argument, row.state, row.value) for row in rows] == [
        (1, "1", "done", "2"),
        (2, "2", "done", "4"),
        (3, "3", "failed", "ValueError: not three"),
    ]
    assert {row.node for row in rows} == {master.nodes()[0].name}
    assert [row.index for row in at.rows(id, 4, 100)] == [4, 5]
    assert at.rows(id, 6, 100) == ()


def test_rows_of_tasks_that_wait_are_shown_as_waiting(at: Workbench, master: Master) -> None:
    paused = Master()
    with paused, Workbench(paused.console_link) as bench:
        id = bench.submit(spec("double"), expression("range(3)"))
        assert [(row.state, row.value) for row in bench.rows(id, 0, 9)] == [("waiting", "")] * 3


def test_a_hundred_rows_of_a_million_come_from_anywhere(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double"), expression("range(10, 1_000_010)"))
    at.rows(id, 0, 1)
    for start in (0, 500_000, 999_900, 123_456):
        rows = at.rows(id, start, 100)
        assert [row.value for row in rows] == [str(2 * (10 + i)) for i in range(start, start + 100)]


def test_a_retried_task_shows_its_last_outcome(master: Master, at: Workbench, tmp_path: Path) -> None:
    mark = tmp_path / "mended"
    source = f"import os\ndef f(x):\n    if not os.path.exists({str(mark)!r}): raise OSError('not yet')\n    return x\n"
    id = finished(master, at, JobSpec("j", source, "f"), expression("range(2)"))
    assert [row.state for row in at.rows(id, 0, 2)] == ["failed", "failed"]
    mark.touch()
    master.job(id).retry_failed()
    until(lambda: master.job(id).status.done == 2, PATIENCE)
    assert [(row.state, row.value) for row in at.rows(id, 0, 2)] == [("done", "0"), ("done", "1")]


def test_results_of_any_kind_are_exported(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, spec("odd_values"), expression("[*range(9), 10]"))
    path = tmp_path / "out.jsonl"
    assert at.export(id, str(path), "jsonl").rows == 10
    lines = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]
    assert [line["index"] for line in lines] == list(range(10))
    assert [line["result"] for line in lines[:9]] == [
        None, True, 1.5, "nan", "a,b", [1, [2]], {"k": [1], "2": "eA=="}, {"x": 1}, 10**30,
    ]  # fmt: skip
    assert lines[9] == {"index": 9, "argument": 10, "error": "IndexError: list index out of range"}

    assert at.export(id, str(tmp_path / "out.csv"), "csv", options=ExportOptions(exact=True)).rows == 10
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["index", "argument", "result", "error"]
    assert [row["result"] for row in rows[:9]] == [
        "", "True", "1.5", "nan", "a,b", "[1, [2]]", '{"k": [1], "2": "eA=="}', '{"x": 1}', str(10**30),
    ]  # fmt: skip
    assert rows[9]["error"] == "IndexError: list index out of range"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out.csv", "out.jsonl"]


def test_numbers_of_any_length_and_text_of_any_characters_are_shown(master: Master, at: Workbench) -> None:
    source = (
        "def f(x):\n    print('caf\\udce9')\n    if x:\n        raise ValueError('caf\\udce9')\n    return 7 ** 9999\n"
    )
    id = finished(master, at, JobSpec("odd", source, "f"), expression("range(2)"))
    row, failed = at.rows(id, 0, 2)
    assert row.value[0].isdecimal()
    assert failed.value == r"ValueError: caf\udce9"
    detail = at.detail(id, 0)
    assert detail is not None
    assert (len(detail.value), detail.output) == (8451, "caf\\udce9\n")
    assert at.table(id, r'"caf\udce9"', None, 5.0).count == 1
    ((group,),) = master.job(id).failure_groups()
    assert group.message == r"caf\udce9"
    assert [piece.text for piece in master.job(id).output()] == ["caf\\udce9\n"] * 2


def test_dicts_as_arguments_become_columns(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(
        master, at, spec("throw", call="kwargs"), expression("[{'speed': 2}, {'speed': 3, 'angle': 4}, {'index': 5}]")
    )
    at.export(id, str(tmp_path / "out.csv"), "csv", options=ExportOptions(exact=True))
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:3] == [
        ["index", "speed", "angle", "argument.index", "result", "error"],
        ["0", "2", "", "", "90", ""],
        ["1", "3", "4", "", "12", ""],
    ]
    assert rows[3][:5] == ["2", "", "", "5", ""]
    assert rows[3][5].startswith("TypeError")


def test_a_long_job_is_exported_in_order(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, spec("double"), expression("range(10, 60_010)"))
    assert at.export(id, str(tmp_path / "out.csv"), "csv", options=ExportOptions(exact=True)).rows == 60_000
    with (tmp_path / "out.csv").open(newline="") as file:
        assert all(
            row == [str(i), str(i + 10), str(2 * (i + 10)), ""] for i, row in enumerate(list(csv.reader(file))[1:])
        )


def test_an_export_that_fails_leaves_the_old_file(master: Master, at: Workbench, tmp_path: Path) -> None:
    id = finished(master, at, spec("double"), expression("[1]"))
    with pytest.raises(BadInput, match="cannot be written"):
        at.export(id, str(tmp_path / "no folder" / "out.csv"), "csv")
    with pytest.raises(BadInput, match="csv, xlsx, jsonl, parquet, npy or pickle"):
        at.export(id, str(tmp_path / "out.xls"), "xls")
    with pytest.raises(JobUnknown):
        at.export(10**9, str(tmp_path / "out.csv"), "csv")
    assert list(tmp_path.iterdir()) == []


# --- reductions -----------------------------------------------------------------------------------------------------


def test_a_reduce_function_gets_the_results_in_order_without_the_failed(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double", reduce="total"), expression("range(6)"))
    assert at.reduce(id).text == str(2 * (0 + 1 + 2 + 4 + 5))
    assert not at.reduce(id).failed


def test_a_reduce_function_that_raises_is_told_with_its_traceback(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double", reduce="fail"), expression("range(2)"))
    reduced = at.reduce(id)
    assert reduced.failed
    assert 'File "work.py"' in reduced.text
    assert "mcgui_core" not in reduced.text
    assert reduced.text.rstrip().endswith("KeyError: 'no total'")


def test_a_long_reduced_value_is_cut_in_the_middle(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double", reduce="table"), expression("[1]"))
    text = at.reduce(id).text
    assert len(text) < 5000
    assert "characters left out" in text


def test_a_job_without_a_reduce_function_has_none(master: Master, at: Workbench) -> None:
    id = finished(master, at, spec("double"), expression("[1]"))
    with pytest.raises(BadInput, match="no function to reduce"):
        at.reduce(id)


PICTURES = """
import numpy as np
def f(x): return x
def colour(values): return np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
def grey(values): return np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
def clear(values): return np.zeros((2, 2, 4), np.uint8)[::-1]
def floats(values): return np.zeros((2, 3))
def line(values): return np.zeros(3, np.uint8)
def five(values): return np.zeros((2, 2, 5), np.uint8)
def empty(values): return np.zeros((0, 4), np.uint8)
"""


def test_an_array_of_bytes_is_a_picture(master: Master, at: Workbench) -> None:
    pytest.importorskip("numpy", reason="numpy is not installed here")
    found = {}
    for name in ("colour", "grey", "clear", "floats", "line", "five", "empty"):
        id = finished(master, at, JobSpec("p", PICTURES, "f", reduce=name), expression("[1]"))
        reduced = at.reduce(id)
        assert not reduced.failed, reduced.text
        found[name] = reduced.picture
    assert found["colour"] == Picture(4, 2, 3, bytes(range(24)))
    assert found["grey"] == Picture(3, 2, 1, bytes(range(6)))
    assert found["clear"] == Picture(2, 2, 4, bytes(16))
    assert (found["floats"], found["line"], found["five"], found["empty"]) == (None, None, None, None)


def test_results_that_cannot_be_opened_here_are_shown_as_that(master: Master, at: Workbench, tmp_path: Path) -> None:
    flag = tmp_path / "on a worker"
    flag.touch()
    source = (
        "import os\nclass Special:\n    def __init__(self, x):\n"
        f"        if not os.path.exists({str(flag)!r}): raise ImportError('no such package')\n        self.x = x\n"
        "    def __reduce__(self): return Special, (self.x,)\n"
        "def f(x): return Special(x)\ndef first(values): return values[0]\n"
    )
    id = finished(master, at, JobSpec("s", source, "f", reduce="first"), expression("[1]"))
    flag.unlink()
    assert at.rows(id, 0, 1)[0].value == "<cannot be opened here: ImportError: no such package>"
    at.export(id, str(tmp_path / "out.csv"), "csv")
    assert "cannot be opened here" in (tmp_path / "out.csv").read_text()
    reduced = at.reduce(id)
    assert reduced.failed
    assert "cannot be opened on this computer: ImportError: no such package" in reduced.text


def test_a_master_that_is_gone_is_told() -> None:
    with Master() as master:
        link = master.console_link
    with Workbench(link) as bench:
        with pytest.raises(ConnectionFailed):
            bench.rows(1, 0, 1)
        assert bench.preview(expression("[1]")).count == 1
