"""Results that are files: what they are called in a folder, and that no name leads out of it."""

from __future__ import annotations

import csv
import json
import pickle
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from mcgui_core import Master
from mcgui_core.cli.main import main
from mcgui_core.errors import ResultsDoNotFit
from mcgui_core.protocol.queries import Exported
from mcgui_core.results.export import export
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.results.files.file_names import LONGEST, FreeNames, base_name, safe_part, safe_path
from mcgui_core.results.files.result_files import files_of
from mcgui_core.workbench.workbench import Workbench
from tests.support import PATIENCE

PNG = b"\x89PNG\r\n\x1a\n..."


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(1)
        yield master


def exported(master: Master, source: str, inputs: list[Any], folder: Path, **options: Any) -> Exported:
    job = master.submit(source, "f", inputs)
    job.wait(PATIENCE)
    return export(job, folder, "folder", options=ExportOptions(**options))


def written(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "index.csv"
    }


def listed(folder: Path) -> list[dict[str, str]]:
    with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# What they are called


@pytest.mark.parametrize(
    ("value", "argument", "names"),
    [
        (PNG, 3, ["task-07.png"]),
        (b"who knows", 3, ["task-07.bin"]),
        (b"who knows", "/data/in/x.dat", ["x.dat"]),
        (PNG, "C:\\data\\photo.jpg", ["photo.png"]),
        (b"\xff\xd8\xff.", "photo.jpeg", ["photo.jpeg"]),
        (b"PK\x03\x04", "book.xlsx", ["book.xlsx"]),
        (PNG, PurePosixPath("/data/scan"), ["scan.png"]),
        (PNG, {"width": 3, "file": "in/a.tif"}, ["a.png"]),
        (PNG, ("b.txt", 4), ["b.png"]),
        (PNG, "not\na name.txt", ["task-07.png"]),
        (PNG, "just words", ["task-07.png"]),
        (("plot", PNG), 3, ["plot.png"]),
        ({"picture": PNG, "mean": 2.5}, "in/a.jpg", ["a.png"]),
        ({"picture": PNG, "mean": 2.5}, 3, ["task-07.png"]),
        ({"before": PNG, "after": PNG, "mean": 2.5}, "in/a.jpg", ["a-before.png", "a-after.png"]),
        ({"before": PNG, "after": PNG, "mean": 2.5}, 3, ["task-07-before.png", "task-07-after.png"]),
        (("notes.txt", "some text"), 3, ["notes.txt"]),
        (PurePosixPath("a/b.txt"), 3, []),
        ({"a.png": PNG, "sub/b": b"PK\x03\x04"}, 3, ["a.png", "sub/b.zip"]),
        ({"a.txt": "text", "b.csv": "1,2"}, 3, ["a.txt", "b.csv"]),
        ({"name": "a.png", "content": PNG, "loss": 0.5}, 3, ["a.png"]),
        ([("a.png", PNG), ("b.png", PNG)], 3, ["a.png", "b.png"]),
        ([PNG, PNG], "x.png", ["x.png", "x.png"]),  # which FreeNames tells apart
        ({"a": "text", "b": "text"}, 3, []),  # a record
        ({"a": 1, "b": PNG}, 3, ["task-07.png"]),
        (["a", PNG, 3], 3, []),
        (0.5, "x.txt", []),
        ("only text", "x.txt", []),
        (None, "x.txt", []),
    ],
)
def test_a_result_is_called_as_its_task_said_or_as_its_argument_or_by_its_number(
    value: object, argument: object, names: list[str]
) -> None:
    assert ["/".join(file.path) for file in files_of(value, argument, "task-07", trusted=True)] == names


def test_a_picture_of_pillow_is_a_file() -> None:
    (file,) = files_of(Image.new("RGB", (3, 2)), 1, "task-1", trusted=False)
    assert file.path == ("task-1.png",)
    assert isinstance(file.content, bytes)
    assert file.content.startswith(b"\x89PNG")


