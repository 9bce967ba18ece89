"""Which job goes first, where somebody changes his mind about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mcgui_core.base.exposed import exposed
from mcgui_core.master.shared_state import SharedState
from mcgui_core.protocol.run_options import checked_option


class JobPriorities:
    """Thread-safe."""

    def __init__(self, state: SharedState) -> None:
        self._state = state

    @exposed("console")
    def set_priority(self, job: int, priority: Any) -> None:
        """Jobs with a higher priority run first; what nodes hold already stays with them.

        Raises JobUnknown; BadInput where it is no whole number that makes sense; JournalFull.
        """
        priority = checked_option("priority", priority)
        with self._state.lock:
            spec = replace(self._state.to_change(job).spec, priority=priority)
            self._state.write(lambda: self._state.journal.save_spec(job, spec))
            self._state.scheduler.prioritize(job, priority)
            self._state.publish()
