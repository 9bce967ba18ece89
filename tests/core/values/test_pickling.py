"""The user's values as bytes."""

from __future__ import annotations

import dataclasses
import math
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.values import pickling
from mcgui_core.values.file_slice import FileSlice, ValuesGone

ENVIRONMENT = """
import dataclasses, enum

@dataclasses.dataclass
class Point:
    x: int
    def double(self):
        return Point(2 * self.x)

class Colour(enum.Enum):
    RED = 1

def square(x):
    return x * x
"""

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.tuples(inner, inner) | st.lists(inner) | st.dictionaries(st.text(), inner) | st.sets(st.integers())
    ),
    max_leaves=10,
)


@dataclasses.dataclass(frozen=True)
class Known:
    """A class of a module that can be imported."""

    value: Any


@pytest.fixture
def environment() -> Iterator[Any]:
    """A module that holds an environment, as in a slot."""
    module = load_module(ENVIRONMENT, "<test>")
    yield module
    sys.modules.pop(module.__name__, None)


def elsewhere(code: str, data: bytes) -> str:
    """What `code` prints in another process that knows `data`, and has loaded no environment."""
    script = f"from mcgui_core.values import pickling\nvalue = pickling.loads(bytes.fromhex({data.hex()!r}))\n{code}"
    root = Path(__file__).parents[3]
    return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=root).stdout


@given(PLAIN)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    assert pickling.loads(pickling.dumps(value)) == value
    assert pickling.loads(memoryview(bytearray(pickling.dumps(value)))) == value


@pytest.mark.parametrize(
    "value",
    [range(10**12), math.pi, Known([1, {2}]), Known, len, math.sin, Path("a"), frozenset({1}), ..., b"\x01" * 99],
)
def test_what_can_be_imported_comes_back_as_it_was(value: Any) -> None:
    assert pickling.loads(pickling.dumps(value)) == value


def test_a_range_stays_small() -> None:
    assert len(pickling.dumps(range(10**12))) < 100


def test_lambdas_and_closures_come_back() -> None:
    offset = 3
    found = pickling.loads(pickling.dumps([lambda x: x + offset, {"f": lambda: offset}]))
    assert (found[0](4), found[1]["f"]()) == (7, 3)


def test_arrays_travel_out_of_band_and_come_back_writable() -> None:
    arrays = [np.arange(1000.0), np.eye(3), np.zeros(0), np.arange(12).reshape(3, 4).T]
    data = pickling.dumps(arrays)
    found = pickling.loads(data)
    for before, after in zip(arrays, found, strict=True):
        assert np.array_equal(before, after)
        assert before.dtype == after.dtype
        assert after.flags.writeable
    found[0][0] = 7.0
    assert pickling.loads(data)[0][0] == 0.0
    assert data.count(np.arange(1000.0).tobytes()) == 1


def read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array


READ_ONLY = [
    read_only(np.arange(5)),
    read_only(np.asfortranarray(np.eye(3))),
    read_only(np.zeros(0)),
    read_only(np.array(2.0)),
    read_only(np.zeros(3, dtype=[("a", "i4"), ("b", ">f8")])),
    read_only(np.arange(10))[2:],
    np.frombuffer(b"bytes", "u1"),
]


@pytest.mark.parametrize("wrapped", [lambda array: [array], lambda array: (lambda: None, array)], ids=["plain", "code"])
def test_arrays_that_may_not_be_written_to_come_back_writable_as_by_any_pool(wrapped: Callable[[Any], Any]) -> None:
    """What pandas gives out is so: `a += 1` failed in a task, and not in one of ProcessPoolExecutor."""
    for array in READ_ONLY:
        found = pickling.loads(pickling.dumps(wrapped(array)))[-1]
        assert (found.dtype, found.shape, found.flags.f_contiguous) == (
            array.dtype, array.shape, array.flags.f_contiguous
        )  # fmt: skip
        assert np.array_equal(found, array)
        assert found.flags.writeable
        assert not array.flags.writeable


def test_what_may_not_be_written_to_is_not_copied_to_be_sent() -> None:
    array = read_only(np.arange(1000.0))
    sent = pickling.pickled([array, array])
    assert isinstance(sent, pickling.Pickled)
    (memory,) = (part for part in sent.parts if isinstance(part, memoryview))
    assert np.shares_memory(np.frombuffer(memory), array)
    first, second = pickling.loads(sent)
    assert first is second


def test_arrays_within_lambdas_come_back() -> None:
    array = np.arange(1000.0)
    assert pickling.loads(pickling.dumps(lambda: array.sum()))() == array.sum()


@pytest.mark.parametrize("value", [threading.Lock(), (number for number in [1])], ids=["lock", "generator"])
def test_what_cannot_be_pickled_says_so(value: Any) -> None:
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickling.dumps([value])


def test_what_is_nested_without_end_says_so() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(RecursionError):
        pickling.dumps(deep)


def test_what_fails_to_pickle_itself_says_why() -> None:
    with pytest.raises(ZeroDivisionError):
        pickling.dumps(Unwilling())


class Unwilling:
    """Raises something of its own."""

    def __reduce__(self) -> Any:
        raise ZeroDivisionError


def test_classes_of_an_environment_travel_by_value(environment: Any) -> None:
    """They exist under that name in the slots only."""
    data = pickling.dumps([environment.Point(3), environment.Colour.RED])
    assert elsewhere("print(value[0].double().x, value[1].name)", data) == "6 RED\n"


def test_functions_of_an_environment_travel_by_value(environment: Any) -> None:
    assert elsewhere("print(value(7))", pickling.dumps(environment.square)) == "49\n"


