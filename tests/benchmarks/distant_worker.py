"""A worker that takes this computer for another one: values reach it by its connections, and not by files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mcgui_core import Cluster
from mcgui_core.node import agent_main
from mcgui_core.values import local_store


@contextmanager
def distant_worker(cluster: Cluster, nprocs: int) -> Iterator[int]:
    """The process of one that has joined, with so many slots."""
    command = [sys.executable, "-m", "tests.benchmarks.distant_worker"]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=root)
    assert process.stdin is not None
    settings = {"link": cluster.worker_link, "nprocs": nprocs, "name": "distant", "dask": None, "limited": False}
    try:
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
        snapshot = cluster.snapshot()
        while not snapshot.nodes:
            if process.poll() is not None:
                raise RuntimeError("The worker has ended before it joined.")
            snapshot = cluster.snapshot(snapshot.version, 1.0)
        yield process.pid
    finally:
        process.stdin.close()
        process.wait()


if __name__ == "__main__":
    local_store.this_computer = lambda: "another computer"
    sys.exit(agent_main.main())
