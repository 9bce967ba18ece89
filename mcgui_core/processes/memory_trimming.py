"""Keeps the memory of a process that handles large buffers from growing, though it holds none of them for long."""

from __future__ import annotations

import sys

#: mallopt(3): blocks of so many bytes or more get pages of their own, which go back to the system when they are freed.
_M_MMAP_THRESHOLD, _LARGE = -3, 1 << 20


def trim_memory() -> None:
    """Have freed buffers leave this process. Only where the C library is glibc, which otherwise learns to keep them:
    in a heap for each thread, where small things that live longer come to lie between them."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
