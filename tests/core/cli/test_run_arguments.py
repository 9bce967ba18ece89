"""`mcgui-core run`: what its options say of the arguments, and one run of a sweep from end to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.cli.argument_options import given_source
from mcgui_core.cli.main import main, parser
from mcgui_core.client.access.link_files import default_link_file, write_link_file
from mcgui_core.client.master import Master
from mcgui_core.errors import BadInput


def source_of(*options: str) -> ArgumentSource | None:
    return given_source(parser().parse_args(["run", *options]))


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ([], None),
        (["--expression", "range(3)"], ArgumentSource("expression", text="range(3)")),
        (["--file", "a.jsonl"], ArgumentSource("jsonl", path="a.jsonl")),
        (["--file", "a.dat", "--format", "csv"], ArgumentSource("csv", path="a.dat")),
        (["--csv", "a.csv", "--skip-bad"], ArgumentSource("csv", path="a.csv", skip_bad=True)),
        (["--file", "a.npz", "--map", "t=time", "--map", "note="], ArgumentSource("numpy", path="a.npz", columns=(("t", "time"), ("note", "")))),
        (["--csv", "a.csv", "--type", "n=text", "--type", "day=date"], ArgumentSource("csv", path="a.csv", types=(("n", "text"), ("day", "date")))),
        (["--text", "a.txt", "--encoding", "cp1252"], ArgumentSource("text", path="a.txt", encoding="cp1252")),
        (["--folder", "x"], ArgumentSource("folder", path="x")),
        (["--folder", "x", "--pattern", "**/*.png", "--content", "bytes"], ArgumentSource("folder", path="x", pattern="**/*.png", content="bytes")),
        (["--sweep", "x=1 to 3", "--sweep", "name=a, b"], ArgumentSource("sweep", axes=(("x", "1 to 3"), ("name", "a, b")))),
        (["--sweep", "x=1", "--zip"], ArgumentSource("sweep", axes=(("x", "1"),), combine="zip")),
    ],
)  # fmt: skip
def test_options_say_where_the_arguments_come_from(options: list[str], source: ArgumentSource | None) -> None:
    assert source_of(*options) == source


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--file", "a.dat"], "cannot be told by its ending. Say it: --format text"),
        (["--sweep", "x"], "--sweep takes NAME=VALUE, not 'x'."),
        (["--file", "a.csv", "--map", "=x"], "--map takes NAME=VALUE"),
        (
            ["--file", "a.csv", "--type", "x=float"],
            "--type x=float: the types are text, integer, number, boolean, date, datetime.",
        ),
        (["--file", "a.csv", "--type", "x"], "--type takes NAME=VALUE"),
    ],
)
def test_options_that_say_too_little_are_refused(options: list[str], problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        source_of(*options)
    assert problem in str(caught.value)


def test_a_table_without_rows_is_said_to_be_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.py").write_text("def f(x): return x")
    (tmp_path / "rows.csv").write_text("x\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "o.csv").write_text("of yesterday")
    given = ["--environment", str(tmp_path / "f.py"), "--function", "f", "--csv", "~/rows.csv"]
    assert main(["run", *given, "--output", str(tmp_path / "o.csv"), "--nprocs", "1"]) == 0
    assert "There were no arguments, so nothing ran." in capsys.readouterr().err
    assert (tmp_path / "o.csv").read_text() == "of yesterday"


def test_a_sweep_runs_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.py").write_text("def f(x, y):\n    return [x, y]\n")
    output = tmp_path / "out.jsonl"
    axes = ["--sweep", "x=1, 2", "--sweep", "y=0 to 1 in 3"]
    function = ["--environment", str(tmp_path / "e.py"), "--function", "f"]
    code = main(["run", *function, *axes, "--nprocs", "1", "--output", str(output)])
    assert code == 0, capsys.readouterr().err
    found = [json.loads(line) for line in output.read_text().splitlines()]
    assert [row["result"] for row in found] == [[x, y] for x in (1, 2) for y in (0.0, 0.5, 1.0)]
    assert found[1]["argument"] == {"x": 1, "y": 0.5}


def test_a_table_as_excel_writes_it_in_europe_runs_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "e.py").write_text("def f(label, volt, id):\n    return [label, volt * 2, id]\n")
    (tmp_path / "a.csv").write_bytes("Label;Volt;ID;\r\n-;mV;;\r\nMüller;20,5;7;\r\n".encode("cp1252"))
    output = tmp_path / "out.jsonl"
    given = ["--environment", str(tmp_path / "e.py"), "--function", "f", "--csv", str(tmp_path / "a.csv")]
    code = main(["run", *given, "--type", "ID=text", "--nprocs", "1", "--output", str(output)])
    said = capsys.readouterr().err
    assert code == 0, said
    assert json.loads(output.read_text())["result"] == ["Müller", 41.0, "7"]
    assert "do not fit" not in said
    assert "units below the header of a.csv (mV) is left out" in said


@pytest.fixture
def link_file() -> Iterator[Path]:
    """Where this user's master leaves its links."""
    file = default_link_file()
    yield file
    file.unlink(missing_ok=True)


def test_run_is_on_the_master_of_this_user_and_without_it_on_this_computer_alone(
    tmp_path: Path, link_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MCGUI_LINK", raising=False)
    (tmp_path / "e.py").write_text("def f(x):\n    return x\n")
    run = ["run", "--environment", str(tmp_path / "e.py"), "--function", "f", "--expression", "range(3)"]
    with Master() as master:
        master.add_local_worker(1)
        write_link_file(link_file, {"console": master.console_link, "worker": master.worker_link})
        assert main(run) == 0
        assert f"On the master {master.address}" in capsys.readouterr().err
        assert main([*run, "--nprocs", "1"]) == 0  # who gives processors wants them of this computer
        assert capsys.readouterr().err == ""
        assert len(master.jobs()) == 1
    assert main(run) == 0
    assert "So this runs on this computer alone." in capsys.readouterr().err
