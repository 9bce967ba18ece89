"""What the dialogs of files show, whatever the case of a file's ending is."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.files.documents import DocumentDialogs
from mcgui.console.files.file_dialogs import FileDialogs

HERE = Path()
Ask = Callable[[QWidget], object]


@pytest.mark.parametrize(
    ("ask", "names"),
    [
        (lambda window: DocumentDialogs().path_to_open(window, HERE), ("a.mcjob", "A.MCJOB", "A.PY", "A.CSV", "a.NPY")),
        (lambda window: DocumentDialogs().path_to_save(window, HERE), ("a.mcjob", "A.MCJOB")),
        (lambda window: FileDialogs().path_to_open(window, HERE), ("a.py", "A.PYW")),
        (lambda window: FileDialogs().arguments_to_open(window, HERE, "csv"), ("a.csv", "A.TSV", "A.PARQUET")),
    ],
)
def test_endings_in_capitals_are_shown_where_the_desktop_compares_letters(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ask: Ask, names: tuple[str, ...]
) -> None:
    given: list[str] = []

    def answer(_parent: QWidget, _title: str, _where: str, filters: str) -> tuple[str, str]:
        given.append(filters)
        return "", ""

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.path.normcase", str)
    for dialog in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, dialog, answer)
    window = QWidget()
    qtbot.addWidget(window)
    ask(window)
    kinds = [pattern for pattern in re.findall(r"\*[^ )]*", given[0]) if pattern != "*"]
    for name in names:
        assert any(fnmatchcase(name, pattern) for pattern in kinds), f"{name} is in none of {given[0]}"
