"""Pipes of ours in a process that runs the user's code as well."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcgui_core.processes.own_pipe import BELOW, HIGHEST, OwnPipe

numbered = pytest.mark.skipif(sys.platform == "win32", reason="they have no numbers there")


@pytest.fixture
def ends() -> Iterator[tuple[OwnPipe, OwnPipe]]:
    """One to read from, and one to write to."""
    out, into = os.pipe()
    reader, writer = OwnPipe(out, "rb"), OwnPipe(into, "wb")
    os.close(out)
    os.close(into)
    yield reader, writer
    for pipe in (reader, writer):
        if sys.platform != "win32":
            os.close(pipe.fileno())
        pipe.close()


def test_what_is_written_is_read_and_then_the_end(ends: tuple[OwnPipe, OwnPipe]) -> None:
    reader, writer = ends
    assert writer.write(b"some") == 4
    assert reader.read(100) == b"some"
    buffer = bytearray(3)
    writer.write(memoryview(b"more"))
    assert (reader.readinto(buffer), buffer) == (3, b"mor")
    assert reader.read(1) == b"e"


@numbered
def test_they_have_numbers_that_no_other_file_gets(ends: tuple[OwnPipe, OwnPipe]) -> None:
    assert all(HIGHEST - BELOW <= pipe.fileno() < HIGHEST for pipe in ends)
    assert not any(os.get_inheritable(pipe.fileno()) for pipe in ends)


@numbered
def test_a_file_that_has_the_number_of_a_pipe_is_neither_written_nor_read(
    ends: tuple[OwnPipe, OwnPipe], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"the user's")
    with path.open("r+b") as file:
        for pipe in ends:
            os.dup2(file.fileno(), pipe.fileno(), inheritable=False)
        with pytest.raises(OSError, match="Bad file descriptor"):
            ends[0].read(1)
        with pytest.raises(OSError, match="Bad file descriptor"):
            ends[0].readinto(bytearray(1))
        with pytest.raises(OSError, match="Bad file descriptor"):
            ends[1].write(b"ours")
        ends[1].let_go()
        assert os.path.sameopenfile(file.fileno(), ends[1].fileno()), "it is the user's now"
    assert path.read_bytes() == b"the user's"


@numbered
def test_what_is_let_go_of_is_written_nowhere(ends: tuple[OwnPipe, OwnPipe]) -> None:
    reader, writer = ends
    writer.let_go()
    assert writer.write(b"some") == 4
    assert reader.read(100) == b"", "nobody writes there any more"
    reader.let_go()
    assert reader.read(100) == b""
