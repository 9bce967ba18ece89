"""Arguments and results of every bad kind, together in one job: each fails its own task with a reason, no other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from mcgui_core import Master
from tests.support import cluster


class Opened:
    """Runs its code where it is opened."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __reduce__(self) -> Any:
        return exec, (self.code,)


SOURCE = """
import sys, types
class Returned:
    def __init__(self, code): self.code = code
    def __reduce__(self): exec(self.code); return int, ()
def here(_):
    module = sys.modules["only_here"] = types.ModuleType("only_here")
    exec("class Thing: pass", vars(module))
    return module.Thing()
def f(x):
    if not isinstance(x, tuple):
        return x
    return here(x) if x[0] == "returns only here" else Returned(x[1]) if x[0] == "returns" else exec(x[1])
"""
ODD = "class Odd(Exception):\n    def __str__(self): raise ValueError('no words')\nraise Odd"
#: What ends a process, and what is said of that; and what raises, and the type of that.
ENDS = {
    "import os; os._exit(7)": "its process ended with exit code 7",
}
if sys.platform != "win32":  # where ctypes makes an exception of it
    ENDS["import ctypes; ctypes.string_at(0)"] = "its process ended by SIGSEGV"
RAISES = {
    "import sys; sys.exit(3)": "SystemExit",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "bytearray(1 << 60)": "MemoryError",
    "(lambda f: f(f))(lambda f: f(f))": "RecursionError",
    "import threading; raise ValueError(threading.Lock())": "ValueError",
    ODD: "Odd",
}


def mixed(bad: list[Any], healthy: int = 5) -> list[Any]:
    """The bad ones, each after so many healthy ones, and as many at the end."""
    found: list[Any] = []
    for one in bad:
        found += [*range(len(found), len(found) + healthy), one]
    return [*found, *range(len(found), len(found) + healthy)]


@pytest.mark.parametrize(("made", "chunksize"), [(list, None), (iter, 1), (list, 7)])
def test_whatever_an_argument_a_task_or_a_result_does_its_own_task_fails_and_no_other(
    made: Callable[[list[Any]], Any], chunksize: int | None
) -> None:
    """The argument stopped the job, and the result failed its task as one that crashed."""
    bad = [one for code in (*ENDS, *RAISES) for one in (Opened(code), ("raises", code), ("returns", code))]
    values = mixed(bad)
    with Master() as master:
        for _ in range(2):
            master.add_local_worker(1)
        job = master.submit(SOURCE, "f", made(values), chunksize=chunksize, hedge=False)
        assert job.wait(100).state == "finished"
        failures = {failure.index: failure for failure in job.failures()}
        assert sorted(failures) == [index for index, value in enumerate(values) if not isinstance(value, int)]
        found = [failures[index] for index in sorted(failures)]
        results = job.results(return_exceptions=True)
    assert [result for result in results if isinstance(result, int)] == [one for one in values if isinstance(one, int)]
    for number, words in enumerate((*ENDS.values(), *RAISES.values())):
        argument, task, result = found[3 * number : 3 * number + 3]
        if number < len(ENDS):
            assert {argument.kind, task.kind, result.kind} == {"died"}
            assert argument.message.startswith(f"while its argument was opened, {words}. Pass plain values")
            assert (task.message, result.message) == (words, words)
        else:
            assert (argument.kind, task.kind, result.kind) == ("unpicklable", "raised", "unpicklable")
            assert argument.message.startswith("the argument cannot be opened: ")
            assert argument.message.endswith("Pass plain values, arrays or dataclasses.")
            assert result.message.startswith("the result, a Returned, cannot be pickled: ")
            assert {argument.type, task.type, result.type} == {words}


def test_a_result_whose_class_only_its_worker_knows_is_told_as_such_and_no_other() -> None:
    with cluster(1) as master:
        job = master.submit(SOURCE, "f", [1, ("returns only here",), 3])
        first, odd, last = job.results(return_exceptions=True)
    assert (first, last) == (1, 3)
    assert "only_here" in str(odd)


def test_a_result_that_is_never_pickled_takes_its_own_tasks_time_and_no_others() -> None:
    with cluster(2) as master:
        values = [*range(7), ("returns", "while True: pass"), *range(8, 20)]
        job = master.submit(SOURCE, "f", values, timeout=1.0, hedge=False)
        assert job.wait(40).state == "finished"
        (failure,) = job.failures()
        assert (failure.index, failure.kind) == (7, "timeout")
        assert job.status.done == 19