def test_a_path_is_followed_only_where_its_worker_is_trusted(tmp_path: Path) -> None:
    made = tmp_path / "made.txt"
    made.write_text("by the task")
    assert [file.content for file in files_of(made, 1, "task-1", trusted=True)] == [made]
    assert files_of(made, 1, "task-1", trusted=False) == []
    assert files_of(tmp_path / "gone.txt", 1, "task-1", trusted=True) == []


# Names as every system takes them


@given(st.text(max_size=300))
@example("../../etc/passwd")
@example("C:\\Windows\\system32\\x.dll")
@example("//server/share/a")
@example("con")
@example("aux.txt")
@example(". . .")
@example("a" * 300 + ".png")
@example("x:y\x00\n?.png ")
@example("\udce9.txt")
def test_no_name_leads_out_of_the_folder_or_cannot_be_written(name: str) -> None:
    for part in safe_path(name):
        assert 0 < len(part) <= LONGEST
        assert part not in (".", "..")
        assert not set(part) & set('/\\<>:"|?*\0\n')
        assert part == part.strip().rstrip(". ")
        assert safe_part(part) == part
        part.encode()


def test_names_of_any_system_are_read() -> None:
    assert safe_path("../../etc/passwd") == ("etc", "passwd")
    assert safe_path("C:\\x\\NUL.txt") == ("C_", "x", "_NUL.txt")
    assert base_name("/a/b.txt") == base_name("D:\\b.txt") == "b.txt"
    assert base_name("a\nb") == base_name("") == base_name("..") == ""


def test_names_are_given_once_whatever_the_system_tells_apart() -> None:
    names = FreeNames()
    assert [names.free(("A.png",)), names.free(("a.png",)), names.free(("a.png",))] == [
        ("A.png",),
        ("a-2.png",),
        ("a-3.png",),
    ]
    assert names.free(("A.PNG", "x")) == ("A-4.PNG", "x")  # no folder is called as a file
    assert names.free(("d", "x")) == ("d", "x")
    assert names.free(("d",)) == ("d-2",)


# The folder


_PLOT = """
import matplotlib
matplotlib.use("Agg")
from matplotlib.figure import Figure

def f(x):
    figure = Figure()
    figure.subplots().plot([0, x], [1, 2])
    if x == 2:
        raise ValueError("no curve")
    return ("curve", figure) if x else b"raw"
"""


