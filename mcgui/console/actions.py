"""Everything that the window can be told to do, declared once; tool bar, menus and shortcuts share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from mcgui.icons import icon
from mcgui.theme import Theme


@dataclass(frozen=True)
class _Declared:
    text: str
    tip: str
    shortcut: str | QKeySequence.StandardKey | None = None
    sign: str = ""
    checkable: bool = False


_Key = QKeySequence.StandardKey
_ACTIONS: Final[dict[str, _Declared]] = {
    "new": _Declared("New environment", "Begin an empty environment", _Key.New, "new"),
    "open": _Declared("Open…", "Open a job document or an environment", _Key.Open, "open"),
    "save": _Declared("Save", "Save the environment", _Key.Save, "save"),
    "save_as": _Declared("Save environment as…", "Save the environment under another name", "Ctrl+Shift+S"),
    "save_job": _Declared(
        "Save job…", "Save environment, function, arguments and options as a job document", "Ctrl+Alt+S"
    ),
    "run": _Declared("Run", "Run the function on all of the arguments", "Ctrl+R", "run"),
    "pause": _Declared("Pause", "Start no more tasks of this job; those that run go on", "Ctrl+Shift+P"),
    "cancel": _Declared("Cancel", "End this job now. Results so far stay", "Ctrl+."),
    "retry": _Declared("Retry failed", "Run the failed tasks of this job again", "Ctrl+Shift+R", "retry"),
    "add_workers": _Declared("Add workers…", "How other computers join", "Ctrl+J", checkable=True),
    "share": _Declared("Let other computers join", "Listen to the network, not only to this computer", checkable=True),
    "worker": _Declared("Use this computer as a worker", "Run tasks here too", checkable=True),
    "copy_worker_link": _Declared("Copy the worker link", "All that another computer needs to work here", None, "copy"),
    "copy_console_link": _Declared(
        "Copy the console link", "Opens this cluster in a console elsewhere, with all rights"
    ),
    "reset_layout": _Declared("Reset the layout", "Put all panels back where they were at first"),
    "quit": _Declared("Quit", "End the window and the master in it", _Key.Quit),
}
SCHEMES: Final = {"system": "As the system", "light": "Light", "dark": "Dark"}


class Actions(QObject):
    """The actions by name: `actions["run"]`. Which can be used is told by `set_job` and others."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = {name: self._make(name, declared) for name, declared in _ACTIONS.items()}
        self.schemes = QActionGroup(self)
        for scheme, text in SCHEMES.items():
            action = QAction(text, self.schemes)
            action.setCheckable(True)
            action.setData(scheme)
            action.setChecked(scheme == theme.scheme)
        self.set_job(None)
        theme.changed.connect(self._dress)
        self._dress()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> tuple[QAction, ...]:
        return tuple(self._actions.values())

    def set_job(self, state: str | None, failed: int = 0) -> None:
        """Offer what can be done with the job that is shown, which is in this state; None: there is none."""
        ends = state in ("waiting", "running", "paused")
        self["pause"].setEnabled(ends)
        self["pause"].setText("Resume" if state == "paused" else "Pause")
        self["cancel"].setEnabled(ends)
        self["retry"].setEnabled(failed > 0)

    def _make(self, name: str, declared: _Declared) -> QAction:
        action = QAction(declared.text, self)
        action.setObjectName(name)
        action.setCheckable(declared.checkable)
        if declared.shortcut is not None:
            action.setShortcut(QKeySequence(declared.shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{declared.tip} ({keys})" if keys else declared.tip)
        return action

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        for name, declared in _ACTIONS.items():
            if declared.sign:
                colour = colours.on_accent if name == "run" else colours.muted
                self[name].setIcon(icon(declared.sign, colour))
