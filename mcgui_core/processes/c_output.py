"""What libraries in C print, line by line: into a pipe they would write once in 4,096 bytes, or never."""

from __future__ import annotations

import sys

#: The name of C's stream of standard output, where its library says by a symbol which that is.
_STDOUT = {"linux": "stdout", "darwin": "__stdoutp"}
_LINE_BUFFERED = {"linux": 1, "darwin": 1}


def print_by_lines() -> None:
    """Have C's standard output of this process written at the end of each line, where its library can do that."""
    name = _STDOUT.get(sys.platform)
    if name is None:
        return
    try:
        import ctypes

        library = ctypes.CDLL(None)
        stream = ctypes.c_void_p.in_dll(library, name)
        library.setvbuf(stream, None, ctypes.c_int(_LINE_BUFFERED[sys.platform]), ctypes.c_size_t(0))
    except (ImportError, OSError, ValueError, AttributeError):
        return  # another library, which buffers as it likes
