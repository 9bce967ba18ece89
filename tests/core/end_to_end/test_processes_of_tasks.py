"""Processes that a task starts find what the task knows, however they are started, and whatever the task came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mcgui_core import Master
from tests.support import cluster

SOURCE = """
def g(x):
    return x * x

class Looked:
    def __init__(self, function):
        self.function = function

    def up(self, table, i):
        assert self.function(i) == table[i]
        return int(table[i])

def spawned(n):
    import multiprocessing
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return pool.map(g, range(n))

def forked(n):
    import multiprocessing
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(g, range(n))

def executed(n):
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(g, range(n)))

def joblib(n):
    import numpy as np
    from joblib import Parallel, delayed
    table = np.arange(n) ** 2  # mapped by its processes, as joblib does with what is large; and objects of its own
    return Parallel(n_jobs=2, max_nbytes=8)(delayed(Looked(g).up)(table, i) for i in range(n))

def joblib_by_processes(n):
    from joblib import Parallel, delayed
    return Parallel(n_jobs=2, backend="multiprocessing")(delayed(g)(i) for i in range(n))

def clustered(n):
    from mcgui_core import Master
    with Master() as inner:
        inner.add_local_worker(1)
        return inner.submit(g, range(n)).results()
"""

WAYS = ["spawned", "executed", "joblib", "joblib_by_processes", "clustered"]


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(1) as master:
        yield master


@pytest.mark.parametrize("way", WAYS)
def test_of_an_environment_that_is_only_text(master: Master, way: str) -> None:
    assert master.submit(SOURCE, way, [5]).results() == [[0, 1, 4, 9, 16]]


@pytest.mark.parametrize("way", WAYS)
def test_of_a_function_of_a_script(master: Master, way: str) -> None:
    script: dict[str, Any] = {"__name__": "__main__"}
    exec(SOURCE, script)
    assert master.submit(script[way], [5]).results() == [[0, 1, 4, 9, 16]]
