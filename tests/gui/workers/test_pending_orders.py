"""What nodes were asked, and what they made of it; and what can be asked of whom."""

from __future__ import annotations

import pytest

from mcgui.console.workers.pending_orders import PATIENCE, SETTLED, PendingOrder, PendingOrders
from mcgui.console.workers.worker_orders import ORDERS, Order, details, fitting, obstacle
from mcgui_core.protocol.messages import NodeStatus
from tests.gui.snapshots import NOW, node

HERE = node("lab-3")


def ask(order: Order, nprocs: int = 0) -> PendingOrders:
    asked = PendingOrders()
    asked.add([PendingOrder(HERE.id, HERE.name, order, NOW, nprocs)])
    return asked


@pytest.mark.parametrize(
    ("order", "after"),
    [
        ("pause", node("lab-3", state="paused", reason="paused from the console")),
        ("resume", HERE),
        ("retire", node("lab-3", state="draining")),
        ("retire", node("lab-3", state="left")),
        ("retire_now", node("lab-3", state="left")),
        ("processors", node("lab-3", nprocs=3)),
    ],
)
def test_what_a_node_did_is_settled_without_a_word(order: Order, after: NodeStatus) -> None:
    asked = ask(order, 3)
    assert asked.look([after], NOW + SETTLED) == ()
    assert asked.pending == ()


@pytest.mark.parametrize(
    ("order", "after", "sentence"),
    [
        ("pause", HERE, "lab-3 was asked to pause, and goes on. Its owner decides."),
        (
            "resume",
            node("lab-3", state="paused", reason="in use until 14:00"),
            "lab-3 was asked to go on, and is still paused: in use until 14:00. Its owner decides.",
        ),
        (
            "processors",
            node("lab-3", nprocs=4, reason="4 of 8 while in use"),
            "lab-3 was asked to give 6 processors and gives 4: 4 of 8 while in use. Its owner decides.",
        ),
        ("retire", HERE, "lab-3 was asked to leave, and is still there."),
        ("pause", node("lab-3", state="silent", reason="no word for 9 s"), "lab-3 was asked, and does not answer: no"),
    ],
)
def test_an_owner_who_decides_otherwise_is_named_after_a_while(order: Order, after: NodeStatus, sentence: str) -> None:
    asked = ask(order, 6)
    assert asked.look([after], NOW + PATIENCE / 2) == ()
    assert asked.pending
    (told,) = asked.look([after], NOW + PATIENCE)
    assert told.startswith(sentence)
    assert asked.pending == ()


def test_a_node_that_goes_before_it_did_what_it_was_asked_is_named_at_once() -> None:
    lost = node("lab-3", state="lost", reason="its connection broke")
    assert ask("pause").look([lost], NOW + 0.1) == ("lab-3 is lost: its connection broke.",)


def test_a_number_of_processors_has_to_hold_for_a_moment() -> None:
    """An owner's limits put it back, but only after the node has taken it on."""
    asked = ask("processors", 8)
    assert asked.look([HERE], NOW + SETTLED / 2) == ()
    assert asked.pending
    assert asked.look([node("lab-3", nprocs=4)], NOW + SETTLED) == ()
    assert "gives 4" in asked.look([node("lab-3", nprocs=4)], NOW + PATIENCE)[0]


def test_a_later_wish_takes_the_place_of_an_earlier_one() -> None:
    asked = ask("pause")
    asked.add([PendingOrder(HERE.id, HERE.name, "resume", NOW + 1)])
    assert [one.order for one in asked.pending] == ["resume"]


STATES = {
    "working": node("a", state="working"),
    "idle": node("a", state="idle"),
    "paused": node("a", state="paused"),
    "draining": node("a", state="draining"),
    "silent": node("a", state="silent"),
    "lost": node("a", state="lost"),
    "left": node("a", state="left"),
}


@pytest.mark.parametrize(
    ("order", "states"),
    [
        ("processors", {"working", "idle", "paused", "silent"}),
        ("pause", {"working", "idle", "silent"}),
        ("resume", {"paused"}),
        ("retire", {"working", "idle", "paused", "silent"}),
        ("retire_now", {"working", "idle", "paused", "silent", "draining"}),
        ("forget", {"lost", "left"}),
        ("copy", set(STATES)),
        ("log", set(STATES)),
    ],
)
def test_each_order_is_offered_where_it_makes_sense_and_says_why_elsewhere(order: Order, states: set[str]) -> None:
    assert {state for state, one in STATES.items() if fitting(order, [one])} == states
    for state, one in STATES.items():
        why = obstacle(order, [one])
        assert bool(why) == (state not in states)
        assert not why or (why.startswith("a ") and why.endswith("."))


def test_of_several_one_that_it_fits_is_enough() -> None:
    mixed = [node("a", state="paused"), node("b")]
    assert obstacle("resume", mixed) == ""
    assert [one.name for one in fitting("resume", mixed)] == ["a"]
    assert obstacle("resume", [node("a"), node("b")]) == "None of the 2 selected workers: a is not paused."


def test_with_nothing_selected_nothing_is_offered() -> None:
    assert {obstacle(order, []) for order in ORDERS} == {"No worker is selected."}


def test_the_details_hold_all_that_is_known() -> None:
    text = details(node("lab-3", reason="of course"), NOW)
    for part in (
        "lab-3",
        "Working: of course",
        "192.168.1.23",
        "3.11.7",
        "8 of 8",
        "97 %",
        "312,410",
        "4242",
        "800 µs",
    ):
        assert part in text
    assert "Memory" not in details(node("lab-3", state="lost"), NOW)
