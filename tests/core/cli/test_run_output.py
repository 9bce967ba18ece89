"""The file that `mcgui-core run --output` writes: results are never lost with the master that ends with the run."""

from __future__ import annotations

import csv
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from mcgui_core.cli.main import main

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a function `f` that is defined so, on this computer alone; returns the exit code."""

    def call(source: str, output: Path, *options: str, inputs: str = "range(3)") -> int:
        (tmp_path / "e.py").write_text(source, "utf-8")
        function = ["--environment", str(tmp_path / "e.py"), "--function", "f", "--expression", inputs]
        return main(["run", *function, "--nprocs", "1", "--output", str(output), *options])

    return call


def test_results_that_do_not_fit_are_kept_beside_and_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "o.npy").write_text("of yesterday")
    assert run("def f(x):\n    return [1, 'a', None][x]\n", tmp_path / "o.npy") == 1
    said = capsys.readouterr()
    assert "o.npy was not written: a NumPy file holds numbers" in said.err
    assert f"3 rows written to {tmp_path / 'o.pickle'}" in said.out
    assert pickle.loads((tmp_path / "o.pickle").read_bytes())["result"] == [1, "a", None]
    assert (tmp_path / "o.npy").read_text() == "of yesterday"


@pytest.mark.parametrize(
    "source", ["import no_such_module\ndef f(x):\n    return x\n", "def f(x):\n    return 1 / 0\n"]
)
def test_a_run_without_a_result_leaves_the_earlier_file(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    good = tmp_path / "good.csv"
    good.write_text("of yesterday")
    assert run(source, good) == 3
    assert [entry.name for entry in tmp_path.iterdir()] in (["e.py", "good.csv"], ["good.csv", "e.py"])
    assert good.read_text() == "of yesterday"
    assert "good.csv stays" in "".join(capsys.readouterr())


def test_where_results_cannot_be_written_is_said_before_the_run(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "ran"
    source = f"def f(x):\n    open({str(mark)!r}, 'w').close()\n"
    (tmp_path / "folder.csv").mkdir()
    for output in (tmp_path / "no folder" / "o.csv", tmp_path / "o.xls", tmp_path, tmp_path / "folder.csv"):
        assert run(source, output) == 1
    said = capsys.readouterr().err
    assert "there is no such folder" in said
    assert "it is a folder" in said
    assert not mark.exists()


def test_a_file_that_cannot_be_written_at_the_end_costs_no_result(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gone = tmp_path / "gone"
    gone.mkdir()
    assert run(f"import os\ndef f(x):\n    os.rmdir({str(gone)!r})\n    return x\n", gone / "o.csv", inputs="[7]") == 1
    said = capsys.readouterr()
    assert "cannot be written" in said.err
    (kept,) = tmp_path.glob("o-job-*.pickle")
    assert str(kept) in said.out
    assert pickle.loads(kept.read_bytes())["result"] == [7]


def test_a_run_that_is_over_early_leaves_the_good_file_and_writes_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "e.py").write_text("def f(x):\n    return 1 / (x - 2)\n")
    (tmp_path / "j.mcjob").write_text(
        'environment = "e.py"\nfunction = "f"\non_error = "stop"\n[arguments]\nkind = "expression"\ntext = "range(3)"\n'
    )
    good = tmp_path / "good.csv"
    good.write_text("of yesterday")
    assert main(["run", str(tmp_path / "j.mcjob"), "--nprocs", "1", "--output", str(good)]) == 3
    assert good.read_text() == "of yesterday"
    assert "did not finish" in capsys.readouterr().err
    rows = list(csv.DictReader((tmp_path / "good.incomplete.csv").read_text("utf-8-sig").splitlines()))
    assert [row["result"] for row in rows] == ["-0.5", "-1.0", ""]


def test_a_run_in_which_some_tasks_fail_is_whole(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("of yesterday")
    assert run("def f(x):\n    return 1 / (x - 2)\n", good) == 3
    assert len(list(csv.DictReader(good.read_text("utf-8-sig").splitlines()))) == 3


def test_the_options_of_the_file_and_its_notes(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "def f(x):\n    return '=1+1'\n"
    assert run(source, tmp_path / "o.CSV") == 0
    assert "an apostrophe stands before it" in capsys.readouterr().out
    assert run(source, tmp_path / "o.csv", "--exact", "--arguments", "none", "--json") == 0
    assert (tmp_path / "o.csv").read_text("utf-8").splitlines() == [
        "index,result,error",
        *(f"{i},=1+1," for i in range(3)),
    ]
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["output"] == {"rows": 3, "path": str(tmp_path / "o.csv"), "notes": []}


def test_numbers_and_text_of_any_kind_are_written_and_printed(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "import math\ndef f(x):\n    if x:\n        raise ValueError('caf\\udce9.txt')\n    return math.factorial(2000)\n"
    assert run(source, tmp_path / "o.csv", inputs="range(2)") == 3
    first, second = csv.DictReader((tmp_path / "o.csv").read_text("utf-8-sig").splitlines())
    assert len(first["result"]) == 5736
    assert second["error"] == r"ValueError: caf\udce9.txt"
    assert r"caf\udce9.txt" in capsys.readouterr().err
