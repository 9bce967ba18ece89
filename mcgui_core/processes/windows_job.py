"""A job object of Windows: what a process in it starts is in it too, and all of it ends with the job."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

#: Flags and numbers of the Windows API.
CREATE_SUSPENDED = 0x4
_KILL_ON_JOB_CLOSE = 0x2000
_EXTENDED_LIMITS, _PROCESS_LIST = 9, 3
#: Processes of a job that are counted, at most.
_MOST = 4096


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _Limits(ctypes.Structure):
    _fields_ = (
        ("basic", _BasicLimits),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process", ctypes.c_size_t),
        ("peak_job", ctypes.c_size_t),
    )


class _ProcessList(ctypes.Structure):
    _fields_ = (("assigned", ctypes.c_uint32), ("listed", ctypes.c_uint32), ("ids", ctypes.c_size_t * _MOST))


class WindowsJob:
    """One job. It ends, and all in it, when it is closed, and when we end."""

    _kernel: Any
    _job: ctypes.c_void_p
    _open: bool

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Take in a process that was started with CREATE_SUSPENDED, and let it go on."""
        if sys.platform != "win32":
            raise OSError("only Windows has job objects")
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._kernel, self._job = kernel, ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        self._open = True
        limits = _Limits()
        limits.basic.flags = _KILL_ON_JOB_CLOSE
        kernel.SetInformationJobObject(self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        handle = ctypes.c_void_p(int(process._handle))  # type: ignore[attr-defined, unused-ignore]
        kernel.AssignProcessToJobObject(self._job, handle)
        ctypes.WinDLL("ntdll").NtResumeProcess(handle)

    @property
    def pids(self) -> list[int]:
        """The processes in it."""
        found = _ProcessList()
        size = ctypes.sizeof(found)
        if not self._kernel.QueryInformationJobObject(self._job, _PROCESS_LIST, ctypes.byref(found), size, None):
            return []
        return [int(found.ids[place]) for place in range(found.listed)]

    def kill(self) -> None:
        """End all of them."""
        self._kernel.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        """End all of them, and let go of it."""
        if self._open:
            self._open = False
            self._kernel.CloseHandle(self._job)
