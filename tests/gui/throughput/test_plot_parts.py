"""What stands along the plot of tasks a second."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mcgui.console.parts.axis_ticks import with_room
from mcgui.console.results.plot.drawing import Axis
from mcgui.console.results.plot.plot_axis import PlotAxis
from mcgui.console.throughput.plot_parts import Band, RateAxis, plain
from mcgui.scale import scaled
from tests.pictures.stage import POINTS, one_font


@pytest.mark.parametrize("height", [30.0, 45.0, 90.0, 400.0])
def test_rates_have_room_above_each_other(qapp: QApplication, height: float) -> None:
    for top in (3.0, 520.0, 26_000.0):
        ((spacing, places), *_) = RateAxis().tickValues(0.0, top, height)
        assert 1 <= len(places) <= height // 20 + 1
        assert all(later - earlier >= spacing for earlier, later in pairwise(places))


def test_of_too_many_places_every_second_or_third_stays() -> None:
    ticks = [(10.0, [-10.0, 0.0, 10.0, 20.0, 30.0]), (5.0, [5.0])]
    assert with_room(ticks, 5) == ticks
    assert with_room(ticks, 3) == [(20.0, [0.0, 20.0])]
    assert with_room(ticks, 2) == [(30.0, [0.0, 30.0])]
    assert with_room([(1.0, [-1.0, 0.0, 1.0])], 2) == [(1.0, [0.0, 1.0])]
    assert with_room([], 2) == []


def test_where_the_highest_is_below_the_first_round_number_a_smaller_one_tells_how_high_it_is() -> None:
    coarse_and_fine = [(20.0, [0.0]), (10.0, [10.0])]
    assert with_room(coarse_and_fine, 3) == [(10.0, [0.0, 10.0])]


@pytest.mark.parametrize("share", [1.0, 2.0])
def test_a_name_stands_in_a_band_that_is_as_thick_as_its_letters(
    qtbot: QtBot, qapp: QApplication, share: float
) -> None:
    """Else names of bands that lie on each other do too, where text is large."""
    with one_font(qapp, share * POINTS):
        plot = pg.PlotWidget()
        qtbot.addWidget(plot)
        plot.resize(600, 300)
        plot.show()
        band, times, low = Band(plot.getPlotItem(), 0), np.arange(60.0), np.zeros(60)
        high = QFontMetricsF(band._name.textItem.font()).tightBoundingRect("lab-4").height()
        band.name("lab-4", QColor("red"), times, low, low + high, 1.0)
        assert not band._name.isVisible()
        band.name("lab-4", QColor("red"), times, low, low + 3 * high, 1.0)
        assert band._name.isVisible()


@pytest.mark.parametrize("share", [1.0, 1.5, 2.0])
def test_a_low_plot_has_two_numbers_along_it_of_which_one_is_its_foot(
    qtbot: QtBot, qapp: QApplication, share: float
) -> None:
    with one_font(qapp, share * POINTS):
        for axis in (RateAxis(), PlotAxis("left")):
            if isinstance(axis, PlotAxis):
                axis.show_axis(Axis("speed", "number", np.array([0.0, 390.0])))
            plot = pg.PlotWidget(axisItems={"left": axis})
            qtbot.addWidget(plot)
            plain(plot)
            plot.showGrid(x=False, y=True, alpha=0.15)
            axis.setTickFont(plot.font())
            axis.setWidth(scaled(44))
            plot.setYRange(0.0, 420.0, padding=0)
            plot.resize(600, round(70 * share))
            plot.show()
            qtbot.waitExposed(plot)
            image = QImage(10, 10, QImage.Format.Format_RGB32)
            painter = QPainter(image)
            painter.setFont(plot.font())
            _, _, texts = axis.generateDrawSpecs(painter)
            painter.end()
            assert len(texts) >= 2
            assert "0" in [text for _, _, text in texts]


def test_a_name_keeps_its_place_while_the_drawing_has_no_height(qtbot: QtBot) -> None:
    """There is no inverse of that: asked for one, a painter raises where numpy warns of how it is made."""
    plot = pg.PlotWidget(axisItems={"left": RateAxis()})
    qtbot.addWidget(plot)
    plain(plot)
    plot.resize(600, 300)
    plot.show()
    band, times, low = Band(plot.getPlotItem(), 0), np.arange(60.0), np.zeros(60)
    plot.getPlotItem().setRange(xRange=(0, 60), yRange=(0, 50), padding=0)
    band.name("lab-4", QColor("red"), times, low, low + 50, 0.2)
    plot.grab()
    before = band._name.transform()
    assert before.determinant()
    plot.resize(600, 1)
    plot.grab()
    assert band._name.parentItem().sceneTransform().determinant() == 0.0, "it has no height"
    assert band._name.transform() == before
    plot.resize(600, 200)
    plot.grab()
    assert (band._name.transform() * band._name.parentItem().sceneTransform()).m22() == pytest.approx(1.0)
