"""What was pickled or opened goes as soon as nobody wants it: not with Python's collector, which may be long in coming."""

from __future__ import annotations

import tracemalloc
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.values import picked_values, pickling
from mcgui_core.values.data_unpickler import open_as_data
from mcgui_core.values.file_slice import FileSlice
from mcgui_core.values.partial_unpickling import unpickle_what_can_be
from mcgui_core.values.snapshot import Snapshot
from tests.collecting import no_collection

ENVIRONMENT = load_module("class Own:\n    def __init__(self, array):\n        self.array = array\n", "held.py")
LENGTH = 50_000  # of an array of 400,000 bytes


class Broken:
    def __reduce__(self) -> Any:
        return int, ("x",)


def local_class() -> Any:
    class Local:
        def __init__(self, array: Any) -> None:
            self.array = array

    return Local


MAKERS: dict[str, Callable[[Any], Any]] = {
    "an array": lambda array: array,
    "a class of an environment": ENVIRONMENT.Own,
    "a class without a name": local_class(),
    "a function": lambda array: lambda: array,
}


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    return MAKERS[request.param]


@pytest.mark.parametrize(
    "use",
    [
        pickling.dumps,
        pickling.pickled,
        lambda value: pickling.pickled_function(lambda: value, 1 << 30),
        lambda value: Snapshot(value).opened(),
    ],
    ids=["dumps", "pickled", "function", "snapshot"],
)
def test_what_was_pickled_is_not_held(make: Callable[[Any], Any], use: Callable[[Any], Any]) -> None:
    array = np.zeros(LENGTH)
    seen = weakref.ref(array)
    value = [make(array)]
    with no_collection():
        use(value)
        del array, value
        assert seen() is None


@pytest.mark.parametrize(
    "use",
    [
        pickling.loads,
        lambda data: pickling.loads(data, lambda _name: None),
        lambda data: pickling.Look().loads(data),
        lambda data: open_as_data(data, 1),
        lambda data: open_as_data(data, 1, lambda _module, name: getattr(ENVIRONMENT, name, None)),
        lambda data: unpickle_what_can_be(data, 1),
        lambda data: picked_values.opened_as_far_as_possible(data, 1),
    ],
    ids=["loads", "with modules", "look", "as data", "as data of a job", "what can be", "whatever"],
)
@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
def test_what_was_opened_is_not_held(
    make: Callable[[Any], Any], use: Callable[[Any], Any], broken: bool, tmp_path: Path
) -> None:
    data = pickling.dumps([(make(np.zeros(LENGTH)), Broken() if broken else 0)])
    (tmp_path / "values").write_bytes(data)
    for source in (data, FileSlice(tmp_path / "values", 0, len(data))):
        use_once(use, source)  # what is imported or kept for good is there
        with no_collection():
            tracemalloc.start()
            try:
                use_once(use, source)
                # One by one: in all, other threads (that of the one who hands out the tests, too) have some as well.
                blocks = [trace.size for trace in tracemalloc.take_snapshot().traces]
            finally:
                tracemalloc.stop()
        assert max(blocks, default=0) < 6 * LENGTH  # less is a dict of the interpreter that grew


def use_once(use: Callable[[Any], Any], source: Any) -> None:
    with suppress(ValueError):  # it is broken
        use(source)
