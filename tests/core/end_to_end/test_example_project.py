"""The example that is a project runs on computers that have nothing of it: from terminal, script and console."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.client.job_document import JobDocument
from mcgui_core.workbench.workbench import Workbench
from tests.support import joined
from tests.waiting import until

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "resources/examples/stations"
SCRIPT = """
import sys
from pathlib import Path
from mcgui_core import Cluster
with Cluster.connect(sys.argv[1]) as cluster:
    print(cluster.submit(Path(sys.argv[2]), "warming", range(40)).results())
"""


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Master]:
    """With two workers, each a command in an empty folder and with a home of its own."""
    with Master() as master, ExitStack() as stack:
        for name in ("one", "two"):
            folder = tmp_path_factory.mktemp(name)
            command = [sys.executable, "-m", "mcgui_core.cli.main", "worker", "--nprocs", "1", "--name", name]
            process = subprocess.Popen(command, cwd=folder, env=variables(folder, MCGUI_LINK=master.worker_link))
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
        until(lambda: joined(master, 2))
        yield master


def variables(home: Path, **more: str) -> dict[str, str]:
    """Of somebody whose home that is."""
    others = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home / "data")}
    return {**os.environ, **others, "PYTHONPATH": str(ROOT), **more}


def check(rows: list[dict[str, float]]) -> None:
    assert [row["station"] for row in rows] == list(range(40))
    assert rows[6]["degrees_a_year"] > rows[0]["degrees_a_year"] + 2


def test_from_a_terminal(master: Master, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "mcgui_core.cli.main",
        "run",
        str(EXAMPLE / "stations.mcjob"),
        "--output",
        "o.jsonl",
    ]
    link = {"MCGUI_LINK": master.console_link}
    done = subprocess.run(
        command, cwd=tmp_path, env=variables(tmp_path, **link), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    check([json.loads(line)["result"] for line in (tmp_path / "o.jsonl").read_text().splitlines()])
    assert "degrees_a_year" in done.stdout


def test_from_a_script(master: Master, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, master.console_link, str(EXAMPLE / "stations.py")]
    done = subprocess.run(
        command, cwd=tmp_path, env=variables(tmp_path), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    check(eval(done.stdout))


def test_as_the_console_does_it(master: Master) -> None:
    document = JobDocument.load(EXAMPLE / "stations.mcjob")
    with Workbench(master.console_link) as bench:
        job = master.job(bench.submit(document.spec(), document.arguments))
        check(job.results())
        assert {file.path for file in job.spec.files} == {
            *("stations.py", "readings.py", "hourly.csv"),
            *("climate/__init__.py", "climate/trend.py", "climate/units.py"),
        }
        assert job.spec.requirements == ("numpy>=1.24",)
