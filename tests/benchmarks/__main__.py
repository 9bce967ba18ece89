"""`make bench`: prints the figures that the README quotes; with --write it puts the table there, and the plot beside."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path
from statistics import median

from mcgui_core.processes.processor_count import cpu_count
from tests.benchmarks import report, values
from tests.benchmarks.against_pool import jobs_in_a_row, measure, one_task


def main() -> int:
    """Measure and print. Never fails for a slow machine: figures are for people to judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put table and plot into README and ARCHITECTURE.md")
    parser.add_argument("--values", action="store_true", help="only what scientists pass around")
    parser.add_argument("--clusters", action="store_true", help="beside Ray and Dask too")
    options = parser.parse_args()
    if not options.values:
        _against_pool()
    rows = values.measure(options.clusters)
    print(f"\n{report.as_text(rows)}")
    if options.write:
        root = Path(__file__).parents[2]
        report.write(rows, root / "README.md", root / "resources" / "pictures" / "bench.svg")
    print(f"\nA function with 400 MB in its closure, 200 tasks: {values.closure():.1f} s (target 3 s)")
    if not options.values:
        _small_jobs()
    return 0


def _against_pool() -> None:
    print(f"Python {platform.python_version()}, {cpu_count()} processes each; medians of runs in turn, in seconds\n")
    print(f"{'':<32}{'mcgui':>8}{'Pool':>8}{'ratio':>7}{'from':>6}{'to':>6}{'target':>8}{'own CPU':>9}")
    for row in measure():
        ratios = row.ratios
        print(
            f"{row.what:<32}{median(row.ours):>8.3f}{median(row.pool):>8.3f}"
            f"{median(ratios):>7.2f}{ratios[0]:>6.2f}{ratios[-1]:>6.2f}{row.target:>8.1f}{row.overhead:>9.1%}"
        )


def _small_jobs() -> None:
    middle, worst, cpu = one_task()
    print("\nown CPU: the processor that master and agent took, in per cent of what the tasks took.")
    print(
        f"A job of one trivial task, warm: median {1000 * middle:.1f} ms, worst of 200 {1000 * worst:.1f} ms "
        f"(target 10 ms); {1000 * cpu:.1f} ms of it are CPU of master and agent."
    )
    print(f"1,000 such jobs, one after the other: {1000 * jobs_in_a_row():.1f} ms each (target 15 ms).")


if __name__ == "__main__":
    sys.exit(main())
