"""Files with secrets: nobody but their owner can read them, and nobody ever reads half of one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a text file that its owner alone can read, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def make_private(path: Path) -> None:
    """Take a file that is there already from everybody but its owner. Raises OSError.

    On Windows the folder's own access list says who may read, and a user's folders are that user's.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
