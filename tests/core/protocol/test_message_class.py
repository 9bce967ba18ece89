"""What may be sent: frozen, and pickled as its class and the values of its fields."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from mcgui_core.protocol.message_class import message


@message
class Pair:
    left: int
    right: str = "default"


@message
class Single:
    only: tuple[int, ...]


@pytest.mark.parametrize("sent", [Pair(1, "x"), Pair(2), Single((1, 2)), Single(())])
def test_a_message_arrives_as_it_was(sent: object) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(sent, protocol)) == sent


def test_a_pickle_from_before_a_field_with_a_default_was_added_can_be_read() -> None:
    older = pickle.dumps((Pair, (7,)))
    made, values = pickle.loads(older)
    assert made(*values) == Pair(7, "default")
    assert Pair(7).__reduce__() == (Pair, (7, "default"))


def test_a_message_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Pair(1).left = 2  # type: ignore[misc]


def test_a_message_has_no_room_for_more() -> None:
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(Pair(1), "third", 3)


def test_a_message_can_be_changed_into_another_one() -> None:
    assert dataclasses.replace(Pair(1), right="y") == Pair(1, "y")
