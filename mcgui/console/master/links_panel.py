"""The panel of the master's links: what each opens, copied, renewed and revoked; and who is kept out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mcgui import format
from mcgui.card import Card
from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.workers.worker_columns import clock
from mcgui.icons import icon
from mcgui.plain_text import plain_button
from mcgui.theme import Theme, set_tone
from mcgui_core.protocol.messages import AccessReport

#: Kind of link -> its name, what it opens, and what becomes of those who came by it.
_LINKS: Final = {
    "worker": (
        "Worker link",
        "lets a computer work here",
        "Workers that joined by it leave; others do their tasks.",
    ),
    "watch": (
        "Watch link",
        "shows all, changes nothing, opens no value",
        "Who watches by it sees nothing more.",
    ),
    "console": ("Console link", "opens everything", "Other consoles and scripts that use it are shut out."),
}
_CHANGES: Final = {
    "renew": ("Renew", "The old {name} opens nothing any more. {then}"),
    "revoke": ("Revoke", "No {name} opens anything until it is renewed. {then}"),
}


class LinksPanel(Card):
    """Shows an AccessReport.

    Signals: `copy_wanted(kind)`. `change_wanted(kind, change)`, with "renew" or "revoke", once what happens was said.
    `allow_wanted(node id)`. `closed`.
    """

    copy_wanted = Signal(str)
    change_wanted = Signal(str, str)
    allow_wanted = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Links of this master", parent)
        self._theme = theme
        self.buttons: dict[tuple[str, str], QPushButton] = {}  # kind, "copy" | "renew" | "revoke"
        self._states: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (kind, (name, opens, _)) in enumerate(_LINKS.items()):
            grid.addWidget(QLabel(name, self), row, 0)
            self._states[kind] = state = QLabel(opens, self)
            set_tone(state, "muted")
            state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(state, row, 1)
            for column, (what, text) in enumerate({"copy": "Copy", "renew": "Renew…", "revoke": "Revoke…"}.items(), 2):
                button = QPushButton(text, self)
                button.setAccessibleName(f"{text.rstrip('…')} the {name.lower()}")
                button.setProperty("kind", kind)
                button.setProperty("what", what)
                button.setEnabled(False)  # until the master has said what there is
                button.clicked.connect(self._on_clicked)
                self.buttons[kind, what] = button
                grid.addWidget(button, row, column)
        self._proofs = QLabel(self)
        self._proofs.setTextFormat(Qt.TextFormat.PlainText)
        self._proofs.setWordWrap(True)
        self._notice = Notice(theme, self)
        self._away: list[QPushButton] = []
        self._close = icon_button("Close this panel", self, size=15)
        self._close.clicked.connect(self.closed)
        self.header.addWidget(self._close)
        self.body.addLayout(grid)
        self.body.addWidget(self._proofs)
        self.body.addWidget(self._notice)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._dress)
        self._dress()

    def show_access(self, report: AccessReport, may_change: bool) -> None:
        """Show who may come in. `may_change`: whether this console may change it, or only watches."""
        for kind, valid in report.links:
            given = report.given and kind != "watch"
            _, opens, _ = _LINKS[kind]
            self._states[kind].setText(opens if valid else "revoked: opens nothing until it is renewed")
            self.buttons[kind, "copy"].setEnabled(valid and (may_change or kind == "watch"))
            self.buttons[kind, "renew"].setEnabled(may_change and not given)
            self.buttons[kind, "revoke"].setEnabled(may_change and not given and valid)
            why = "Its key was given to this master (AUTHKEY)." if given else ""
            why = why if may_change else "A watch link does not permit that."
            for what in ("renew", "revoke"):
                self.buttons[kind, what].setToolTip(why)
        self._proofs.setText(in_words(report))
        self._proofs.setVisible(bool(report.latest))
        self._show_away(report.sent_away, may_change)

    def say(self, text: str, kind: str = "error") -> None:
        """Say what came of it."""
        self._notice.say(text, "info" if kind == "info" else "error")

    @property
    def said(self) -> str:
        """What the panel says at the moment."""
        return self._notice.text

    def _show_away(self, nodes: tuple[tuple[str, str], ...], may_change: bool) -> None:
        for button in self._away:
            self.body.removeWidget(button)
            button.deleteLater()
        self._away = []
        for id, name in nodes:
            button = QPushButton(plain_button(f"Allow {name} again, which was sent away"), self)
            button.setProperty("node", id)
            button.setEnabled(may_change)
            button.clicked.connect(self._on_allow)
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._away.append(button)

    @Slot()
    def _on_allow(self) -> None:
        self.allow_wanted.emit(str(self.sender().property("node")))

    @Slot()
    def _on_clicked(self) -> None:
        kind, what = str(self.sender().property("kind")), str(self.sender().property("what"))
        if what == "copy":
            self.copy_wanted.emit(kind)
            self._notice.say(f"The {_LINKS[kind][0].lower()} is copied. Whoever has it may use it.", "info")
            return
        name, _, then = _LINKS[kind]
        verb, sentence = _CHANGES[what]
        said = sentence.format(name=name.lower(), then=then)
        self._notice.say(said, "warning", ((f"{verb} it", lambda: self.change_wanted.emit(kind, what)),))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _dress(self) -> None:
        self._close.setIcon(icon("close", self._theme.colours.muted))


def in_words(report: AccessReport) -> str:
    """Who did not prove a key; "" where everybody did."""
    if not report.latest:
        return ""
    last = report.latest[0]
    others = f", and from other addresses ({format.count(len(report.latest) - 1)})" if len(report.latest) > 1 else ""
    times = "once" if report.failed_proofs == 1 else f"{format.count(report.failed_proofs)} times"
    return (
        f"Somebody knocked without a key of this master {times}: last from {last.address} at {clock(last.last)}"
        f"{others}. It may be an old link; nothing was said to them."
    )
