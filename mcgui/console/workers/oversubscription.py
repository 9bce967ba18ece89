"""Whether machines are asked for more processors than they have. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence


def oversubscription(nprocs: int, cpus: Sequence[int]) -> str:
    """What it means for machines with so many processors each to run `nprocs` tasks at once; "" for nothing."""
    fewest = min(cpus)
    if nprocs <= fewest:
        return ""
    whose = "It has" if len(cpus) == 1 else "The smallest has"
    return f"{whose} {fewest}: tasks will slow each other down."
