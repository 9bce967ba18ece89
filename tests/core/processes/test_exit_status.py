"""How a process ended, in words that can be looked up."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mcgui_core.processes.exit_status import ending, is_ending


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (255, "ended with exit code 255"),
        (-11, "ended by SIGSEGV"),
        (-6, "ended by SIGABRT"),
        (-9, "ended by SIGKILL, perhaps because memory ran out"),
        (-250, "ended by signal 250"),
        (0xC0000005, "ended by an access violation (0xC0000005)"),
        (0xC00000FD, "ended by a stack overflow (0xC00000FD)"),
        (0xC0000409, "ended by a stack buffer overrun, or abort() (0xC0000409)"),
        (0xC0000999, "ended with exit code -1073739367 (0xC0000999)"),
        (0xFFFFFFFF, "ended with exit code -1 (0xFFFFFFFF)"),
        (None, "ended, nobody knows how"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals have other numbers there")
def test_an_end_has_a_name_where_it_is_a_crash(code: int | None, words: str) -> None:
    assert ending(code) == words


def test_a_real_crash_is_named() -> None:
    crash = [sys.executable, "-c", "import faulthandler; faulthandler._read_null()"]
    code = subprocess.run(crash, stderr=subprocess.DEVNULL, check=False).returncode
    assert ending(code) in ("ended by SIGSEGV", "ended by an access violation (0xC0000005)")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
def test_a_process_ends_before_its_exit_status_is_there() -> None:
    """Whoever hears that its pipe is closed knows by that whether it has only closed it."""
    ends = "import sys; sys.stdin.read()"
    goes_on = "import os, sys; os.close(1); sys.stdin.read()"
    for source, expected in ((ends, True), (goes_on, False)):
        command = [sys.executable, "-c", source]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            if source == ends:
                assert is_ending(process.pid) is False
                process.stdin.close()
            assert process.stdout.read() == b""
            assert is_ending(process.pid) is expected
            if source == goes_on:
                process.stdin.close()
