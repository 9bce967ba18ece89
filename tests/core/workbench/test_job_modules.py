"""Values of classes of modules that travelled with a job: opened with those modules, whatever lies in its folder by now."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.client.access.link_files import write_link_file
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.results.export_formats import ExportOptions
from mcgui_core.workbench.workbench import Workbench

PATIENCE = 45.0
TOWN = """
import enum
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

@dataclass
class City:
    name: str
    size: int

@dataclass(frozen=True, slots=True)
class Fixed:
    x: int

class Place(NamedTuple):
    lat: float

Pair = namedtuple("Pair", "a b")

class Colour(enum.Enum):
    RED = 1

class Flags(enum.Flag):
    A = 1
    B = 2

class TooFar(ValueError):
    pass

class Plain:
    def __init__(self, x):
        self.x = x
    def __repr__(self):
        return f"Plain({self.x})"
    class Inner:
        def __repr__(self):
            return "Inner"

class Field(np.ndarray):
    pass
"""
MAIN = """
import {town} as town
import numpy as np

class Own(town.City):
    def where(self):
        return town.Place(1.5)

MADE = [
    lambda: town.City("Ulm", 3), lambda: town.Fixed(4), lambda: town.Place(1.5), lambda: town.Pair(1, 2),
    lambda: town.Colour.RED, lambda: town.Flags.A | town.Flags.B, lambda: town.TooFar("why"), lambda: town.Plain(5),
    lambda: town.Plain.Inner(), lambda: np.arange(2).view(town.Field), lambda: [town.City("in", 1), 7],
    lambda: Own("Bonn", 1),
]

def f(x):
    return MADE[x]()

def city(x):
    return town.City("Ulm", x)

def size(cities):
    import {town} as later
    return sum(one.size for one in cities if isinstance(one, town.City) and isinstance(one, later.City))
"""
SHOWN = [
    "City(name='Ulm', size=3)", "Fixed(x=4)", "Place(lat=1.5)", "Pair(a=1, b=2)", "<Colour.RED: 1>", "<Flags.A|B: 3>",
    "TooFar('why')", "Plain(5)", "Inner", "Field([0, 1])", "[City(name='in', size=1), 7]", "Own(name='Bonn', size=1)",
]  # fmt: skip
COUNT = len(SHOWN)
#: Whose results are opened as they come: nobody's, those of the master's own workers, all.
TRUST: dict[str, dict[str, Any]] = {"nobody": {}, "home": {"home": True}, "workers": {"trust_workers": True}}


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        master.add_local_worker(1)
        yield master


@pytest.fixture(params=TRUST)
def bench(request: pytest.FixtureRequest, master: Master) -> Iterator[Workbench]:
    with Workbench(master.own_link, **TRUST[request.param]) as bench:
        yield bench
    if request.param == "workers":
        _forget("workers ")  # that is remembered for this master


def _forget(head: str) -> None:
    """The lines of what is vouched for that begin so."""
    path = TrustStore().path
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith(head)))


def project(folder: Path, place: str = "town.py", text: str = TOWN, main: str = "main.py") -> Path:
    """The main file of a project whose module lies at that place."""
    name = place.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for path, content in ((folder / place, text), (folder / main, MAIN.format(town=name))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / main


def done(master: Master, path: Path, function: str = "f", count: int = COUNT, **options: Any) -> int:
    job = master.submit(path, function, range(count), **options)
    assert job.wait(PATIENCE).failed == 0
    return job.id


def values(bench: Workbench, id: int, count: int = COUNT) -> list[str]:
    return [row.value for row in bench.rows(id, 0, count)]


@pytest.mark.parametrize("place", ["town.py", "town/__init__.py", "land/town.py", "src/town.py", "segno.py"])
def test_results_are_of_the_classes_of_modules_beside_wherever_these_lie(
    master: Master, bench: Workbench, tmp_path: Path, place: str
) -> None:
    """Also where a package is installed under that name."""
    id = done(master, project(tmp_path, place))
    (tmp_path / place).unlink()
    assert values(bench, id) == SHOWN
    table = bench.table(id, seconds=20.0)
    assert (table.read, table.refused) == (COUNT, 0)
    detail = bench.detail(id, 0)
    assert detail is not None
    assert detail.value == SHOWN[0]


def test_exports_have_what_is_in_them(master: Master, bench: Workbench, tmp_path: Path) -> None:
    id = done(master, project(tmp_path), "city", 3)
    for format in ("csv", "xlsx", "parquet", "jsonl"):
        written = bench.export(id, str(tmp_path / f"out.{format}"), format)
        assert (written.rows, written.notes) == (3, ())
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert [row["result.size"] for row in rows] == ["0", "1", "2"]
    bench.table(id, seconds=20.0)
    bench.export(id, str(tmp_path / "sorted.csv"), "csv", options=ExportOptions(order=("result.size", True)))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "sorted.csv").read_text("utf-8-sig"))))
    assert [row["result.size"] for row in rows] == ["2", "1", "0"]


def test_an_exported_pickle_names_the_classes_of_modules_beside(
    master: Master, bench: Workbench, tmp_path: Path
) -> None:
    id = done(master, project(tmp_path), "city", 3)
    bench.export(id, str(tmp_path / "out.pickle"), "pickle")
    program = "import pickle, town; print(pickle.load(open('out.pickle', 'rb'))['result'] == [town.City('Ulm', x) for x in range(3)])"
    assert run(tmp_path, "-c", program) == "True\n"


def run(folder: Path, *command: str) -> str:
    command = (sys.executable, *command)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_job_is_opened_with_its_own_version_of_a_module(master: Master, bench: Workbench, tmp_path: Path) -> None:
    path = project(tmp_path)
    one = done(master, path, "city", 1, reduce="size")
    project(
        tmp_path,
        text=TOWN.replace(
            "class City:", "class City:\n    new = True\n    def __repr__(self):\n        return 'new'\n"
        ),
    )
    other = done(master, path, "city", 1, reduce="size")
    (tmp_path / "town.py").write_text("class City:\n    pass\n")
    for _ in range(2):
        assert values(bench, one, 1) == ["City(name='Ulm', size=0)"]
        assert values(bench, other, 1) == ["new"]


def test_reduce_has_the_classes_that_its_results_are_of(master: Master, bench: Workbench, tmp_path: Path) -> None:
    id = done(master, project(tmp_path), "city", 4, reduce="size")
    (tmp_path / "town.py").write_text("class City:\n    pass\n")
    assert bench.reduce(id).text == "6"


def test_a_preview_has_the_modules_of_its_folder_and_not_those_of_a_job(master: Master, tmp_path: Path) -> None:
    path = project(tmp_path)
    id = done(master, path, "city", 1)
    with Workbench(master.own_link) as bench:
        assert values(bench, id, 1) == ["City(name='Ulm', size=0)"]
        (tmp_path / "town.py").write_text(TOWN + "\nNOW = [1, 2, 3]\n")
        source = ArgumentSource("expression", "town.NOW")
        assert bench.preview(source, path.read_text(), str(path)).count == 3
        assert values(bench, id, 1) == ["City(name='Ulm', size=0)"]


@pytest.mark.parametrize("trust", ["nobody", "home"])
def test_arguments_of_another_job_are_of_the_classes_that_the_next_job_has(
    master: Master, tmp_path: Path, trust: str
) -> None:
    """And not of those that they were of, nor what stands for one that stays closed here."""
    path = project(tmp_path)
    path.write_text(path.read_text() + "def mine(city):\n    return isinstance(city, town.City)\n")
    spec = JobSpec("job", path.read_text(), "mine", filename=str(path))
    with Workbench(master.own_link, **TRUST[trust]) as bench:
        one = bench.submit(spec, ArgumentSource("expression", "[city(1), city(2), 3]"))
        assert master.job(one).results() == [True, True, False]
        other = bench.submit(spec, ArgumentSource("tasks", f"{one}: 0, 2"))
        assert master.job(other).results() == [True, False]
        assert f"{one}: 0, 2" in master.job(other).spec.source


SCRIPT = """
import sys
import town
from mcgui_core import Cluster

