"""Says something to who hears the program instead of seeing it, the moment that it appears."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, urgent: bool = False) -> bool:
    """Have a screen reader say this; an urgent one at once, others when it has finished. False where none listens."""
    if not QAccessible.isActive():
        return False
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
    return True
