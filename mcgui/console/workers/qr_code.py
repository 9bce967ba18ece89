"""A QR code, drawn sharp: a whole number of the screen's pixels a module, dark on light in any theme."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mcgui.screen_reader import give_role

#: Modules of light around it. With less, cameras do not find it.
QUIET: Final = 4
#: Not the theme's colours: many cameras read only dark on light.
_DARK: Final = QColor("#10131a")
_LIGHT: Final = QColor("#ffffff")


class QrCode(QWidget):
    """Shows a text. Nothing while that is ""."""

    def __init__(self, name: str, side: int = 148, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._modules: tuple[bytes, ...] = ()
        self._side = side
        give_role(self, QAccessible.Role.Graphic)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show this text."""
        if text != self._text:
            self._text = text
            self._modules = _modules(text) if text else ()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        count = len(self._modules)
        if not count:
            return
        painter = QPainter(self)
        # In the screen's own pixels: a module of a fraction of one would be a blur.
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        width = round(min(self.width(), self.height()) * ratio)
        module = max(width // (count + 2 * QUIET), 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_LIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(QRectF(0, 0, width, width), 6 * ratio, 6 * ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        start = (width - module * count) // 2
        for row, modules in enumerate(self._modules):
            for column, dark in enumerate(modules):
                if dark:
                    painter.fillRect(start + column * module, start + row * module, module, module, _DARK)
        painter.end()


def _modules(text: str) -> tuple[bytes, ...]:
    import segno  # here, since few look at a code, and everybody at the window

    return tuple(bytes(row) for row in segno.make(text, micro=False).matrix)
