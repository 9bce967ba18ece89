"""Which start of this computer it is: what was written since is read again, synced or not, however the writer ended."""

from __future__ import annotations

from pathlib import Path

import psutil

#: Seconds by which two figures of the same start may differ, where a clock was set meanwhile. A start takes longer.
_SAME = 20.0


def boot_identity() -> str:
    """What tells this start from any other."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:  # no Linux
        return f"{psutil.boot_time():.0f}"


def is_same_boot(noted: str, now: str) -> bool:
    """Whether what was noted is of the same start."""
    if noted == now:
        return True
    try:
        return abs(float(noted) - float(now)) < _SAME
    except ValueError:
        return False
