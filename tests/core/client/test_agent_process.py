"""The agent as a child process: what it says is heard, whatever else comes out of it."""

from __future__ import annotations

import sys

import pytest

from mcgui_core.client import agent_process
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.protocol.agent_events import AgentEvent
from tests.waiting import until

LINK = "mcgui://127.0.0.1:8888#w-0123456789abcdef0123456789abcdef"
#: Prints as a library does that knows nothing of us, and tells an event; ends when its standard input does.
CHATTY = """
import sys
from mcgui_core.protocol.agent_events import AgentEvent
sys.stdout.buffer.write(b"library: caf\\xe9\\n[1, 2]\\n{}\\n")
sys.stdout.write(AgentEvent("idle", nprocs=3).to_line())
sys.stdout.flush()
sys.stdin.read()
sys.stdout.write(AgentEvent("ended").to_line())
"""


def test_a_line_that_is_no_event_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agent_process, "module_command", lambda _module: [sys.executable, "-c", CHATTY])
    heard: list[AgentEvent] = []
    agent = AgentProcess(LINK, 1, on_event=heard.append)
    try:
        until(lambda: agent.last_event.state == "idle")
    finally:
        agent.leave()
    assert [(event.state, event.nprocs) for event in heard] == [("idle", 3), ("ended", 0)]
    assert "library: caf" in capfd.readouterr().err


def test_an_agent_that_ends_without_a_word_is_told_with_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        agent_process, "module_command", lambda _module: [sys.executable, "-c", "import os; os._exit(3)"]
    )
    agent = AgentProcess(LINK, 1)
    until(lambda: agent.last_event.state == "ended")
    agent.leave()
    assert agent.last_event.message == "The worker's process ended with exit code 3."


def test_what_was_wrong_before_is_not_why_an_agent_ended_that_was_told_to_leave() -> None:
    agent = AgentProcess(LINK.replace("8888", "1"), 1)
    try:
        until(lambda: agent.last_event.message)
        assert "No master answers at 127.0.0.1:1" in agent.last_event.message
    finally:
        agent.leave()
    assert (agent.last_event.state, agent.last_event.message) == ("ended", "")
