"""What a program remembers between two runs."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from mcgui.settings import Settings


def test_what_was_set_is_there_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "mcgui.ini"
    settings = Settings(path)
    settings.set("console/scheme", "dark")
    settings.set("console/nprocs", 6)
    settings.set("console/points", 11.5)
    settings.set("console/local_worker", False)
    settings.set("console/recent", ["a.py", "b.py"])
    settings.set("console/geometry", QByteArray(b"\x00\x01\xff"))
    settings.sync()
    again = Settings(path)
    assert again.text("console/scheme") == "dark"
    assert again.number("console/nprocs") == 6
    assert again.real("console/points") == 11.5
    assert again.flag("console/local_worker", True) is False
    assert again.texts("console/recent") == ["a.py", "b.py"]
    assert again.data("console/geometry") == QByteArray(b"\x00\x01\xff")


def test_a_list_of_one_stays_a_list(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    settings.set("recent", ["a.py"])
    settings.sync()
    assert Settings(tmp_path / "mcgui.ini").texts("recent") == ["a.py"]


def test_a_value_of_the_wrong_kind_reads_as_its_default(tmp_path: Path) -> None:
    path = tmp_path / "mcgui.ini"
    path.write_text("[General]\nnumber=many\nreal=much\nflag=perhaps\n", encoding="utf-8")
    settings = Settings(path)
    assert settings.number("number", 3) == 3
    assert settings.real("real", 0.5) == 0.5
    assert settings.flag("flag", True) is True
    assert settings.texts("missing") == []
    assert settings.data("number") == QByteArray()


def test_what_is_removed_is_gone_with_all_below_it(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    settings.set("console/scheme", "dark")
    settings.set("worker/link", "x")
    settings.remove("console")
    assert not settings.has("console/scheme")
    assert settings.has("worker/link")


def test_without_a_path_the_file_is_the_users_own(fresh_settings: Path) -> None:
    settings = Settings()
    settings.set("key", "value")
    settings.sync()
    assert fresh_settings in settings.path.parents
    assert "key=value" in settings.path.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has permission bits")
def test_nobody_else_can_read_the_file_since_a_link_may_be_in_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "mcgui.ini"
    settings = Settings(path)
    settings.set("link", "mcgui://host:1#secret")
    settings.sync()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
