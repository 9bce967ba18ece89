"""How busy the whole computer is, beside what is ours."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class MachineLoad:
    """One look at the computer. `cpu` is per cent of all processors since the last look, memory is bytes."""

    cpu: float
    memory: int
    memory_total: int


class MachineMeter:
    """Looks at the computer; the first look has nothing to compare with, and reads 0 % CPU."""

    def __init__(self) -> None:
        psutil.cpu_percent(interval=None)

    def read(self) -> MachineLoad:
        """Takes well under a millisecond, so it may be asked on the GUI thread."""
        memory = psutil.virtual_memory()
        return MachineLoad(psutil.cpu_percent(interval=None), memory.total - memory.available, memory.total)
