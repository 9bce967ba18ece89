"""What a field's annotation says is what a field holds, or it is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mcgui_core.protocol.field_types import fits, wrong_field
from mcgui_core.protocol.messages import Chunk, JobSpec, Lease, NodeReport, Report
from tests.core.strategies import MESSAGES, of


@given(data=st.data())
@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_every_message_that_is_made_as_it_says_is_right(kind: type, data: st.DataObject) -> None:
    message = data.draw(of(kind))
    assume("inf" not in repr(message))
    assert wrong_field(message) == ""


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (True, int),
        (1, bool),
        (1.0, int),
        ("1", int),
        (1 << 63, int),
        (float("nan"), float),
        (float("inf"), float),
        (10**400, float),
        (1 << 63, float),  # the journal would write a whole number
        (True, float),
        (None, str),
        (b"x", str),
        ("x", bytes),
        (0, None),
        ("c", Literal["a", "b"]),
        (1, Literal["a", "b"] | None),
        ([1], tuple[int, ...]),
        ((1, "2"), tuple[int, ...]),
        ((1, 2, 3), tuple[int, int]),
        ((1, 2.5), tuple[int, int]),
    ],
)
def test_what_is_nearly_right_is_wrong(value: Any, hint: Any) -> None:
    assert not fits(value, hint)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (replace(JobSpec("job", "", "f"), retries="3"), "retries"),  # type: ignore[arg-type]
        (NodeReport(1, 0, 0.0, 0, jobs=(1, None)), "jobs"),  # type: ignore[arg-type]
        (Report(returned=(Chunk(1, 1, 0, 1), Chunk(1, 1, 0, 2.5))), "returned"),  # type: ignore[arg-type]
        (Lease(specs=((1, JobSpec("job", "", "f")), (2, "f"))), "specs"),  # type: ignore[arg-type]
    ],
)
def test_the_field_that_is_wrong_is_named_however_deep_the_fault_lies(message: Any, name: str) -> None:
    assert wrong_field(message) == name
