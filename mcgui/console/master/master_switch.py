"""From the window's own master to one that runs already, and back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from mcgui.console.actions import Actions
from mcgui.console.jobs.loss_warning import LossWarning
from mcgui.console.master.connect_panel import ConnectPanel
from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session, SessionState
from mcgui.console.master.startup_failures import OpenFailures


class MasterSwitch(QObject):
    """Keeps the actions Connect and Disconnect, and their panel, in step with the session.

    `own`: what to go back to where the window began with a master elsewhere.
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        panel: ConnectPanel,
        refusals: OpenFailures,
        losses: LossWarning,
        own: Wish,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._actions, self._panel = session, actions, panel
        self._refusals, self._losses, self._own = refusals, losses, own
        self._asked = False  # by the panel, and not answered yet
        session.changed.connect(self._on_session_changed)
        session.refused.connect(self._on_refused)
        panel.wanted.connect(self.connect_to)
        panel.closed.connect(self._on_closed)
        actions["connect"].toggled.connect(self._on_toggled)
        actions["disconnect"].triggered.connect(self.disconnect_from)
        self._on_session_changed(session.state)

    def set_own(self, own: Wish) -> None:
        """Go back to this one, when it comes to that."""
        self._own = own

    @Slot(str)
    def connect_to(self, link: str) -> None:
        """Show the master of this link; the window's own one ends, with its jobs in its journal."""
        if self._session.busy or not self._losses.accepted("Connect"):
            return
        self._asked = self._refusals.told_elsewhere = True
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
        self._panel.set_waiting(state.address if self._asked and state.kind == "starting" else "")
        if self._asked and state.kind == "serving" and not wish.own:
            self._answered()
            self._actions["connect"].setChecked(False)

    @Slot(object, object)
    def _on_refused(self, error: Exception, _wish: Wish) -> None:
        if self._asked:
            self._answered()
            self._panel.say(str(error) or type(error).__name__)

    def _answered(self) -> None:
        self._asked = self._refusals.told_elsewhere = False
        self._panel.set_waiting("")

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        if shown:
            self._panel.begin()

    @Slot()
    def _on_closed(self) -> None:
        self._actions["connect"].setChecked(False)
