"""What a slot does to hear of its agent's end reaches nobody whom its tasks fork."""

from __future__ import annotations

import subprocess
import sys

import pytest

_FORKING = """
import os, signal, sys
from pathlib import Path
from mcgui_core.processes.parent_death import end_without_parent

end_without_parent()
if len(sys.argv) > 1:
    signal.signal(16, print)
if os.fork() == 0:
    masks = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    what = [name for name in ("SigIgn", "SigCgt") if int(masks[name], 16) >> 16 - 1 & 1]
    print(*what or ["default"], flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl, by which the end is heard of, is Linux's")
@pytest.mark.parametrize(
    ("how", "arguments", "said"),
    [("", [], "default"), ("trap '' 16; ", [], "SigIgn"), ("", ["a handler"], "SigCgt")],
    ids=["as usual", "where it is ignored", "where the task handles it"],
)
def test_a_forked_child_takes_that_signal_as_its_parent_would_have(how: str, arguments: list[str], said: str) -> None:
    command = ["sh", "-c", f'{how}exec "$@"', "sh", sys.executable, "-c", _FORKING, *arguments]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [said]
