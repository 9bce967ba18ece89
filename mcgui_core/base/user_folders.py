"""Where the files of this user lie that programs of his keep and find again; also where he has no home.

In a container, or for a service, there may be a user of whom the system knows nothing but the number.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def data_folder() -> Path:
    """For links, journals and what the user vouches for. Perhaps not there yet, or not to be written to."""
    import platformdirs  # here, because slots need it never

    with suppress(RuntimeError):
        return _whole(platformdirs.user_data_path("mcgui", appauthor=False))
    return _without_home()


def cache_folder() -> Path:
    """For what can be fetched again. Perhaps not there yet, or not to be written to."""
    import platformdirs

    with suppress(RuntimeError):
        return _whole(platformdirs.user_cache_path("mcgui", appauthor=False))
    return _without_home()


def expanded(text: str) -> Path:
    """A path as it was typed: ~ is the user's home, where there is one; else it is a name like any other."""
    with suppress(RuntimeError):
        return Path(text).expanduser()
    return Path(text)


def _whole(path: Path) -> Path:
    """Raises RuntimeError where it begins with a home that nobody knows."""
    if not path.is_absolute():
        raise RuntimeError(path)
    return path


def _without_home() -> Path:
    """A folder among temporary ones that is his alone; where somebody else has that name, one that cannot be."""
    number = os.getuid() if hasattr(os, "getuid") else os.getpid()  # Windows always knows a home
    with suppress(OSError):
        folder = Path(tempfile.gettempdir(), f"mcgui-{number}")
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == number and not found.st_mode & 0o077:
            return folder
    return Path(os.devnull, "mcgui")
