"""The ends of pipes that belong to our code alone, in a process that runs the user's as well.

That may close all files of its process, as what becomes a daemon does, and open others, which are given the numbers
that have become free: what we write must not go there. So on POSIX our ends have high numbers, which few loops come to
and no new file is given, and each use looks whether they are ours still. On Windows they have none: there, who closes a
number that somebody reads from waits for ever.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, Literal

#: A number of a file that most processes may have, and hardly any has. Ours come a few below that.
HIGHEST, BELOW = 1024, 8
#: Bytes that are read at once on Windows, where they are copied.
PIECE = 1 << 20


if sys.platform == "win32":
    import _winapi
    import msvcrt

    class OwnPipe(io.RawIOBase):
        """One end, without a number."""

        def __init__(self, number: int, mode: Literal["rb", "wb"]) -> None:
            """Of the file of that number, which stays as it is: to read from, or to write to."""
            us = _winapi.GetCurrentProcess()
            handle = msvcrt.get_osfhandle(number)
            self._mode = mode
            self._handle = _winapi.DuplicateHandle(us, handle, us, 0, False, _winapi.DUPLICATE_SAME_ACCESS)

        def readable(self) -> bool:
            return self._mode == "rb"

        def writable(self) -> bool:
            return self._mode == "wb"

        def readinto(self, buffer: Any) -> int:
            view = memoryview(buffer).cast("B")
            try:
                data, _ = _winapi.ReadFile(self._handle, min(len(view), PIECE))
            except BrokenPipeError:
                return 0
            view[: len(data)] = data
            return len(data)

        def write(self, data: Any) -> int:
            count, _ = _winapi.WriteFile(self._handle, data)
            return count

        def let_go(self) -> None:
            """Never needed: no other process has it."""

else:
    import fcntl
    import resource

    class OwnPipe(io.FileIO):
        """One end. To use it raises OSError (EBADF) where somebody has closed it, whatever has its number now."""

        def __init__(self, number: int, mode: Literal["rb", "wb"]) -> None:
            """Of the file of that number, which stays as it is: to read from, or to write to."""
            lowest = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], HIGHEST) - BELOW
            self._number = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, max(lowest, 3))
            super().__init__(self._number, mode, closefd=False)
            self._identity = _identity(self._number)

        # Who reads looks afterwards: it waits in the read most often, which stays with the file that it began with. A
        # look before it would let go of the interpreter, and hold up who runs what has just been read.

        def readinto(self, buffer: Any) -> int:
            count = super().readinto(buffer)
            self._check()
            return count

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self._check()
            return data

        def write(self, data: Any) -> int:
            self._check()
            return super().write(data)

        def let_go(self) -> None:
            """What is written goes nowhere from now on, and nothing is to be read: the pipe belongs to others."""
            if self._is_ours():
                try:
                    nothing = os.open(os.devnull, os.O_RDWR)
                except OSError:  # there are too many files open, or no such device here
                    os.close(self._number)
                    return
                os.dup2(nothing, self._number, inheritable=False)
                os.close(nothing)
                self._identity = _identity(self._number)

        def _is_ours(self) -> bool:
            try:
                return _identity(self._number) == self._identity
            except OSError:
                return False

        def _check(self) -> None:
            if not self._is_ours():
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def _identity(number: int) -> tuple[int, int, int]:
        found = os.fstat(number)
        return found.st_dev, found.st_ino, found.st_mode
