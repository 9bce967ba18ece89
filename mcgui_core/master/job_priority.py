"""Which job goes first, where somebody changes his mind about it."""

from __future__ import annotations

from dataclasses import replace

from mcgui_core.base.exposed import exposed
from mcgui_core.errors import BadInput
from mcgui_core.master.shared_state import SharedState

#: Beyond these nobody needs to go, and whatever shows them has room.
LOWEST, HIGHEST = -1_000_000, 1_000_000


class JobPriorities:
    """Thread-safe."""

    def __init__(self, state: SharedState) -> None:
        self._state = state

    @exposed("console")
    def set_priority(self, job: int, priority: int) -> None:
        """Jobs with a higher priority run first; what nodes hold already stays with them.

        Raises JobUnknown; BadInput where it is no whole number that makes sense; JournalFull.
        """
        if type(priority) is not int or not LOWEST <= priority <= HIGHEST:
            raise BadInput(f"A priority is a whole number from {LOWEST:,} to {HIGHEST:,}, not {priority!r}.")
        with self._state.lock:
            spec = replace(self._state.scheduler.job(job).spec, priority=priority)
            self._state.write(lambda: self._state.journal.save_spec(job, spec))
            self._state.scheduler.prioritize(job, priority)
            self._state.publish()
