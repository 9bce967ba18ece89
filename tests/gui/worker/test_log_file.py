"""The worker's log on disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mcgui.worker.session import log_file
from mcgui.worker.session.log_file import LogFile


def test_each_line_has_its_day_and_what_a_line_says_is_never_taken_for_a_format(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "worker.log")
    log.add("Joined lab:8888 at 100 %s.")
    log.close()
    (line,) = (tmp_path / "worker.log").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  Joined lab:8888 at 100 %s\.", line)


def test_it_goes_on_where_an_earlier_run_ended(tmp_path: Path) -> None:
    for line in ("one", "two"):
        log = LogFile(tmp_path / "worker.log")
        log.add(line)
        log.close()
    lines = (tmp_path / "worker.log").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == ["one", "two"]


def test_it_stays_small_and_keeps_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "SIZE", 1000)
    log = LogFile(tmp_path / "worker.log")
    for number in range(500):
        log.add(f"line {number}")
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == 1 + log_file.OLDER
    assert all(file.stat().st_size <= 1000 for file in files)
    assert "line 499" in (tmp_path / "worker.log").read_text(encoding="utf-8")


def test_a_place_that_takes_no_file_is_no_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = LogFile(tmp_path / "missing" / "worker.log")
    log.add("one")
    log.close()
    assert capsys.readouterr().err == ""


def test_what_is_said_after_the_end_opens_no_file(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "worker.log")
    log.close()
    log.add("late")
    assert not (tmp_path / "worker.log").exists()
