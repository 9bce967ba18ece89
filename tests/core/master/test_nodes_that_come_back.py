"""What a node tells of leases that it has kept over a break: as much as of any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcgui_core.protocol.messages import Unfit
from tests.core.world import Node, World, spec


@pytest.fixture
def world() -> Iterator[World]:
    opened = World()
    yield opened
    opened.close()


def at_work(world: World) -> Node:
    """A node that is at the only task of a job, which may fail once."""
    node = Node("a", 1, "3.11.7")
    world.nodes.append(node)
    node.join(world.hub)
    world.hub.jobs.submit(spec(retries=1, backoff=0.0), world.block(-1, 1), True)
    world.exchange(node, 1.0)
    node.take()
    return node


def test_a_failure_of_which_the_receipt_was_lost_is_one_try(world: World) -> None:
    node = at_work(world)
    world.part(node, 0, 1, frozenset({0}))
    world.exchange(node, 0.0, "answer lost")
    node.join(world.hub)
    world.exchange(node, 0.0)
    world.check()
    assert (world.jobs[1].state, len(world.jobs[1].failed)) == ("running", 0)


def test_a_failure_that_was_not_told_before_the_break_is_one_too(world: World) -> None:
    node = at_work(world)
    world.part(node, 0, 1, frozenset({0}))
    world.disconnect(node, noticed=True)
    node.join(world.hub)
    world.exchange(node, 0.0)
    world.check()
    assert (world.jobs[1].tries[0], len(world.jobs[1].failed)) == (1, 0)


def test_what_does_not_load_is_heard_of(world: World) -> None:
    node = at_work(world)
    world.disconnect(node, noticed=False)
    node.join(world.hub)
    ((chunk, master),) = node.running
    node.running.clear()
    node.work.report(Unfit(chunk.job, "ImportError", "no numpy", ""), master)
    world.exchange(node, 0.0)
    world.check()
    assert world.jobs[1].reason.code == "does not load"
