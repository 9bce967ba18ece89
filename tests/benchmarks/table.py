"""A table of a million results with eight columns: read, sorted, filtered, paged. `python -m tests.benchmarks.table`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from mcgui_core import Master
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.workbench.workbench import Workbench

WORK = """
def row(x):
    y = x * 2654435761 % 4294967296
    return {"a": y, "b": y / 7, "c": x, "d": f"name {y % 100_000}", "e": y % 2 == 0, "f": -x / 3, "g": "abc"[x % 3]}
"""


def measured(words: str, act: Callable[[], object]) -> object:
    begin = time.perf_counter()
    answer = act()
    print(f"{words:<42} {time.perf_counter() - begin:7.2f} s", flush=True)
    return answer


def main(count: int) -> None:
    with Master() as master, Workbench(master.console_link) as bench:
        master.add_local_worker(2)
        spec = JobSpec("table", WORK, "row")
        job = bench.submit(spec, ArgumentSource("expression", f"range({count})"))
        measured(f"{count:,} tasks run", lambda: master.job(job).wait())

        def read() -> None:
            while not bench.table(job, seconds=1.0).complete:
                pass

        measured("read", read)
        for order in (("result.a", False), ("result.b", True), ("result.d", False), ("result.g", False)):
            state = measured(f"sorted by {order[0]}", lambda order=order: bench.table(job, "", order))
            measured("  a page of it", lambda state=state: bench.table_rows(job, state.view, count // 2, 200))
        for where in ("a > 1000000", 'd contains "99"', "not e = true and g = b", "99"):
            state = measured(f"filtered: {where}", lambda where=where: bench.table(job, where))
            print(f"  {state.count:,} rows")
        measured("a plot of two columns", lambda: bench.series(job, 0, ("result.a", "result.b")))
        measured("a page of all", lambda: bench.table_rows(job, 0, count // 2, 200))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
