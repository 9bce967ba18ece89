"""The modules that travelled with a job are found by the names by which Python finds them on this system."""

from __future__ import annotations

import hashlib

import pytest

from mcgui_core.environment.project_modules import ProjectModules
from mcgui_core.protocol.messages import ProjectFile

TEXT = b"x = 1\n"


def modules(*paths: str) -> ProjectModules:
    files = [ProjectFile(path, len(TEXT), hashlib.sha256(TEXT).hexdigest()) for path in paths]
    return ProjectModules("/home/me/main.py", "main.py", files, lambda _digest: TEXT)


@pytest.mark.parametrize(("platform", "found"), [("win32", True), ("darwin", True), ("linux", False)])
def test_an_ending_in_capitals_is_a_module_where_case_is_the_same(
    monkeypatch: pytest.MonkeyPatch, platform: str, found: bool
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    project = modules("main.py", "town.PY", "pack/__init__.PY", "pack/part.Py")
    assert bool(project.path_of("town")) is found
    assert bool(project.path_of("pack.part")) is found
    assert bool(project.path_of("pack")) is found


def test_a_package_whose_endings_are_capitals_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as windows:
        windows.setattr("sys.platform", "win32")
        project = modules("main.py", "pack/__init__.PY", "pack/part.PY")
    part = project.find("pack.part")
    assert part is not None
    assert part.x == 1
    assert part.__package__ == "pack"
