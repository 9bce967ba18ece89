"""`mcgui-core run`: how its tasks are run, and how the arguments reach the function."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mcgui_core.cli.main import main, parser
from mcgui_core.cli.run_options import given_options
from mcgui_core.client.job_document import JobDocument
from mcgui_core.client.master import Master
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.run_options import DEFAULTS, OPTIONS

ALL = {
    "call": "args",
    "retries": 3,
    "backoff": 0.25,
    "timeout": 2.5,
    "memory": 2 * 10**9,
    "hedge": False,
    "on_error": "stop",
    "priority": -7,
    "chunksize": 11,
    "setup": "prepare",
    "seed": "5",
}
GIVEN = [
    "--call",
    "args",
    "--retries",
    "3",
    "--backoff",
    "0.25",
    "--timeout",
    "2.5",
    "--memory",
    "2GB",
    "--no-hedge",
    "--on-error",
    "stop",
    "--priority",
    "-7",
    "--chunksize",
    "11",
    "--setup",
    "prepare",
    "--seed",
    "5",
]


def test_each_option_of_a_job_can_be_given_in_a_terminal() -> None:
    assert set(ALL) == set(OPTIONS)
    assert given_options(parser().parse_args(["run", *GIVEN])) == ALL
    assert given_options(parser().parse_args(["run"])) == {}


def test_the_help_has_a_line_about_each(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["run", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for name, kind in OPTIONS.items():
        assert f"--{name.replace('_', '-')}" in said
        assert kind.text in said
    assert re.search(r"(?<!\w)'", said) is None  # examples are quoted as each system's terminal takes them


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["--retries", "three"], "retries must be a whole number from 0 to 1,000,000, not 'three'."),
        (["--retries", "-1"], "retries must be a whole number from 0 to 1,000,000, not '-1'."),
        (["--timeout", "nan"], "timeout must be a number of seconds"),
        (["--memory", "a lot"], "memory must be an amount of memory"),
        (["--call", "star"], "invalid choice: 'star'"),
    ],
)
def test_an_option_that_is_none_is_said_at_once(
    given: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["run", *given])
    assert ended.value.code == 2
    assert problem in capsys.readouterr().err


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    path = tmp_path / "e.py"
    path.write_text(
        "def one(x):\n    return float(sum(x))\n\ndef scaled(table, x):\n    return [table * one for one in x]\n\ndef four(a, b, c, d, seed=None):\n    return a + b + c + d\n\ndef prepare(): pass\n"
    )
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    (tmp_path / "table.csv").write_text("b,e\n1,2\n")
    (tmp_path / "wide.csv").write_text("a,b,c,d,seed,e\n1,2,3,4,5,6\n")
    np.save(tmp_path / "rows.npy", np.arange(12.0).reshape(3, 4))
    return tmp_path / "rows.npy"


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        yield master


def spec_of(tmp_path: Path, *command: str, code: int = 0) -> JobSpec:
    """Run it on a master of its own, and return what that was asked for."""
    with Master() as master:
        master.add_local_worker(1)
        links = tmp_path / "links.json"
        links.write_text(json.dumps({"console": master.console_link}))
        assert main(["run", *command, "--link-file", str(links)]) == code
        (job,) = master.jobs()
        return job.spec


def test_what_is_given_is_what_the_job_is_run_with(tmp_path: Path, environment: Path) -> None:
    command = ["--environment", str(environment), "--function", "four", "--expression", "[(1, 2, 3, 4)]"]
    found = spec_of(tmp_path, *command, "--name", "Sums", *GIVEN)
    assert (found.options(), found.name) == (ALL, "Sums")


def test_a_document_is_run_as_it_says_but_for_what_is_said_otherwise(tmp_path: Path, environment: Path) -> None:
    (tmp_path / "j.mcjob").write_text(
        'environment = "e.py"\nfunction = "four"\ncall = "args"\ntimeout = 3.5\nmemory = "3 GB"\nchunksize = 5\n'
        '[arguments]\nkind = "expression"\ntext = "[(1, 2, 3, 4)]"\n'
    )
    found = spec_of(tmp_path, str(tmp_path / "j.mcjob"), "--timeout", "none", "--retries", "1")
    assert found.options() == {**DEFAULTS, "call": "args", "memory": 3 * 10**9, "chunksize": 5, "retries": 1}
    assert JobDocument.load(tmp_path / "j.mcjob").timeout == 3.5


def test_rows_of_an_array_are_spread_over_a_function_of_several_arguments(
    tmp_path: Path, environment: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--environment", str(environment), "--file", str(rows), "--output", str(tmp_path / "o.jsonl")]
    assert spec_of(tmp_path, *command, "--function", "four").call == "args"
    assert [json.loads(line)["result"] for line in (tmp_path / "o.jsonl").read_text().splitlines()] == [6, 22, 38]
    assert spec_of(tmp_path, *command, "--function", "one").call == "single"
    assert "fit" not in capsys.readouterr().err


def test_arguments_with_names_are_passed_by_name(tmp_path: Path, environment: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"x": [1, 2]}\n')
    command = ["--environment", str(environment), "--function"]
    shared = ["--shared", "table=2"]  # of the first parameter, which no argument is passed as
    assert spec_of(tmp_path, *command, "scaled", "--file", str(tmp_path / "a.jsonl"), *shared).call == "kwargs"
    assert spec_of(tmp_path, *command, "one", "--sweep", "x='12'", code=3).call == "kwargs"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ["--call", "single", "--file", "rows.npy"],
            (
                "The arguments do not fit. four needs 4 arguments, and gets one: nothing gives 'b', 'c', 'd'. Pass "
                "tuples as separate arguments, or share a value. Try --call args."
            ),
        ),
        (
            ["--expression", "range(3)", "--shared", "b=1", "--shared", "e=2", "--shared", "c=3"],
            "four has no parameter e. It takes: a, b, c, d, seed.",
        ),
        (["--expression", "range(3)"], "The arguments do not fit. four needs 4 arguments"),
        (
            ["--expression", "range(3)"],
            'or share a value. Share it by --shared "b=EXPRESSION".',
        ),
        (["--expression", "range(3)", "--shared", "a=1"], "four takes its argument as a, its first parameter"),
        (["--call", "single", "--sweep", "b=1", "--shared", "a=1"], "four takes its argument as a, its first"),
        (["--sweep", "e=1, 2", "--shared", "a=1"], "four has no parameter 'e'. It takes: b, c, d, seed."),
        (
            ["--expression", "[{'b': 1, 'e': 2}]", "--shared", "a=1"],
            "four has no parameter 'e'. It takes: b, c, d, seed.",
        ),
        (
            ["--csv", "table.csv", "--shared", "a=1"],
            (
                "four has no parameter 'e'. It takes: b, c, d, seed. Pass a column by another name, "
                '--map "e=c", or leave it out, "e=".'
            ),
        ),
        (["--csv", "wide.csv"], 'It takes: a, b, c, d, seed. Leave a column out by --map "e=".'),
        (
            ["--expression", "range(3)", "--shared", "b=1", "--shared", "c=3"],
            "four needs 'd' by name: pass rows as keyword arguments.",
        ),
    ],
)
def test_what_cannot_be_called_so_is_said_before_anything_runs(
    environment: Path, rows: Path, command: list[str], said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, master: Master,
) -> None:  # fmt: skip
    monkeypatch.chdir(rows.parent)
    links = environment.with_name("links.json")
    links.write_text(json.dumps({"console": master.console_link}))
    command = ["run", "--environment", str(environment), "--function", "four", *command, "--link-file", str(links)]
    assert main(command) == 1
    assert said in capsys.readouterr().err
    assert master.jobs() == []


def test_a_job_that_goes_on_keeps_its_options(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Master() as master:
        job = master.submit(environment, "one", [[1]])
        links = environment.with_name("links.json")
        links.write_text(json.dumps({"console": master.console_link}))
        assert main(["run", "--resume", str(job.id), "--retries", "3", "--link-file", str(links)]) == 1
    assert "keeps the options that it was started with: leave out --retries." in capsys.readouterr().err
