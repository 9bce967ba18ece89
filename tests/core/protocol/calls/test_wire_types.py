"""What a decoder takes for a number, and where that is said."""

from __future__ import annotations

import typing
from typing import Annotated

import msgspec
import pytest

from mcgui_core.protocol.calls.wire_types import decoder
from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages import JobSpec


@message
class Inner:
    number: float
    named: dict[str, int] | None = None


@message
class Outer:
    parts: tuple[Inner, ...]
    pair: tuple[int, float | None] = (0, None)
    said: Annotated[int, "what people are told"] = 0


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_no_number_anywhere_in_a_message_is_nan_or_infinite(wrong: float) -> None:
    for value in ({"parts": [{"number": wrong}]}, {"parts": [], "pair": [1, wrong]}):
        with pytest.raises(msgspec.ValidationError):
            decoder(Outer).decode(msgspec.msgpack.encode(value))


@pytest.mark.parametrize("wrong", [1 << 63, (1 << 64) - 1])
def test_no_whole_number_anywhere_in_a_message_has_more_than_64_bits(wrong: int) -> None:
    for value in (
        {"parts": [{"number": 0.5, "named": {"a": wrong}}]},
        {"parts": [], "pair": [wrong, None]},
        {"parts": [], "said": wrong},
    ):
        with pytest.raises(msgspec.ValidationError):
            decoder(Outer).decode(msgspec.msgpack.encode(value))


def test_annotations_mean_to_people_what_they_meant() -> None:
    decoder(JobSpec)
    assert typing.get_type_hints(JobSpec)["priority"] is int
    assert typing.get_type_hints(JobSpec)["timeout"] == float | None
    decoder(Outer)
    assert typing.get_type_hints(Outer)["pair"] == tuple[int, float | None]
