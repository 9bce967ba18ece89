"""Icons: our own SVG drawings, painted in the colour of the moment.

A drawing uses `currentColor`; which names there are is a look into resources/icons. And the sign of a button that has
copied something.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from mcgui.screen_reader import announce

#: Pixels. What tool bars, menus and tables ask for, also on screens of twice the density.
SIZES = (16, 20, 24, 32, 48, 64)
#: What trays and window switchers ask for beside these. As costly to draw as all the others, and of the sign alone.
_SIGN_SIZES = (128,)
#: Milliseconds for which a button says that something is copied.
_SAID: Final = 1_500
_COPIED: Final = "Copied"


def icon(name: str, colour: QColor) -> QIcon:
    """The icon `name` in this colour. Raises FileNotFoundError where there is no such drawing.

    Costs half a millisecond, the first time with this colour.
    """
    return _icon(name, colour.rgba(), SIZES)


@lru_cache(maxsize=256)  # a window has some sixty, many of them on ten buttons, and a theme has a set of its own
def _icon(name: str, rgba: int, sizes: tuple[int, ...]) -> QIcon:
    colour = QColor.fromRgba(rgba)
    renderer = _renderer(name, colour)
    pale = QColor(colour)
    pale.setAlphaF(colour.alphaF() * 0.4)
    disabled = _renderer(name, pale)
    made = QIcon()
    for size in sizes:
        made.addPixmap(_pixmap(renderer, size), QIcon.Mode.Normal)
        made.addPixmap(_pixmap(disabled, size), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon `name` as one picture of `size` logical pixels on a screen of this device pixel ratio."""
    made = _pixmap(_renderer(name, colour), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    return made


def app_icon() -> QIcon:
    """The program's own sign, which brings its colours along."""
    return _icon("mcgui", QColor("black").rgba(), SIZES + _SIGN_SIZES)


def _renderer(name: str, colour: QColor) -> QSvgRenderer:
    source = (files("mcgui_resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    # SVG 1.2 Tiny, which Qt draws, has no alpha in a colour, so it goes in as the drawing's opacity.
    tinted = source.replace("currentColor", colour.name()).replace("<svg ", f'<svg opacity="{colour.alphaF():.3f}" ', 1)
    renderer = QSvgRenderer(QByteArray(tinted.encode()))
    if not renderer.isValid():
        raise ValueError(f"The drawing of the icon {name!r} cannot be read.")
    return renderer


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return made


def show_copied(button: QAbstractButton) -> None:
    """Say for a moment, in the place of what stands on the button, that it has copied: nothing else tells of that."""
    announce(button, _COPIED)
    if button.text() == _COPIED or button.property("copied"):
        return
    text, sign = button.text(), button.icon()
    if text:
        button.setText(_COPIED)
    else:
        button.setIcon(icon("check", button.palette().buttonText().color()))
    button.setProperty("copied", True)

    def as_before() -> None:
        button.setProperty("copied", False)
        button.setText(text)
        if not text:
            button.setIcon(sign)

    QTimer.singleShot(_SAID, button, as_before)
