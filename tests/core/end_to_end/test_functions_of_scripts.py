"""What a script defines reaches its tasks whatever kind of callable it is, with what it calls."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import cluster

ROOT = Path(__file__).parents[3]
SCRIPT = """
import abc, asyncio, contextlib, contextvars, dataclasses, enum, functools, json, logging, math, multiprocessing, operator
import pickle, re, shelve, sys, tempfile, threading, traceback, typing, weakref
import numpy as np
from mcgui_core import Cluster, ClusterExecutor

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

@functools.singledispatch
def told(x):
    "What it is."
    return "something"

@told.register
def _(x: int):
    return "a number"

@told.register(list)
def _(x):
    return [told(one) for one in x]

@told.register
def _(x: Point):
    return "a point"

told("known before"), told(Point(1))

class Teller:
    @functools.singledispatchmethod
    def tell(self, x):
        return "something"

    @tell.register
    def _(self, x: int):
        return f"{x} by {type(self).__name__}"

    twice = functools.partialmethod(tell, 2)

    @classmethod
    def made(cls, x):
        return cls().tell(x)

    @staticmethod
    def plain(x):
        return told(x)

teller = Teller()
names = weakref.WeakValueDictionary({"teller": teller})
notes = weakref.WeakKeyDictionary({Point: "of points"})
seen, gone = weakref.WeakSet([Point]), weakref.ref(Teller())
here = weakref.ref(Point)

held = Teller()
notes[held] = "of a teller"

def forgotten(x):
    global held
    before, held = len(notes), None
    return before, len(notes)

def through_weak_references(x):
    return names["teller"] is teller, notes[Point], Point in seen, gone(), here() is Point

class Named(typing.NamedTuple):
    x: int

T = typing.TypeVar("T")

class Box(typing.Generic[T]):
    def __init__(self, inside: T):
        self.inside = inside

class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def area(self): ...

class Square(Shape):
    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side ** 2

class Cube(Square):
    @property
    def area(self):
        return 6 * super().area

@dataclasses.dataclass(slots=True, order=True)
class Slotted:
    x: int

class Unstated(abc.ABC):
    __slots__ = ()

class Secret(Unstated):
    __slots__ = ("open", "__hidden", "__weakref__")

    def __init__(self, x):
        self.open, self.__hidden = x, x + 1

    def same(self, other):
        return [other, type(other) is type(self)]

    def __repr__(self):
        return f"{self.open}, {self.__hidden}, {hasattr(self, '__dict__')}, {type(weakref.ref(self)() or self) is Secret}"

secret = Secret(1)

class Freer(Secret):
    def __init__(self, x):
        super().__init__(x)
        self.free = x

@dataclasses.dataclass(slots=True)
class Described:
    __doc__ = "what it is"
    x: int

class Flags(enum.Flag):
    A = enum.auto()
    B = enum.auto()

@functools.total_ordering
class Ordered:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x
    def __lt__(self, other): return self.x < other.x

def traced(function):
    @functools.wraps(function)
    def inner(*args):
        return inner.__name__, function(*args)
    return inner

@traced
def decorated(x):
    return x

context, bare = contextvars.ContextVar("context", default=3), contextvars.ContextVar("bare")
lock, again, local, event = threading.Lock(), threading.RLock(), threading.local(), threading.Event()
lock.acquire()
local.left = event.set()

def locked(x):
    bare.set(x)
    with lock, again, again:
        return hasattr(local, "left"), event.is_set(), bare.get(), context.get(), logger.name

logger = logging.getLogger("script")

def generates(x):
    yield from range(x)

async def waits(x):
    return x

def by_pickle(value):
    return pickle.loads(pickle.dumps(value))

def shelved(x):
    with tempfile.TemporaryDirectory() as folder:
        with shelve.open(f"{folder}/kept") as kept:
            kept["point"] = Point(x)
        with shelve.open(f"{folder}/kept") as kept:
            return kept["point"].x

def from_processes(x):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        made = pool.map(Point, [x]) + pool.map(Point(x).moved, [1])
        return [point.x for point in made], pool.map(cached, [x]), all(type(point) is Point for point in made)

def by_a_queue(x):
    queue = multiprocessing.Queue()
    queue.put(Colour.RED)
    return queue.get() is Colour.RED