def test_a_folder_has_each_file_and_a_list_of_them(master: Master, tmp_path: Path) -> None:
    made = exported(master, _PLOT, [0, 1, 2], tmp_path / "out")
    assert (made.rows, made.path, made.notes) == (2, str(tmp_path / "out"), ())
    files = written(tmp_path / "out")
    assert list(files) == ["curve.png", "task-0.bin"]
    assert files["curve.png"].startswith(b"\x89PNG")
    assert [(row["index"], row["argument"], row["file"], row["error"]) for row in listed(tmp_path / "out")] == [
        ("0", "0", "task-0.bin", ""),
        ("1", "1", "curve.png", ""),
        ("2", "2", "", "ValueError: no curve"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_the_list_of_a_folder_has_what_stands_beside_a_file(master: Master, tmp_path: Path) -> None:
    source = f"def f(x):\n    return {{'picture': {PNG!r}, 'mean': x / 2}} if x else {{'name': 'a.png', 'png': {PNG!r}, 'n': 1}}"
    exported(master, source, [0, 1], tmp_path / "out")
    assert [(row["file"], row["result"]) for row in listed(tmp_path / "out")] == [
        ("a.png", '{"n": 1}'),
        ("task-1.png", '{"mean": 0.5}'),
    ]


def test_a_folder_that_is_there_stays_as_it_is(master: Master, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    made = exported(master, "def f(x): return b'%d' % x", [7], tmp_path / "out", arguments="none")
    assert made.path == str(tmp_path / "out-2")
    assert made.notes == ("out is there already, so this is out-2.",)
    assert written(tmp_path / "out") == {"mine.txt": b"mine"}
    assert "argument" not in listed(tmp_path / "out-2")[0]


def test_what_is_no_file_stands_in_the_list_and_is_told_of(master: Master, tmp_path: Path) -> None:
    made = exported(master, "def f(x): return b'data' if x else {'loss': 0.5}", [0, 1], tmp_path / "out")
    assert made.notes == ("Results that are no files stand only in 'index.csv'.",)
    assert [row["result"] for row in listed(tmp_path / "out")] == ["{'loss': 0.5}", ""]


def test_where_nothing_is_a_file_all_is_in_a_pickle(master: Master, tmp_path: Path) -> None:
    with pytest.raises(ResultsDoNotFit, match="no result is a file"):
        exported(master, "def f(x): return x", [1, 2], tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out.pickle"]
    assert pickle.loads((tmp_path / "out.pickle").read_bytes())["result"] == [1, 2]


def test_no_result_makes_no_folder(master: Master, tmp_path: Path) -> None:
    made = exported(master, "def f(x): return 1 / x", [0], tmp_path / "out")
    assert (made.rows, made.notes) == (0, ("There is no result to write, so there is no folder.",))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_names_no_file_of_this_computer(master: Master, tmp_path: Path) -> None:
    """Results of somebody else's workers are opened as data, and a path in them is not followed."""
    (tmp_path / "secret.txt").write_text("secret")
    source = "import pathlib\ndef f(x): return pathlib.Path(x) if x else b'data'"
    job = master.submit(source, "f", [str(tmp_path / "secret.txt"), ""])
    job.wait(PATIENCE)
    with Workbench(master.console_link) as bench:
        bench.export(job.id, str(tmp_path / "out"), "folder")
    assert written(tmp_path / "out") == {"task-1.bin": b"data"}
    with Workbench(master.console_link, home=True) as bench:
        bench.export(job.id, str(tmp_path / "own"), "folder")
    assert written(tmp_path / "own") == {"secret.txt": b"secret", "task-1.bin": b"data"}


def test_the_terminal_writes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.py").write_text("def f(x):\n    return f'{x}.txt', f'text of {x}'\n")
    run = [
        "run",
        "--environment",
        str(tmp_path / "e.py"),
        "--function",
        "f",
        "--expression",
        "range(2)",
        "--nprocs",
        "1",
    ]
    assert main([*run, "--output-folder", str(tmp_path / "out")]) == 0
    assert f"2 rows written to {tmp_path / 'out'}" in capsys.readouterr().out
    assert written(tmp_path / "out") == {"0.txt": b"text of 0", "1.txt": b"text of 1"}
    assert main([*run, "--output-folder", "x", "--output", "y.csv"]) == 1
    assert "one of the two" in capsys.readouterr().err


def test_results_are_called_as_the_files_whose_names_and_content_their_arguments_are(
    master: Master, tmp_path: Path
) -> None:
    """The content is left out of what is written, and the name is not lost with it."""
    job = master.submit(
        "def f(name, content): return content[:1]", "f", [("a.txt", b"abc"), ("b.bin", b"xyz")], call="args"
    )
    job.results()
    export(job, tmp_path / "out", "folder")
    assert written(tmp_path / "out") == {"a.txt": b"a", "b.bin": b"x"}
    assert [(row["argument"], row["file"]) for row in listed(tmp_path / "out")] == [
        ("'a.txt'", "a.txt"),
        ("'b.bin'", "b.bin"),
    ]
    again = master.submit("def f(*parts): return 1", "f", [("a", b"abc", 7)], call="args")
    again.results()
    export(again, tmp_path / "lines.jsonl", "jsonl")
    assert json.loads((tmp_path / "lines.jsonl").read_text())["argument"] == ["a", None, 7]
