"""What the window offers when a master cannot be opened: each refusal with the way out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from mcgui.console.master.master_startup import Wish
from mcgui.console.master.session import Session, SessionState
from mcgui.console.parts.window_message_bar import Message, MessageBar, MessageKind
from mcgui_core.errors import AddressUnavailable, JournalUnusable

Offer = tuple[str, Callable[[], object]]


def way_out(error: Exception, wish: Wish) -> tuple[str, Wish] | None:
    """What to wish for instead, with the words for it; None where there is nothing better than to try again."""
    if isinstance(error, AddressUnavailable) and wish.port:
        return "Use any free port", replace(wish, port=0)
    if isinstance(error, JournalUnusable) and wish.journal is not None:
        return "Use a temporary journal", replace(wish, journal=None)
    if wish.link:
        return "Start a master here", replace(wish, link="", worker=True)
    return None


class StartupFailures(QObject):
    """Says why a wish was refused, and offers what can be done.

    `by_itself`: take the way out without asking, as a demonstration does that nobody sits in front of.
    `told_elsewhere`: whoever asked says it there, as long as the master of before is still (again) open.

    Signals:
        moved(int, int): a person took the second port in place of the first, which was in use, and it serves.
    """

    moved = Signal(int, int)

    def __init__(self, session: Session, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.by_itself = self.told_elsewhere = False
        self._session, self._messages = session, messages
        self._left = 0  # the port in use in place of which another one is being taken
        session.refused.connect(self._on_refused)
        session.changed.connect(self._on_changed)

    def _take(self, instead: Wish, wish: Wish) -> None:
        self._left = 0 if instead.port else wish.port
        self._session.open(instead)

    @Slot(object)
    def _on_changed(self, state: SessionState) -> None:
        if self._left and state.kind == "serving":
            left, self._left = self._left, 0
            self.moved.emit(left, state.wish.port)

    @Slot(object, object)
    def _on_refused(self, error: Exception, wish: Wish) -> None:
        self._left = 0
        if self.told_elsewhere and self._session.is_open:
            return
        instead = way_out(error, wish)
        if self.by_itself and instead is not None and not self._session.is_open:
            self._messages.say(Message("refused", f"{error}\nSo, instead: {instead[0].lower()}.", "info"))
            self._session.open(instead[1])
            return
        offers: list[Offer] = []
        if instead is not None and not self._session.is_open:
            offers.append((instead[0], lambda: self._take(instead[1], wish)))
        if not self._session.is_open:
            offers.append(("Try again", lambda: self._session.open(wish)))
        kind: MessageKind = "warning" if self._session.is_open else "error"
        text = str(error) or type(error).__name__
        if self._session.is_open:
            text += f"\nThe master serves on {self._session.state.address}, as before."
        self._messages.say(Message("serving", text, kind, actions=tuple(offers)))
