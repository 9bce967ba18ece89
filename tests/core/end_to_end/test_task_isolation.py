"""Each task gets its argument as it was submitted, and gives its result as it returned it; one bad value fails alone."""

from __future__ import annotations

import collections
import io
import os
import random
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcgui_core import Master
from mcgui_core.environment.environment_loader import load_module
from mcgui_core.errors import ArgumentsInvalid
from tests.support import cluster

linux_only = pytest.mark.skipif(not hasattr(sys, "abiflags"), reason="Windows has no fork")


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(1) as master:
        yield master


TRIES = "tries = 0\ndef f(a):\n    global tries\n    tries += 1\n    a.append(0)\n"


def test_a_task_that_is_tried_again_gets_its_argument_anew(master: Master) -> None:
    source = f"{TRIES}    if tries == 1: raise OSError('x')\n    return len(a)\n"
    assert master.submit(source, "f", [[1, 2, 3]], retries=1, backoff=0).results() == [4]


def test_a_retry_of_what_failed_gets_its_arguments_anew(master: Master) -> None:
    job = master.submit(
        f"{TRIES}    if tries <= 3: raise OSError('x')\n    return len(a)\n", "f", [[1], [1, 2], [1, 2, 3]]
    )
    job.wait()
    job.retry_failed()
    assert job.results() == [2, 3, 4]


SHARED: dict[str, Any] = {
    "one object": [{"n": 0}] * 20,
    "an object in others": [[inner, 1] for inner in [[0]] for _ in range(20)],
    "an array": [np.zeros(3)] * 20,
    "a slice of bytes": [bytearray(3)] * 20,
}
CHANGES = """
def f(a):
    if isinstance(a, dict):
        a['n'] += 1
        return a['n']
    if isinstance(a, list) and isinstance(a[0], list):
        a = a[0]
    a[0] += 1
    return int(a[0])
"""


@pytest.mark.parametrize("kind", SHARED)
def test_tasks_share_no_object_with_each_other(master: Master, kind: str) -> None:
    assert master.submit(CHANGES, "f", SHARED[kind]).results() == [1] * 20


#: What a task uses up of its argument, and what each of them gets.
_USED_UP: dict[str, tuple[Any, str, Any]] = {
    "an iterator": (iter([0, 1]), "next(a)", 0),
    "random numbers": (random.Random(1), "a.random()", random.Random(1).random()),
    "a file in memory": (io.BytesIO(b"abc"), "a.read()", b"abc"),
    "a queue": (collections.deque([1, 2]), "a.popleft()", 1),
    "a dictionary that grows": (collections.defaultdict(list), "a[5].append(1) or len(a)", 1),
    "an object": (types.SimpleNamespace(n=0), "a.__dict__.update(n=a.n + 1) or a.n", 1),
    "an array that is mapped": (np.zeros(300_000), "a.__iadd__(1)[7]", 1),
}


def test_whatever_a_task_uses_up_the_next_one_has_whole(master: Master) -> None:
    source = f"USES = {{ {', '.join(f'{kind!r}: lambda a: {use}' for kind, (_, use, _) in _USED_UP.items())} }}\n"
    source += "def f(kind, a): return USES[kind](a)"
    arguments = [(kind, value) for kind, (value, _, _) in _USED_UP.items() for _ in range(4)]
    expected = [each for _, _, each in _USED_UP.values() for _ in range(4)]
    assert master.submit(source, "f", arguments, call="args").results() == expected
    changes = "def f(a): a.append(1); return len(a)"
    assert master.submit(changes, "f", [{"a": []}] * 4, call="kwargs").results() == [1] * 4
    job = master.submit(changes, "f", [[]] * 4)
    assert job.results() == master.run_again(job.id).results() == [1] * 4


@pytest.mark.parametrize("end", ["os._exit(1)", "time.sleep(60)"])
def test_a_task_that_is_tried_again_in_another_process_gets_its_argument_anew(
    master: Master, tmp_path: Path, end: str
) -> None:
    source = f"""
import os, time
def f(a, before):
    a.append(0)
    if not os.path.exists(before):
        open(before, "w").close()
        {end}
    return len(a)
"""
    job = master.submit(
        source, "f", [([1, 2, 3], str(tmp_path / "before"))], call="args", retries=1, backoff=0, timeout=1.0
    )
    assert job.results() == [4]


def test_jobs_share_no_argument_with_each_other(master: Master) -> None:
    arguments = [{"n": 0}] * 3
    assert master.submit(CHANGES, "f", arguments).results() == [1, 1, 1]
    assert master.submit(CHANGES, "f", arguments).results() == [1, 1, 1]


