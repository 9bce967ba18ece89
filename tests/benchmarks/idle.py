"""What a worker costs while there is nothing to do: processor and memory of its processes, over half a minute.

`make bench-idle`. The agent may take 0.5 % of a processor and 60 MB, the tray app, with its panel closed, 0.5 %. Beside
them the slots are shown, which wait. `LONG=1` goes on with an hour of use (tray_memory.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from mcgui_core import Master
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.owner.limits import LIMIT_NAMES, Limits, Overrides
from mcgui_core.owner.weekly_schedule import Period, Schedule
from tests.waiting import until

#: Seconds that are measured, after as many in which the processes may settle.
SPAN = float(os.environ.get("IDLE_SECONDS", "30"))
SETTLE = 5.0
MOST_CPU, MOST_MEMORY = 0.5, 60e6
#: Whatever has to be looked at for a limit is.
EVERY_LIMIT = Limits(
    on=frozenset(LIMIT_NAMES),
    programs=("no-such-program",),
    schedule=Schedule((Period((0,), 0, 1, 1),)),
    in_use_nprocs=1,
)


@dataclass(frozen=True)
class Cost:
    """Of one process: per cent of one processor, and bytes that it alone holds (shared libraries counted apart)."""

    cpu: float
    resident: int
    unique: int


@contextmanager
def tray(master: Master) -> Iterator[psutil.Process]:
    """The tray app on no screen at all, as it starts at login."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "MCGUI_LINK": master.worker_link}
    command = [sys.executable, "-m", "mcgui.worker", "--nprocs", "2", "--minimised"]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as program:
        try:
            yield psutil.Process(program.pid)
        finally:
            program.terminate()


def measure(processes: list[psutil.Process], seconds: float) -> list[Cost]:
    """What each of them takes in so many seconds from now."""
    before = [sum(process.cpu_times()[:2]) for process in processes]
    start = time.monotonic()
    time.sleep(seconds)
    span = time.monotonic() - start
    found = []
    for process, used in zip(processes, before, strict=True):
        memory = process.memory_full_info()
        cpu = 100 * (sum(process.cpu_times()[:2]) - used) / span
        found.append(Cost(cpu, memory.rss, memory.uss))
    return found


def agent_of(program: psutil.Process) -> psutil.Process:
    return next(child for child in program.children() if "mcgui_core.node.agent_main" in child.cmdline())


def main() -> int:
    """Measure and print. 1 where the agent takes more than it may."""
    with Master() as master, tray(master) as program:
        until(lambda: any(node.state == "idle" for node in master.nodes()), 60, "a worker that joined")
        # Once through its slots, so that what a worker keeps of its work is there too.
        master.submit("def f(x): return x", "f", range(1000)).results()
        agent = agent_of(program)
        slots = agent.children()
        guarded = AgentProcess(master.worker_link, 1, "with all limits")
        guarded.limit(EVERY_LIMIT, Overrides(), 1)
        time.sleep(SETTLE)
        rows = [
            ("agent", agent),
            ("the same, with every limit on", psutil.Process(guarded.pid)),
            ("tray app", program),
            *((f"slot {n}", slot) for n, slot in enumerate(slots)),
        ]
        costs = measure([process for _, process in rows], SPAN)
        guarded.leave()
    print(f"A worker with nothing to do, over {SPAN:.0f} s:")
    for (name, _), cost in zip(rows, costs, strict=True):
        print(
            f"  {name:29}  {cost.cpu:5.2f} % of a processor  {cost.resident / 1e6:6.1f} MB ({cost.unique / 1e6:.1f} its own)"
        )
    good = all(cost.cpu < MOST_CPU and cost.resident < MOST_MEMORY for cost in costs[:2]) and costs[2].cpu < MOST_CPU
    print(
        f"The agent may take {MOST_CPU} % and {MOST_MEMORY / 1e6:.0f} MB, the tray app {MOST_CPU} %: "
        f"{'they take less' if good else 'THEY TAKE MORE'}."
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
