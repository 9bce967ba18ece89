"""What tells this computer from others that may see the same folders."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path


def this_computer() -> str:
    """The same in all of its processes while it runs. A home folder, and what is in it, may be shared by many."""
    boot = ""
    with suppress(OSError):  # no Linux
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{socket.gethostname()} {boot}"
