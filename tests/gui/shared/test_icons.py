"""The drawings: all can be read, take the colour of the moment, and tell states apart by shape."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from mcgui.icons import SIZES, app_icon, icon, pixmap

NAMES = sorted(
    one.name.removesuffix(".svg") for one in (files("mcgui_resources") / "icons").iterdir() if one.name.endswith(".svg")
)
STATES = ("idle", "working", "paused", "draining", "lost", "left", "connecting", "trouble", "off")


def shape(name: str, size: int) -> list[bool]:
    """Which pixels the drawing covers."""
    image = pixmap(name, QColor("black"), size).toImage()
    return [image.pixelColor(x, y).alpha() > 127 for x in range(size) for y in range(size)]


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_fills_its_square_well(qapp: QApplication, name: str) -> None:
    covered = shape(name, 24)
    assert 0.05 < sum(covered) / len(covered) < 0.95


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_a_drawing(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize(("first", "second"), list(combinations(STATES, 2)))
def test_states_differ_in_shape_at_the_size_of_a_table(qapp: QApplication, first: str, second: str) -> None:
    different = sum(a != b for a, b in zip(shape(first, 16), shape(second, 16), strict=True))
    assert different >= 20


def test_a_drawing_takes_the_colour_that_it_is_given(qapp: QApplication) -> None:
    image = pixmap("working", QColor("#3fb68b"), 32).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    assert image.pixelColor(16, 16) == QColor("#3fb68b")


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    made = icon("working", QColor("#ff0000"))
    faint = made.pixmap(QSize(32, 32), QIcon.Mode.Disabled).toImage().pixelColor(16, 16)
    assert faint.alpha() == pytest.approx(102, abs=3)


def test_an_icon_is_sharp_at_every_size(qapp: QApplication) -> None:
    sizes = {size.width() for size in icon("open", QColor("black")).availableSizes()}
    assert sizes == set(SIZES)


def test_a_drawing_on_a_dense_screen_has_more_pixels(qapp: QApplication) -> None:
    made = pixmap("open", QColor("black"), 16, ratio=2.0)
    assert (made.width(), made.devicePixelRatio()) == (32, 2.0)
    assert made.deviceIndependentSize().width() == 16


def test_the_sign_of_the_program_keeps_its_own_colours(qapp: QApplication) -> None:
    colours = app_icon().pixmap(QSize(64, 64)).toImage()
    assert colours.pixelColor(32, 32).name() == "#ffffff"


def test_a_drawing_that_is_not_there_is_named(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="unicorn"):
        icon("unicorn", QColor("black"))
