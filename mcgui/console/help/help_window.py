"""The window in which the guide is read: its pages at the left, the text at the right, and a way back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDesktopServices,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.help.guide_pages import heading_about
from mcgui.icons import show_copied
from mcgui.scale import scaled
from mcgui.theme import Theme

_SIZE: Final = (980, 680)
#: Pixels at both sides of the text.
_MARGIN: Final = 24
#: Pixels by which the corners of a picture are round, and how far one is darkened in the dark theme, of 255.
_CORNER: Final = 6
_SHADE: Final = 60


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page as it is shown. `path` is where its links and pictures start from; `copies`: a button copies it."""

    name: str
    title: str
    text: str
    path: Path | None = None
    copies: bool = False


class HelpText(QTextBrowser):
    """Markdown; pictures are made as wide as there is room. `page_wanted(str)`: a link to another page was followed."""

    page_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setOpenLinks(False)
        self.setAccessibleName("Text of the guide")
        self.document().setDocumentMargin(scaled(_MARGIN))
        self.anchorClicked.connect(self._on_link)
        self._folder: Path | None = None

    def show_page(self, page: HelpPage) -> None:
        self._folder = page.path.parent if page.path is not None else None
        self.document().setMarkdown(page.text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._wrap_code()
        self._frame_tables()
        self.verticalScrollBar().setValue(0)

    def _wrap_code(self) -> None:
        """A line of code that is too long goes on below, or the whole page scrolls sideways because of it."""
        cursor = QTextCursor(self.document())
        block = self.document().begin()
        while block.isValid():
            shape = block.blockFormat()
            if shape.nonBreakableLines():
                shape.setNonBreakableLines(False)
                cursor.setPosition(block.position())
                cursor.setBlockFormat(shape)
            block = block.next()

    def _frame_tables(self) -> None:
        """In the colour of every other frame, where Qt takes that of the text."""
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                look = frame.format().toTableFormat()
                look.setBorderBrush(self._theme.colours.border)
                look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)  # of one shade, on all sides
                frame.setFormat(look)

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        url = name if isinstance(name, QUrl) else QUrl(name)
        if type != QTextDocument.ResourceType.ImageResource.value or self._folder is None or url.scheme():
            return super().loadResource(type, url)
        picture = QImage(str((self._folder / url.path()).resolve()))
        # As wide as beside the bar for scrolling, which comes when the page has been laid out.
        room = self.contentsRect().width() - self.verticalScrollBar().sizeHint().width() - 2 * scaled(_MARGIN)
        if picture.width() > room > 0:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        return self._framed(picture)

    def _framed(self, picture: QImage) -> QPixmap:
        """With a border, as a picture of a window; in the dark, one of a light window does not glare."""
        made = QPixmap(picture.size())
        made.fill(Qt.GlobalColor.transparent)
        edge = QPainterPath()
        edge.addRoundedRect(QRectF(made.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(edge, QBrush(picture))
        if self._theme.dark:
            painter.fillPath(edge, QColor(0, 0, 0, _SHADE))
        painter.setPen(QPen(self._theme.colours.muted if self._theme.dark else self._theme.colours.border, 1))
        painter.drawPath(edge)
        painter.end()
        return made

    @Slot(QUrl)
    def _on_link(self, url: QUrl) -> None:
        if url.scheme():
            QDesktopServices.openUrl(url)
        elif url.path().endswith(".md"):
            self.page_wanted.emit(Path(url.path()).stem)


class HelpWindow(QDialog):
    """Stands beside the window, which goes on working."""

    def __init__(self, pages: tuple[HelpPage, ...], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._pages: dict[str, HelpPage] = {}
        self.setModal(False)
        self.setWindowTitle("mcgui help")
        self.setAccessibleName("Help")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Pages")
        self.list.setSpacing(scaled(3))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = HelpText(theme, self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find in the guide")
        self.search.setAccessibleName("Find in the guide")
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._on_find)
        self.copy = QPushButton("Copy", self)
        self.copy.setAccessibleName("Copy this page")
        self.copy.clicked.connect(self._on_copy)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.copy)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        split.setSizes([scaled(230), scaled(750)])
        split.setChildrenCollapsible(False)
        row = QHBoxLayout(self)
        row.addWidget(split)
        self.list.currentRowChanged.connect(self._on_row)
        self.text.page_wanted.connect(self.show_page)
        theme.changed.connect(self._again)
        self.set_pages(pages)
        room = self.screen().availableGeometry().size()
        self.resize(QSize(scaled(_SIZE[0]), scaled(_SIZE[1])).boundedTo(room * 0.92))

    @property
    def page(self) -> str:
        """The name of the page that is shown."""
        return list(self._pages)[self.list.currentRow()]

    def set_pages(self, pages: tuple[HelpPage, ...]) -> None:
        """Have these, in place of those of before."""
        self._pages = {page.name: page for page in pages}
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([page.title for page in pages])
        self.list.blockSignals(False)

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show this page, and come to the front."""
        names = list(self._pages)
        row = names.index(name) if name in names else 0
        if self.list.currentRow() == row:
            self._on_row(row)
        self.list.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus()
        self.text.verticalScrollBar().setValue(0)  # by now it knows how wide it is

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            page = list(self._pages.values())[row]
            self.text.show_page(page)
            self.copy.setVisible(page.copies)

    @Slot()
    def _on_find(self) -> None:
        """The next place: on this page from here on, then on the pages behind it. For a message, what is about it."""
        wanted = self.search.text().strip()
        if wanted and not self._find(wanted):
            for page in self._pages.values():
                if heading := heading_about(wanted, page.text):
                    self.text.moveCursor(QTextCursor.MoveOperation.End)
                    self._find(heading)
                    return

    def _find(self, wanted: str) -> bool:
        if self.text.find(wanted):
            return True
        names = list(self._pages)
        at = self.list.currentRow()
        for name in (*names[at + 1 :], *names[: at + 1]):
            if wanted.casefold() in self._pages[name].text.casefold():
                self.list.setCurrentRow(names.index(name))
                self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
                if self.text.find(wanted):
                    return True
        return False

    @Slot()
    def _on_copy(self) -> None:
        page = list(self._pages.values())[self.list.currentRow()]
        QApplication.clipboard().setText(page.text.replace("```", "").strip() + "\n")
        show_copied(self.copy)

    @Slot()
    def _again(self) -> None:
        self._on_row(self.list.currentRow())
