"""What values and exceptions of the user's say, whatever they raise meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.environment.environment_loader import load_module
from mcgui_core.values.display import full
from mcgui_core.values.text import ARGUMENT_LIMIT, cut, error_text, left_out, message, short, summary, trace


@given(st.text(max_size=60), st.integers(2, 40), st.sampled_from([" ", "\n", "\n\n"]))
def test_a_long_text_loses_its_middle_and_says_how_much_that_was(text: str, most: int, between: str) -> None:
    found = cut(text, most, between)
    if len(text) <= most:
        assert found == text
        return
    half = most // 2
    gone = len(text) - 2 * half
    assert found == text[:half] + between + left_out(gone) + between + text[len(text) - half :]


def test_an_error_without_a_message_is_named_by_its_type_alone() -> None:
    assert summary(KeyboardInterrupt()) == "KeyboardInterrupt"
    assert summary(ValueError("no ratio")) == "ValueError: no ratio"


def test_a_traceback_begins_below_the_files_that_called_the_users_code() -> None:
    def users() -> None:
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad") as caught:
        exec(compile("call()", "ours.py", "exec"), {"call": users})
    assert "ours.py" in trace(caught.value, __file__)
    assert "ours.py" not in trace(caught.value, __file__, "ours.py")
    assert error_text(caught.value, __file__, "ours.py") == ("ValueError", "bad", "ValueError: bad\n")


class Exits:
    def __repr__(self) -> str:
        raise SystemExit


def test_numbers_of_numpy_are_written_as_numbers_wherever_they_stand() -> None:
    found = {"x": np.float64(2.5), "n": [np.int32(3), np.uint8(4)], "f": (np.float32(0.1), np.bool_(True), True, 2.5)}
    assert short(found) == "{'f': (0.1, True, True, 2.5), 'n': [3, 4], 'x': 2.5}"
    assert (short(np.float64("nan")), short(np.complex128(1j))) == ("nan", "1j")


class Hears:
    """A value that does something as its repr is asked for."""

    def __init__(self, on_repr: Callable[[], object]) -> None:
        self.on_repr = on_repr

    def __repr__(self) -> str:
        self.on_repr()
        return repr(np.float64(2.5))


def test_two_that_show_values_at_a_time_leave_numpys_numbers_as_they_were() -> None:
    """Of versions in which all threads share how it prints, too."""
    first_in, second_in, first_out = threading.Event(), threading.Event(), threading.Event()

    def enter() -> None:
        first_in.set()
        second_in.wait(0.05)  # it does not come where one waits for the other

    def enter_second() -> None:
        second_in.set()
        first_out.wait(10)

    def first() -> str:
        try:
            return full(Hears(enter))
        finally:
            first_out.set()

    before = np.get_printoptions()
    with ThreadPoolExecutor(2) as threads:
        shown = [threads.submit(first)]
        assert first_in.wait(10)
        shown.append(threads.submit(full, Hears(enter_second)))
        assert [each.result() for each in shown] == ["2.5", "2.5"]
    assert np.get_printoptions() == before


def test_words_that_utf_8_cannot_hold_are_as_in_source() -> None:
    error = ValueError("caf\udce9.txt")
    assert (message(error), short("\udce9")) == (r"caf\udce9.txt", r"'\udce9'")
    assert trace(error).endswith("ValueError: caf\\udce9.txt\n")


def test_a_repr_that_exits_ends_nobody() -> None:
    assert short(Exits()) == "<Exits whose repr raises SystemExit>"
    assert len(short("x" * 1000)) <= ARGUMENT_LIMIT


ENVIRONMENT = """
class Station: pass
class Fault(Exception): pass
def spread(**options): return options
def lookup(): return __import__(__name__).nothing
def wrong(): return spread(**5)
def own(): raise Fault(Station())
"""


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("wrong", "spread() argument after ** must be a mapping, not int"),
        ("lookup", "module the environment has no attribute 'nothing'"),
        ("own", "<Station object at 0x"),
    ],
)
def test_nothing_is_said_of_the_name_that_an_environment_has_as_a_module(function: str, said: str) -> None:
    module = load_module(ENVIRONMENT)
    with pytest.raises(Exception, match="mcgui_environment_") as caught:
        getattr(module, function)()
    assert message(caught.value).startswith(said)
    for text in (*error_text(caught.value), summary(caught.value), short(module.Station()), full([module.Station])):
        assert "mcgui_environment" not in text
