"""A project: what an environment's file needs beside it is found by reading, and what cannot travel is said in words."""

from __future__ import annotations

import hashlib
import sys
from contextlib import ExitStack
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

import pytest

from mcgui_core.client.code.callable_project import callable_project
from mcgui_core.environment.project_reader import Project, find_files, pattern_of, project_of_modules, read_project
from mcgui_core.errors import EnvironmentInvalid
from mcgui_core.protocol import job_check

TREE = {
    "model.py": "",
    "helper.py": "import deeper",
    "deeper.py": "import helper, json",  # a circle
    "unused.py": "",
    "json.py": "raise SystemExit",  # the standard library's is meant
    "broken.py": "def (",
    "pack/__init__.py": "from .core import thing",
    "pack/core.py": "from . import sibling\nfrom ..pack import other",
    "pack/sibling.py": "",
    "pack/other.py": "",
    "pack/starred/__init__.py": "__all__ = ['one', 'VALUE']",
    "pack/starred/one.py": "",
    "space/part/leaf.py": "",  # a namespace package
    "data/a.csv": "1",
    "data/b.csv": "2",
    "data/.hidden.csv": "3",
    "data/deep/c.csv": "4",
    "data/__pycache__/d.csv": "5",
    ".venv/e.csv": "6",
}
DATA = {"data/a.csv", "data/b.csv", "data/deep/c.csv"}
PACK = {"pack/__init__.py", "pack/core.py", "pack/sibling.py", "pack/other.py"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def others(project: Project) -> set[str]:
    assert project.files[0].path == project.main
    return {file.path for file in project.files[1:]}


def header(*files: str) -> str:
    return f"# /// script\n# [tool.mcgui]\n# files = {list(files)}\n# ///\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import helper", {"helper.py", "deeper.py"}),
        ("from helper import x as y", {"helper.py", "deeper.py"}),
        ("def f(x):\n    import helper", {"helper.py", "deeper.py"}),
        ("try:\n    import deeper\nexcept ImportError:\n    import helper", {"helper.py", "deeper.py"}),
        ("import importlib\nimportlib.import_module('helper')", {"helper.py", "deeper.py"}),
        ("import pack", PACK),
        ("import pack.sibling as s", PACK),
        ("from pack import sibling", PACK),
        ("from pack.starred import *", {*PACK, "pack/starred/__init__.py", "pack/starred/one.py"}),
        ("import space.part.leaf", {"space/part/leaf.py"}),
        ("from space.part import leaf", {"space/part/leaf.py"}),
        ("import data", set()),
        ("import json, os.path, numpy, nowhere", set()),
        ("import broken", {"broken.py"}),
        ("import model", set()),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import helper\nelse:\n    import broken",
            {"broken.py"},
        ),
        ("import typing\nif typing.TYPE_CHECKING:\n    import helper", set()),
    ],
)
def test_modules_from_its_own_folder_are_found_by_reading(home: Path, source: str, found: set[str]) -> None:
    (home / "model.py").write_text(source)
    project = read_project(home / "model.py")
    assert (project.main, others(project), project.problems) == ("model.py", found, ())


def test_a_file_of_a_package_brings_the_package_and_what_lies_beside_it(home: Path) -> None:
    (home / "pack/main.py").write_text("from . import sibling\nimport other, helper\n")
    project = read_project(home / "pack/main.py")
    assert project.places["helper.py"] == home / "helper.py"
    assert project.main == "pack/main.py"
    assert others(project) == {*PACK, "helper.py", "deeper.py"}


