"""What stands beside text and has to be seen by who reads it (arrows, icons, boxes to tick) grows with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QApplication, QMenu, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from mcgui.icons import icon
from mcgui.theme import Theme
from tests.pictures.stage import POINTS, missing_font, one_font

#: Pixels of a frame, which is no sign.
FRAME = 4


def ink(image: QImage) -> QSize:
    """How large that is which is drawn within the frame, on a ground of one colour."""
    part = image.copy(image.rect().adjusted(FRAME, FRAME, -FRAME, -FRAME))
    ground, drawn = part.pixel(part.width() // 2, 0), QRegion()
    for y in range(part.height()):
        for x in range(part.width()):
            if part.pixel(x, y) != ground:
                drawn += QRegion(x, y, 1, 1)
    return drawn.boundingRect().size()


def scroll_arrow(qtbot: QtBot, _theme: Theme) -> QImage:
    bar = QTabBar()
    qtbot.addWidget(bar)
    for number in range(20):
        bar.addTab(f"untitled {number}")
    bar.resize(300, bar.sizeHint().height())
    bar.show()
    arrow = next(button for button in bar.findChildren(QToolButton) if button.isVisible() and button.isEnabled())
    return arrow.grab().toImage()


def submenu_arrow(qtbot: QtBot, _theme: Theme) -> QImage:
    made = _menu(qtbot)
    made.addMenu(" ").addAction("one")
    return _picture(made)


def icon_of_an_action(qtbot: QtBot, theme: Theme) -> QImage:
    made = _menu(qtbot)
    made.addAction(icon("copy", theme.colours.text), " ")
    return _picture(made)


def box_of_an_action(qtbot: QtBot, _theme: Theme) -> QImage:
    made = _menu(qtbot)
    made.addAction(" ").setCheckable(True)
    return _picture(made)


def _menu(qtbot: QtBot) -> QMenu:
    made = QMenu()
    qtbot.addWidget(made)
    return made


def _picture(menu: QMenu) -> QImage:
    menu.resize(menu.sizeHint())
    return menu.grab().toImage()


@pytest.mark.parametrize("sign", [scroll_arrow, submenu_arrow, icon_of_an_action, box_of_an_action])
def test_it_is_larger_beside_larger_text(
    qapp: QApplication, qtbot: QtBot, theme: Theme, sign: Callable[[QtBot, Theme], QImage]
) -> None:
    missing = missing_font()
    if missing:
        pytest.skip(f"The font {missing}, by which the size is doubled, is not installed")
    sizes = []
    for share in (1.0, 2.0):
        with one_font(qapp, share * POINTS):
            theme.set_scheme("light")  # in the measures of this text
            sizes.append(ink(sign(qtbot, theme)))
    theme.set_scheme("light")
    assert sizes[1].height() >= 1.6 * sizes[0].height(), sizes
