"""A value's bytes where they lie in a file: read when they are opened, or mapped, and never passed on before."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ValuesGone(OSError, ValueError):
    """What the master's store had of a value is not there any more, or not whole."""

    def __init__(self, path: Path | str = "the master's store") -> None:
        super().__init__(f"what lay in {path} is not there any more, or not whole")


@dataclass(frozen=True, slots=True)
class FileSlice:
    """Bytes of a file that nobody changes any more."""

    path: Path
    start: int
    size: int
    mapped: bool = False  # a view of the file, whose changes nobody else sees, in place of a copy in memory
    fixed: bool = False  # a view that cannot be changed

    def __len__(self) -> int:
        return self.size

    def view(self, start: int, stop: int, here: bool = False) -> memoryview:
        """Those from `start` to `stop`, writable unless it is `fixed`; `here`: in memory in any case.

        Raises OSError; ValuesGone where its folder has no such file, or it ends before.
        """
        if self.mapped and stop > start and not here:
            return _map(self.path, self.start + start, stop - start, self.fixed)
        data = bytearray(stop - start)
        with _opened(self.path) as file:
            file.seek(self.start + start)
            read_whole(file, memoryview(data))
        return memoryview(data)

    def __bytes__(self) -> bytes:
        return bytes(self.view(0, self.size))


def read_whole(file: Any, target: memoryview) -> None:
    """Fill `target` from an unbuffered file. Raises OSError; ValuesGone where it ends before."""
    got = 0
    while got < len(target):
        count = file.readinto(target[got : got + (1 << 30)])  # one call of the system takes no more than 2 GB
        if not count:
            raise ValuesGone(file.name)
        got += count


def _opened(path: Path) -> Any:
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError as error:
        if path.parent.is_dir():
            raise ValuesGone(path) from error
        raise  # the whole store is away: a disk that is not mounted, say, and may be again


def _map(path: Path, start: int, size: int, fixed: bool) -> memoryview:
    before, access = start % mmap.ALLOCATIONGRANULARITY, mmap.ACCESS_READ if fixed else mmap.ACCESS_COPY
    with _opened(path) as file:
        try:
            mapped = mmap.mmap(file.fileno(), before + size, access=access, offset=start - before)
        except ValueError as error:
            raise ValuesGone(path) from error
    return memoryview(mapped)[before:]
