"""Where the owner joins a master: the link, hidden like a password, and what else may lead to one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mcgui.card import Card
from mcgui.theme import set_tone
from mcgui.worker.panel.link_field import LinkField
from mcgui.worker.panel.nearby_list import NearbyList
from mcgui.worker.panel.wrapped_label import wrapped_label
from mcgui.worker.state import WorkerState
from mcgui_core.protocol.join_link import SCHEME
from mcgui_core.protocol.lan_discovery import FoundMaster


class LinkCard(Card):
    """The link with Connect, below it what is wrong with it, if something is, and the masters found on the network.

    While a master is served or looked for it is hidden, but for what is wrong with another link that was dropped.

    Signals:
        join_asked(str): join the master of this link.
    """

    join_asked = Signal(str)

    def __init__(self, link: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Master")
        self._running = False
        self._label = QLabel("&Link", self)
        self.field = LinkField(self)
        self.field.setText(link)
        self._label.setBuddy(self.field)
        self.show_link_button = QPushButton("Show", self)
        self.show_link_button.setCheckable(True)
        self.show_link_button.setAccessibleName("Show the link")
        self.show_link_button.setToolTip("Show the link. Whoever has it can join this master.")
        self.connect_button = QPushButton("Connect", self)
        self.connect_button.setProperty("primary", True)
        self._problem = wrapped_label(self, "linkProblem")
        set_tone(self._problem, "bad")
        self.nearby = NearbyList(self)
        self._hint = wrapped_label(self, "keyHint")
        set_tone(self._hint, "muted")
        self._hint.setVisible(False)
        self._lay_out()
        self.field.returnPressed.connect(self._on_join)
        self.field.textChanged.connect(self._on_text_changed)
        self.show_link_button.toggled.connect(self._on_show_toggled)
        self.connect_button.clicked.connect(self._on_join)
        self.nearby.picked.connect(self._on_picked)
        self.show_state(WorkerState())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self.field, 1)
        row.addWidget(self.show_link_button)
        row.addWidget(self.connect_button)
        self.body.addLayout(row)
        for part in (self._hint, self._problem, self.nearby):
            self.body.addWidget(part)

    def show_state(self, state: WorkerState) -> None:
        self._running = state.running and state.kind != "trouble"  # one that is refused wants another link
        for widget in (self._label, self.field, self.show_link_button, self.connect_button):
            widget.setVisible(not self._running)
        if self._running:
            self._hint.setVisible(False)
        self.nearby.setVisible(not self._running and bool(self.nearby.masters))
        self.connect_button.setEnabled(bool(self.field.link))
        self._problem.setText(state.link_problem)
        self._problem.setVisible(bool(state.link_problem))
        self.setVisible(not self._running or bool(state.link_problem))

    def show_link(self, link: str) -> None:
        """A link from elsewhere: the command line, or the run before."""
        self.field.setText(link)

    def take(self, link: str) -> None:
        """Join with a link that was dropped."""
        self.field.setText(link)
        self._on_join()

    @Slot(object)
    def show_masters(self, masters: tuple[FoundMaster, ...]) -> None:
        """Those that were found on the network."""
        self.nearby.show_masters(masters)
        self.nearby.setVisible(not self._running and bool(masters))

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        self.field.show_plainly(shown)
        self.show_link_button.setText("Hide" if shown else "Show")

    @Slot()
    def _on_text_changed(self) -> None:
        self.connect_button.setEnabled(bool(self.field.link))

    @Slot(str, str)
    def _on_picked(self, name: str, address: str) -> None:
        """A master of the network: its address is known, its key has to come from a person."""
        given = self.field.link
        start, _, key = given.partition("#")
        if start.removeprefix(f"{SCHEME}://").partition("/")[0] != address:
            start, key = f"{SCHEME}://{address}", ""
        self.field.setText(f"{start}#{key}")
        self.show_link_button.setChecked(not key)  # there is nothing to hide yet
        self._hint.setText(f"Now type or paste the key of {name}: what stands after # in its link.")
        self._hint.setVisible(not key)
        self.field.setFocus()
        self.field.end(False)

    @Slot()
    def _on_join(self) -> None:
        if self.field.link:
            self.show_link_button.setChecked(False)  # in use, it is to be hidden again
            self.join_asked.emit(self.field.link)
