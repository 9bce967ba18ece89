"""A picture in a window of its own: as large as it fits or pixel by pixel, saved and copied."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mcgui import format
from mcgui.console.results.reduced_view import PictureView
from mcgui.console.save_dialog import ask_where_to_save
from mcgui.icons import show_copied
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui_core.results.files.file_names import file_name

#: The least size of the window, and how much of the screen it takes at most.
_LEAST: Final = QSize(420, 320)
_MOST: Final = 0.8


class PictureWindow(QDialog):
    """Shows one picture, called `name`. `trouble(str)` when it cannot be saved."""

    trouble = Signal(str)

    def __init__(self, image: QImage, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._image, self._name = image, name
        self.setWindowTitle(unturned(name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.fitting = PictureView(self)
        self.fitting.setAccessibleName(name)
        self.fitting.show_image(image)
        self._exact = QLabel(self)
        self._exact.setPixmap(QPixmap.fromImage(image))
        self._exact.setAccessibleName(f"{name}, pixel by pixel")
        area = QScrollArea(self)
        area.setWidget(self._exact)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.fitting)
        self.pages.addWidget(area)
        self.exact = QPushButton("Pixel by pixel", self)
        self.exact.setCheckable(True)
        self.exact.toggled.connect(self._on_exact)
        self.copy = QPushButton("Copy", self)
        self.copy.clicked.connect(self._on_copy)
        self.save = QPushButton("Save picture…", self)
        self.save.clicked.connect(self._on_save)
        size = QLabel(f"{format.count(image.width())} x {format.count(image.height())} pixels", self)
        set_tone(size, "muted")
        buttons = QHBoxLayout()
        buttons.addWidget(size, 1)
        for button in (self.exact, self.copy, self.save):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages, 1)
        layout.addLayout(buttons)
        QShortcut(QKeySequence.StandardKey.Copy, self).activated.connect(self._on_copy)
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self._on_save)
        self.resize(self._first_size())

    def _first_size(self) -> QSize:
        least = QSize(scaled(_LEAST.width()), scaled(_LEAST.height()))
        screen = self.screen().availableSize() * _MOST
        wanted = self._image.size().expandedTo(least)
        return (
            wanted if wanted.boundedTo(screen) == wanted else self._image.size().scaled(screen, _KEEP).expandedTo(least)
        )

    @Slot(bool)
    def _on_exact(self, exact: bool) -> None:
        self.pages.setCurrentIndex(1 if exact else 0)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setImage(self._image)
        show_copied(self.copy)

    @Slot()
    def _on_save(self) -> None:
        problem = save_picture(self._image, self._name, self)
        if problem:
            self.trouble.emit(problem)


_KEEP = Qt.AspectRatioMode.KeepAspectRatio


def save_picture(image: QImage, name: str, parent: QWidget) -> str:
    """Ask for a file and write the picture into it. Returns what went wrong, or ""."""
    found = ask_where_to_save(parent, "Save picture", f"{file_name(name, 'picture')}.png", "PNG (*.png);;JPEG (*.jpg)")
    if found is None:
        return ""
    path, _ = found
    if path.suffix[1:].lower().encode() not in QImageWriter.supportedImageFormats():
        return f"No picture is written as {path.suffix}. Choose a name that ends in .png or .jpg."
    if not image.save(str(path)):
        return f"The picture could not be written to {path}. Choose a folder that you may write to."
    return ""
