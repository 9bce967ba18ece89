"""The computer is kept awake while tasks run, by a lock that goes with whoever holds it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from mcgui_core.owner.keep_awake import KeepAwake
from tests.waiting import until

#: Stands in for systemd's program, which asks a session bus that test machines do not have: as that does, it runs its
#: command and ends with it.
INHIBIT = f"""#!{sys.executable}
import os, pathlib, subprocess, sys
pathlib.Path(__file__).with_name("asked").write_text(" ".join(sys.argv[1:]))
sys.exit(subprocess.call([word for word in sys.argv[1:] if not word.startswith("--")]))
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Other systems have other ways")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in leaves what it was asked for."""
    program = tmp_path / "systemd-inhibit"
    program.write_text(INHIBIT)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "asked"


def holders(asked: Path) -> list[psutil.Process]:
    """The stand-in and what it runs. (Tests before this one may have left a screen running for tests after it.)"""
    children = psutil.Process().children()
    found = [child for child in children if str(asked.with_name("systemd-inhibit")) in child.cmdline()]
    return found + [below for child in found for below in child.children(recursive=True)]


def test_it_is_kept_awake_only_from_one_word_to_the_other(asked: Path) -> None:
    awake = KeepAwake()
    awake.set(False)
    assert holders(asked) == []
    awake.set(True)
    awake.set(True)
    until(asked.exists)
    assert "--what=sleep" in until(asked.read_text).split(), "the screen may go dark"
    until(lambda: len(holders(asked)) == 2)
    awake.set(False)
    until(lambda: holders(asked) == [])


def test_the_lock_goes_with_a_program_that_is_killed(asked: Path) -> None:
    code = (
        "import os, pathlib, sys, time; from mcgui_core.owner.keep_awake import KeepAwake; KeepAwake().set(True)\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(asked)], check=False, timeout=30)
    words = [sys.executable, str(asked.with_name("systemd-inhibit"))]
    until(
        lambda: (
            not any(
                words == process.info["cmdline"][:2]
                for process in psutil.process_iter(["cmdline"])
                if process.info["cmdline"]
            )
        )
    )


def test_a_system_without_such_a_program_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    before = psutil.Process().children()
    awake = KeepAwake()
    awake.set(True)
    assert psutil.Process().children() == before
    awake.set(False)
