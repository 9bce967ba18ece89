"""The panel that tells how another computer joins: the link, the commands, and who may reach this master at all."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mcgui.card import Card
from mcgui.console.session import SessionState
from mcgui.icons import icon
from mcgui.theme import Theme, monospace, set_tone
from mcgui_core.links import JoinLink

_HIDDEN = "•" * 12


def hidden(link: str) -> str:
    """The link with its key covered, for a screen that others look at."""
    return f"{link.partition('#')[0]}#{_HIDDEN}" if "#" in link else link


def commands(link: str, windows: bool | None = None) -> tuple[tuple[str, str], ...]:
    """What to type on the other computer: (what for, the command) each."""
    windows = sys.platform == "win32" if windows is None else windows
    headless = f"$env:MCGUI_LINK='{link}'; mcgui-core worker" if windows else f"MCGUI_LINK='{link}' mcgui-core worker"
    return (
        ("With a screen: start the tray app, and paste the link", "mcgui-worker"),
        ("Without a screen", headless),
    )


class AddWorkers(Card):
    """Shows a master's worker link.

    Signals: `sharing_wanted(bool)`: let other computers reach the master, or only this one. `closed`.
    """

    sharing_wanted = Signal(bool)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Add workers", parent)
        self._theme = theme
        self._link = ""
        self._close = QToolButton(self)
        self._close.setProperty("flat", True)
        self._close.setIconSize(QSize(15, 15))
        self._close.setAccessibleName("Close this panel")
        self._close.setToolTip("Close this panel")
        self._close.clicked.connect(self.closed)
        self.share = QCheckBox("Let other computers join", self)
        self.share.setAccessibleName("Let other computers join")
        self.share.clicked.connect(self.sharing_wanted)
        self._reach = _text(self)
        self._link_field = _field("The worker link", self)
        self._show_key = QPushButton("Show key", self)
        self._show_key.setCheckable(True)
        self._show_key.setAccessibleName("Show the key in the link")
        self._show_key.toggled.connect(self._fill)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.share, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._reach, 0, 1, 1, 3)
        label = QLabel("Worker link", self)
        label.setBuddy(self._link_field)
        grid.addWidget(label, 1, 0)
        grid.addWidget(self._link_field, 1, 1)
        grid.addWidget(self._show_key, 1, 2)
        grid.addWidget(self._copy_button("Copy the worker link", lambda: self._link), 1, 3)
        self._commands: list[QLineEdit] = []
        for row, (what_for, _) in enumerate(commands(""), start=2):
            words = QLabel(what_for, self)
            set_tone(words, "muted")
            field = _field(f"{what_for}: the command", self)
            words.setBuddy(field)
            self._commands.append(field)
            grid.addWidget(words, row, 0)
            grid.addWidget(field, row, 1, 1, 2)
            copy = self._copy_button(f"{what_for}: copy the command", self._command(row - 2))
            grid.addWidget(copy, row, 3)
        self.header.addWidget(self._close)
        self.body.addLayout(grid)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._dress)
        self._dress()

    def _command(self, number: int) -> Callable[[], str]:
        """What gives the command as it is at that moment: links change."""
        return lambda: commands(self._link)[number][1]

    def _copy_button(self, name: str, text: Callable[[], str]) -> QPushButton:
        button = QPushButton("Copy", self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: QApplication.clipboard().setText(text()))
        return button

    @property
    def link(self) -> str:
        return self._link

    def show_session(self, state: SessionState, worker_link: str) -> None:
        """Show how the session stands; `worker_link` is "" while there is no master."""
        self._link = worker_link
        wish = state.wish
        self.share.setVisible(wish.own)
        self.share.setChecked(wish.shared)
        self.share.setEnabled(state.kind != "starting")
        set_tone(self._reach, "muted")
        if not worker_link:
            self._reach.setText(state.problem or "The master is starting. Its link will be here in a moment.")
        elif not wish.own:
            self._reach.setText(f"Workers join the master at {state.address}, which runs on its own.")
        elif wish.shared:
            self._reach.setText(
                f"Every computer that reaches {JoinLink.parse(worker_link).address} and has the link can work here. "
                "Connections are encrypted. A worker runs your functions, and can do nothing else."
            )
        else:
            self._reach.setText(
                "The master listens on 127.0.0.1, which only this computer reaches. Switch this on to let others in; "
                "jobs and results are kept, and what runs is run again."
            )
        self._fill()

    @Slot()
    def _fill(self) -> None:
        shown = self._link if self._show_key.isChecked() else hidden(self._link)
        self._link_field.setText(shown)
        for field, (_, command) in zip(self._commands, commands(shown), strict=True):
            field.setText(command)
        for field in (self._link_field, *self._commands):
            field.setCursorPosition(0)
            field.setEnabled(bool(self._link))

    @Slot()
    def _dress(self) -> None:
        self._close.setIcon(icon("close", self._theme.colours.muted))


def _field(name: str, parent: QWidget) -> QLineEdit:
    field = QLineEdit(parent)
    field.setReadOnly(True)
    field.setFont(monospace(field.font().pointSizeF()))
    field.setAccessibleName(name)
    return field


def _text(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
