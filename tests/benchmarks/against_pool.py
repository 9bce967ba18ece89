"""Our time beside multiprocessing.Pool's, with the same number of processes, both warm, in turn."""

from __future__ import annotations

import multiprocessing
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from mcgui_core import Master
from mcgui_core.nprocs import cpu_count
from tests.benchmarks import work


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; times in seconds."""

    what: str
    ours: float
    pool: float
    target: float  # the ratio that is promised

    @property
    def ratio(self) -> float:
        return self.ours / self.pool


def measure(repeats: int = 5) -> list[Row]:
    """Every comparison: medians over `repeats` runs of each, A B A B."""
    nprocs = cpu_count()
    numbers = work.make_nums(5000)
    with Master() as master, multiprocessing.Pool(nprocs) as pool:
        master.add_local_worker(nprocs)

        def ours(source: str, function: str, args: range | list[int]) -> Callable[[], object]:
            return lambda: master.submit(source, function, args).results()

        ours(work.PI_SOURCE, "throw", range(1000))()
        pool.map(work.throw, range(1000))
        million = range(10**6)
        return [
            _row(
                "Pi, 1,000,000 tasks (range)",
                ours(work.PI_SOURCE, "throw", million),
                lambda: pool.map(work.throw, million),
                repeats,
                1.5,
            ),
            _row(
                "Pi, 1,000,000 tasks (list)",
                ours(work.PI_SOURCE, "throw", list(million)),
                lambda: pool.map(work.throw, list(million)),
                repeats,
                1.5,
            ),
            _row(
                "Factorisation of 5,001 numbers",
                ours(work.FACTORIZE_SOURCE, "factorize", numbers),
                lambda: pool.map(work.factorize, numbers),
                3,
                1.1,
            ),
        ]


def one_task(repeats: int = 50) -> tuple[float, float]:
    """Seconds from submit to result of a job of one trivial task, on a warm cluster: median and worst."""
    with Master() as master:
        master.add_local_worker(cpu_count())
        times = []
        for _ in range(repeats + 3):
            began = perf_counter()
            master.submit("def f(x): return x + 1", "f", [1]).results()
            times.append(perf_counter() - began)
    return statistics.median(times[3:]), max(times[3:])


def _row(what: str, ours: Callable[[], object], pool: Callable[[], object], repeats: int, target: float) -> Row:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for run, kept in zip((ours, pool), times, strict=True):
            began = perf_counter()
            run()
            kept.append(perf_counter() - began)
    return Row(what, statistics.median(times[0]), statistics.median(times[1]), target)
