"""A job saved as a Python script runs by itself, and says the same as the job."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.client.job_document import JobDocument
from mcgui_core.client.master import Master
from mcgui_core.client.script_export import job_script, save_script
from mcgui_core.errors import DocumentInvalid

SOURCE = """
FACTOR = 3

def triple(x):
    if x == 13:
        raise ValueError("unlucky")
    return FACTOR * x

def add(a, b=0):
    return int(a) + int(b)

def total(values):
    return sum(values)
"""


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "numbers.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    return path


def document(environment: Path, text: str = "range(4)", **more: object) -> JobDocument:
    values: dict[str, object] = {
        "environment": str(environment),
        "function": "triple",
        "arguments": ArgumentSource("expression", text),
        "name": "Triples",
    }
    return JobDocument(**(values | more))  # type: ignore[arg-type]


def run(script: Path, **environment: str) -> str:
    """Run it as a person would, from another folder, and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=script.parent.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_script_reads_well(environment: Path, tmp_path: Path) -> None:
    made = job_script(document(environment, description="Each number, thrice", retries=2), tmp_path / "run.py")
    assert made.startswith("# Triples\n# Each number, thrice\n")
    assert "arguments = (range(4))\n" in made
    assert "ENVIRONMENT = HERE / 'work/numbers.py'\n" in made
    assert "        function='triple',\n        args=arguments,\n        name='Triples',\n        retries=2,\n" in made
    assert "open_arguments" not in made


def test_a_script_of_a_project_has_its_modules_files_and_shared_values(tmp_path: Path) -> None:
    home = tmp_path / "project"
    home.mkdir()
    (home / "helper.py").write_text("def load():\n    return [10, 20, 30]\n")
    (home / "a.txt").write_text("one")
    main = home / "main.py"
    main.write_text(
        "import helper\nload = helper.load\ncases = lambda: range(len(load()))\n"
        "def f(x, table):\n    return table[x], open('a.txt').read()\n"
    )
    made = document(main, "cases()", function="f", shared=(("table", "load()"),), files=("*.txt",))
    save_script(made, tmp_path / "run.py")
    assert "(10, 'one')" in run(tmp_path / "run.py")


def test_a_script_runs_by_itself_also_after_its_folder_has_moved(environment: Path, tmp_path: Path) -> None:
    save_script(document(environment, reduce="total"), environment.parent / "run.py")
    shutil.move(environment.parent, tmp_path / "elsewhere")
    assert run(tmp_path / "elsewhere" / "run.py") == "18\n"


def test_a_script_reads_the_same_rows_on_a_cluster_that_runs_already(environment: Path) -> None:
    rows = environment.parent / "rows.csv"
    rows.write_text("A;B;\n1;2;\n3;4;\n")  # its columns are matched in the script too
    source = ArgumentSource("csv", path=str(rows))
    script = environment.parent / "run.py"
    save_script(document(environment, function="add", arguments=source, call="kwargs", name="Sums"), script)
    with Master() as master:
        master.add_local_worker(nprocs=1)
        assert run(script, MCGUI_LINK=master.console_link) == "0 3\n1 7\n"
        assert [job.spec.name for job in master.jobs()] == ["Sums"]


def test_arguments_that_use_the_environment_still_do(environment: Path) -> None:
    script = environment.parent / "run.py"
    save_script(document(environment, "[FACTOR, triple(2), 13]"), script)
    assert "open_arguments" in script.read_text()
    lines = run(script).splitlines()
    assert {"0 9", "1 18"} < set(lines)
    assert any("unlucky" in line for line in lines)


@pytest.mark.parametrize("declared", ["# coding: latin-1\n", "\ufeff"])
def test_arguments_of_an_environment_in_another_encoding_are_read(tmp_path: Path, declared: str) -> None:
    """And so is the environment itself, by a script that names its file."""
    path = tmp_path / "work" / "old.py"
    path.parent.mkdir()
    source = f"{declared}NAMES = ['é']\ndef f(x):\n    return ascii(x + 'ü')\n"
    path.write_bytes(source.encode("latin-1" if "latin" in declared else "utf-8"))
    save_script(document(path, "NAMES", function="f"), path.parent / "run.py")
    assert run(path.parent / "run.py") == "0 '\\xe9\\xfc'\n"


def test_a_script_that_cannot_be_written_is_said(environment: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentInvalid, match="cannot be written"):
        save_script(document(environment), tmp_path / "missing" / "run.py")


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=TEXT, description=TEXT, function=TEXT, reduce=st.none() | TEXT, path=TEXT, file=TEXT.filter(bool))
def test_whatever_a_job_is_called_its_script_is_python(
    name: str, description: str, function: str, reduce: str | None, path: str, file: str, environment: Path
) -> None:
    made = document(
        environment,
        name=name,
        description=description,
        function=function,
        reduce=reduce,
        arguments=ArgumentSource("csv", path=str(environment.parent) + "/" + path.replace("\0", "")),
    )
    ast.parse(job_script(made, environment.parent / file.replace("\0", "").replace("/", "_")))
