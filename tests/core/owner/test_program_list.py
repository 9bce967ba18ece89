"""Programs by name, path and command line: real ones, and what the system says of others."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from mcgui_core.owner.program_list import ProgramList, programs_to_pick
from tests.waiting import until


def test_a_chosen_program_is_found_by_its_name_whatever_its_case() -> None:
    name = psutil.Process().name()
    assert ProgramList().running([name.upper(), "no-such-program-anywhere", ""]) == (name.upper(),)


def test_a_program_whose_long_name_the_system_cuts_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [
        SimpleNamespace(info={"name": name, "create_time": time.time()}, pid=pid, cmdline=list)
        for pid, name in enumerate(["a-very-long-nam", None])
    ]
    monkeypatch.setattr(psutil, "process_iter", lambda _: seen)
    assert ProgramList().running(["A-very-long-name-indeed.exe", "a-very"]) == ("A-very-long-name-indeed.exe",)


def test_a_script_is_found_by_its_name_its_path_and_words_of_its_command_and_not_when_it_is_over(
    tmp_path: Path,
) -> None:
    script = tmp_path / "play the film.py"
    script.write_text("input()")
    ways = ("play the film.py", str(script), str(script).upper(), "film.py --loud")
    others = ("film.py", str(tmp_path), "play.py", "film.py --quiet")
    programs = ProgramList()
    with subprocess.Popen([sys.executable, "-u", str(script), "--loud"], stdin=subprocess.PIPE) as player:
        until(lambda: set(programs.running((*ways, *others))) == set(ways))
        assert script.name in programs_to_pick()
        player.communicate(b"\n")
    assert programs.running(ways) == ()


def test_a_program_is_found_by_the_path_by_which_it_was_started() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        until(lambda: ProgramList().running([sys.executable]) == (sys.executable,))
        child.communicate(b"\n")


def test_a_command_is_read_no_more_once_its_process_is_known_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def cmdline() -> list[str]:
        reads.append("read")
        return ["old", "film"]

    old = SimpleNamespace(info={"name": "old", "create_time": 1.0}, pid=77, cmdline=cmdline)
    monkeypatch.setattr(psutil, "process_iter", lambda _: [old])
    programs = ProgramList()
    for now, read in ((1000.0, 1), (1010.0, 2), (1031.0, 2), (2000.0, 2)):
        monkeypatch.setattr(time, "monotonic", lambda now=now: now)
        assert programs.running(["old film"]) == ("old film",)
        assert len(reads) == read


@pytest.mark.skipif(sys.platform == "win32", reason="there, no process becomes another program")
def test_a_program_that_another_one_becomes_is_found_whatever_the_clock_was_set_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer whose clock starts in 1970 sets it once it has a network: then all processes seem to be old."""
    game = tmp_path / "the-game"
    game.symlink_to(sys.executable)
    start = 'import os; input(); os.execv(os.environ["GAME"], [os.environ["GAME"], "-c", "input()"])'
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 1e9)
    programs = ProgramList()
    env = {**os.environ, "GAME": str(game)}
    with subprocess.Popen([sys.executable, "-c", start], env=env, stdin=subprocess.PIPE, bufsize=0) as starter:
        assert starter.stdin is not None
        assert programs.running(["the-game"]) == ()
        starter.stdin.write(b"\n")
        until(lambda: programs.running(["the-game"]) == ("the-game",))
        starter.communicate(b"\n")
