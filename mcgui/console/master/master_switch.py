"""From the window's own master to one that runs already, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mcgui.console.actions import ActionRegistry
from mcgui.console.drawer import Drawer
from mcgui.console.jobs.loss_warning import LossWarning
from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session, SessionState
from mcgui.console.master.startup_failures import StartupFailures

if TYPE_CHECKING:
    from mcgui.console.master.connect_panel import ConnectPanel


class MasterSwitch(QObject):
    """Keeps the actions Connect and Disconnect, and their panel, in step with the session.

    `own`: what to go back to where the window began with a master elsewhere.
    """

    def __init__(
        self,
        session: Session,
        actions: ActionRegistry,
        drawer: Drawer[ConnectPanel],
        startup_failures: StartupFailures,
        loss_warning: LossWarning,
        own: Wish,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._actions, self._drawer = session, actions, drawer
        self._startup_failures, self._loss_warning, self._own = startup_failures, loss_warning, own
        self._asked = False  # by the panel, and not answered yet
        session.changed.connect(self._on_session_changed)
        session.refused.connect(self._on_refused)
        drawer.made.connect(self._on_made)
        actions["connect"].toggled.connect(self._on_toggled)
        actions["disconnect"].triggered.connect(self.disconnect_from)
        self._on_session_changed(session.state)

    @Slot()
    def _on_made(self) -> None:
        self._drawer.panel.wanted.connect(self.connect_to)
        self._drawer.panel.closed.connect(self._on_closed)
        self._show_waiting()

    def _show_waiting(self) -> None:
        state = self._session.state
        if self._drawer.is_made:
            self._drawer.panel.set_waiting(state.address if self._asked and state.kind == "starting" else "")

    def set_own(self, own: Wish) -> None:
        """Go back to this one, when it comes to that."""
        self._own = own

    @Slot(str)
    def connect_to(self, link: str) -> None:
        """Show the master of this link; the window's own one ends, with its jobs in its journal."""
        if self._session.busy or not self._loss_warning.accepted("Connect"):
            return
        self._asked = self._startup_failures.told_elsewhere = True
        self._session.open(Wish(link=link, worker=False))

    @Slot()
    def disconnect_from(self) -> None:
        """Let go of the master elsewhere, which goes on, and start the window's own again."""
        self._session.open(self._own)

    @Slot(object)
    def _on_session_changed(self, state: SessionState) -> None:
        wish = state.wish
        if wish.own and state.kind == "serving":
            self._own = wish
        elsewhere = "" if not wish.own else "The window shows its own master."
        self._actions.set_obstacle("disconnect", elsewhere)
        self._show_waiting()
        if self._asked and state.kind == "serving" and not wish.own:
            self._answered()
            self._actions["connect"].setChecked(False)

    @Slot(object, object)
    def _on_refused(self, error: Exception, _wish: Wish) -> None:
        if self._asked:
            self._answered()
            self._drawer.panel.say(str(error) or type(error).__name__)

    def _answered(self) -> None:
        self._asked = self._startup_failures.told_elsewhere = False
        self._show_waiting()

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        if shown:
            self._drawer.panel.begin()

    @Slot()
    def _on_closed(self) -> None:
        self._actions["connect"].setChecked(False)
