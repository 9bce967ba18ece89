"""Where to save: what is typed gets an ending, and a file that was not asked about is not replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.save_dialog import ask_where_to_save

FILTERS = "CSV for Excel (*.csv);;JPEG (*.jpg *.jpeg);;All files (*)"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def answers(monkeypatch: pytest.MonkeyPatch, *names: str, chosen: str = "", replace: bool = False) -> list[str]:
    """What the user types, dialog for dialog; returns what was suggested, and what was asked."""
    typed, asked = iter(names), []

    def save_name(_parent: QWidget, _title: str, suggested: str, _filters: str) -> tuple[str, str]:
        asked.append(suggested)
        return next(typed), chosen

    def question(_parent: QWidget, _title: str, text: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.Yes if replace else QMessageBox.StandardButton.No

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save_name)
    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


@pytest.mark.parametrize(
    ("typed", "chosen", "ending", "saved"),
    [
        ("out", "", "", "out.csv"),
        ("out", "JPEG (*.jpg *.jpeg)", "", "out.jpg"),
        ("out", "All files (*)", "", "out.csv"),
        ("out.txt", "CSV for Excel (*.csv)", "", "out.txt"),
        ("model v1.2", "CSV for Excel (*.csv)", "", "model v1.2.csv"),
        ("J. Smith", "", "", "J. Smith.csv"),
        ("model v1.2", "", ".mcjob", "model v1.2.mcjob"),
        ("model.py", "", ".mcjob", "model.py.mcjob"),
        ("model.MCJOB", "", ".mcjob", "model.MCJOB"),
    ],
)
def test_a_name_gets_the_ending_that_says_what_it_is(
    window: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str, chosen: str, ending: str, saved: str
) -> None:
    answers(monkeypatch, str(tmp_path / typed), chosen=chosen)
    found = ask_where_to_save(window, "Save", "results.csv", FILTERS, ending)
    assert found == (tmp_path / saved, chosen)


def test_a_file_that_the_ending_leads_to_is_replaced_only_by_who_says_so(
    window: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The system's dialog has asked about "out", which is not there."""
    (tmp_path / "out.csv").write_text("of yesterday")
    asked = answers(monkeypatch, str(tmp_path / "out"), str(tmp_path / "other"))
    assert ask_where_to_save(window, "Save", "results.csv", FILTERS) == (tmp_path / "other.csv", "")
    assert asked == ["results.csv", f"out.csv is in {tmp_path} already. Replace it?", str(tmp_path / "out.csv")]
    answers(monkeypatch, str(tmp_path / "out"), replace=True)
    assert ask_where_to_save(window, "Save", "results.csv", FILTERS) == (tmp_path / "out.csv", "")


def test_what_was_asked_about_by_the_dialog_is_not_asked_again(
    window: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "out.csv").write_text("of yesterday")
    asked = answers(monkeypatch, str(tmp_path / "out.csv"))
    assert ask_where_to_save(window, "Save", "results.csv", FILTERS) == (tmp_path / "out.csv", "")
    assert asked == ["results.csv"]


def test_who_thinks_better_of_it_saves_nothing(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "")
    assert ask_where_to_save(window, "Save", "results.csv", FILTERS) is None