CALLABLES = {
    "a named tuple": lambda x: Named(x)._replace(x=6),
    "a generic class": lambda x: Box[int](x).inside,
    "an abstract class": lambda x: Cube(x).area,
    "slots": lambda x: Slotted(x) < Slotted(6),
    "an object with slots": lambda x: Secret(x),
    "an object with slots and more": lambda x: Freer(x),
    "a dataclass with slots": lambda x: Described(x),
    "an object with slots that was here before": secret.same,
    "an object in a pickle": lambda x: by_pickle(Point(x)).x,
    "a member in a pickle": lambda x: by_pickle(Colour.RED) is Colour.RED,
    "functions in a pickle": lambda x: (by_pickle(by_pickle) is by_pickle, by_pickle(cached)(x)),
    "an object that came, in a pickle": by_pickle,
    "an object on a shelf": shelved,
    "objects from processes that are not forked": from_processes,
    "an object in a queue": by_a_queue,
    "flags": lambda x: (Flags.A | Flags.B) & Flags.A,
    "an order": lambda x: Ordered(x) >= Ordered(4),
    "a decorated one": decorated,
    "locks, and what each thread or process has for itself": locked,
    "a generator and a coroutine": lambda x: (list(generates(3)), asyncio.run(waits(x))),
    "one that depends on the type": told,
    "its parts": lambda x: told([x, "x", Point(x)]),
    "its name": lambda x: (told.__name__, told.__doc__, told.__wrapped__("x"), told.dispatch(bool)(x)),
    "a method that depends on the type": teller.tell,
    "a partial method": lambda x: teller.twice(),
    "a class method": Teller.made,
    "a static method": Teller.plain,
    "weak references": through_weak_references,
    "a weak key that is gone": forgotten,
    "a function in C": math.sqrt,
    "a method in C": {5: "five"}.get,
    "one of a pattern": re.compile("5+").findall,
    "one of operator": operator.methodcaller("__add__", 1),
    "a partial one of those": functools.partial(told),
    "a cached one of those": functools.lru_cache(told),
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
SPECIAL = {"an object that came, in a pickle": Secret(2), "an object with slots that was here before": Secret(2), "one of a pattern": "1551", "a function in C": 25}
found = {}
with Cluster.connect(sys.argv[1]) as cluster:
    jobs = {}
    for what, function in CALLABLES.items():
        try:
            jobs[what] = cluster.submit(function, [SPECIAL.get(what, 5)])
        except ValueError as error:
            found[what] = str(error)
    for what, job in jobs.items():
        (result,) = job.results(return_exceptions=True)
        found[what] = str(result)
    with ClusterExecutor(cluster=cluster) as executor:
        found["objects from processes, by an executor"] = str(executor.submit(from_processes, 5).result())
        found["an object in a pickle, by an executor"] = str(executor.submit(by_pickle, Point(5)).result())
print(json.dumps(found))
"""
EXPECTED = {
    "a named tuple": "Named(x=6)",
    "a generic class": "5",
    "an abstract class": "150",
    "slots": "True",
    "an object with slots": "5, 6, False, True",
    "an object with slots and more": "5, 6, True, False",
    "a dataclass with slots": "Described(x=5)",
    "an object with slots that was here before": "[2, 3, False, True, True]",
    "an object in a pickle": "5",
    "a member in a pickle": "True",
    "functions in a pickle": "(True, 6)",
    "an object that came, in a pickle": "2, 3, False, True",
    "an object on a shelf": "5",
    "objects from processes that are not forked": "([5, 6], [6], True)",
    "an object in a queue": "True",
    "objects from processes, by an executor": "([5, 6], [6], True)",
    "an object in a pickle, by an executor": "Point(x=5)",
    "flags": "Flags.A",
    "an order": "True",
    "a decorated one": "('decorated', 5)",
    "locks, and what each thread or process has for itself": "(False, True, 5, 3, 'script')",
    "a generator and a coroutine": "([0, 1, 2], 5)",
    "one that depends on the type": "a number",
    "its parts": "['a number', 'something', 'a point']",
    "its name": "('told', 'What it is.', 'something', 'a number')",
    "a method that depends on the type": "5 by Teller",
    "a partial method": "2 by Teller",
    "a class method": "5 by Teller",
    "a static method": "a number",
    "weak references": "(True, 'of points', True, None, True)",
    "a weak key that is gone": "(2, 1)",
    "a function in C": "5.0",
    "a method in C": "five",
    "one of a pattern": "['55']",
    "one of operator": "6",
    "a partial one of those": "a number",
    "a cached one of those": "a number",
    "a function that calls one with a cache": "6",
    "a function with a cache": "6",
    "one that calls itself": "5",
    "its parameters": "7",
    "a context": "6",
    "an object": "11.0",
    "a method": "10",
    "a partial function": "15",
    "a vectorized one": "5.5",
    "an enumeration": "True",
    "a dataclass": "6",
}


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """What came of each, by one program that submits them all."""
    with cluster(1) as master:
        command = [sys.executable, "-c", SCRIPT, master.console_link]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=100, check=False)
    assert done.stderr == ""
    answers: dict[str, str] = json.loads(done.stdout)
    return answers


@pytest.mark.timeout(120)
@pytest.mark.parametrize("what", EXPECTED)
def test_a_callable_of_a_script_runs_elsewhere(found: dict[str, str], what: str) -> None:
    assert found[what] == EXPECTED[what]
