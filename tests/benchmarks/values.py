"""What scientists pass around, beside the pools of the standard library: arrays in and out, dicts, a large closure."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import psutil

from mcgui_core import Master
from mcgui_core.processes.processor_count import cpu_count

SOURCE = """
import numpy as np
def first(array): return float(array[0])
def made(number): return np.full(125_000, float(number))
def item(record): return record["a"]
"""


def first(array: Any) -> float:
    """As in SOURCE: a Pool has to find it by its name."""
    return float(array[0])


def made(number: int) -> Any:
    """As in SOURCE."""
    return np.full(125_000, float(number))


def item(record: dict[str, Any]) -> Any:
    """As in SOURCE."""
    return record["a"]


@dataclass(frozen=True, slots=True)
class Row:
    """Medians, in seconds, of runs that took turns; and of processor that the master took in a run of ours."""

    what: str
    ours: float
    pool: float
    executor: float
    master: float


def measure(repeats: int = 3) -> list[Row]:
    """Every comparison, all of them warm."""
    arrays = [np.full(125_000, float(number)) for number in range(200)]
    records = [{"a": number, "b": float(number), "c": f"x{number}"} for number in range(100_000)]
    nprocs = cpu_count()
    spawn = multiprocessing.get_context("spawn")
    with Master() as master, spawn.Pool(nprocs) as pool, ProcessPoolExecutor(nprocs, spawn) as executor:
        master.add_local_worker(nprocs)
        server = psutil.Process(master.pid)

        def row(what: str, function: Callable[[Any], Any], args: Any, chunksize: int) -> Row:
            times: tuple[list[float], ...] = ([], [], [])
            used = 0.0
            ways: tuple[Callable[[], object], ...] = (
                lambda: master.submit(SOURCE, function.__name__, args).results(),
                lambda: pool.map(function, args),
                lambda: list(executor.map(function, args, chunksize=chunksize)),
            )
            for turn in range(repeats + 1):
                for way, kept in zip(ways, times, strict=True):
                    before, began = _seconds(server), perf_counter()
                    way()
                    if turn:  # the first one only warms it up
                        kept.append(perf_counter() - began)
                        used += _seconds(server) - before if way is ways[0] else 0.0
            return Row(what, *map(median, times), used / repeats)

        return [
            row("200 arrays of 1 MB in", first, arrays, 1),
            row("200 arrays of 1 MB out", made, range(200), 1),
            row("100,000 dicts in", item, records, 1000),
        ]


def closure(megabytes: int = 400) -> float:
    """Seconds from submit to the last of 200 results of a function that refers to so much, on a warm cluster."""
    data = bytes(megabytes * 10**6)
    with Master() as master:
        master.add_local_worker(cpu_count())
        master.submit(SOURCE, "item", [{"a": 1}]).results()
        began = perf_counter()
        master.submit(lambda number: len(data) + number, range(200)).results()
        return perf_counter() - began


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
