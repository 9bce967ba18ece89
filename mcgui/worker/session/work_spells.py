"""Stretches of work: from the first task to the last, over the moments between two leases and two small jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mcgui.worker.state import WorkerState

#: Seconds without work after which it is at its end.
REST: Final = 10.0


@dataclass(frozen=True, slots=True)
class WorkSpell:
    """One that is over."""

    seconds: float
    done: int
    failed: int


class WorkSpells:
    """Finds them in the states of a worker. No Qt in here; time is in seconds, from any moment on."""

    def __init__(self) -> None:
        self._began: float | None = None  # None: there was no work since the last one ended
        self._rested: float | None = None  # since when there has been no work
        self._before = (0, 0)  # tasks done and failed when it began
        self._last = (0, 0)  # by the state before

    def after(self, state: WorkerState, now: float) -> WorkSpell | None:
        """The spell that is over, now that the state is this one."""
        if state.kind == "working" or state.busy:
            if self._began is None:
                self._began, self._before = now, self._last
            self._rested = None
        elif self._began is not None and self._rested is None:
            self._rested = now
        self._last = (state.done, state.failed)
        if self._began is None or self._rested is None or now - self._rested < REST:
            return None
        seconds, self._began = self._rested - self._began, None
        self._rested = None
        return WorkSpell(seconds, state.done - self._before[0], state.failed - self._before[1])

    def seconds_to_wait(self, now: float) -> float | None:
        """After how long `after` may have one although the state stays as it is; None: not at all."""
        return None if self._rested is None else max(0.0, self._rested + REST - now)