RETURNED = {
    "a dictionary": ("s = {}\ndef f(x):\n    s['n'] = x\n    return s", [{"n": x} for x in range(6)]),
    "a list that grows": ("s = []\ndef f(x):\n    s.append(x)\n    return s", [list(range(x + 1)) for x in range(6)]),
    "after a number": (
        "s = []\ndef f(x):\n    s.append(x)\n    return s if x else 0",
        [0, *([*range(x + 1)] for x in range(1, 6))],
    ),
    "in a tuple": ("s = [0]\ndef f(x):\n    s[0] = x\n    return x, s", [(x, [x]) for x in range(6)]),
    "of a class": (
        "class P:\n    pass\np = P()\ndef f(x):\n    p.x = x\n    return (p, p) if False else p.__dict__",
        [{"x": x} for x in range(6)],
    ),
    "before a failure": (
        "s = {}\ndef f(x):\n    s['n'] = x\n    if x == 5: raise ValueError\n    return s",
        [{"n": x} for x in range(5)],
    ),
}


@pytest.mark.parametrize("kind", RETURNED)
def test_a_result_is_as_it_was_when_it_was_returned(master: Master, kind: str) -> None:
    source, expected = RETURNED[kind]
    found = master.submit(source, "f", range(6)).results(return_exceptions=True)
    assert found[: len(expected)] == expected


#: What `change` makes of each `thing` before it is returned, and how the one is told from the others.
_CHANGED: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "a queue": ("collections.deque()", "t.append(x)", len),
    "a set": ("set()", "t.add(x)", len),
    "bytes that grow": ("bytearray()", "t.append(x)", len),
    "numbers": ("array.array('i')", "t.append(x)", len),
    "a file in memory": ("io.BytesIO()", "t.write(b'.')", lambda t: t.tell()),
    "a record": ("np.zeros(2, dtype=[('a', 'i4')])[0]", "t.__setitem__('a', x + 1)", lambda t: int(t["a"])),
    "an array of no dimension": ("np.zeros(())", "t.__setitem__((), x + 1)", int),
    "part of an array": ("np.zeros(6)[2:4]", "t.__iadd__(1)", lambda t: int(t[0])),
    "objects in an array": ("np.array([[0], None], dtype=object)", "t[0].append(x)", lambda t: len(t[0]) - 1),
    "something frozen with a list in it": ("Frozen([])", "t.list.append(x)", lambda t: len(t.list)),
    "a number that says more": ("Number(5)", "setattr(t, 'tag', x + 1)", lambda t: t.tag),
    "a text that says more": ("Text('5')", "setattr(t, 'tag', x + 1)", lambda t: t.tag),
    "an object with slots": ("Slots()", "setattr(t, 'tag', x + 1)", lambda t: t.tag),
    "an exception": ("ValueError()", "setattr(t, 'args', (x + 1,))", lambda t: t.args[0]),
    "a circle": ("circle()", "t.append(x)", lambda t: len(t) - 1),
    "a table": ("pd.DataFrame({'a': [0]})", "t.__setitem__('a', x + 1)", lambda t: int(t["a"][0])),
}
_THINGS = """
import array, collections, dataclasses, io
import numpy as np, pandas as pd
@dataclasses.dataclass(frozen=True)
class Frozen:
    list: list
class Number(int): pass
class Text(str): pass
class Slots:
    __slots__ = ("tag",)
def circle():
    made = []
    made.append(made)
    return made
"""


def test_whatever_may_change_is_as_it_was_when_it_was_returned(master: Master) -> None:
    made = ", ".join(f"{kind!r}: {make}" for kind, (make, _, _) in _CHANGED.items())
    changes = ", ".join(f"{kind!r}: lambda t, x: {change}" for kind, (_, change, _) in _CHANGED.items())
    source = f"{_THINGS}THINGS = {{ {made} }}\nCHANGES = {{ {changes} }}\n"
    source += "def f(kind, x):\n    CHANGES[kind](THINGS[kind], x)\n    return THINGS[kind]\n"
    arguments = [(kind, x) for kind in _CHANGED for x in range(4)]
    results = master.submit(source, "f", arguments, call="args").results()
    found = {kind: [] for kind in _CHANGED}  # type: dict[str, list[Any]]
    for (kind, _), result in zip(arguments, results, strict=True):
        found[kind].append(_CHANGED[kind][2](result))
    assert found == {kind: [1, 2, 3, 4] for kind in _CHANGED}


def test_an_array_is_as_it_was_when_it_was_returned(master: Master) -> None:
    source = "import numpy as np\na = np.zeros(1000)\ndef f(x):\n    a[:] = x\n    return a"
    assert [found[7] for found in master.submit(source, "f", range(6)).results()] == list(range(6))


# --- one bad value fails alone --------------------------------------------------------------------------------------


