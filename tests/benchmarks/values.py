"""What scientists pass around, beside the pools of others: arrays in and out, dicts, numbers, a large closure."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import psutil

from mcgui_core import Master
from mcgui_core.processes.processor_count import cpu_count
from tests.benchmarks.distant_worker import distant_worker

SOURCE = """
import numpy as np
def first(array): return float(array[0])
def made(number): return np.full(125_000, float(number))
def item(record): return record["a"]
def one(number): return 1
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


def one(number: int) -> int:
    """As in SOURCE."""
    return 1


#: Maps a function over arguments, so many at a time.
Mapper = Callable[[Callable[[Any], Any], Any, int], Any]
#: Arguments of which Dask is given more only by the hour: it takes some 2 ms for each.
MOST_FOR_DASK = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """Medians, in seconds, of runs that took turns: ours, and those of others by their names. And of ours, seconds of
    processor for each run by process, and bytes that the processes held after it."""

    what: str
    ours: float
    others: dict[str, float]
    processor: dict[str, float]
    memory: dict[str, int]


@contextmanager
def others(nprocs: int, clusters: bool = False) -> Iterator[dict[str, Mapper]]:
    """What we are measured beside. loky and joblib only where they are installed (the extra `bench`); Ray and Dask only
    with `clusters`."""
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pool = stack.enter_context(spawn.Pool(nprocs))
        executor = stack.enter_context(ProcessPoolExecutor(nprocs, spawn))
        found: dict[str, Mapper] = {
            "Pool": lambda function, args, _size: pool.map(function, args),
            "Executor": lambda function, args, size: list(executor.map(function, args, chunksize=size)),
        }
        with suppress(ImportError):
            import loky

            reusable = loky.ProcessPoolExecutor(nprocs)
            stack.callback(reusable.shutdown)
            found["loky"] = lambda function, args, size: list(reusable.map(function, args, chunksize=size))
        with suppress(ImportError):
            import joblib

            parallel = stack.enter_context(joblib.Parallel(nprocs))
            found["joblib"] = lambda function, args, _size: parallel(joblib.delayed(function)(each) for each in args)
        if clusters:
            found["Ray"] = stack.enter_context(_ray(nprocs))
            found["Dask"] = stack.enter_context(_dask(nprocs))
        yield found


@contextmanager
def _ray(nprocs: int) -> Iterator[Mapper]:
    import ray
    from ray.util.multiprocessing import Pool

    ray.init(num_cpus=nprocs, include_dashboard=False, log_to_driver=False)
    try:
        pool = Pool(nprocs)
        yield lambda function, args, size: pool.map(function, args, chunksize=size)
    finally:
        ray.shutdown()


@contextmanager
def _dask(nprocs: int) -> Iterator[Mapper]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=nprocs, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        yield lambda function, args, _size: client.gather(client.map(function, list(args), pure=False))


def measure(clusters: bool = False) -> list[Row]:
    """Every comparison, all of them warm; beside Ray and Dask too with `clusters`."""
    arrays = [np.full(125_000, float(number)) for number in range(200)]
    records = [{"a": number, "b": float(number), "c": f"x{number}"} for number in range(100_000)]
    million = list(range(10**6))
    row = partial(_row, clusters=clusters)
    return [
        row("200 arrays of 1 MB in", first, arrays, 1, repeats=3),
        row("200 arrays of 1 MB out", made, range(200), 1, repeats=3),
        row("100,000 dicts in", item, records, 1000, repeats=5),
        row("1,000,000 ints from a list", one, million, 1000, repeats=5),
        row("10,000 ints from a list", one, million[:10_000], 100, repeats=61),
        row("200 arrays in, by TLS", first, arrays, 1, repeats=3, by_tls=True),
        row("200 arrays out, by TLS", made, range(200), 1, repeats=3, by_tls=True),
    ]


def _row(
    what: str,
    function: Callable[[Any], Any],
    args: Any,
    size: int,
    repeats: int,
    by_tls: bool = False,
    clusters: bool = False,
) -> Row:
    """One comparison, of runs in turn. Others take `size` arguments at a time, where that has to be said.

    All are started anew for it: what a process did before leaves its memory in another state, and 1,000,000 ints take a
    Pool 20 % less of the processor where it was sent arrays before.
    """
    nprocs = cpu_count()
    with others(nprocs, clusters) as peers, Master() as master, _worker(master, nprocs, by_tls) as agent:
        ways: dict[str, Mapper] = {"ours": lambda f, args, _: master.submit(SOURCE, f.__name__, args).results()}
        ways |= peers
        if len(args) > MOST_FOR_DASK:
            ways.pop("Dask", None)
        meter = _Meter(master.pid, agent)
        times: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(repeats + 1):
            for name, way in ways.items():
                if name == "ours" and turn == 1:  # the first one only warms it up
                    meter.start()
                with meter.running(name == "ours"):
                    began = perf_counter()
                    way(function, args, size)
                    if turn:
                        times[name].append(perf_counter() - began)
        found = {name: median(kept) for name, kept in times.items()}
        return Row(what, found.pop("ours"), found, meter.processor(repeats), meter.memory())


@contextmanager
def _worker(master: Master, nprocs: int, by_tls: bool) -> Iterator[int]:
    """Joins, on this computer or as if it were on another. The process of its agent."""
    if not by_tls:
        yield master.add_local_worker(nprocs).pid
        return
    with distant_worker(master, nprocs) as pid:
        yield pid


def closure(megabytes: int = 400) -> float:
    """Seconds from submit to the last of 200 results of a function that refers to so much, on a warm cluster."""
    data = bytes(megabytes * 10**6)
    with Master() as master:
        master.add_local_worker(cpu_count())
        master.submit(SOURCE, "item", [{"a": 1}]).results()
        began = perf_counter()
        master.submit(lambda number: len(data) + number, range(200)).results()
        return perf_counter() - began


class _Meter:
    """Processor and memory of our processes while we run, not while others do."""

    def __init__(self, master: int, agent: int) -> None:
        self._known = {"script": psutil.Process(), "master": psutil.Process(master), "agent": psutil.Process(agent)}
        self._used: dict[str, float] = {}

    def start(self) -> None:
        """Count from nothing."""
        self._used = {}

    @contextmanager
    def running(self, ours: bool) -> Iterator[None]:
        """Count what is used within, if that is `ours`."""
        before = self._look()[0] if ours else {}
        yield
        for name, seconds in self._look()[0].items() if ours else ():
            self._used[name] = self._used.get(name, 0.0) + seconds - before.get(name, 0.0)

    def processor(self, runs: int) -> dict[str, float]:
        """Seconds for each run."""
        return {name: seconds / runs for name, seconds in self._used.items()}

    def memory(self) -> dict[str, int]:
        """Bytes now."""
        return self._look()[1]

    def _look(self) -> tuple[dict[str, float], dict[str, int]]:
        seconds, memory = dict.fromkeys((*self._known, "slots"), 0.0), dict.fromkeys((*self._known, "slots"), 0)
        slots = [("slots", slot) for slot in self._known["agent"].children()]
        for name, process in (*self._known.items(), *slots):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                seconds[name] += times.user + times.system
                memory[name] += process.memory_info().rss
        return seconds, memory
