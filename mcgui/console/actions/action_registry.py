"""The actions by name, made of what is declared; tool bar, menus, shortcuts and the command palette share them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from mcgui.console.actions import (
    edit_menu,
    file_menu,
    help_menu,
    job_menu,
    results_menu,
    throughput_menu,
    view_menu,
    workers_menu,
)
from mcgui.console.actions.action_declaration import ActionDeclaration, Submenu
from mcgui.icons import icon
from mcgui.theme import Theme

#: In the order of the menus, and within each in the order of the menu.
LAYOUT: Final[tuple[ActionDeclaration | Submenu, ...]] = (
    *file_menu.ACTIONS,
    *edit_menu.ACTIONS,
    *job_menu.ACTIONS,
    *workers_menu.ACTIONS,
    *throughput_menu.ACTIONS,
    *results_menu.ACTIONS,
    *view_menu.ACTIONS,
    *help_menu.ACTIONS,
)
DECLARED: Final = tuple(one for one in LAYOUT if isinstance(one, ActionDeclaration))
#: What a watch link does not permit.
CHANGE_SOMETHING: Final = (
    "run", "pause", "cancel", "retry", "run_again", "run_selected", "raise_priority", "lower_priority", "resume_held",
    "delete_job", "describe_job", "delete_old_jobs",
    "worker", "copy_worker_link", "copy_console_link", "worker_processors", "worker_pause", "worker_resume",
    "worker_retire", "worker_retire_now", "worker_send_away", "worker_allow", "worker_forget",
)  # fmt: skip
WATCHES: Final = "This window came by a watch link, which shows everything and changes nothing."
_WHY: Final = "mcgui-why-not"
_WORDS: Final = "mcgui-words"


class ActionRegistry(QObject):
    """The actions by name: `actions["run"]`.

    A new one is declared in the file of its menu, and connected to whoever does it. One that cannot be used just now
    has an obstacle (`set_obstacle`): it is grey, and says why.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._watching = False
        self._obstacles: dict[str, str] = {}  # as they were set
        self._declared = {declared.name: declared for declared in DECLARED}
        self._actions = {name: self._make(declared) for name, declared in self._declared.items()}
        self.schemes = QActionGroup(self)
        for name, action in self._actions.items():
            if name.startswith(view_menu.SCHEME):
                self.schemes.addAction(action)
                action.setData(name.removeprefix(view_menu.SCHEME))
                action.setChecked(action.data() == theme.scheme)
        self.set_job(None)
        theme.changed.connect(self._dress)
        self._dress()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> tuple[QAction, ...]:
        return tuple(self._actions.values())

    def of_window(self) -> tuple[QAction, ...]:
        """Those whose shortcuts hold in the whole window."""
        return tuple(self[name] for name, declared in self._declared.items() if declared.scope == "window")

    def declared(self, name: str) -> ActionDeclaration:
        return self._declared[name]

    def set_obstacle(self, name: str, why: str) -> None:
        """Grey an action, and say in a sentence why it cannot be used now; "" offers it again."""
        action = self[name]
        self._obstacles[name] = why
        if self._watching and name in CHANGE_SOMETHING:
            why = WATCHES
        if obstacle(action) == why:  # as with most snapshots: nobody who watches the action is to hear of it
            return
        action.setProperty(_WHY, why)
        action.setEnabled(not why)
        action.setToolTip(_tip(action, self._declared[name].tip))

    def set_watching(self, watching: bool) -> None:
        """Whether the window came by a watch link: then nothing is offered that changes something."""
        self._watching = watching
        for name in CHANGE_SOMETHING:
            self.set_obstacle(name, self._obstacles.get(name, ""))

    def set_job(self, state: str | None, failed: int = 0) -> None:
        """Offer what can be done with the job that is shown, which is in this state; None: there is none."""
        over = "" if state in ("waiting", "running", "paused") else "The job that is shown is over."
        if state is None:
            over = "There is no job yet."
        self["pause"].setText("Resume" if state == "paused" else "Pause")
        self.set_obstacle("pause", over)
        self.set_obstacle("cancel", over)
        some = bool(failed) or state in ("stopped", "cancelled")  # of those, what never ran runs as well
        self.set_obstacle("retry", "" if some else "No task of the job that is shown has failed.")

    def _make(self, declared: ActionDeclaration) -> QAction:
        action = QAction(declared.text, self)
        action.setObjectName(declared.name)
        action.setCheckable(declared.checkable)
        action.setShortcut(QKeySequence(declared.shortcut))
        action.setProperty(_WORDS, declared.words)
        if declared.scope == "panel":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(_tip(action, declared.tip))
        return action

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        for name, declared in self._declared.items():
            if declared.sign:
                self[name].setIcon(icon(declared.sign, colours.muted))


def obstacle(action: QAction) -> str:
    """Why this action cannot be used now; "" where it can."""
    if action.isEnabled():
        return ""
    return str(action.property(_WHY) or "") or "It cannot be used just now."


def further_words(action: QAction) -> str:
    """Words that it is found by besides its text."""
    return str(action.property(_WORDS) or "")


def keys_of(action: QAction) -> str:
    """Its shortcut as this system writes it; "" where it has none."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _tip(action: QAction, tip: str) -> str:
    keys, why = keys_of(action), str(action.property(_WHY) or "")
    return (f"{tip} ({keys})" if keys else tip) + (f"\n{why}" if why else "")
