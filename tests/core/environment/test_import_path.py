"""Modules of the user's own in a process, and whether their files have changed since."""

from __future__ import annotations

import importlib
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mcgui_core.environment.import_path import changed_since, user_modules


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One that modules are imported from, in a process that has none of the user's yet."""
    monkeypatch.syspath_prepend(tmp_path)
    for name, _ in user_modules():
        monkeypatch.delitem(sys.modules, name)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_modules_that_a_library_makes_out_of_text_are_not_the_users(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ModuleType("made_of_text")
    made.__file__ = "made_of_text.py"  # as those of PySide6 have it
    monkeypatch.setitem(sys.modules, made.__name__, made)
    assert not user_modules()
    assert changed_since(time.time() + 60) == ""


def test_an_installed_module_is_looked_at_once_and_what_takes_its_place_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    class Watched(ModuleType):
        def __getattribute__(self, name: str) -> object:
            looks.append(name)
            return super().__getattribute__(name)

    installed = Watched("of_a_package")
    installed.__file__ = str(folder / "site-packages" / "of_a_package.py")
    monkeypatch.setitem(sys.modules, installed.__name__, installed)
    looks.clear()
    assert user_modules() == user_modules() == []
    assert looks == ["__file__"]
    users = ModuleType(installed.__name__)
    users.__file__ = str(folder / "of_a_package.py")
    monkeypatch.setitem(sys.modules, users.__name__, users)
    assert user_modules() == [("of_a_package", users.__file__)]


def test_a_module_has_changed_when_its_file_is_written_or_removed(folder: Path) -> None:
    file = folder / "of_a_file.py"
    file.write_text("x = 1")
    importlib.import_module("of_a_file")
    written = file.stat().st_mtime
    assert changed_since(written) == ""
    os.utime(file, (written + 5, written + 5))
    assert changed_since(written) == str(file)
    file.unlink()
    assert changed_since(written) == str(file)


def test_a_module_whose_folder_is_gone_has_changed(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "__init__.py").write_text("")
    importlib.import_module("inner")
    (folder / "inner").rename(folder / "elsewhere")
    assert changed_since(time.time() + 60) == str(folder / "inner" / "__init__.py")


def test_a_module_in_an_archive_has_changed_when_the_archive_has(folder: Path) -> None:
    archive = folder / "modules.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("of_an_archive.py", "x = 1")
    sys.path.insert(0, str(archive))
    try:
        importlib.import_module("of_an_archive")
    finally:
        sys.path.remove(str(archive))
    written = archive.stat().st_mtime
    assert changed_since(written) == ""
    os.utime(archive, (written + 5, written + 5))
    assert changed_since(written) == str(archive / "of_an_archive.py")
