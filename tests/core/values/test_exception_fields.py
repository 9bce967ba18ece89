"""Exceptions of users that have their own idea of what each exception has: they fail their own task, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mcgui_core import ClusterExecutor, Master
from mcgui_core.environment.environment_loader import load_module
from mcgui_core.errors import TaskError
from mcgui_core.values import pickling
from mcgui_core.values.exception_fields import drop_frames, traceback_of
from mcgui_core.values.partial_unpickling import Unopened, unpickle_what_can_be
from mcgui_core.values.text import error_text, message, summary
from tests.support import cluster

SOURCE = """
import dataclasses

@dataclasses.dataclass(frozen=True)
class Frozen(Exception):
    number: int = 3
    def __str__(self): return "three"

class Untrue(Exception):
    def __bool__(self): raise RuntimeError("ambiguous")

class Empty(Exception):
    def __len__(self): return 0

class NoTraceback(Exception):
    @property
    def __traceback__(self): raise RuntimeError("no traceback")

class NoCause(Exception):
    @property
    def __cause__(self): raise RuntimeError("no cause")
    __context__ = __cause__

class NoClass(Exception):
    @property
    def __class__(self): raise RuntimeError("no class")

class Shy(Exception):
    __slots__ = ()
    def __getattribute__(self, name): raise RuntimeError("nothing of " + name)

class NoModule(Exception):
    __module__ = None

def caused():
    raise ValueError("second") from Frozen()

def in_the_context():
    try:
        raise Untrue()
    except Untrue:
        raise ValueError("second")

def group():
    found = []
    for kind in KINDS[:7]:
        try:
            raise kind()
        except Exception as error:
            found.append(error)
    raise ExceptionGroup("several", found)

KINDS = [Frozen, Untrue, Empty, NoTraceback, NoCause, NoClass, Shy, NoModule]
WAYS = [*KINDS, caused, in_the_context, group]
NAMES = [kind.__name__ for kind in KINDS] + ["ValueError", "ValueError", "ExceptionGroup"]

def fail(number):
    way = WAYS[number]
    raise way() if way in KINDS else way()

class Sample:
    def __init__(self, number): self.number = number
    def __reduce__(self): return fail, (self.number,)

def failing(x):
    return fail(x) if x < len(WAYS) else x

def failing_as_it_is_opened(x):
    return Sample(x) if x < len(WAYS) else x

def answer(x):
    return 42
"""
HERE = load_module(SOURCE, "exceptions.py")
COUNT = len(HERE.NAMES)


def raised(number: int) -> BaseException:
    try:
        HERE.fail(number)
    except BaseException as error:  # noqa: BLE001 - this is what it is about
        return error
    raise AssertionError


def everything(error: BaseException) -> Iterator[BaseException]:
    """It, its causes, and what is in it if it is a group."""
    yield error
    for name in ("__cause__", "__context__"):
        other = vars(BaseException)[name].__get__(error)
        if other is not None:
            yield from everything(other)
    if type(error) is ExceptionGroup:
        for other in error.exceptions:
            yield from everything(other)


def outcome(call: Callable[[], Any]) -> Any:
    """What it returns; where it raises, without what pytest would fall over as it shows it."""
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - as above
        escaped = f"{type(error).__name__} escaped: {message(error)}"
    pytest.fail(escaped, pytrace=False)


@pytest.mark.parametrize("number", range(COUNT), ids=[way.__name__ for way in HERE.WAYS])
def test_all_frames_of_an_exception_are_let_go_of_without_asking_it(number: int) -> None:
    error = raised(number)
    assert traceback_of(error) is not None
    kind, _, trace = outcome(lambda: error_text(error))
    assert kind in trace
    assert kind == summary(error).partition(":")[0] == HERE.NAMES[number]
    outcome(lambda: drop_frames(error))
    assert [traceback_of(one) for one in everything(error)] == [None] * len(list(everything(error)))


@pytest.mark.parametrize("number", range(COUNT), ids=[way.__name__ for way in HERE.WAYS])
@pytest.mark.parametrize("whatever", [False, True])
def test_a_value_that_raises_it_as_it_is_opened_takes_no_other_along(number: int, whatever: bool) -> None:
    data = pickling.dumps([1, [HERE.Sample(number)], 2])
    first, bad, last = outcome(lambda: unpickle_what_can_be(data, 3, whatever))
    assert (first, last) == (1, 2)
    assert type(bad) is Unopened
    assert bad.reason.startswith(HERE.NAMES[number])


# --- end to end ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with cluster(1) as found:
        yield found


def failed(found: list[Any]) -> list[TaskError]:
    """All but the last of the results, which is there."""
    *errors, last = found
    assert last in (COUNT, 42)
    assert [type(error) for error in errors] == [TaskError] * COUNT
    return errors


def test_a_task_that_raises_it_fails_and_its_process_lives(master: Master) -> None:
    errors = failed(master.submit(SOURCE, "failing", range(COUNT + 1)).results(return_exceptions=True))
    assert [(error.failure.kind, error.failure.type) for error in errors] == [("raised", name) for name in HERE.NAMES]


def test_a_result_that_raises_it_as_it_is_opened_is_the_only_one_that_is_lost(master: Master) -> None:
    job = master.submit(SOURCE, "failing_as_it_is_opened", range(COUNT + 1), chunksize=COUNT + 1)
    errors = failed(outcome(lambda: job.results(return_exceptions=True)))
    for name, error in zip(HERE.NAMES, errors, strict=True):
        assert error.failure.kind == "unpicklable"
        assert f"cannot be opened on this computer ({name}" in error.failure.message
    found = outcome(lambda: dict(job.iter_results(return_exceptions=True)))
    assert [value for value in found.values() if type(value) is int] == [COUNT]


def test_an_argument_that_raises_it_as_it_is_opened_fails_its_own_task(master: Master) -> None:
    arguments = [*map(HERE.Sample, range(COUNT)), 0]
    errors = failed(master.submit(HERE.answer, arguments).results(return_exceptions=True))
    for name, error in zip(HERE.NAMES, errors, strict=True):
        assert error.failure.kind == "unpicklable"
        assert f"the argument cannot be opened: {name}" in error.failure.message


@dataclass(frozen=True)
class Frozen(Exception):
    number: int

    def __reduce__(self) -> Any:  # as it is pickled otherwise, it is not to be opened anywhere
        return Frozen, (self.number,)


def fail_frozen() -> None:
    raise Frozen(3)


def test_a_call_of_an_executor_raises_it_with_where_it_was_raised() -> None:
    with cluster(1) as master, ClusterExecutor(cluster=master) as executor:
        error = executor.submit(fail_frozen).exception(20)
    assert error == Frozen(3)
    assert "in fail_frozen" in str(vars(BaseException)["__cause__"].__get__(error))
