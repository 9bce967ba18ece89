"""The panel that connects the window to a master that runs already: by its console link, pasted or from a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from shiboken6 import isValid

from mcgui.card import Card
from mcgui.console.file_filters import file_filter
from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.panel_notice import Notice
from mcgui.icons import icon
from mcgui.theme import Theme, in_code, monospace, set_tone
from mcgui_core.client.access.link_files import default_link_file, read_link_file
from mcgui_core.errors import LinkInvalid
from mcgui_core.protocol.join_link import SCHEME, JoinLink


class LinkFileDialog:
    """Asks for a link file, in one place, so that a test can answer instead."""

    def path(self, parent: QWidget, folder: Path) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(
            parent, "Open a link file", str(folder), f"{file_filter('Links', ('.json',))};;All files (*)"
        )
        return Path(name) if name else None


def console_link(text: str) -> JoinLink:
    """The console link in what was pasted. Raises LinkInvalid, also where it is a worker's link."""
    link = JoinLink.parse(text)
    if link.kind == "worker":
        raise LinkInvalid("it is a worker link, which lets a computer work. The window needs the console link")
    return link


class ConnectPanel(Card):
    """Takes a console link.

    Signals: `wanted(str)`: connect by this link, which is a console's. `closed`.
    """

    wanted = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, dialog: LinkFileDialog | None = None, parent: QWidget | None = None) -> None:
        super().__init__("Connect to a master that runs already", parent)
        self._theme, self._dialog = theme, dialog or LinkFileDialog()
        self._words = QLabel(
            "Paste the console link of the master: another console has it in its menu Workers, and "
            f"{in_code('mcgui-core link console')} prints it where the master runs. The master goes on when this "
            "window is closed.",
            self,
        )
        self._words.setProperty("html", True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tone(self._words, "muted")
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Console link")
        self.field.setPlaceholderText(f"{SCHEME}://…")
        self.field.setFont(monospace(self.field.font().pointSizeF()))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAcceptDrops(False)  # the panel takes what is dropped, whole
        self._show = QPushButton("Show link", self)
        self._show.setCheckable(True)
        self._show.toggled.connect(self._on_show)
        self._file = QPushButton("Link file…", self)
        self._file.setToolTip("Take the link from the file that a master leaves (--link-file)")
        self._connect = QPushButton("Connect", self)
        self._connect.setProperty("primary", True)
        self._came_from: QWidget | None = None  # where the focus was before
        self._remark = ""  # about the link that is tried
        self._close = icon_button("Close this panel", self, size=15)
        self._notice = Notice(theme, self)
        label = QLabel("Console &link", self)
        label.setBuddy(self.field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        for button in (self._show, self._file, self._connect):
            row.addWidget(button)
        self.header.addWidget(self._close)
        self.body.addWidget(self._words)
        self.body.addLayout(row)
        self.body.addWidget(self._notice)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAcceptDrops(True)
        self._file.clicked.connect(self._on_file)
        self._connect.clicked.connect(self._on_connect)
        self.field.returnPressed.connect(self._on_connect)
        self.field.textChanged.connect(self._notice.clear)
        self._close.clicked.connect(self.closed)
        theme.changed.connect(self._dress)
        self._dress()

    def begin(self) -> None:
        """Ready for a link: empty, and with the focus in its field. It goes back when the panel is closed."""
        self._came_from = QApplication.focusWidget()
        self.field.clear()
        self._notice.clear()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_waiting(self, address: str) -> None:
        """Say that it is on the way to this address; "" means that it is not."""
        for widget in (self.field, self._file, self._connect):
            widget.setEnabled(not address)
        if address:
            self._notice.say(f"Connecting to {address} … {self._remark}".strip(), "info")

    def say(self, problem: str) -> None:
        """Say why it did not work."""
        self._notice.say(problem, "error")

    @property
    def said(self) -> str:
        """What the panel says at the moment."""
        return self._notice.text

    @Slot()
    def _on_connect(self) -> None:
        try:
            link = console_link(self.field.text())
        except LinkInvalid as problem:
            self.say(str(problem))
            return
        self._remark = link.remark
        self.wanted.emit(str(link))

    @Slot()
    def _on_file(self) -> None:
        file = default_link_file()
        path = self._dialog.path(self, file.parent if file.parent.exists() else Path.home())
        if path is not None:
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """Take the console link from a master's link file, and connect."""
        try:
            link = read_link_file(path, "console")
        except LinkInvalid as problem:
            self.say(str(problem))
            return
        self.field.setText(link)
        self._on_connect()

    @Slot(bool)
    def _on_show(self, shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasText() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            self.take_file(Path(urls[0].toLocalFile()))
        else:
            self.field.setText(event.mimeData().text().strip())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        before, self._came_from = self._came_from, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _dress(self) -> None:
        self._close.setIcon(icon("close", self._theme.colours.muted))
