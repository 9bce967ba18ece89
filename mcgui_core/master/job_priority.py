"""Which job goes first, where somebody changes his mind about it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from mcgui_core.journal.journal import Journal
from mcgui_core.master.disk_full_guard import DiskFullGuard
from mcgui_core.protocol.run_options import checked_option
from mcgui_core.scheduler.scheduler import Scheduler


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
        priority = checked_option("priority", priority)
        with self._lock:
            spec = replace(self._scheduler.job(id).spec, priority=priority)
            self._disk_guard.write(lambda: self._journal.save_spec(id, spec))
            self._scheduler.prioritize(id, priority)
            self._publish()
