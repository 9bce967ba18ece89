"""Much more than memory holds goes through a master, and a master may be killed in the middle of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.client import master as masters
from mcgui_core.client.access.link_files import read_link_file
from mcgui_core.values.value_file import writer_of
from tests.support import PATIENCE, worker
from tests.waiting import until

ROOT = Path(__file__).parents[3]
LONG = os.environ.get("MCGUI_LONG") == "1"
MB = 1 << 20

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory a process has had")

#: A server whose store nobody may read, as if all others were on other computers.
ELSEWHERE = """
import sys
from mcgui_core.base.exposed import exposed
from mcgui_core.master import server
from mcgui_core.master.values.value_service import ValueService
ValueService.store = exposed("console", "node")(lambda self: ("", "", ""))
sys.exit(server.main())
"""
SOURCE = """
import numpy as np
def f(x):
    array = np.empty(1 << 19)  # 4 MB
    array[:] = x
    return array
"""
READER = """
import sys
from mcgui_core import Cluster
total = 0.0
with Cluster.connect(sys.argv[1]) as cluster:
    for index, array in cluster.job(int(sys.argv[2])).iter_results():
        assert array[7] == index
        total += float(array[-1])
with open("/proc/self/status") as status:
    (most,) = [int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")]
print(total, most)
"""


def most_memory(pid: int) -> int:
    """Bytes that a process has had in memory at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@linux_only
@pytest.mark.timeout(1800 if LONG else 120)
@pytest.mark.parametrize("way", ["by files", "by connections"])
def test_results_of_any_size_go_through_a_little_memory(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 1280 if LONG else 80  # of 4 MB
    if way == "by connections":
        monkeypatch.setattr(masters, "module_command", lambda _module: [sys.executable, "-c", ELSEWHERE])
    with Master(journal=tmp_path / "journal") as master:
        master.add_local_worker(2)
        job = master.submit(SOURCE, "f", range(count))
        command = [sys.executable, "-c", READER, master.console_link, str(job.id)]
        total, most = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
        assert float(total) == count * (count - 1) / 2
        assert int(most) < (300 if LONG else 150) * MB
        assert most_memory(master.pid) < (200 if LONG else 150) * MB


@linux_only
def test_what_went_through_an_agent_does_not_stay_in_its_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masters, "module_command", lambda _module: [sys.executable, "-c", ELSEWHERE])
    with Master(journal=tmp_path / "journal") as master:
        agent = psutil.Process(master.add_local_worker(2).pid)
        for _ in range(3):
            job = master.submit(SOURCE, "f", range(50))
            assert job.wait(PATIENCE * 3).state == "finished"
            until(lambda: agent.memory_info().rss < 60 * MB, what="the agent's memory back")
            job.forget()


# --- kills ----------------------------------------------------------------------------------------------------------

NUMBERED = "def f(x): return x.to_bytes(4, 'big') * 250_000\n"  # 1 MB, told from any other


@contextmanager
def serving(journal: Path, links: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A master, killed in the end if nobody has done so before."""
    links.unlink(missing_ok=True)
    command = [sys.executable, "-m", "mcgui_core.cli.main", "master", "--port", port_of(journal), "--journal"]
    command += [str(journal), "--link-file", str(links)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            # Of a hundred starts, one may come while others have both processor and disk.
            until(lambda: links.exists() or process.poll() is not None, 10 * PATIENCE, "the start of the master")
            assert process.poll() is None, f"it ended with exit code {process.returncode}"
            yield process
        finally:
            process.kill()


def port_of(journal: Path) -> str:
    """The same each time, so that whoever has a link comes back."""
    port = journal.with_suffix(".port")
    if not port.exists():
        import socket

        with socket.create_server(("127.0.0.1", 0)) as free:
            port.write_text(str(free.getsockname()[1]))
    return port.read_text()


@pytest.mark.timeout(3600 if LONG else 120)
def test_a_master_that_is_killed_in_the_middle_of_large_results_loses_none_that_it_told_of(tmp_path: Path) -> None:
    dice, count, kills = random.Random(1), 500 if LONG else 40, 50 if LONG else 3
    journal, links = tmp_path / "journal", tmp_path / "links.json"
    with serving(journal, links):
        worker_link, console_link = (read_link_file(links, kind) for kind in ("worker", "console"))
    with worker(str(worker_link), 2) as agent:
        job = 0
        for _ in range(kills):
            told: dict[int, tuple[int, int]] = {}  # by the order in which they came, which none has twice
            with serving(journal, links) as process, Cluster.connect(str(console_link)) as cluster:
                if job:
                    cluster.job(job).forget()
                    # What the worker has made twice, or was stopped at, is its own as long as it lives.
                    assert {writer_of(name) for name in values(tmp_path)} <= {agent.pid}
                until(lambda: agent.last_event.state not in ("connecting", "refused"), PATIENCE)
                job = cluster.submit(NUMBERED, "f", range(count)).id
                most = dice.randint(1, count)
                while sum(stop - start for start, stop in told.values()) < most:
                    some, _ = cluster.job(job).outcomes(max(told, default=0), PATIENCE)
                    told.update((outcome.seq, (outcome.start, outcome.stop)) for outcome in some)
                process.kill()
                process.wait()
            with serving(journal, links), Cluster.connect(str(console_link)) as cluster:
                found = cluster.job(job)
                kept: dict[int, tuple[int, int]] = {}
                while max(kept, default=0) < max(told):  # a page at a time; all that was told of is there at once
                    some, _ = found.outcomes(max(kept, default=0))
                    assert some, f"of {max(told)}, only {max(kept, default=0)} outcomes are there"
                    kept.update((outcome.seq, (outcome.start, outcome.stop)) for outcome in some)
                assert told.items() <= kept.items()
                results = found.results()
                assert [int.from_bytes(value[:4], "big") for value in results] == list(range(count))
                assert all(len(value) == 1_000_000 for value in results)
                status = found.status
                assert (status.state, status.done, status.failed) == ("finished", count, 0)
    with serving(journal, links), Cluster.connect(str(console_link)) as cluster:
        cluster.job(job).forget()
        assert values(tmp_path) == [], "what is left of a worker that has ended goes with the next start"


def values(folder: Path) -> list[str]:
    """Files of the store."""
    store = folder / "journal-values"
    return [path.name for path in store.iterdir() if not path.name.startswith("probe")] if store.exists() else []
