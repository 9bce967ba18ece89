"""What a script defines reaches its tasks whatever kind of callable it is, with what it calls."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core import Master
from tests.support import cluster

ROOT = Path(__file__).parents[3]
SCRIPT = """
import contextlib, dataclasses, enum, functools, sys
import numpy as np
from mcgui_core import Cluster

@functools.lru_cache
def cached(x):
    return x + 1

@functools.lru_cache(maxsize=7, typed=True)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

@contextlib.contextmanager
def added(x):
    yield x + 1

class Model:
    factor = 2

    @functools.cache
    def scaled(self, x):
        return self.factor * x

    @functools.cached_property
    def half(self):
        return self.factor / 2

    def __call__(self, x):
        return self.scaled(x) + self.half

class Colour(enum.Enum):
    RED = 1

@dataclasses.dataclass
class Point:
    x: int

    def moved(self, by):
        return Point(self.x + by)

vector = np.vectorize(lambda x: x + 0.5)

CALLABLES = {
    "a function that calls one with a cache": lambda x: cached(x),
    "a function with a cache": cached,
    "one that calls itself": fibonacci,
    "its parameters": lambda x: fibonacci.cache_parameters()["maxsize"],
    "a context": lambda x: added(x).__enter__(),
    "an object": Model(),
    "a method": Model().scaled,
    "a partial function": functools.partial(lambda x, y: x * y, 3),
    "a vectorized one": lambda x: float(vector(np.array([x]))[0]),
    "an enumeration": lambda x: Colour(1) is Colour.RED,
    "a dataclass": lambda x: Point(x).moved(1).x,
}
with Cluster.connect(sys.argv[1]) as cluster:
    print(cluster.submit(CALLABLES[sys.argv[2]], [5]).results())
"""
EXPECTED = {
    "a function that calls one with a cache": "[6]",
    "a function with a cache": "[6]",
    "one that calls itself": "[5]",
    "its parameters": "[7]",
    "a context": "[6]",
    "an object": "[11.0]",
    "a method": "[10]",
    "a partial function": "[15]",
    "a vectorized one": "[5.5]",
    "an enumeration": "[True]",
    "a dataclass": "[6]",
}


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(1) as master:
        yield master


@pytest.mark.parametrize("what", EXPECTED)
def test_a_callable_of_a_script_runs_elsewhere(master: Master, what: str) -> None:
    command = [sys.executable, "-c", SCRIPT, master.console_link, what]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == (EXPECTED[what], "")