class TwoParameters:
    """Pickled with one of its parameters, as an exception is that hands one on to `Exception`: it cannot be unpickled.

    It is none itself, since what Dask brings (tblib) teaches all of this process to pickle exceptions in another way.
    """

    def __init__(self, left: int, right: int) -> None:
        self.left, self.right = left, right

    def __reduce__(self) -> Any:
        return type(self), (self.left,)


class Opens:
    """Raises as it is opened."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __reduce__(self) -> Any:
        return exec, (f"raise {self.kind}",)


class StateRaises:
    """What it was pickled with does not suit it."""

    def __setstate__(self, state: object) -> None:
        raise ValueError("another version")

    def __getstate__(self) -> object:
        return {"version": 1}


def only_here() -> Any:
    """A module that there is in this process alone, with a class. A slot that imports this file makes one of its own."""
    module = types.ModuleType(f"only_in_{os.getpid()}")
    exec("class Thing:\n    pass", module.__dict__)
    sys.modules[module.__name__] = module
    return module


ONLY_HERE = only_here()


@pytest.mark.parametrize(
    "bad",
    [
        TwoParameters(1, 2),
        Opens("ValueError"),
        Opens("SystemExit"),
        Opens("KeyboardInterrupt"),
        Opens("StopIteration"),
        Opens("ImportError('gone')"),
        Opens("MemoryError\ndef again(n): return again(n + 1)\nagain(0)"),
        StateRaises(),
        ONLY_HERE.Thing(),
    ],
    ids=lambda bad: f"{type(bad).__name__} {getattr(bad, 'kind', '')}"[:20],
)
def test_an_argument_that_does_not_unpickle_fails_alone(master: Master, bad: Any) -> None:
    job = master.submit("def f(x): return x", "f", [*range(300), bad, *range(300)])
    found = job.results(return_exceptions=True)
    assert [index for index, value in enumerate(found) if isinstance(value, Exception)] == [300]
    assert found[:300] == list(range(300))
    (failure,) = job.failures()
    assert "argument cannot be opened" in failure.message
    assert job.status.state == "finished"


def test_an_argument_that_ends_the_process_that_opens_it_is_no_fault_of_the_environment(master: Master) -> None:
    job = master.submit("def f(x): return x", "f", [1, Opens("SystemExit(__import__('os')._exit(3))")])
    assert job.wait(60).state == "finished"
    (failure,) = job.failures()
    assert (failure.index, failure.kind) == (1, "died")
    assert "while its argument was opened, its process ended with exit code 3" in failure.message


#: One ends its process where it is made anew for its task; or already where it is opened, the only one of its block.
ENDS = """
import os
class Ends:
    def __init__(self, n, weight): self.n, self.weight = n, weight
    def __reduce__(self): return made, (self.n, self.weight)
opened = iter(range(100))  # itertools cannot be pickled from Python 3.14 on
def made(n, weight):
    if n == 5 and next(opened) >= {opens}: os._exit(3)
    return Ends(n, weight)
def f(x): return x.n
"""


@pytest.mark.parametrize(("opens", "weight"), [(1, 0), (0, 5 << 20)])
def test_an_argument_that_ends_its_process_fails_alone_where_it_is_known(opens: int, weight: int) -> None:
    """Its job stopped: nobody was to blame, since no task had begun."""
    source = ENDS.format(opens=opens)
    module = load_module(source, "<environment>")
    with cluster(1) as master:
        job = master.submit(source, "f", [module.Ends(n, bytes(weight)) for n in range(8)], hedge=False)
        assert job.wait(60).state == "finished"
        (failure,) = job.failures()
        assert (failure.index, failure.kind) == (5, "died")
        assert "while its argument was opened, its process ended with exit code 3" in failure.message
        assert job.status.done == 7


def test_a_text_file_that_is_open_for_reading_arrives_as_its_text_and_others_do_not(
    master: Master, tmp_path: Path
) -> None:
    """As the guide says (troubleshooting)."""
    path = tmp_path / "text"
    path.write_text("one\ntwo\n")
    source = "def f(file): return type(file).__name__, file.read()"
    with path.open() as file:
        file.readline()
        assert master.submit(source, "f", [file]).results() == [("StringIO", "two\n")]
    for mode in ("rb", "a"):
        with path.open(mode) as file, pytest.raises(ArgumentsInvalid, match="cannot be pickled"):
            master.submit(source, "f", [file])


def test_a_single_bad_argument_is_no_fault_of_the_environment(master: Master) -> None:
    job = master.submit("def f(x): return x", "f", [TwoParameters(1, 2)])
    job.wait()
    assert (job.status.state, job.status.failed, job.status.reason) == ("finished", 1, "")


@pytest.mark.parametrize(
    "result",
    ["__import__('threading').Lock()", "(n for n in [1])", "type('P', (), {'__reduce__': lambda self: 1 / 0})()"],
)
def test_a_result_that_does_not_pickle_fails_alone(master: Master, result: str) -> None:
    job = master.submit(f"s = []\ndef f(x):\n    return ({result}) if x == 50 else [x]\n", "f", range(100))
    found = job.results(return_exceptions=True)
    bad = [index for index, value in enumerate(found) if isinstance(value, Exception)]
    assert bad == [50]
    assert [value for index, value in enumerate(found) if index != 50] == [[x] for x in range(100) if x != 50]


def test_a_result_that_does_not_unpickle_fails_alone(master: Master) -> None:
    source = "class E(Exception):\n    def __init__(self, a, b):\n        super().__init__(a)\ndef f(x):\n    return E(1, 2) if x == 7 else [x]\n"
    job = master.submit(source, "f", range(20))
    job.wait()
    assert job.status.done + job.status.failed == 20
    assert job.status.failed <= 1


# --- forks ----------------------------------------------------------------------------------------------------------

FORKS = {
    "sys.exit": "sys.exit(3)",
    "os._exit": "os._exit(3)",
    "an exception": "raise ValueError('of the child')",
    "the function returns": "return 'child'",
}


@linux_only
@pytest.mark.parametrize("kind", FORKS)
def test_a_process_that_a_task_forks_ends_and_is_no_second_slot(master: Master, kind: str) -> None:
    source = f"""
