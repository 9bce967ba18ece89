"""The menu Help: opens the guide, at the page that is about where one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from mcgui.console.actions import ActionRegistry
from mcgui.console.master.session import Session
from mcgui.theme import Theme
from mcgui_core.protocol.messages import Snapshot

if TYPE_CHECKING:
    from mcgui.console.help.help_window import HelpPage, HelpWindow

_FIRST: Final = "first-steps"


class HelpController(QObject):
    """`leaves` gives all actions with their menus; `places` says which page is about which part of the window."""

    def __init__(
        self,
        actions: ActionRegistry,
        leaves: Callable[[], Iterable[tuple[str, QAction]]],
        places: dict[QWidget, str],
        session: Session,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._leaves, self._places, self._session, self._theme = leaves, places, session, theme
        self._window = window
        self._snapshot: Snapshot | None = None
        self._help: HelpWindow | None = None
        actions["guide"].triggered.connect(self._on_guide)
        actions["shortcuts"].triggered.connect(lambda: self.show_page("shortcuts"))
        actions["whats_new"].triggered.connect(lambda: self.show_page("changes"))
        actions["report"].triggered.connect(lambda: self.show_page("report"))
        session.snapshot_arrived.connect(self._on_snapshot)

    def show_page(self, name: str) -> None:
        """Open the window of the guide at this page."""
        from mcgui.console.help.help_window import HelpWindow

        if self._help is None:
            self._help = HelpWindow((), self._theme, self._window)
        self._help.set_pages(self._pages())
        self._help.show_page(name)

    @property
    def window(self) -> HelpWindow | None:
        """The window of the guide, once it was opened."""
        return self._help

    def _pages(self) -> tuple[HelpPage, ...]:
        from mcgui.console.help.guide_pages import changes, guide_pages
        from mcgui.console.help.help_window import HelpPage
        from mcgui.console.help.key_list import key_page
        from mcgui.console.help.report_text import report_text

        guide = tuple(HelpPage(page.name, page.title, page.text, page.path) for page in guide_pages())
        facts = report_text(self._theme, self._session.state, self._snapshot)
        report = (
            "# Version and report\n\nWhen you report a problem, say what you did, what you expected and what came "
            f"instead, and add these lines (the button *Copy* takes them):\n\n```\n{facts}\n```\n"
        )
        return (
            *guide,
            HelpPage("shortcuts", "Keyboard shortcuts", key_page(self._leaves())),
            HelpPage("changes", "What is new", changes() or "# What is new\n\nNobody wrote it down."),
            HelpPage("report", "Version and report", report, copies=True),
        )

    @Slot()
    def _on_guide(self) -> None:
        at: QWidget | None = QApplication.focusWidget()
        while at is not None and at not in self._places:
            at = at.parentWidget()
        self.show_page(self._places[at] if at is not None else _FIRST)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
