"""Nobody reads from a pipe any more: said in one way on POSIX, and in two on Windows."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from mcgui_core.processes.closed_pipe import is_closed_pipe


@pytest.mark.parametrize(
    ("error", "posix", "windows"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), True, True),
        (OSError(errno.EINVAL, "Invalid argument"), False, True),
        (OSError(errno.EINVAL, "Invalid argument", "a:b.csv"), False, False),
        (OSError(errno.ENOSPC, "No space left on device"), False, False),
    ],
)
def test_only_a_closed_pipe_is_taken_for_one(error: OSError, posix: bool, windows: bool) -> None:
    assert (is_closed_pipe(error, "linux"), is_closed_pipe(error, "win32")) == (posix, windows)


def test_the_error_of_a_real_pipe_without_a_reader_is_one() -> None:
    reader = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, bufsize=0)
    with reader:
        reader.wait()
        assert reader.stdin is not None
        with pytest.raises(OSError) as caught:  # noqa: PT011 - which one is what this is about
            reader.stdin.write(b"x")
    assert is_closed_pipe(caught.value)