import os, sys
def f(x):
    pid = os.fork()
    if pid == 0:
        {FORKS[kind]}
    return os.WEXITSTATUS(os.waitpid(pid, 0)[1])
"""
    expected = {"an exception": 1, "the function returns": 0}.get(kind, 3)
    assert master.submit(source, "f", range(9), timeout=30).results() == [expected] * 9


#: Where else than in a task it may happen; each notes the exit code of the child.
_ELSEWHERE = {
    "as it is imported": ("code = fork()", "return code", {}),
    "as it is set up": ("def begin():\n    global code\n    code = fork()", "return code", {"setup": "begin"}),
    "as it is imported, and goes on": (
        "pid = os.fork()\ncode = os.WEXITSTATUS(os.waitpid(pid, 0)[1]) if pid else None",
        "return code",
        {},
    ),
    "in a thread": (
        "def begin(codes): codes.append(fork())",
        "codes = []; t = threading.Thread(target=begin, args=(codes,)); t.start(); t.join(); return codes[0]",
        {},
    ),
}


@linux_only
@pytest.mark.parametrize("where", _ELSEWHERE)
def test_a_process_that_is_forked_before_or_beside_a_task_is_no_second_slot_either(master: Master, where: str) -> None:
    before, in_task, options = _ELSEWHERE[where]
    source = f"""
import os, threading
def fork():
    pid = os.fork()
    if pid == 0:
        raise SystemExit(3)
    return os.WEXITSTATUS(os.waitpid(pid, 0)[1])
{before}
def f(x):
    {in_task}
"""
    # A thread that exits is just over, and with it a process that has no other.
    expected = 0 if where in ("in a thread", "as it is imported, and goes on") else 3
    assert master.submit(source, "f", range(3), timeout=30, **options).results() == [expected] * 3


@linux_only
def test_a_task_forks_in_every_way_that_there_is(master: Master) -> None:
    source = """
import multiprocessing, os, pty
def exits(): raise SystemExit(7)
def f(how):
    if how == "multiprocessing":
        child = multiprocessing.get_context("fork").Process(target=exits)
        child.start()
        child.join()
        return child.exitcode
    if how == "a terminal":
        pid, terminal = pty.fork()
        if pid == 0:
            print("said", flush=True)
            os._exit(5)
        said = os.read(terminal, 100)
        return os.WEXITSTATUS(os.waitpid(pid, 0)[1]), said.strip()
    if how == "another program":
        pid = os.fork()
        if pid == 0:
            os.execvp("sh", ["sh", "-c", "exit 9"])
        return os.WEXITSTATUS(os.waitpid(pid, 0)[1])
    for code in (1, 2):
        if os.fork() == 0:
            os._exit(code)
    return sorted(os.WEXITSTATUS(os.wait()[1]) for _ in range(2))
"""
    hows = ["multiprocessing", "a terminal", "another program", "whichever ends first"]
    assert master.submit(source, "f", hows, timeout=30).results() == [7, (5, b"said"), 9, [1, 2]]


@linux_only
def test_a_task_has_a_pool_of_forked_processes(master: Master) -> None:
    source = """
import multiprocessing
def square(x): return x * x
def f(x):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(square, range(x))
"""
    assert master.submit(source, "f", [3, 4], timeout=30).results() == [[0, 1, 4], [0, 1, 4, 9]]
