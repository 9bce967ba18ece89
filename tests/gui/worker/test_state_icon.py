"""The state icons: one for each state, told apart without colour, in both schemes."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mcgui.colours import DARK, LIGHT, Colours
from mcgui.worker.state import KINDS, Kind
from mcgui.worker.tray.state_icon import state_colour, state_icon, state_pixmap

SCHEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


#: What may ask for a pause, each with a sign of its own. ("In use" gives fewer processors, or none: as "idle" does.)
LIMITS = ("pause", "snooze", "mains", "schedule", "idle", "programs", "memory")


def shape(kind: Kind, colours: Colours, size: int, limit: str = "") -> list[bool]:
    """Which pixels are painted in the colour of the state: the picture without its colours."""
    image = state_pixmap(kind, colours, size, limit=limit).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    wanted = state_colour(kind, colours)
    return [
        pixel.alpha() > 128 and abs(pixel.lightness() - wanted.lightness()) < 40
        for y in range(size)
        for x in range(size)
        if (pixel := image.pixelColor(x, y)) is not None
    ]


@SCHEMES
@pytest.mark.parametrize("size", [16, 22, 48])
def test_any_two_states_differ_in_shape_and_not_only_in_colour(qapp: QApplication, colours: Colours, size: int) -> None:
    shapes = {kind: shape(kind, colours, size) for kind in KINDS}
    for one, other in combinations(KINDS, 2):
        different = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert different > 0.02 * size * size, f"{one} looks like {other}"


@SCHEMES
@pytest.mark.parametrize("size", [16, 22, 48])
def test_a_pause_shows_by_its_shape_what_asks_for_it(qapp: QApplication, colours: Colours, size: int) -> None:
    shapes = {limit: shape("paused", colours, size, limit) for limit in LIMITS}
    for one, other in combinations(LIMITS, 2):
        different = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert different > 0.02 * size * size, f"{one} looks like {other}"
    assert shape("paused", colours, size, "in use") == shapes["idle"]


@SCHEMES
@pytest.mark.parametrize("kind", KINDS)
def test_an_icon_comes_in_every_size_that_trays_ask_for(qapp: QApplication, colours: Colours, kind: Kind) -> None:
    sizes = {size.width() for size in state_icon(kind, colours).availableSizes()}
    assert {16, 22, 24, 32, 48, 64} <= sizes


@SCHEMES
@pytest.mark.parametrize("kind", KINDS)
def test_an_icon_is_neither_empty_nor_a_block(qapp: QApplication, colours: Colours, kind: Kind) -> None:
    painted = sum(shape(kind, colours, 32))
    assert 0.1 * 32 * 32 < painted < 0.9 * 32 * 32


def test_a_screen_of_twice_the_density_gets_twice_the_pixels(qapp: QApplication) -> None:
    picture = state_pixmap("working", LIGHT, 22, ratio=2.0)
    assert (picture.width(), picture.deviceIndependentSize().width()) == (44, 22)


def test_a_state_that_comes_again_has_the_icon_that_it_had(qapp: QApplication) -> None:
    """Qt keeps what it has drawn of each: with a new one for each change the worker grew by 10 MB in an hour."""
    wanted = [(kind, colours, limit) for kind in KINDS for colours in (LIGHT, DARK) for limit in ("", "mains")]
    first, second = ([state_icon(*each).cacheKey() for each in wanted] for _ in range(2))
    assert first == second
    assert state_pixmap("idle", LIGHT, 28, 2.0).cacheKey() == state_pixmap("idle", LIGHT, 28, 2.0).cacheKey()
    told_apart = {(kind, colours is LIGHT, limit if kind == "paused" else "") for kind, colours, limit in wanted}
    assert len(set(first)) >= len(told_apart)
