"""The options of a job are defined once, and that definition is what every user of them goes by."""

from __future__ import annotations

import inspect
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import Cluster
from mcgui_core.errors import BadInput
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.protocol.option_kinds import OptionKind
from mcgui_core.protocol.run_options import DEFAULTS, OPTIONS, RunOptions, option_from_text
from tests.core.strategies import run_options

SPEC = JobSpec("job", "", "f")


def test_submit_takes_each_option_with_its_default() -> None:
    parameters = inspect.signature(Cluster.submit).parameters
    assert {name: parameters[name].default for name in OPTIONS} == dict(DEFAULTS)


def test_each_option_has_a_line_about_it() -> None:
    for kind in OPTIONS.values():
        assert isinstance(kind, OptionKind)
        assert kind.title[0].isupper()
        assert kind.text
        assert "\n" not in kind.text


def test_the_defaults_are_values_that_pass() -> None:
    assert RunOptions().checked() == RunOptions()


@given(options=run_options())
def test_what_is_in_range_is_kept_as_it_is(options: dict[str, Any]) -> None:
    assert RunOptions(**options).checked().options() == options


@given(options=run_options())
def test_what_is_typed_is_what_is_kept(options: dict[str, Any]) -> None:
    assert {name: option_from_text(name, str(value)) for name, value in options.items()} == options


@given(name=st.sampled_from(sorted(OPTIONS)), text=st.text())
def test_whatever_is_typed_is_a_value_or_bad_input(name: str, text: str) -> None:
    try:
        value = option_from_text(name, text)
    except BadInput as error:
        assert str(error).startswith(f"{name} must be ")
    else:
        replace(SPEC, **{name: value}).checked()


ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(),
    st.binary(),
    st.complex_numbers(),
    st.decimals(),
    st.lists(st.integers()),
    st.just(object()),
)


@given(name=st.sampled_from(sorted(OPTIONS)), value=ANYTHING)
def test_any_other_value_is_bad_input_and_a_sentence(name: str, value: Any) -> None:
    try:
        kept = replace(SPEC, **{name: value}).checked()
    except BadInput as error:
        assert str(error).startswith(f"{name} must be ")
        assert str(error).endswith(".")
        assert len(str(error)) < 300
    else:
        assert type(getattr(kept, name)) in (type(DEFAULTS[name]), int, float, str)


def test_numbers_of_other_libraries_become_plain_ones() -> None:
    given = replace(SPEC, retries=np.int64(3), timeout=Fraction(1, 4), backoff=np.float32(2), memory="2 GB")  # type: ignore[arg-type]
    kept = given.checked()
    assert (kept.retries, kept.timeout, kept.backoff, kept.memory) == (3, 0.25, 2.0, 2 * 10**9)
    assert [type(v) for v in (kept.retries, kept.timeout, kept.backoff)] == [int, float, float]


def test_options_that_are_as_they_are_kept_stay_the_same_record() -> None:
    options = RunOptions(retries=3, timeout=1.5, setup="prepare")
    assert options.checked() is options
    assert RunOptions(memory="2 GB").checked() == RunOptions(memory=2_000_000_000)  # type: ignore[arg-type]
