"""`make bench`: prints the figures that the README quotes."""

from __future__ import annotations

import platform
import sys

from mcgui_core.nprocs import cpu_count
from tests.benchmarks.against_pool import measure, one_task


def main() -> int:
    """Measure and print. Never fails for a slow machine: figures are for people to judge."""
    print(f"Python {platform.python_version()}, {cpu_count()} processes each; medians, in seconds\n")
    print(f"{'':<34}{'mcgui':>9}{'Pool':>9}{'ratio':>8}{'target':>9}")
    for row in measure():
        print(f"{row.what:<34}{row.ours:>9.3f}{row.pool:>9.3f}{row.ratio:>8.2f}{'<= ' + format(row.target, '.1f'):>9}")
    median, worst = one_task()
    print(
        f"\nA job of one trivial task, warm: median {1000 * median:.1f} ms, worst of 50 {1000 * worst:.1f} ms (target 10 ms)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
