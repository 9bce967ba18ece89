"""How a process ended, in words."""

from __future__ import annotations

import signal


def ending(code: int | None) -> str:
    """Such as "was killed by SIGSEGV" or "ended with exit code 3"."""
    if code is not None and code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    return f"ended with exit code {code}"
