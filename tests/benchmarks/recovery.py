"""How long it takes until work goes on after something was killed, and what the journal costs: `make bench-recovery`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import psutil

from mcgui_core import Cluster, Master
from mcgui_core.client.access.link_files import read_link_file
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.processes.processor_count import cpu_count
from tests.benchmarks import work

#: A task that notes when and where it starts, and takes a while.
NOTING = """
import os, threading, time

def f(task):
    number, folder = task
    with open(os.path.join(folder, str(os.getppid())), "a") as notes:
        notes.write(f"{number} {time.time()}\\n")
    threading.Event().wait(0.2)
    return number
"""
PATIENCE = 60.0


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="mcgui-bench-") as name:
        folder = Path(name)
        print("Seconds; medians and worst of 10\n")
        _print(
            "from the kill of a node to its tasks running elsewhere",
            [_node_killed(folder / f"n{n}") for n in range(10)],
        )
        _print(
            "from the restart of a killed master to the first new result",
            [_master_killed(folder / f"m{n}") for n in range(10)],
        )
        print("\nPi with 1,000,000 tasks, and 20,000 tasks that return 10 kB each; medians of 5, in seconds\n")
        _journal_overhead(folder)
    return 0


def _print(what: str, times: list[float]) -> None:
    print(f"{what:<62}{statistics.median(times):>7.2f}{max(times):>7.2f}", flush=True)


def _node_killed(folder: Path) -> float:
    """Two nodes work; one is killed with its slots. How long until the task that it was at runs on the other?"""
    for attempt in range(10):
        took = _try_to_kill_a_node(folder / str(attempt))
        if took is not None:
            return took
    raise TimeoutError("The task that was looked at had always been done before its node was killed.")


def _try_to_kill_a_node(folder: Path) -> float | None:
    """None where the task was done, and said to be, just before the kill."""
    folder.mkdir(parents=True)
    with Master() as master:
        doomed, other = AgentProcess(master.worker_link, 1, "doomed"), AgentProcess(master.worker_link, 1, "other")
        try:
            _until(lambda: len(master.nodes()) == 2)
            job = master.submit(NOTING, "f", [(number, str(folder)) for number in range(40)], chunksize=1)
            _until(lambda: len(_notes(folder, doomed.pid)) >= 3 and len(_notes(folder, other.pid)) >= 3)
            running = list(_notes(folder, doomed.pid))[-1]
            for process in [*psutil.Process(doomed.pid).children(), psutil.Process(doomed.pid)]:
                process.kill()
            killed = _now()
            _until(lambda: running in _notes(folder, other.pid) or job.status.final)
            began = _notes(folder, other.pid).get(running)
            return None if began is None else began - killed
        finally:
            doomed.leave()
            other.leave()


def _master_killed(folder: Path) -> float:
    """A master, run as a command, is killed while two slots work, and started anew on its journal and port."""
    folder.mkdir()
    port = _free_port()
    process = _start(folder, port)
    agent = None
    try:
        link = read_link_file(folder / "links", "console")
        agent = AgentProcess(read_link_file(folder / "links", "worker"), cpu_count(), "worker")
        with Cluster.connect(link) as client:
            job = client.submit(NOTING, "f", [(number, str(folder)) for number in range(400)], chunksize=1)
            _until(lambda: job.status.done > 6)
        process.kill()
        process.wait()
        process = _start(folder, port)
        began = perf_counter()
        with Cluster.connect(link) as client:
            again = client.job(job.id)
            before = again.status.done
            _until(lambda: again.status.done > before)
            took = perf_counter() - began
            again.cancel()
        return took
    finally:
        if agent is not None:
            agent.leave()
        process.kill()
        process.wait()


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A master as a command. Returns once it listens."""
    links = folder / "links"
    links.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "mcgui_core.cli.main", "master", "--port", str(port), "--journal", str(folder / "journal"),
         "--link-file", str(links)], stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _until(links.exists)
    return process


def _journal_overhead(folder: Path) -> None:
    """The same jobs with the journal on disk, and in memory, where writing costs next to nothing."""
    memory = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    print(f"{'':<44}{'disk':>8}{'memory':>8}{'ratio':>7}")
    blob = "import os\nblob = os.urandom(10_000)\ndef f(x): return blob + bytes([x % 256])"
    for what, source, function, count in (
        ("Pi, 1,000,000 tasks", work.PI_SOURCE, "throw", 10**6),
        ("20,000 results of 10 kB (200 MB)", blob, "f", 20_000),
    ):
        on_disk = _timed(folder / "journal.sqlite", source, function, count)
        if memory is None:
            print(f"{what:<44}{on_disk:>8.2f}{'-':>8}{'-':>7}  (there is no /dev/shm to compare with)")
            continue
        with tempfile.TemporaryDirectory(dir=memory) as name:
            in_memory = _timed(Path(name, "journal.sqlite"), source, function, count)
        print(f"{what:<44}{on_disk:>8.2f}{in_memory:>8.2f}{on_disk / in_memory:>7.2f}", flush=True)


def _timed(journal: Path, source: str, function: str, count: int) -> float:
    times = []
    with Master(journal=journal) as master:
        master.add_local_worker(cpu_count())
        master.submit(source, function, range(100)).results()
        for _ in range(5):
            began = perf_counter()
            master.submit(source, function, range(count)).wait()
            times.append(perf_counter() - began)
    return statistics.median(times)


def _notes(folder: Path, agent: int) -> dict[str, float]:
    """The tasks that slots of an agent have started, with the time, in their order."""
    path = folder / str(agent)
    lines = path.read_text().splitlines() if path.exists() else []
    return {number: float(time) for number, time in (line.split() for line in lines if line.count(" ") == 1)}


def _now() -> float:
    import time

    return time.time()


def _until(condition: Callable[[], object]) -> None:
    pause, deadline = threading.Event(), perf_counter() + PATIENCE
    while not condition():
        if perf_counter() > deadline:
            raise TimeoutError(f"It did not happen within {PATIENCE:g} s.")
        pause.wait(0.005)


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