def grown(city):
    return town.City(city.name, city.size + 1)

with Cluster.connect(sys.argv[1]) as cluster:
    job = cluster.submit(grown, [town.City("Ulm", 1), town.City("Bonn", 2)])
    assert job.results() == [town.City("Ulm", 2), town.City("Bonn", 3)]
    print(job.id)
"""


@pytest.fixture
def script_job(master: Master, tmp_path: Path) -> int:
    """The job of a script that sent a function and arguments of a module beside it."""
    (tmp_path / "town.py").write_text(TOWN)
    (tmp_path / "script.py").write_text(SCRIPT)
    id = int(run(tmp_path, "script.py", master.console_link))
    (tmp_path / "town.py").unlink()
    return id


def test_what_a_script_has_sent_and_got_is_opened(bench: Workbench, script_job: int) -> None:
    rows = bench.rows(script_job, 0, 2)
    assert [row.argument for row in rows] == ["City(name='Ulm', size=1)", "City(name='Bonn', size=2)"]
    assert [row.value for row in rows] == ["City(name='Ulm', size=2)", "City(name='Bonn', size=3)"]
    detail = bench.detail(script_job, 0)
    assert detail is not None
    assert detail.argument == rows[0].argument


def test_the_terminal_writes_what_a_script_has_sent_and_got(master: Master, script_job: int, tmp_path: Path) -> None:
    write_link_file(tmp_path / "links.json", {"worker": "", "watch": "", "console": master.console_link})
    target = tmp_path / "out.csv"
    run(tmp_path, "-m", "mcgui_core.cli.main", "results", str(script_job), str(target), "--link-file", "links.json")
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert [(row["name"], row["size"], row["result.size"]) for row in rows] == [("Ulm", "1", "2"), ("Bonn", "2", "3")]


ELSEWHERE = """
import sys
if "slot_main" not in " ".join(sys.orig_argv):
    raise ImportError("no such library here")
class City:
    pass
"""


def test_a_module_that_cannot_be_imported_here_is_told_and_its_neighbours_are_opened(
    master: Master, tmp_path: Path
) -> None:
    (tmp_path / "town.py").write_text(ELSEWHERE)
    (tmp_path / "main.py").write_text("import town\ndef f(x):\n    return town.City() if x else 0\n")
    id = done(master, tmp_path / "main.py", "f", 2)
    with Workbench(master.own_link, home=True) as bench:
        assert values(bench, id, 2) == ["0", "<cannot be opened here: ImportError: no such library here>"]
        written = bench.export(id, str(tmp_path / "out.csv"), "csv")
        assert any("cannot be opened on this computer" in note for note in written.notes)
        assert "no such library here" in (tmp_path / "out.csv").read_text("utf-8-sig")
