"""Shared memory of a process is given back also where its group is sent SIGHUP, as the system does when it loses its link."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support import wait_until_gone
from tests.waiting import until

#: Holds what is to be swept up, says where that is and who sweeps, and waits.
_HOLDS = """
import sys
from mcgui_core.processes.shared_memory_sweepers import spare_sweepers
spare_sweepers()
{start}
print(path, tracker._pid, flush=True)
sys.stdin.read()
"""
_STARTS = {
    "multiprocessing": """
from multiprocessing.resource_tracker import _resource_tracker as tracker
from multiprocessing.shared_memory import SharedMemory
held = SharedMemory(create=True, size=1_000_000)
path = f"/dev/shm/{held.name}"
""",
    "joblib": """
import tempfile
from joblib.externals.loky.backend.resource_tracker import _resource_tracker as tracker
path = tempfile.mkdtemp(prefix="joblib_memmapping_folder_", dir="/dev/shm")
tracker.register(path, "folder")
""",
}


@pytest.mark.skipif(sys.platform != "linux", reason="only there one sees it as a file")
@pytest.mark.parametrize("started_by", _STARTS)
def test_it_is_given_back_after_the_whole_group_was_hung_up(started_by: str) -> None:
    command = [sys.executable, "-c", _HOLDS.format(start=_STARTS[started_by])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0) as process:
        assert process.stdout is not None
        path, pid = process.stdout.readline().decode().split()
        shared, sweeper = Path(path), psutil.Process(int(pid))
        assert shared.exists()
        os.killpg(process.pid, signal.SIGSTOP)
        until(lambda: sweeper.status() == psutil.STATUS_STOPPED)
        process.kill()  # with it, the group has lost its link, while some of it is stopped
        until(lambda: not shared.exists(), what="the end of what it shared")
        wait_until_gone([sweeper])


def test_the_module_is_what_it_is_for_others() -> None:
    code = """
from mcgui_core.processes.shared_memory_sweepers import spare_sweepers
spare_sweepers()
import inspect, multiprocessing.resource_tracker as module
assert "def main" in inspect.getsource(module)
assert type(module.__loader__) is type(module.__spec__.loader) is type(inspect.__loader__)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