def test_instances_from_two_slots_are_of_one_class(environment: Any) -> None:
    """Each slot runs the environment anew, and so has classes of its own."""
    first = pickling.dumps([environment.Point(3), environment.Colour.RED])
    second_module = load_module(ENVIRONMENT, "<test>")
    second = pickling.dumps([second_module.Point(3), second_module.Colour.RED])
    code = (
        f"other = pickling.loads(bytes.fromhex({second.hex()!r}))\n"
        "print(value[0] == other[0], value[1] is other[1], type(value[0]) is type(other[0]))"
    )
    assert elsewhere(code, first) == "True True True\n"


def test_an_instance_that_comes_back_is_of_the_class_that_it_left(environment: Any) -> None:
    point = environment.Point(3)
    assert pickling.loads(pickling.dumps(point)) == point
    assert pickling.loads(pickling.dumps(environment.Colour.RED)) is environment.Colour.RED


def test_what_a_script_defines_travels_by_value(tmp_path: Path) -> None:
    """`__main__` is another module in every process."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from mcgui_core.values import pickling\n"
        "class Pair:\n"
        "    def __init__(self, a): self.a = a\n"
        "    def twice(self): return 2 * self.a\n"
        "def f(x): return Pair(x).twice()\n"
        "sys.stdout.write(pickling.dumps([Pair(4), f]).hex())\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[3])
    made = subprocess.run([sys.executable, str(script), root], check=True, capture_output=True, text=True).stdout
    assert elsewhere("print(value[0].twice(), value[1](5))", bytes.fromhex(made)) == "8 10\n"


def test_plain_values_do_not_need_cloudpickle() -> None:
    """A slot starts 25 ms sooner without it."""
    code = (
        "import sys\nfrom mcgui_core.values import pickling\n"
        "pickling.loads(pickling.dumps([1, 'a', {2.0: (3,)}]))\nassert 'cloudpickle' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def test_a_function_is_pickled_without_a_copy_of_what_is_large_in_it(tmp_path: Path) -> None:
    data, array = bytes(1 << 20), np.arange(100_000.0)
    pickled = pickling.pickled_function(lambda: (len(data), float(array.sum())), 1 << 30)
    assert any(part is data for part in pickled.parts)
    assert any(np.shares_memory(np.frombuffer(part, np.uint8), array) for part in pickled.parts if len(part) == 800_000)
    assert pickling.loads(bytes(pickled)).function() == (1 << 20, float(array.sum()))
    path = tmp_path / "file"
    path.write_bytes(b"x" * 64 + bytes(pickled))
    for mapped in (False, True):
        assert pickling.loads(FileSlice(path, 64, len(pickled), mapped)).function() == (1 << 20, float(array.sum()))
    with pytest.raises(pickling.TooLarge):
        pickling.pickled_function(lambda: data, 1 << 20)


def test_values_as_older_versions_wrote_them_are_read() -> None:
    array = np.arange(10.0)
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps([array], protocol=5, buffer_callback=buffers.append)
    sizes = b"".join(size.to_bytes(8, "big") for size in (1, len(body), 80))
    (found,) = pickling.loads(b"\x01" + sizes + body + bytes(buffers[0].raw()))
    assert (found == array).all()
    found += 1.0


@pytest.mark.parametrize("value", [[np.arange(1000.0)], [1, "two"]])
@pytest.mark.parametrize("kept", [0, 1, 5, 12, 60, 4000])
def test_a_value_that_is_cut_off_or_claims_more_than_there_is_is_refused(
    value: list[Any], kept: int, tmp_path: Path
) -> None:
    whole = pickling.dumps(value)
    path = tmp_path / "file"
    for data in (whole[: min(kept, len(whole) - 1)], whole[:1] + b"\x7f" * 40):
        path.write_bytes(data)
        with pytest.raises((ValueError, EOFError, pickle.UnpicklingError, IndexError)):
            pickling.loads(data)
        for mapped in (False, True):
            with pytest.raises((ValueError, EOFError, pickle.UnpicklingError, IndexError)):
                pickling.loads(FileSlice(path, 0, len(data), mapped))


def test_a_value_whose_beginning_is_damaged_is_refused_and_not_read_at_other_places(tmp_path: Path) -> None:
    whole = pickling.dumps([np.arange(1000.0)])
    path = tmp_path / "file"
    for first in set(range(256)) - set(whole[:1] + b"\x00\x01"):
        data = bytes([first]) + whole[1:]
        path.write_bytes(data)
        for source in (data, FileSlice(path, 0, len(data)), FileSlice(path, 0, len(data), True)):
            with pytest.raises(ValueError, match="this value is damaged"):
                pickling.loads(source)


def test_what_is_not_in_the_store_any_more_says_so(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(pickling.dumps([np.arange(1000.0)])[:4000])
    lost = [b"", *(FileSlice(place, 0, 8000, mapped) for place in (path, tmp_path / "no") for mapped in (False, True))]
    for source in lost:
        with pytest.raises(ValuesGone, match="is not there any more, or not whole"):
            pickling.loads(source)


def test_lists_that_were_joined_are_parted_where_they_lie_in_a_file(tmp_path: Path) -> None:
    data = pickling.joined([(2, pickling.dumps([1, 2])), (1, pickling.dumps([3]))])
    path = tmp_path / "file"
    path.write_bytes(data)
    found = pickling.parts(FileSlice(path, 0, len(data)), 3)
    assert [pickling.loads(part) for _, part in found] == [[1, 2], [3]]
