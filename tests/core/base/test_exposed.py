"""What may be called from outside: nothing but what is marked, by nobody but for whom it is."""

from __future__ import annotations

import pytest

from mcgui_core.base.exposed import exposed, exposed_methods


class Desk:
    """Has one method for guests, one for staff, and some for nobody."""

    attribute = len

    @exposed("guest", "staff")
    def ask(self) -> str:
        return "asked"

    @exposed("staff")
    def open(self) -> str:
        return "opened"

    def shut(self) -> str:
        return "shut"


def test_each_audience_has_its_methods() -> None:
    assert exposed_methods("guest", Desk()).keys() == {"ask"}
    assert {name: method() for name, method in exposed_methods("staff", Desk()).items()} == {
        "ask": "asked",
        "open": "opened",
    }
    assert exposed_methods("stranger", Desk()) == {}


def test_an_override_is_exposed_only_where_it_is_marked_itself() -> None:
    class Other(Desk):
        def open(self) -> str:
            return "opened otherwise"

    assert exposed_methods("staff", Other()).keys() == {"ask"}


def test_what_an_object_holds_itself_is_not_exposed() -> None:
    desk = Desk()
    vars(desk)["shut"] = desk.open
    assert exposed_methods("staff", desk).keys() == {"ask", "open"}


def test_two_objects_cannot_expose_the_same_name() -> None:
    with pytest.raises(ValueError, match="two objects expose ask to guest"):
        exposed_methods("guest", Desk(), Desk())
