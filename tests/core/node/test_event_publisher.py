"""What an agent tells: each change, in its order, and nothing twice."""

from __future__ import annotations

import threading

from mcgui_core.node.parent_events import EventPublisher
from mcgui_core.protocol.agent_events import AgentEvent


def test_what_says_nothing_new_is_not_told_again() -> None:
    heard: list[AgentEvent] = []
    publisher = EventPublisher(heard.append)
    paused = AgentEvent("paused", message="On battery.")
    for event in (AgentEvent("connecting"), paused, paused, AgentEvent("paused", message="On battery.", nprocs=2)):
        publisher.publish(event)
    assert [(event.state, event.nprocs) for event in heard] == [("paused", 0), ("paused", 2)]


def test_nothing_is_told_after_the_last_word() -> None:
    heard: list[AgentEvent] = []
    publisher = EventPublisher(heard.append)
    publisher.publish(AgentEvent("ended"))
    publisher.publish(AgentEvent("paused"))
    assert [event.state for event in heard] == ["ended"]


def test_who_hears_an_event_may_bring_about_the_next() -> None:
    heard: list[str] = []

    def hear(event: AgentEvent) -> None:
        heard.append(event.state)
        if event.state == "paused":
            publisher.publish(AgentEvent("draining"))

    publisher = EventPublisher(hear)
    publisher.publish(AgentEvent("paused"))
    assert heard == ["paused", "draining"]


def test_an_event_waits_until_the_one_before_it_has_been_heard() -> None:
    heard: list[str] = []
    entered, go_on = threading.Event(), threading.Event()

    def hear(event: AgentEvent) -> None:
        if event.state == "paused":
            entered.set()
            assert go_on.wait(30)
        heard.append(event.state)

    publisher = EventPublisher(hear)
    first = threading.Thread(target=publisher.publish, args=(AgentEvent("paused"),))
    second = threading.Thread(target=publisher.publish, args=(AgentEvent("draining"),))
    first.start()
    assert entered.wait(30)
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert heard == ["paused", "draining"]
