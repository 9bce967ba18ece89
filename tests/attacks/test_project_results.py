"""Results that name modules of the job's project: classes of what the job imports are opened, and nothing else runs."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core import Cluster, Master
from mcgui_core.client.trust_store import TrustStore
from mcgui_core.environment.project_modules import ProjectModules
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import NodeInfo, Outcome, ProjectFile, Report
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.values import pickling
from mcgui_core.workbench.workbench import Workbench
from tests.raw_calls import call

INFO = NodeInfo("rogue", "rogue", 1, 1, ".".join(map(str, sys.version_info[:3])), "Test", 1)
TOWN = """
import os
from pathlib import Path
from subprocess import Popen

class City:
    def __init__(self, name):
        self.name = name
    def __repr__(self):
        return f"City({self.name})"
    @staticmethod
    def burn(path):
        Path(path).touch()

def delete_all(path):
    Path(path).touch()
"""
#: Travels because somebody names it: a program, which does harm where it is imported.
PROGRAM = "from pathlib import Path\nPath({mark!r}).touch()\nclass Done:\n    pass\n"
MAIN = "import town\ndef f(x):\n    return town.City(x)\n"


def names(module: str, name: str, *args: Any) -> bytes:
    """A pickle of [0, module.name(*args), 2], by opcodes: the module need not be there."""
    rest = pickling.dumps(args)[3:-1]  # without the byte before it, PROTO and STOP
    body = b"\x80\x05](K\x00\x8c" + bytes([len(module)]) + module.encode() + b"\x8c" + bytes([len(name)])
    return pickling.PLAIN + body + name.encode() + b"\x93" + _unframed(rest) + b"RK\x02e."


def _unframed(rest: bytes) -> bytes:
    return rest[9:] if rest[:1] == b"\x95" else rest


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "ran"


@pytest.fixture
def folder(tmp_path: Path, mark: Path) -> Path:
    (tmp_path / "town.py").write_text(TOWN)
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "program.py").write_text(PROGRAM.format(mark=str(mark)))
    return tmp_path


@pytest.fixture
def master() -> Iterator[Master]:
    with Master() as master:
        yield master


def answered(master: Master, folder: Path, data: bytes) -> int:
    """The job of three tasks to which somebody with a worker link has answered that."""
    job = master.submit(folder / "main.py", "f", range(3), files=["program.py"], chunksize=3)
    with connect(JoinLink.parse(master.worker_link)) as rogue:
        call(rogue, "node", "join", INFO)
        report = Report()
        while not job.status.final:
            chunks = call(rogue, "node", "exchange", "rogue", report, 10.0).chunks
            report = Report(
                outcomes=tuple(
                    Outcome(job.id, one.start, one.stop, data, (), 0.1, "rogue", one.lease, home=True, token=one.token)
                    for one in chunks
                )
            )
        call(rogue, "node", "leave", "rogue", "")
    return job.id


LIES = {
    "a function of the project": ("town", "delete_all", "{mark}"),
    "a method of its class": ("town", "City.burn", "{mark}"),
    "a class that it has imported": ("town", "Popen", "touch {mark}"),
    "a function of a module that it has imported": ("town", "os.system", "touch {mark}"),
    "a program that travelled along": ("program", "Done"),
    "its main file": ("main", "f", 1),
    "a module that did not travel": ("wsgiref.validate", "InputWrapper", 1),
    "what is no name": ("town", "", 1),
}


@pytest.mark.parametrize("home", [True, False])
@pytest.mark.parametrize("lie", LIES)
def test_a_worker_has_nothing_run_but_the_classes_of_what_the_job_imports(
    master: Master, folder: Path, mark: Path, lie: str, home: bool
) -> None:
    module, name, *args = LIES[lie]
    args = [one.format(mark=mark) if isinstance(one, str) else one for one in args]
    id = answered(master, folder, names(module, name, *args))
    with Workbench(master.own_link, home=home) as bench:
        rows = [row.value for row in bench.rows(id, 0, 3)]
        assert (rows[0], rows[2]) == ("0", "2")
        assert rows[1] == f"<{module}.{name}, not opened>"
    assert not mark.exists()


def test_a_class_of_the_project_that_a_worker_names_is_opened(master: Master, folder: Path, mark: Path) -> None:
    """So that the others of these tests show something."""
    id = answered(master, folder, names("town", "City", "Ulm"))
    with Workbench(master.own_link) as bench:
        assert [row.value for row in bench.rows(id, 0, 3)] == ["0", "City(Ulm)", "2"]
    with Workbench(master.own_link, trust_workers=True) as bench:
        assert bench.rows(id, 0, 3)[1].value == "City(Ulm)"
    assert not mark.exists()


def test_a_project_that_was_submitted_elsewhere_is_not_run_here(master: Master, folder: Path, mark: Path) -> None:
    """Nor is one of which only the environment's own source was: its modules are others."""
    master.submit(folder / "main.py", "f", [])
    town = (folder / "town.py").read_text()
    (folder / "town.py").write_text(f"{town}\nPath({str(mark)!r}).touch()\n")
    store = TrustStore().path
    before = store.read_text()
    with Cluster.connect(master.console_link) as elsewhere:
        data = names("town", "City", "Ulm")
        id = answered(master, folder, data)
        assert elsewhere.job(id).spec.files
    store.write_text(before)
    with Workbench(master.own_link, home=True) as bench:
        assert bench.rows(id, 0, 3)[1].value == "<town.City, not opened>"
        assert not mark.exists()
        (folder / "town.py").write_text(town)
        written = bench.export(id, str(folder / "out.csv"), "csv")
        assert any("were not opened" in note for note in written.notes)
    with Workbench(master.own_link, trust_workers=True) as bench:
        assert bench.rows(id, 0, 3)[1].value == "City(Ulm)"
    assert mark.exists()
    store.write_text(before)


def test_a_master_cannot_put_another_text_in_the_place_of_a_module(mark: Path) -> None:
    mine, theirs = b"x = 1\n", f"open({str(mark)!r}, 'w').close()\n".encode()
    file = ProjectFile("town.py", len(mine), hashlib.sha256(mine).hexdigest())
    modules = ProjectModules("/home/me/main.py", "main.py", [file], lambda _digest: theirs)
    with pytest.raises(ImportError, match="another town.py than the job"):
        modules.find("town")
    assert not mark.exists()
    found = ProjectModules("/home/me/main.py", "main.py", [file], lambda _digest: mine).find("town")
    assert found is not None
    assert found.x == 1
    assert "town" not in sys.modules
