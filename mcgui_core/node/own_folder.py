"""A folder that a part of a node has to itself: made when it is first needed, and gone when nothing runs any more."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from mcgui_core.node.content_cache import ContentCache


class OwnFolder:
    """Thread-safe. One that is removed is another one when it is asked for again."""

    def __init__(self, cache: ContentCache) -> None:
        self._cache = cache
        self._guard = threading.Lock()
        self._made: tempfile.TemporaryDirectory[str] | None = None
        self._path = Path()  # of that

    def path(self) -> Path:
        """Where it is. Raises OSError where it cannot be made."""
        with self._guard:
            if self._made is None:
                self._made = self._cache.new_home()
                self._path = Path(self._made.name).resolve()
            return self._path

    def remove(self) -> None:
        """With all that is in it; what is in use still (Windows) stays, and goes with the next agent's start."""
        with self._guard:
            made, self._made = self._made, None
        if made is not None:
            with suppress(OSError):
                made.cleanup()
