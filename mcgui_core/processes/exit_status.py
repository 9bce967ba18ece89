"""How a process ended, in words."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

#: A flag of processes in Linux: it has begun to end. It is set before their files are closed.
_PF_EXITING = 0x4
#: What Windows calls the ends of programs that crash (NTSTATUS), where POSIX has a signal.
_WINDOWS_CRASHES = {
    0x80000003: "a breakpoint",
    0xC0000005: "an access violation",
    0xC0000006: "a page of memory that could not be read from its file",
    0xC0000017: "a lack of memory",
    0xC000001D: "an illegal instruction",
    0xC000008E: "a floating-point division by zero",
    0xC0000094: "an integer division by zero",
    0xC0000096: "a privileged instruction",
    0xC00000FD: "a stack overflow",
    0xC0000135: "a DLL that is missing",
    0xC0000138: "a DLL that lacks an entry",
    0xC0000139: "a DLL that lacks an entry",
    0xC000013A: "Ctrl+C or the closing of its console",
    0xC0000142: "a DLL that failed to start",
    0xC0000374: "a damaged heap",
    0xC0000409: "a stack buffer overrun, or abort()",
    0xE06D7363: "a C++ exception that nobody caught",
}


def ending(code: int | None) -> str:
    """Such as "ended by SIGSEGV" or "ended with exit code 3", for a return code as `subprocess` gives it.

    On Windows a crash is a code of 32 bits: "ended by an access violation (0xC0000005)". None: nobody knows.
    """
    if code is None:
        return "ended, nobody knows how"
    if code < 0:
        return f"ended by {_signal(-code)}"
    if code in _WINDOWS_CRASHES:
        return f"ended by {_WINDOWS_CRASHES[code]} (0x{code:08X})"
    if code >= 1 << 31:  # a status without a name here, or a number below zero that the program gave
        return f"ended with exit code {code - (1 << 32)} (0x{code:08X})"
    return f"ended with exit code {code}"


def is_ending(pid: int) -> bool | None:
    """Whether a child of ours, which nobody has waited for, has ended or is about to, though its exit status may not be
    there yet. None: this system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return True
    state, *numbers = stat[stat.rindex(b")") + 1 :].split()
    return state in (b"Z", b"X") or bool(int(numbers[5]) & _PF_EXITING)


def _signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    return f"{name}, perhaps because memory ran out" if name == "SIGKILL" else name
