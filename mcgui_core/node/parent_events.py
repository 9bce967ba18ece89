"""What an agent tells whoever started it: how it is, with every change that is worth hearing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from mcgui_core.protocol.agent_events import AgentEvent


class EventPublisher:
    """Hands events on, one after the other, and leaves out those that say no more than the last one. Thread-safe."""

    def __init__(self, on_event: Callable[[AgentEvent], None]) -> None:
        """`on_event` is called in the thread that publishes."""
        self._on_event = on_event
        # Held while `on_event` runs, so that events arrive in the order in which they were decided on. By one thread
        # more than once: who hears an event may steer the agent, which then publishes the next.
        self._last_event_lock = threading.RLock()
        self._last, self._last_at = AgentEvent("connecting"), 0.0

    @property
    def age(self) -> float:
        """Seconds since the last one was handed on."""
        return time.monotonic() - self._last_at

    def publish(self, event: AgentEvent) -> None:
        """Hand it on, if it says more than the last one did."""
        now = time.monotonic()
        with self._last_event_lock:
            if event.says_more_than(self._last, now - self._last_at):
                self._last, self._last_at = event, now
                self._on_event(event)
