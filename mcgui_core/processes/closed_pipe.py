"""How a system says that nobody reads from a pipe any more."""

from __future__ import annotations

import errno
import sys


def is_closed_pipe(error: OSError, platform: str = sys.platform) -> bool:
    """Whether `error` says so: EPIPE; on Windows also EINVAL without a file's name, which is all that C tells there."""
    if isinstance(error, BrokenPipeError):
        return True
    return platform == "win32" and error.errno == errno.EINVAL and error.filename is None
