"""Programs by name, path and command line: real ones, and what the system says of others."""

from __future__ import annotations

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


def test_a_command_is_read_once_while_its_process_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def cmdline() -> list[str]:
        reads.append("read")
        return ["old", "film"]

    old = SimpleNamespace(info={"name": "old", "create_time": 1.0}, pid=77, cmdline=cmdline)
    monkeypatch.setattr(psutil, "process_iter", lambda _: [old])
    programs = ProgramList()
    assert [programs.running(["old film"]) for _ in range(3)] == [("old film",)] * 3
    assert len(reads) == 1
