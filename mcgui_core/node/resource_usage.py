"""How much processor and memory a node's processes use."""

from __future__ import annotations

import os

import psutil

from mcgui_core.processes.process_family import memory_of
from mcgui_core.processes.processor_count import cpu_count


class ResourceUsage:
    """Measures an agent and its slots each time it is asked to; `cpu` is over the time since the last one."""

    def __init__(self) -> None:
        self._processes: dict[int, psutil.Process] = {}
        self.cpu = 0.0  # per cent of the whole machine
        self.memory = 0  # bytes, resident

    def measure(self, families: list[list[int]], cpu_elsewhere: float = 0.0, memory_elsewhere: int = 0) -> None:
        """Look at this process, at each slot with all that it has started, and add what is used on other computers."""
        cpu = 0.0
        wanted = [os.getpid(), *(pid for family in families for pid in family)]
        memory = sum(memory_of(family) for family in ([os.getpid()], *families))
        self._processes = {pid: found for pid, found in self._processes.items() if pid in wanted}
        for pid in wanted:
            try:
                if pid not in self._processes:
                    self._processes[pid] = psutil.Process(pid)
                process = self._processes[pid]
                cpu += process.cpu_percent()
            except psutil.Error:
                self._processes.pop(pid, None)  # it has just ended
        self.cpu = min(max(0.0, cpu / cpu_count() + cpu_elsewhere), 100.0)
        self.memory = memory + memory_elsewhere
