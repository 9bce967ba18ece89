"""What the reduce function made of all results: one line in large letters, or a picture."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.icons import show_copied
from mcgui.screen_reader import give_role
from mcgui.theme import set_tone
from mcgui_core.protocol.messages import Picture, Reduced

#: Characters of a reduced value that are shown in large letters; what is longer is shown small.
_LARGE = 60
#: Characters that a tip shows.
_TIP = 2000
#: Pixels between words and buttons.
_GAP = 8

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


def image_of(picture: Picture) -> QImage:
    """The picture as Qt's. Raises ValueError where its size and its pixels do not fit each other."""
    if picture.channels not in _FORMATS:
        raise ValueError(f"A picture has 1, 3 or 4 channels, not {picture.channels}.")
    needed = picture.width * picture.height * picture.channels
    if len(picture.pixels) != needed or not needed:
        raise ValueError(
            f"A picture of {picture.width} x {picture.height} with {picture.channels} channels has {needed:,} bytes, "
            f"not {len(picture.pixels):,}."
        )
    row = picture.width * picture.channels
    image = QImage(picture.pixels, picture.width, picture.height, row, _FORMATS[picture.channels])
    return image.copy()  # the original belongs to Python, and would go with it


class PictureView(QWidget):
    """An image, as large as fits, with its proportions. `enlarge_wanted` on a double click."""

    enlarge_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)
        give_role(self, QAccessible.Role.Graphic)
        self.setAccessibleName("The reduced picture")

    @property
    def image(self) -> QImage:
        return self._image

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.setAccessibleDescription(f"{image.width()} by {image.height()} pixels")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 240) if self._image.isNull() else self._image.size().scaled(420, 320, _KEEP)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.enlarge_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self._image.size().scaled(self.size(), _KEEP)
        left, top = (self.width() - area.width()) // 2, (self.height() - area.height()) // 2
        painter.drawImage(self.rect().adjusted(left, top, -left, -top), self._image)
        painter.end()


_KEEP = Qt.AspectRatioMode.KeepAspectRatio


class ReducedLine(QWidget):
    """ "Pi: 3.1417" in large letters, with where it comes from below it. Without a value, only that line.

    `save_wanted` for a picture.
    """

    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.value = ElidedLabel(self)
        self.value.setAccessibleName("The reduced result")
        self.value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.origin = ElidedLabel(self)
        self.origin.setAccessibleName("What the results are")
        set_tone(self.origin, "muted")
        self.copy = QPushButton("Copy", self)
        self.copy.setAccessibleName("Copy the reduced result")
        self.copy.clicked.connect(self._on_copy)
        self.save = QPushButton("Save picture…", self)
        self.save.setAccessibleName("Save the picture to a file")
        self.save.clicked.connect(self.save_wanted)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self.value)
        words.addWidget(self.origin)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addLayout(words, 1)
        layout.addWidget(self.copy)
        layout.addWidget(self.save)
        self.show_reduced("", None)

    @property
    def text(self) -> str:
        """All of what the reduce function gave, as text."""
        return self._text

    @property
    def room_of_buttons(self) -> int:
        """Pixels that the words have not, where there is something to copy or to save."""
        shown = [one for one in (self.copy, self.save) if not one.isHidden()]
        return sum(one.sizeHint().width() + _GAP for one in shown)

    def say(self, origin: str, kept: str = "", bad: bool = False) -> None:
        """Say what the results are of, or what is wrong. `kept` is its end, which is cut last."""
        set_tone(self.origin, "bad" if bad else "muted")
        # Of what is wrong, the first sentence rather than a part of the second: all of it stands where rows would be.
        first, more, _ = origin.partition(". ")
        self.origin.say(origin, kept=kept, short=f"{first}." if bad and more else "")

    def show_reduced(self, name: str, reduced: Reduced | None) -> None:
        """Show it: `name` is the job's. None shows nothing."""
        picture = reduced is not None and reduced.picture is not None
        self._text = reduced.text if reduced is not None else ""
        self.value.setVisible(reduced is not None)
        self.save.setVisible(picture)
        self.copy.setVisible(reduced is not None and not picture)
        if reduced is None:
            return
        shown, kept = name, "" if picture else f": {_first_line(reduced.text)}"
        if reduced.failed:
            shown, kept = f"The reduce function failed: {_last_line(reduced.text)}", ""
        set_tone(self.value, "bad" if reduced.failed else "")
        font = self.font()
        large = not reduced.failed and len(shown + kept) <= _LARGE
        font.setPointSizeF(font.pointSizeF() * (1.6 if large else 1.0))
        font.setBold(large)
        self.value.setFont(font)
        self.value.say(shown, reduced.text[:_TIP], kept)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._text)
        show_copied(self.copy)


def _first_line(text: str) -> str:
    line, more, _ = text.strip().partition("\n")
    return f"{line[:_TIP]} …" if more or len(line) > _TIP else line


def _last_line(traceback: str) -> str:
    lines = [line for line in traceback.splitlines() if line.strip()]
    return lines[-1] if lines else ""
