"""When the master's process looks for what nobody needs any more."""

from __future__ import annotations

import subprocess
import sys
import weakref

from mcgui_core.master.garbage_collection import BUSY_INTERVAL, QUIET_INTERVAL, GarbageCollection

#: Prints how often all objects were looked at while so many were made and kept, as leases are.
KEEPS_MANY = """
import gc
from mcgui_core.master.garbage_collection import collect_seldom
collect_seldom()
looks = []
gc.callbacks.append(lambda phase, info: looks.append(info["generation"]))
kept = [[[number]] for number in range(300_000)]
print(gc.get_freeze_count() > 1000, 0 in looks, looks.count(2))
"""


class Knot:
    """Refers to itself, so that only the garbage collector frees it."""

    def __init__(self) -> None:
        self.self = self


def test_a_hundred_thousand_leases_are_not_all_looked_at_while_nodes_wait() -> None:
    ran = subprocess.run([sys.executable, "-c", KEEPS_MANY], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "True", "0"]


def test_what_nobody_needs_is_freed_in_a_quiet_moment() -> None:
    garbage = GarbageCollection(100.0)
    knot = weakref.ref(Knot())
    assert not garbage.look(100.0 + QUIET_INTERVAL - 0.1, busy=False)
    assert garbage.look(100.0 + QUIET_INTERVAL, busy=False)
    assert knot() is None
    assert not garbage.look(100.0 + QUIET_INTERVAL, busy=False)


def test_what_nobody_needs_is_freed_in_the_end_though_jobs_run_for_days() -> None:
    garbage = GarbageCollection(100.0)
    assert not garbage.look(100.0 + BUSY_INTERVAL - 0.1, busy=True)
    assert garbage.look(100.0 + BUSY_INTERVAL, busy=True)
