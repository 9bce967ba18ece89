"""Brings the preferences to those that they concern: the session, the theme, the editor, notifications."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from mcgui.console.actions import ActionRegistry
from mcgui.console.jobs.loss_warning import LossWarning
from mcgui.console.master.master_switch import MasterSwitch
from mcgui.console.master.session import Session
from mcgui.console.preferences.preferences import Preferences
from mcgui.console.preferences.preferences_dialog import PreferencesDialog
from mcgui.settings import Settings
from mcgui.theme import Theme


class PreferenceApplier(QObject):
    """Owns the preferences. `changed(Preferences)`: they are different now."""

    changed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        theme: Theme,
        session: Session,
        actions: ActionRegistry,
        master_switch: MasterSwitch,
        loss_warning: LossWarning,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings, self._theme, self._session, self._actions = settings, theme, session, actions
        self._master_switch, self._loss_warning, self._window = master_switch, loss_warning, window
        self._preferences = Preferences.load(settings)
        self.dialog: PreferencesDialog | None = None  # while it is open
        actions["preferences"].triggered.connect(self.open)
        actions.schemes.triggered.connect(self._on_scheme_chosen)

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    @Slot()
    def open(self) -> None:
        """Show the dialog, which does not stop anything else."""
        if self.dialog is None:
            dialog = PreferencesDialog(self._preferences, self._theme, not self._session.state.wish.own, self._window)
            dialog.finished.connect(self._on_finished)
            self.dialog = dialog
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot(int)
    def _on_finished(self, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        assert dialog is not None, "it has just been finished"
        if result == QDialog.DialogCode.Accepted:
            self.take(dialog.chosen)
        dialog.deleteLater()

    def take(self, chosen: Preferences) -> None:
        """Keep these, and do what they say."""
        before, self._preferences = self._preferences, chosen
        if chosen == before:
            return
        chosen.store(self._settings)
        self._take_scheme(chosen)
        self._take_master(before, chosen)
        self.changed.emit(chosen)

    @Slot(str, object)
    def keep(self, name: str, value: Any) -> None:
        """Keep what was switched elsewhere in the window, where it has been done already: a field and its value."""
        self._preferences = replace(self._preferences, **{name: value})
        self._preferences.store(self._settings)

    @Slot(int, int)
    def keep_port(self, preferred: int, taken: int) -> None:
        """Keep the port that was taken in place of the preferred one, which was in use: workers look for the master
        there when it is started again. What a command line wished for is no preference."""
        if preferred == self._preferences.port:
            self.keep("port", taken)

    def _take_scheme(self, chosen: Preferences) -> None:
        for action in self._actions.schemes.actions():
            action.setChecked(action.data() == chosen.scheme)
        if chosen.scheme != self._theme.scheme:
            # After the menu has closed: a new style sheet while it is open leaves it half painted.
            QTimer.singleShot(0, self, lambda: self._theme.set_scheme(chosen.scheme))

    def _take_master(self, before: Preferences, chosen: Preferences) -> None:
        moved = (before.host, before.port, before.folder) != (chosen.host, chosen.port, chosen.folder)
        self._master_switch.set_own(chosen.wish)
        if not self._session.state.wish.own:
            return
        if moved and self._loss_warning.accepted("Start the master again"):
            self._session.open(chosen.wish)
        elif not moved:
            self._session.set_worker(chosen.worker)

    @Slot(QAction)
    def _on_scheme_chosen(self, action: QAction) -> None:
        self.take(replace(self._preferences, scheme=action.data()))