def test_compiled_modules_travel_and_sources_of_their_names_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python imports what is compiled, where it is for its system; elsewhere, the source."""
    ending = EXTENSION_SUFFIXES[0]
    compiled = {f"fast{ending}", f"deeper{ending}", f"pack/_quick{ending}"}
    compiled |= {f"whole/__init__{ending}"}  # as Cython and mypyc make packages
    (home / "whole").mkdir()
    for name in (*compiled, "other.cpython-27-nowhere.so"):
        (home / name).write_bytes(b"\x7fELF\0")
    (home / "pack/sibling.py").write_text("from ._quick import quick")
    (home / "main.py").write_text("import fast, helper, other, whole\nfrom pack import sibling")
    found = {*compiled, "helper.py", "deeper.py", *PACK}
    assert others(read_project(home / "main.py")) == found

    fast, quick = ModuleType("fast"), ModuleType("pack._quick")
    fast.__file__, quick.__file__ = str(home / f"fast{ending}"), str(home / f"pack/_quick{ending}")
    whole = ModuleType("whole")
    whole.__file__ = str(home / f"whole/__init__{ending}")
    monkeypatch.setitem(sys.modules, "whole", whole)
    monkeypatch.setitem(sys.modules, "fast", fast)
    monkeypatch.setitem(sys.modules, "pack._quick", quick)
    with ExitStack() as until:
        named = (b"cfast\nadd\n", b"cpack._quick\nadd\n", b"cwhole\nadd\n")
        of_callable = [callable_project(name, (), until) for name in named]
    packages = {"pack/__init__.py", "pack/core.py", "pack/other.py", "pack/sibling.py"}
    assert [{file.path for file in project.files} for project in of_callable] == [
        {f"fast{ending}"},
        {f"pack/_quick{ending}", *packages},
        {f"whole/__init__{ending}"},
    ]


def test_a_relative_import_does_not_lead_out_of_the_project(home: Path) -> None:
    (home / "pack/main.py").write_text("from ... import secrets\nfrom .... import x\n")
    (home.parent / "secrets.py").write_text("")
    assert others(read_project(home / "pack/main.py")) == PACK


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["data/*.csv"], {"data/a.csv", "data/b.csv"}),
        (["data/a.csv", "data/?.csv"], {"data/a.csv", "data/b.csv"}),
        (["data/**/*.csv"], {"data/a.csv", "data/b.csv", "data/deep/c.csv"}),
        (["data"], {"data/a.csv", "data/b.csv", "data/deep/c.csv"}),
        (["data/.hidden.csv"], {"data/.hidden.csv"}),
        ([".venv/*.csv"], {".venv/e.csv"}),
        (["helper.py"], {"helper.py", "deeper.py"}),  # with what that imports
        (["pack/other.py"], {"pack/other.py", "pack/__init__.py", "pack/core.py", "pack/sibling.py"}),
        (["broken.py", "json.py"], {"broken.py", "json.py"}),
    ],
)
def test_data_files_are_named_by_patterns(home: Path, patterns: list[str], found: set[str]) -> None:
    given = read_project(home / "model.py", tuple(patterns))
    (home / "model.py").write_text(header(*patterns))
    in_header = read_project(home / "model.py")
    assert (others(given), given.problems) == (others(in_header), in_header.problems) == (found, ())


@pytest.mark.parametrize("name", ["TOOL.PY", "tool.Py", "tool.pyw"])
def test_a_program_that_is_named_brings_what_it_imports_whatever_the_case_of_its_ending(home: Path, name: str) -> None:
    (home / name).write_text("import helper\n")
    (home / "model.py").write_text("")
    assert others(read_project(home / "model.py", (name,))) == {name, "helper.py", "deeper.py"}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("town/program.py", {"town/program.py", "town/helper.py"}),
        ("src/town/program.py", {f"{at}town/{name}.py" for at in ("", "src/") for name in ("program", "helper")}),
        ("town", {"town/program.py", "town/helper.py", "town/names.toml"}),
        ("tow?/*.py", {"town/program.py", "town/helper.py"}),
        ("town/names.toml", {"town/names.toml"}),
    ],
)
def test_a_program_beside_the_modules_of_a_callable_travels_with_what_it_imports(
    tmp_path: Path, pattern: str, found: set[str]
) -> None:
    """As one beside an environment does; from `src`, from where its package is imported."""
    town = tmp_path / "src/town"
    town.mkdir(parents=True)
    for name, text in (("__init__", ""), ("program", "import town.helper\n"), ("helper", "")):
        (town / f"{name}.py").write_text(text)
    (town / "names.toml").write_text("")
    project = project_of_modules([(tmp_path / "src", town / "__init__.py")], tmp_path, (pattern,))
    names = {file.path for file in project.files}
    assert {name for name in names if not name.endswith("__init__.py")} == found
    assert "town/__init__.py" in names
    assert project.problems == ()


def test_each_file_says_why_it_travels_and_which_pattern_picked_it(home: Path) -> None:
    (home / "model.py").write_text(header("data/a.csv") + "import helper\n")
    found = find_files(home / "model.py", ("data", "helper.py"))
    assert {name: (file.origin, file.given) for name, file in found.files.items()} == {
        "model.py": ("main", ""),
        "deeper.py": ("module", ""),
        "helper.py": ("module", "helper.py"),
        "data/a.csv": ("header", "data"),
        "data/b.csv": ("given", "data"),
        "data/deep/c.csv": ("given", "data"),
    }
    assert {one.name: one.reason for one in found.staying} == {
        "data/.hidden.csv": "passed over",
        "data/__pycache__": "passed over",
    }
    assert found.problems == ()


@pytest.mark.parametrize(
    ("source", "mentioned"),
    [
        ("open('data/a.csv')", {"data/a.csv"}),
        ("from pathlib import Path\nPath(__file__).with_name('unused.py')", {"unused.py"}),
        ("def f(path='data/deep/c.csv', other='nowhere.csv'): ...", {"data/deep/c.csv"}),
        ("import pack\nNAMES = ['sibling.py', 'data/b.csv']", {"data/b.csv"}),  # what travels anyway is not named
        ("open('data/a.csv'), open(f'data/{x}.csv'), open('../home/data/b.csv'), open('a\\0.b')", {"data/a.csv"}),
        ("x = 'data'; y = '.'; z = '" + "long." * 90 + "'", set()),
    ],
)
def test_files_that_the_source_names_and_that_do_not_travel_are_told(
    home: Path, source: str, mentioned: set[str]
) -> None:
    found = find_files(home / "model.py", source=source)
    assert {one.name for one in found.staying} == mentioned
    assert {one.reason for one in found.staying} <= {"mentioned"}
    assert found.problems == read_project(home / "model.py", source=source).problems == ()


@pytest.mark.parametrize("name", ["data/a.csv", "data", "a[1].csv", "we*ird?.txt", ".hidden", "pack/core.py"])
@pytest.mark.parametrize("main", ["model.py", "pack/core.py"])
def test_a_file_that_is_picked_has_a_pattern_that_names_it_alone(home: Path, name: str, main: str) -> None:
    for other in ("a1.csv", "weXirdY.txt", "data/a.csv", ".hidden"):
        (home / other).write_text("")
    place = home / name
    if not place.exists():
        if sys.platform == "win32" and "*" in name:
            pytest.skip("no file may have such a name there")
        place.write_text("")
    found = find_files(home / main, (pattern_of(place, home / main),))
    given = {file.place for file in found.files.values() if file.given}
    assert given == ({place} if place.is_file() else {home / one for one in TREE if one in DATA})


def test_what_is_picked_outside_of_the_project_is_named_by_its_whole_path(home: Path) -> None:
    outside = home.parent / "outside.csv"
    outside.write_text("")
    assert pattern_of(outside, home / "model.py") == str(outside.resolve())
    (staying,) = find_files(home / "model.py", (pattern_of(outside, home / "model.py"),)).staying
    assert staying.reason == "outside"


def test_each_file_is_known_by_its_content(home: Path) -> None:
    (_, file) = read_project(home / "model.py", ("data/a.csv",)).files
    assert (file.size, file.sha256) == (1, hashlib.sha256(b"1").hexdigest())


def test_source_that_is_not_saved_counts(home: Path) -> None:
    project = read_project(home / "model.py", source="import helper")
    assert project.source == b"import helper"
    assert project.files[0].sha256 == hashlib.sha256(b"import helper").hexdigest()
    assert others(project) == {"helper.py", "deeper.py"}


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("data/*.parquet", "'data/*.parquet' names no file that there is in "),
        ("nothing.csv", "'nothing.csv' names no file that there is in "),
        ("../outside.csv", "'../outside.csv' names no files ("),
        ("link.csv", "link.csv is a link that leads out of "),
        ("nowhere.csv", "nowhere.csv is a link that leads nowhere."),
        ("large.csv", "large.csv has 11 bytes, and 10 are the most that can travel."),
    ],
)
def test_what_cannot_travel_is_said(home: Path, pattern: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.parent / "outside.csv").write_text("")
    if "link" in pattern or "nowhere" in pattern:
        try:
            (home / pattern).symlink_to(home.parent / ("outside.csv" if "link" in pattern else "gone.csv"))
        except OSError:
            pytest.skip("this user may make no links")
    (home / "large.csv").write_text("x" * 11)
    monkeypatch.setattr("mcgui_core.environment.project_reader.FILE_BYTES_LIMIT", 10)
    project = read_project(home / "model.py", (pattern,))
    (problem,) = project.problems
    assert problem.startswith(said)
    assert others(project) == set()


def test_a_project_has_not_more_files_than_can_travel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcgui_core.environment.project_reader.FILES_LIMIT", 2)
    project = read_project(home / "model.py", ("data",))
    assert len(project.files) == 2
    assert "more than 2 files" in project.problems[0]


def test_a_header_whose_files_are_no_list_is_refused(home: Path) -> None:
    (home / "model.py").write_text("# /// script\n# [tool.mcgui]\n# files = 5\n# ///\n")
    with pytest.raises(EnvironmentInvalid, match="must be a list of strings"):
        read_project(home / "model.py")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", ".", "a\\b", "a\0"])
def test_a_path_that_leads_out_of_a_folder_is_no_path_of_a_project(path: str) -> None:
    assert not job_check.is_relative(path)
    assert job_check.is_relative("a/b c/d.py")
