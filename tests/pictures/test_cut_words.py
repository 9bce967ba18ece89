"""The gallery tells what is cut in its pictures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from tests.pictures.gallery.cut_words import cut_words


@pytest.fixture
def window(qapp: QApplication) -> QWidget:
    made = QWidget()
    made.setFixedSize(300, 200)
    return made


def _told(window: QWidget) -> list[str]:
    window.show()
    QApplication.processEvents()
    return list(cut_words(window))


def test_words_that_have_their_room_are_not_told_of(window: QWidget) -> None:
    QLabel("A label", window).setGeometry(0, 0, 200, 30)
    QPushButton("&Open…", window).setGeometry(0, 40, 200, 40)
    assert _told(window) == []


@pytest.mark.parametrize(
    ("left", "top", "width", "height", "told"),
    [
        (0, 0, 30, 30, "edge: "),
        (0, 0, 200, 8, "edge in height: "),
        (280, 0, 200, 30, "edge: "),
        (0, 250, 200, 30, "covered: "),
    ],
)
def test_what_an_edge_cuts_is_told(window: QWidget, left: int, top: int, width: int, height: int, told: str) -> None:
    QLabel("A label", window).setGeometry(left, top, width, height)
    assert [what.split('"')[0] for what in _told(window)] == [f"{told}'A label' in QLabel 'A label'"]


def test_what_lies_over_words_is_told(window: QWidget) -> None:
    QLabel("A label", window).setGeometry(0, 0, 200, 30)
    over = QWidget(window)
    over.setAutoFillBackground(True)
    over.setGeometry(0, 0, 250, 60)
    assert _told(window) == ["covered: 'A label' in QLabel 'A label'"]


def test_a_cell_with_dots_is_told_and_whether_its_tip_has_the_whole(window: QWidget) -> None:
    table = QTableWidget(2, 1, window)
    table.setHorizontalHeaderLabels(["one"])
    table.setWordWrap(False)
    for row, tip in enumerate(("", "A long text that is wider than its column")):
        item = QTableWidgetItem("A long text that is wider than its column")
        item.setData(Qt.ItemDataRole.ToolTipRole, tip)
        table.setItem(row, 0, item)
    table.setGeometry(0, 0, 300, 200)
    without, with_tip = _told(window)
    assert without.startswith("dots: 'A lon")
    assert without.endswith("'A long text that is wider than its column'")
    assert with_tip.startswith("dots: 'A lon")
    assert with_tip.endswith(" [tip]")


def test_what_scrolls_is_told_with_what_stands_half_at_its_edge(window: QWidget) -> None:
    area, content = QScrollArea(window), QWidget()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setAccessibleName("All")
    for row in range(5):
        QLabel(f"Row {row}", content).setGeometry(0, 30 * row, 100, 30)
    content.setFixedSize(100, 150)
    area.setWidget(content)
    area.setGeometry(0, 0, 200, 75)
    assert _told(window) == ["scrolls as a whole: QScrollArea 'All' by 75 px, is at 0, cuts 'Row 2'"]
    area.setGeometry(0, 0, 200, 150)
    assert _told(window) == []
