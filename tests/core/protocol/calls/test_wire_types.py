"""What a decoder takes for a number, and where that is said."""

from __future__ import annotations

import typing
from typing import Annotated

import msgspec
import pytest

from mcgui_core.protocol.calls.wire_types import decoder
from mcgui_core.protocol.field_types import field_types, fits
from mcgui_core.protocol.message_class import message
from mcgui_core.protocol.messages import (
    Chunk,
    JobSpec,
    Lease,
    NodeInfo,
    NodeReport,
    Orders,
    Outcome,
    Report,
    SlotDeath,
    Stored,
    TaskFailure,
    TaskOutput,
    TaskStatus,
    Unfit,
)
from mcgui_core.protocol.messages.field_limits import Length, Range, Whole
from tests.core.strategies import MESSAGES


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


#: What the tuples that have limits hold, but for numbers.
ITEMS: dict[object, object] = {
    Outcome: Outcome(1, 0, 1, b"", (), 0.0),
    SlotDeath: SlotDeath(1, 1, 0, 1, "died", ""),
    Chunk: Chunk(1, 1, 0, 1),
    Unfit: Unfit(1, "", "", ""),
    TaskOutput: TaskOutput(1, 0, "out", "", 0.0),
    TaskStatus: TaskStatus(1, 0, "", None),
    tuple[Whole, Whole]: (1, 1),
}
LIMITED = [
    (kind, name, limit)
    for kind in MESSAGES
    for name, hint in field_types(kind).items()
    if typing.get_origin(hint) is Annotated
    for limit in typing.get_args(hint)[1:]
    if isinstance(limit, Range | Length)
]


@pytest.mark.parametrize(("kind", "name", "limit"), LIMITED, ids=lambda part: getattr(part, "__name__", str(part)))
def test_what_is_beyond_the_limits_of_a_field_is_refused_as_it_is_read(kind: type, name: str, limit: object) -> None:
    hint = field_types(kind)[name]
    plain = typing.get_args(hint)[0]
    match limit:
        case Range(least, most):
            within, beyond = [plain(least), plain(most)], [plain(least) - 1, plain(most) + 1 if plain is int else None]
        case Length(least, most):
            item = {str: "x", bytes: b"x"}.get(plain) or (ITEMS.get(typing.get_args(plain)[0], 1),)
            within, beyond = [item * least, item * most], [item * (most + 1), item * (least - 1) if least else None]
    for _ in range(2):  # before a decoder of the message is made, and then
        assert all(fits(value, hint) for value in within)
        assert not any(fits(value, hint) for value in beyond)
        assert [decoder(hint).decode(msgspec.msgpack.encode(value)) for value in within] == within
        for value in beyond:
            with pytest.raises(msgspec.ValidationError):
                decoder(hint).decode(msgspec.msgpack.encode(value))
        decoder(kind)
        hint = field_types.__wrapped__(kind)[name]


def test_numbers_of_nodes_jobs_and_leases_all_have_limits() -> None:
    """Those of what tasks say have none, and are dropped where they cannot be (`task_messages.py`)."""
    free = {
        f"{kind.__name__}.{name}"
        for kind in (NodeInfo, NodeReport, Orders, Chunk, SlotDeath, Outcome, Unfit, TaskFailure, Report, Lease, Stored)
        for name, hint in field_types(kind).items()
        if hint in (int, float)
    }
    assert free == set()
