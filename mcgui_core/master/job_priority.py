"""Which job goes first, where somebody changes his mind about it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from mcgui_core.errors import BadInput
from mcgui_core.journal.journal import Journal
from mcgui_core.master.disk_full_guard import DiskFullGuard
from mcgui_core.scheduler.scheduler import Scheduler

#: Beyond these nobody needs to go, and whatever shows them has room.
LOWEST, HIGHEST = -1_000_000, 1_000_000


class JobPriorities:
    """Shares the hub's lock. `publish` tells whoever watches that something changed."""

    def __init__(
        self,
        keeper: DiskFullGuard,
        journal: Journal,
        scheduler: Scheduler,
        lock: threading.RLock,
        publish: Callable[[], None],
    ) -> None:
        self._disk_guard, self._journal, self._scheduler = keeper, journal, scheduler
        self._lock, self._publish = lock, publish

    def set_priority(self, id: int, priority: int) -> None:
        """Jobs with a higher priority run first; what nodes hold already stays with them.

        Raises JobUnknown; BadInput where it is no whole number that makes sense; JournalFull.
        """
        if type(priority) is not int or not LOWEST <= priority <= HIGHEST:
            raise BadInput(f"A priority is a whole number from {LOWEST:,} to {HIGHEST:,}, not {priority!r}.")
        with self._lock:
            spec = replace(self._scheduler.job(id).spec, priority=priority)
            self._disk_guard.write(lambda: self._journal.save_spec(id, spec))
            self._scheduler.prioritize(id, priority)
            self._publish()
