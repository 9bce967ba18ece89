"""Keeps the panel of links in step with the master, does what is wanted there, and tells who knocks without a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from mcgui.background import Background
from mcgui.console.actions import ActionRegistry
from mcgui.console.drawer import Drawer
from mcgui.console.master.session import Session, SessionState
from mcgui.console.parts.drawer_focus import DrawerFocus
from mcgui.console.parts.window_message_bar import Message, MessageBar
from mcgui_core.protocol.messages import AccessReport, Snapshot

if TYPE_CHECKING:
    from mcgui.console.master.links_panel import LinksPanel
    from mcgui_core.client.cluster import Cluster


class LinksController(QObject):
    """Asks the master in the background."""

    def __init__(
        self,
        session: Session,
        background: Background,
        actions: ActionRegistry,
        drawer: Drawer[LinksPanel],
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._background, self._actions = session, background, actions
        self._drawer, self._messages = drawer, messages
        self._seen: tuple[int, frozenset[str]] = (0, frozenset())  # failed proofs, nodes that were sent away
        self._told = False  # of failed proofs; once for each master
        actions["links"].toggled.connect(self._on_toggled)
        drawer.made.connect(self._on_made)
        session.changed.connect(self._on_session_changed)
        session.snapshot_arrived.connect(self._on_snapshot)
        self._on_session_changed(session.state)

    @Slot()
    def _on_made(self) -> None:
        panel = self._drawer.panel
        panel.closed.connect(self._on_closed)
        panel.copy_wanted.connect(self._on_copy)
        panel.change_wanted.connect(self._on_change)
        panel.allow_wanted.connect(self._on_allow)
        DrawerFocus(panel, panel.buttons["worker", "copy"], panel.closed.emit)

    def _ask(self, call: Callable[[Cluster], Any], done: Callable[[Any], None]) -> None:
        if self._session.is_open:
            cluster = self._session.cluster
            self._background.run(lambda: call(cluster), done, self._on_failed)

    def _look(self) -> None:
        self._ask(lambda cluster: cluster.access(), self._on_access)

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        if shown:
            self._look()

    @Slot()
    def _on_closed(self) -> None:
        self._actions["links"].setChecked(False)

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        self._actions.set_obstacle("links", "" if self._session.is_open else "There is no master yet.")
        if state.kind == "starting":
            self._seen, self._told = (0, frozenset()), False
            self._messages.clear("proofs")
        elif self._actions["links"].isChecked():
            self._look()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        away = frozenset(node.id for node in snapshot.nodes if node.reason_code == "sent away")
        seen = (snapshot.failed_proofs, away)
        if seen == self._seen:
            return
        knocked = snapshot.failed_proofs > self._seen[0] and not self._told
        self._seen = seen
        if knocked or self._actions["links"].isChecked():
            self._look()

    def _on_access(self, report: AccessReport) -> None:
        if not self._session.is_open:
            return
        if self._drawer.is_made:
            self._drawer.panel.show_access(report, not self._session.cluster.watches_only)
        if report.latest and not self._told:
            self._told = True
            from mcgui.console.master.links_panel import in_words

            show = ("Show the links", lambda: self._actions["links"].setChecked(True))
            self._messages.say(Message("proofs", in_words(report), "warning", actions=(show,)))

    @Slot(str)
    def _on_copy(self, kind: str) -> None:
        cluster = self._session.cluster
        links = {"worker": cluster.worker_link, "watch": cluster.watch_link, "console": cluster.console_link}
        QApplication.clipboard().setText(links[kind])

    @Slot(str, str)
    def _on_change(self, kind: Any, change: str) -> None:
        if change == "renew":
            self._ask(lambda cluster: cluster.renew_link(kind), lambda link: self._on_renewed(kind, link))
        else:
            self._ask(
                lambda cluster: cluster.revoke_link(kind), lambda _: self._on_changed(f"The {kind} link is revoked.")
            )

    def _on_renewed(self, kind: str, link: str) -> None:
        wish = self._session.state.wish
        if kind == "console" and not wish.own:
            self._session.open(replace(wish, link=link))  # what else the window has open came by the old one
            return
        self._on_changed(f"There is a new {kind} link. Copy it for those who are to have it.")

    def _on_changed(self, said: str) -> None:
        self._drawer.panel.say(said, "info")
        self._session.tell_again()
        self._look()

    @Slot(str)
    def _on_allow(self, node: str) -> None:
        self._ask(lambda cluster: cluster.allow_again(node), lambda _: self._look())

    def _on_failed(self, error: Exception) -> None:
        if self._drawer.is_made:
            self._drawer.panel.say(str(error) or type(error).__name__)
