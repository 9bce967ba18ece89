"""A file that cannot be what it is given as is answered with the command that was meant."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core.cli.main import main
from mcgui_core.cli.meant_command import check_environment

RUN = "mcgui-core run --environment"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file of each kind, where the terminal is."""
    (tmp_path / "slow.py").write_text("import math\nfrom math import sin\n\ndef slow(x): return x\n")
    (tmp_path / "broken.py").write_text("def slow(x:\n")
    (tmp_path / "my data.csv").write_text("x\n1\n")
    (tmp_path / "note.ipynb").write_text("{}")
    (tmp_path / "pi.mcjob").write_text(
        "environment = 'nowhere.py'\nfunction = 'f'\n[arguments]\nkind = 'text'\npath = 'a'"
    )
    (tmp_path / "plain").write_text("no table")
    (tmp_path / "pictures").mkdir()
    with sqlite3.connect(tmp_path / "runs.db") as journal:
        journal.execute("CREATE TABLE a (b)")
    journal.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("slow.py", f"slow.py is Python source, not a job document. A function of it is run so: {RUN} slow.py --function slow --expression \"range(10)\""),
        ("slow.py --function f --csv a.csv", f"{RUN} slow.py --function f\n"),
        ("broken.py", f"{RUN} broken.py --function NAME "),
        ("my data.csv", f"{RUN} FILE.py --function NAME --file 'my data.csv'"),
        ("my data.csv --environment slow.py --function slow", f"{RUN} slow.py --function slow --file "),
        ("note.ipynb", "note.ipynb is a notebook. Save its code as Python"),
        ("pictures", f"pictures is a folder, not a file. Its files as arguments: {RUN} FILE.py --function NAME --folder pictures"),
        ("runs.db", "runs.db is a journal, not a job document. What it holds: mcgui-core jobs --journal runs.db"),
        ("pii.mcjob", "There is no file pii.mcjob in "),
        ("pii.mcjob", "Did you mean pi.mcjob?"),
        ("pi", "Did you mean pi.mcjob?"),
        ("pi.mcjob", "nowhere.py."),
        ("plain", "plain is not a job document that can be used: it is not TOML"),
        ("--environment slo.py --function f --expression 1", "Did you mean slow.py?"),
        ("--environment pictures --function f --expression 1", "pictures is a folder, not a file. Name the Python file"),
        ("--environment pi.mcjob --function f --expression 1", "It is run so: mcgui-core run pi.mcjob"),
        ("--environment note.ipynb --function f --expression 1", "is a notebook"),
        ("--environment plain.csv --function f --expression 1", "There is no file plain.csv in "),
    ],
)  # fmt: skip
def test_the_command_that_was_meant_is_named(
    folder: Path, command: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["my data.csv", *command.removeprefix("my data.csv").split()]
    assert main(["run", *(words if command.startswith("my data") else command.split())]) == 1
    assert said in capsys.readouterr().err


@pytest.fixture
def pipe(folder: Path) -> Iterator[Path]:
    """What a shell gives for <(cat pi.mcjob)."""
    read, write = os.pipe()
    os.write(write, (folder / "pi.mcjob").read_bytes())
    os.close(write)
    yield Path(f"/dev/fd/{read}")
    os.close(read)


@pytest.mark.skipif(os.name != "posix", reason="a pipe has no path there")
def test_a_pipe_is_as_good_as_a_file_and_is_read_once(pipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_environment(pipe)
    assert main(["run", str(pipe)]) == 1
    assert "nowhere.py." in capsys.readouterr().err  # what the document names: it was read whole
