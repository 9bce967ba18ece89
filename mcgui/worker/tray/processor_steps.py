"""The plain steps of the tray's menu: a slider cannot live in a native menu, four percentages can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_PERCENTAGES: Final = (25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class ProcessorStep:
    """One step: `nprocs` processors, which is about `percent` of this computer."""

    percent: int
    nprocs: int


def processor_steps(cpus: int) -> tuple[ProcessorStep, ...]:
    """The steps for a computer of so many processors, each number of them once.

    Where several percentages come to the same number (two processors have no quarter), the nearest one stands for it.
    """
    nearest: dict[int, ProcessorStep] = {}
    for percent in _PERCENTAGES:
        nprocs = max(1, round(cpus * percent / 100))
        known = nearest.get(nprocs)
        if known is None or _distance(percent, nprocs, cpus) < _distance(known.percent, nprocs, cpus):
            nearest[nprocs] = ProcessorStep(percent, nprocs)
    return tuple(nearest.values())


def _distance(percent: int, nprocs: int, cpus: int) -> float:
    return abs(percent / 100 - nprocs / cpus)
