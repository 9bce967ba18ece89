"""`make bench`: prints the figures that the README quotes."""

from __future__ import annotations

import platform
import sys
from statistics import median

from mcgui_core.processes.processor_count import cpu_count
from tests.benchmarks import values
from tests.benchmarks.against_pool import jobs_in_a_row, measure, one_task


def main() -> int:
    """Measure and print. Never fails for a slow machine: figures are for people to judge."""
    print(f"Python {platform.python_version()}, {cpu_count()} processes each; medians of runs in turn, in seconds\n")
    print(f"{'':<32}{'mcgui':>8}{'Pool':>8}{'ratio':>7}{'from':>6}{'to':>6}{'target':>8}{'own CPU':>9}")
    for row in measure():
        ratios = row.ratios
        print(
            f"{row.what:<32}{median(row.ours):>8.3f}{median(row.pool):>8.3f}"
            f"{median(ratios):>7.2f}{ratios[0]:>6.2f}{ratios[-1]:>6.2f}{row.target:>8.1f}{row.overhead:>9.1%}"
        )
    print(f"\n{'':<32}{'mcgui':>8}{'Pool':>8}{'Executor':>9}{'ratios':>14}{'master CPU':>12}")
    for one in values.measure():
        ratios = f"{one.ours / one.pool:.2f} {one.ours / one.executor:.2f}"
        print(f"{one.what:<32}{one.ours:>8.3f}{one.pool:>8.3f}{one.executor:>9.3f}{ratios:>14}{one.master:>12.2f}")
    print(f"A function with 400 MB in its closure, 200 tasks: {values.closure():.1f} s")
    middle, worst, cpu = one_task()
    print("\nown CPU: the processor that master and agent took, in per cent of what the tasks took.")
    print(
        f"A job of one trivial task, warm: median {1000 * middle:.1f} ms, worst of 50 {1000 * worst:.1f} ms "
        f"(target 10 ms); {1000 * cpu:.1f} ms of it are CPU of master and agent."
    )
    print(f"1,000 such jobs, one after the other: {1000 * jobs_in_a_row():.1f} ms each (target 15 ms).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
