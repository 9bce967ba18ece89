"""Whether the tray app grows while it is used: `make bench-idle LONG=1` for an hour, LONG=10 for ten minutes of more.

Jobs are done, it is paused, snoozed and resized, its panel and preferences are opened and closed. What counts is the
memory that it has written to, after the first minute. (Pages of libraries that it only reads come in as they are used
for the first time, and count as its own or not by whether another program uses Qt at that moment.)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle

import psutil

from mcgui_core import Master
from tests.waiting import until

#: Bytes that it may grow by after the first minute.
MOST = 5e6
#: What its owner does, one thing after the other; "" stands for a job.
USE = (
    *("Open panel", "", "Finish, then pause", "Resume", "", "Preferences…", "Close", "For 15 minutes", "Resume"),
    *("", "100 % ({n} of {n})", "Pause at once", "Resume", "Open panel", "", "Close", "50 % ({half} of {n})", ""),
)
WORK = "def f(x):\n    print(x)\n    if x % 50 == 7: raise ValueError(x)\n    return x"


def main(minutes: float, pause: float) -> int:
    """Use it, with so many seconds between two things, and print. 1 where it grows by more than it may."""
    with tempfile.TemporaryDirectory() as home, Master() as master:
        places = {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        env = {**os.environ, **places, "MCGUI_LINK": master.worker_link}
        command = [sys.executable, "-m", "tests.week.steered_worker", "--nprocs", "2", "--minimised"]
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
            try:
                until(lambda: any(node.state == "idle" for node in master.nodes()), 60, "a worker that joined")
                grown = _use(master, program, minutes, pause)
            finally:
                program.terminate()
    good = grown <= MOST
    print(f"It may grow by {MOST / 1e6:.0f} MB after the first minute: {'it does not' if good else 'IT DOES'}.")
    return 0 if good else 1


def _use(master: Master, program: subprocess.Popen[bytes], minutes: float, pause: float) -> float:
    assert program.stdin is not None
    tray, began = psutil.Process(program.pid), time.monotonic()
    cpus = len(os.sched_getaffinity(0))
    first, minute = 0.0, 0
    for things, thing in enumerate(cycle(USE), 1):
        if thing:
            line = thing.format(n=cpus, half=max(1, cpus // 2))
            program.stdin.write(line.encode() + b"\n")
            program.stdin.flush()
        else:
            master.submit(WORK, "f", range(400))  # where the worker is paused it is done later
        time.sleep(pause)
        passed = (time.monotonic() - began) / 60
        if passed >= minute + 1:
            minute = int(passed)
            memory = _written(tray)
            first = first or memory
            print(f"  after {minute:2} min and {things:5} things: {memory / 1e6:6.1f} MB written", flush=True)
            if passed >= minutes:
                return memory - first
    raise AssertionError("unreachable")


def _written(process: psutil.Process) -> float:
    """Bytes of memory that the process has changed; elsewhere than on Linux, all that is its own."""
    if not sys.platform.startswith("linux"):
        return float(process.memory_full_info().uss)
    return float(sum(mapped.private_dirty for mapped in process.memory_maps()))


if __name__ == "__main__":
    long = float(os.environ.get("LONG", "60"))
    # LONG=1 is an hour; with minutes, all comes faster.
    sys.exit(main(60, 2.0) if long == 1 else main(long, 0.25))
