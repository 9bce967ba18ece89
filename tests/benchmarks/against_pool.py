"""Our time beside multiprocessing.Pool's, with the same number of processes, both warm, in turn."""

from __future__ import annotations

import multiprocessing
import statistics
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import psutil

from mcgui_core import Master
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.processes.processor_count import cpu_count
from tests.benchmarks import work


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: times in seconds, of runs that took turns."""

    what: str
    ours: tuple[float, ...]
    pool: tuple[float, ...]
    target: float  # the ratio that is promised
    overhead: float  # seconds of processor of master and agent, for one second of the slots'

    @property
    def ratios(self) -> list[float]:
        """Of each of our runs to the run of the Pool that followed it: what else the computer does, it does to both."""
        return sorted(ours / pool for ours, pool in zip(self.ours, self.pool, strict=True))


def measure(repeats: int = 5) -> list[Row]:
    """Every comparison: `repeats` runs of each, A B A B."""
    nprocs = cpu_count()
    numbers = work.make_nums(5000)
    million = range(10**6)
    with Master() as master, multiprocessing.Pool(nprocs) as pool:
        agent = master.add_local_worker(nprocs)
        meter = _Meter(master, agent)

        def row(
            what: str, source: str, function: Callable[..., object], args: range | list[int], target: float, times: int
        ) -> Row:
            def ours() -> object:
                return master.submit(source, function.__name__, args).results()

            return _row(what, ours, lambda: pool.map(function, args), meter, target, times)

        # Both warm: a task that lasts a moment, so that each slot and each process of the Pool is needed.
        master.submit(work.PI_SOURCE, "throw", range(200_000)).results()
        pool.map(work.throw, range(1000))
        return [
            row("Pi, 1,000,000 tasks (range)", work.PI_SOURCE, work.throw, million, 1.5, repeats),
            row("Pi, 1,000,000 tasks (list)", work.PI_SOURCE, work.throw, list(million), 1.5, repeats),
            row("Factorisation of 5,001 numbers", work.FACTORIZE_SOURCE, work.factorize, numbers, 1.1, 3),
        ]


def one_task(repeats: int = 200) -> tuple[float, float, float]:
    """Seconds from submit to result of a job of one trivial task, on a warm cluster: median and worst; and seconds of
    processor that master and agent took for it."""
    with Master() as master:
        agent = master.add_local_worker(cpu_count())

        def run() -> float:
            began = perf_counter()
            master.submit("def f(x): return x + 1", "f", [1]).results()
            return perf_counter() - began

        run()
        meter = _Meter(master, agent)
        meter.start()
        times = [run() for _ in range(repeats)]
        return statistics.median(times), max(times), meter.stop()[0] / repeats


def jobs_in_a_row(count: int = 1000) -> float:
    """Seconds that each of so many jobs of one trivial task takes, one after the other."""
    with Master() as master:
        master.add_local_worker(cpu_count())
        master.submit("def f(x): return x + 1", "f", [1]).results()
        began = perf_counter()
        for _ in range(count):
            master.submit("def f(x): return x + 1", "f", [1]).results()
        return (perf_counter() - began) / count


class _Meter:
    """Measures the processor that master and agent use, and that the slots use: unlike time, the same on a computer
    that is busy with other things."""

    def __init__(self, master: Master, agent: AgentProcess) -> None:
        self._ours = [psutil.Process(master.pid), psutil.Process(agent.pid)]
        self._before = (0.0, 0.0)

    def start(self) -> None:
        self._before = self._look()

    def stop(self) -> tuple[float, float]:
        """Seconds since `start`: of master and agent, and of slots."""
        (ours, slots), (ours_before, slots_before) = self._look(), self._before
        return ours - ours_before, slots - slots_before

    def _look(self) -> tuple[float, float]:
        ours = sum(_seconds(process) for process in self._ours)
        while True:
            ended = self._ended()
            with suppress(psutil.NoSuchProcess):
                slots = sum(_seconds(slot) for slot in self._ours[1].children())
                if self._ended() == ended:  # else one has ended meanwhile, and counts twice or not at all
                    return ours, ended + slots

    def _ended(self) -> float:
        """Of slots that were there and are not any more."""
        times = self._ours[1].cpu_times()
        return float(times.children_user + times.children_system)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _row(
    what: str, ours: Callable[[], object], pool: Callable[[], object], meter: _Meter, target: float, repeats: int
) -> Row:
    times: tuple[list[float], list[float]] = ([], [])
    overhead = slots = 0.0
    for _ in range(repeats):
        for run, kept in zip((ours, pool), times, strict=True):
            meter.start()
            began = perf_counter()
            run()
            kept.append(perf_counter() - began)
            if run is ours:
                used = meter.stop()
                overhead, slots = overhead + used[0], slots + used[1]
    return Row(what, tuple(times[0]), tuple(times[1]), target, overhead / max(slots, 1e-9))
