"""The examples that come with the program, each run for real: as jobs, and as scripts over the seed's API."""

from __future__ import annotations

import ast
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_fit import fit, fit_one
from mcgui_core.client.job_document import JobDocument
from mcgui_core.environment.environment_source import Environment, read_source
from mcgui_core.protocol.messages import JobStatus, Reduced
from mcgui_core.workbench.workbench import Workbench
from tests.support import cluster

EXAMPLES = Path(str(files("mcgui_resources") / "examples"))
DOCUMENTS = sorted(path.name for path in EXAMPLES.glob("*.mcjob"))


def run(master: Master, bench: Workbench, document: JobDocument) -> tuple[int, JobStatus]:
    id = bench.submit(document.spec(), document.arguments)
    return id, master.job(id).wait(50)


def run_example(name: str) -> tuple[JobStatus, Reduced, list[object]]:
    document = JobDocument.load(EXAMPLES / name)
    with cluster() as master, Workbench(master.console_link) as bench:
        id, status = run(master, bench, document)
        return status, bench.reduce(id), master.job(id).results()


def run_script(name: str, tmp_path: Path, *changes: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a copy of an example's script on any free port: its own may be taken on the machine that runs the tests."""
    script = tmp_path / name
    source = (EXAMPLES / name).read_text(encoding="utf-8")
    for old, new in [("8888", "0"), *changes]:
        assert old in source
        source = source.replace(old, new)
    script.write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=280, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip


# --- all of them ----------------------------------------------------------------------------------------------------


def test_the_examples_are_there() -> None:
    assert {"pi.mcjob", "factorization.mcjob", "tuples.mcjob", "mandelbrot.mcjob", "pendulum.mcjob"} <= set(DOCUMENTS)
    assert {"epidemic.mcjob", "flights.mcjob"} <= set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_example_describes_itself_and_fits_together(name: str) -> None:
    document = JobDocument.load(EXAMPLES / name)
    assert document.name
    assert document.description
    source = read_source(document.environment)
    environment = Environment.parse(source, Path(document.environment).name)
    function = environment.function(document.function)
    assert function is not None
    assert function.doc
    if document.reduce:
        environment.check(document.reduce)
    assert ast.get_docstring(ast.parse(source))
    with Workbench() as bench:
        preview = bench.preview(document.arguments, source)
    assert preview.count
    assert (fit(function, preview.columns) if document.call == "kwargs" else fit_one(function)) == ""


# --- as jobs --------------------------------------------------------------------------------------------------------


def test_a_million_throws_give_pi() -> None:
    status, reduced, results = run_example("pi.mcjob")
    assert (status.state, status.done, status.failed) == ("finished", 1_000_000, 0)
    assert abs(float(reduced.text) - math.pi) < 0.01
    assert set(results) == {0, 1}


def test_large_numbers_are_factorised() -> None:
    document = JobDocument.load(EXAMPLES / "factorization.mcjob")
    assert document.arguments.text == "make_nums(5000)"
    # Every 50th of them: all 5,001 are factorised below, by the script, and take the better part of a minute.
    few = replace(document, arguments=replace(document.arguments, text="make_nums(5000)[::50]"))
    with cluster() as master, Workbench(master.console_link) as bench:
        id, status = run(master, bench, few)
        results = master.job(id).results()
    assert (status.state, status.total, status.failed) == ("finished", 101, 0)
    assert [math.prod(factors) for factors in results] == list(range(999_999_999_999, 1_000_000_010_000, 100))
    assert results[0] == [3, 3, 3, 7, 11, 13, 37, 101, 9901]


def test_a_function_of_tuples() -> None:
    document = JobDocument.load(EXAMPLES / "tuples.mcjob")
    with cluster() as master, Workbench(master.console_link) as bench:
        id, _ = run(master, bench, document)
        assert master.job(id).results() == [3, 7, 11, 15]


def test_the_mandelbrot_set_becomes_a_picture() -> None:
    pytest.importorskip("numpy", reason="the picture is computed with numpy, which is not installed here")
    status, reduced, results = run_example("mandelbrot.mcjob")
    assert status.failed == 0, reduced.text
    picture = reduced.picture
    assert picture is not None
    assert (picture.channels, picture.height) == (3, len(results))
    assert len(picture.pixels) == picture.width * picture.height * 3
    pixels = {picture.pixels[at : at + 3] for at in range(0, len(picture.pixels), 3)}
    assert bytes(3) in pixels  # the set itself is black
    assert len(pixels) > 1000  # and around it is colour
    rows = [picture.pixels[at : at + picture.width * 3] for at in range(0, len(picture.pixels), picture.width * 3)]
    assert rows[10] == rows[-11]  # it is symmetric, so its rows are where they belong


def test_a_table_with_a_bad_row_runs_without_it() -> None:
    document = JobDocument.load(EXAMPLES / "pendulum.mcjob")
    lines = Path(document.arguments.path).read_text(encoding="utf-8").splitlines()
    bad = [number for number, line in enumerate(lines, 1) if line.count(",") != lines[0].count(",")]
    assert len(lines) > 300
    assert len(bad) == 1
    with cluster() as master, Workbench(master.console_link) as bench:
        preview = bench.preview(document.arguments)
        id, status = run(master, bench, document)
        results = master.job(id).results()
        first = bench.rows(id, 0, 1)[0]
    assert f"Line {bad[0]} of parameters.csv" in preview.problem
    assert len(preview.columns) > 1
    assert (status.state, status.done, status.failed) == ("finished", len(lines) - 2, 0)
    assert first.argument.startswith(f"{{'{preview.columns[0]}': ")
    # A small swing takes the time that the formula says; a wide one takes longer.
    assert results[0]["period"] == pytest.approx(results[0]["ideal"], rel=0.01)
    assert max(result["period"] / result["ideal"] for result in results if result["period"]) > 1.3


def test_a_sweep_tries_every_combination() -> None:
    status, reduced, results = run_example("epidemic.mcjob")
    assert (status.state, status.done, status.failed) == ("finished", 15 * 5 * 5, 0)
    worst = ast.literal_eval(reduced.text)
    # The most contagious illness that lasts the longest, with nobody vaccinated: the last value, and first of the third.
    assert worst == results[-5]
    assert 50_000 < worst["ill_on_the_worst_day"] < 100_000
    assert results[4]["ill_on_the_worst_day"] == 10  # no epidemic: little contagion, a short illness, and most are safe


def test_lines_are_passed_under_the_names_that_the_function_has() -> None:
    status, reduced, results = run_example("flights.mcjob")
    assert (status.state, status.failed) == ("finished", 0)
    assert results[0] == {"flight": "Lisbon - Oslo", "km": pytest.approx(2769, abs=5)}
    assert ast.literal_eval(reduced.text)["km"] == max(result["km"] for result in results)  # type: ignore[index]


# --- as scripts over the seed's API ---------------------------------------------------------------------------------


def test_the_seeds_first_example_runs(tmp_path: Path) -> None:
    done = run_script("seed_pi.py", tmp_path)
    assert done.returncode == 0, done.stderr
    found = re.search(r"^Pi is roughly (3\.\d{6})$", done.stdout, re.MULTILINE)
    assert found, done.stdout
    assert abs(float(found[1]) - math.pi) < 0.01


@pytest.mark.timeout(300)  # five thousand numbers take about half a minute on two idle processors
def test_the_seeds_second_example_runs(tmp_path: Path) -> None:
    # All of them where there is time (`make bench` runs them too): MCGUI_LONG=1.
    count = 5000 if os.environ.get("MCGUI_LONG") else 100
    done = run_script("seed_factorization.py", tmp_path, ("[:10]", ""), ("make_nums(5000)", f"make_nums({count})"))
    assert done.returncode == 0, done.stderr
    results = dict(ast.literal_eval(line) for line in done.stdout.splitlines() if line.startswith("("))
    assert list(results) == list(range(999_999_999_999, 999_999_999_999 + 2 * (count + 1), 2))
    assert all(math.prod(map(int, factors)) == number for number, factors in results.items())


def test_the_seeds_second_example_as_printed_is_refused_with_its_line(tmp_path: Path) -> None:
    done = run_script("seed_factorization.py", tmp_path, ('"unreachable"', '"unreachabl'))
    assert "The environment does not compile: unterminated string literal in line 23 of <environment>." in done.stdout
    assert '\n    assert False, "unreachabl\n' in done.stdout
    assert "Assigning jobs" not in done.stdout  # nothing was sent


def test_the_seeds_third_example_runs(tmp_path: Path) -> None:
    done = run_script("seed_tuples.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "{(1, 2): 3, (3, 4): 7, (5, 6): 11, (7, 8): 15}" in done.stdout
