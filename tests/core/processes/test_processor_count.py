"""How many processors."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core.errors import NprocsInvalid
from mcgui_core.processes.processor_count import cpu_count, parse_nprocs


@pytest.mark.parametrize(("given", "number"), [(1, 1), (8, 8), ("1", 1), (" 12 ", 12), ("007", 7)])
def test_a_whole_number_of_one_or_more_is_taken(given: object, number: int) -> None:
    assert parse_nprocs(given) == number


@pytest.mark.parametrize(
    "given", [0, -1, "0", "-1", "many", "", "1.5", 1.0, 2.5, None, True, [], b"2", "1e3", "0x10", float("inf")]
)
def test_anything_else_is_refused_and_named(given: object) -> None:
    with pytest.raises(NprocsInvalid, match="1 or more") as caught:
        parse_nprocs(given)
    shown = str(given) if given in (0, -1, "0", "-1") and given is not False else repr(given)
    assert str(caught.value).endswith(f"not {shown}.")


@given(st.text())
def test_any_text_is_taken_or_refused(text: str) -> None:
    try:
        assert parse_nprocs(text) >= 1
    except NprocsInvalid as error:
        assert str(error).startswith("nprocs must be a whole number")


def test_a_number_with_more_digits_than_python_reads_is_refused() -> None:
    with pytest.raises(NprocsInvalid):
        parse_nprocs("9" * 5000)


def test_there_is_a_processor_at_least() -> None:
    assert 1 <= cpu_count() <= (os.cpu_count() or 1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not bind processes to processors")
def test_only_processors_that_we_may_use_count() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert cpu_count() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert cpu_count() == len(before)
