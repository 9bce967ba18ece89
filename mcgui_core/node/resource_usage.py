"""How much processor and memory a node's processes use."""

from __future__ import annotations

import os
import time

import psutil

from mcgui_core.processes.processor_count import cpu_count

#: Seconds for which what was measured is good. A look costs about a millisecond, and an agent with many short jobs
#: reports a hundred times a second.
GOOD_FOR = 0.5


class ResourceUsage:
    """Measures an agent and its slots each time it is asked to; `cpu` is over the time since the last one."""

    def __init__(self) -> None:
        self._processes: dict[int, psutil.Process] = {}
        self.cpu = 0.0  # per cent of the whole machine
        self.memory = 0  # bytes, resident
        self._measured = 0.0

    @property
    def is_old(self) -> bool:
        """It is time for another look."""
        return time.monotonic() - self._measured >= GOOD_FOR

    def measure(self, slots: list[int], cpu_elsewhere: float = 0.0, memory_elsewhere: int = 0) -> None:
        """Look at this process and at those with the given ids, and add what slots on other computers use."""
        self._measured = time.monotonic()
        cpu, memory = 0.0, 0
        wanted = [os.getpid(), *slots]
        self._processes = {pid: found for pid, found in self._processes.items() if pid in wanted}
        for pid in wanted:
            try:
                if pid not in self._processes:
                    self._processes[pid] = psutil.Process(pid)
                process = self._processes[pid]
                with process.oneshot():
                    cpu += process.cpu_percent()
                    memory += process.memory_info().rss
            except psutil.Error:
                self._processes.pop(pid, None)  # it has just ended
        self.cpu, self.memory = min(100.0, cpu / cpu_count() + cpu_elsewhere), memory + memory_elsewhere
