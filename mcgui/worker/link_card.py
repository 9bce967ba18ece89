"""Where the owner joins a master and leaves it: the link field, or the master that it led to, and a button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mcgui.card import Card
from mcgui.theme import set_tone
from mcgui.worker.link_field import LinkField, dropped_link
from mcgui.worker.state import WorkerState
from mcgui.worker.wrapped_label import wrapped_label


class LinkCard(Card):
    """One row, and below it what is wrong with the link, if something is.

    Not joined: the link, hidden like a password, and Connect. Joined, or trying to: the master, and Disconnect.
    A link can be dropped anywhere on the card, also to change from one master to another.

    Signals:
        join_asked(str): join the master of this link.
        leave_asked(): leave the master.
    """

    join_asked = Signal(str)
    leave_asked = Signal()

    def __init__(self, link: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Master")
        self.setAcceptDrops(True)
        self._state = WorkerState()
        self._label = QLabel("&Link", self)
        self.field = LinkField(self)
        self.field.setText(link)
        self._label.setBuddy(self.field)
        self.show_link_button = QPushButton("Show", self)
        self.show_link_button.setCheckable(True)
        self.show_link_button.setAccessibleName("Show the link")
        self.show_link_button.setToolTip("Show the link. Whoever has it can join this master.")
        self._caption = QLabel("Master", self)
        set_tone(self._caption, "muted")
        self._master = QLabel(self)
        self._master.setObjectName("master")
        self._master.setTextFormat(Qt.TextFormat.PlainText)
        self.connect_button = QPushButton("Connect", self)
        self.connect_button.setProperty("primary", True)
        self.disconnect_button = QPushButton("Disconnect", self)
        self._problem = wrapped_label(self, "linkProblem")
        set_tone(self._problem, "bad")
        self._lay_out()
        self._wire()
        self.show_state(self._state)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self.field, 1)
        row.addWidget(self.show_link_button)
        row.addWidget(self.connect_button)
        row.addWidget(self._caption)
        row.addWidget(self._master, 1)
        row.addWidget(self.disconnect_button)
        self.body.addLayout(row)
        self.body.addWidget(self._problem)

    def _wire(self) -> None:
        self.field.returnPressed.connect(self._on_join)
        self.field.textChanged.connect(self._on_text_changed)
        self.show_link_button.toggled.connect(self._on_show_toggled)
        self.connect_button.clicked.connect(self._on_join)
        self.disconnect_button.clicked.connect(self.leave_asked)

    def show_state(self, state: WorkerState) -> None:
        self._state = state
        for widget in (self._label, self.field, self.show_link_button, self.connect_button):
            widget.setVisible(not state.running)
        for widget in (self._caption, self._master, self.disconnect_button):
            widget.setVisible(state.running)
        self._master.setText(state.master)
        self.connect_button.setEnabled(bool(self.field.link))
        self.disconnect_button.setEnabled(not state.leaving)
        self._problem.setText(state.link_problem)
        self._problem.setVisible(bool(state.link_problem))

    def show_link(self, link: str) -> None:
        """A link from elsewhere: the command line, or the run before."""
        self.field.setText(link)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_link(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.field.setText(dropped_link(event.mimeData()))
        self._on_join()

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        self.field.show_plainly(shown)
        self.show_link_button.setText("Hide" if shown else "Show")

    @Slot()
    def _on_text_changed(self) -> None:
        self.connect_button.setEnabled(bool(self.field.link))

    @Slot()
    def _on_join(self) -> None:
        if self.field.link:
            self.show_link_button.setChecked(False)  # in use, it is to be hidden again
            self.join_asked.emit(self.field.link)
