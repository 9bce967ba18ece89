"""Whether a job's code is another now: its text, and every file that travels with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mcgui_core.client.document_arguments import kept_text, read_kept
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.workbench.code_difference import CodeDifference, code_difference, code_now

MAIN = "import helpers\ndef f(x):\n    return helpers.g(x)\n"
PICKED = ("data",)
HEADER = '# /// script\n# dependencies = ["numpy"]\n# ///\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "work.py").write_text(MAIN)
    (tmp_path / "helpers.py").write_text("def g(x): return x / 2\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("1,2\n")
    return tmp_path


@pytest.fixture
def ran(home: Path) -> JobSpec:
    """What a job ran that was submitted from there."""
    bare = JobSpec("work", MAIN, "f", filename=str(home / "work.py"), source=kept_text(None, (), PICKED))
    return code_now(bare, MAIN, bare.filename, PICKED).spec


def now(ran: JobSpec, source: str = MAIN, picked: tuple[str, ...] = PICKED) -> CodeDifference:
    return code_difference(ran, code_now(ran, source, ran.filename, picked).spec)


def kinds(found: CodeDifference) -> list[tuple[str, str]]:
    return [(file.path, file.kind) for file in found.files]


def test_nothing_differs_where_nothing_changed(ran: JobSpec) -> None:
    assert {file.path for file in ran.files} == {"work.py", "helpers.py", "data/a.csv"}
    assert now(ran).is_none


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda home: (home / name).write_text(text)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (write("helpers.py", "def g(x): return x * 1000\n"), ("helpers.py", "changed")),
        (write("data/a.csv", "1,3\n"), ("data/a.csv", "changed")),  # as large as before
        (write("data/b.csv", ""), ("data/b.csv", "new")),
        (lambda home: (home / "data/a.csv").rename(home / "a.csv"), ("data/a.csv", "gone")),
        (lambda home: (home / "helpers.py").unlink(), ("helpers.py", "gone")),
    ],
)
def test_a_file_that_changed_came_or_went_is_named(
    home: Path, ran: JobSpec, change: Callable[[Path], object], expected: tuple[str, str]
) -> None:
    change(home)
    found = now(ran)
    assert kinds(found) == [expected]
    assert not found.text
    assert not found.is_none


def test_files_are_picked_or_not_any_more(ran: JobSpec, home: Path) -> None:
    (home / "extra.txt").write_text("x")
    assert kinds(now(ran, picked=("data", "extra.txt"))) == [("extra.txt", "new")]
    assert kinds(now(ran, picked=())) == [("data/a.csv", "gone")]


def test_only_the_text_of_the_environment_changed(ran: JobSpec) -> None:
    assert now(ran, MAIN + "RATE = 2\n") == CodeDifference(text=True, files=(), shared=False, requirements=False)


def test_what_the_header_requires_counts_too_and_a_broken_one_requires_nothing(ran: JobSpec) -> None:
    assert now(ran, HEADER + MAIN).requirements
    broken = now(ran, "# /// script\n# dependencies = [\n# ///\n" + MAIN)
    assert (broken.text, broken.files) == (True, ())
    by_a_program = replace(ran, requirements=("scipy",))
    assert now(by_a_program).is_none  # nobody has changed anything
    edited = now(by_a_program, MAIN + "RATE = 2\n")
    assert (edited.text, edited.requirements) == (True, False)  # what a program has given goes with other code too


def test_without_its_file_nothing_travels(ran: JobSpec) -> None:
    gone = code_difference(ran, code_now(ran, MAIN, "<environment>", PICKED).spec)
    assert kinds(gone) == [("data/a.csv", "gone"), ("helpers.py", "gone")]


def test_shared_expressions_and_functions_that_came_as_objects_are_compared() -> None:
    one = JobSpec("work", MAIN, "f", source=kept_text(None, (("table", "[0]"),)))
    assert code_difference(one, replace(one, source=kept_text(None, (("table", "[1]"),)))).shared
    called = replace(one, environment="", pickled_function=b"1")
    assert code_difference(called, replace(called, pickled_function=b"2")).text
    assert code_difference(called, called).is_none


def test_what_was_picked_now_is_kept_with_all_else_that_was(ran: JobSpec) -> None:
    kept = read_kept(code_now(ran, MAIN, ran.filename, ("data", "extra.txt")).spec.source)
    assert (kept.files, kept.shared, kept.arguments) == (("data", "extra.txt"), (), None)
