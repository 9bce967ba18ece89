"""For who hears the program instead of seeing it: says what appears, and what a widget is that paints itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAccessibleWidget, QTabWidget, QWidget

#: What Qt has of us, as long as it has it.
_KEPT: set[QAccessibleWidget] = set()


def announce(widget: QWidget, text: str, urgent: bool = False) -> bool:
    """Have a screen reader say this; an urgent one at once, others when it has finished. False where none listens."""
    if not QAccessible.isActive():
        return False
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
    return True


def give_role(widget: QWidget, role: QAccessible.Role) -> None:
    """Say what a widget is that paints itself: to Qt it is nothing in particular. To be called as it is made."""
    said = QAccessibleWidget(widget, role, "")  # its name is the widget's
    QAccessible.registerAccessibleInterface(said)
    # Qt deletes it with the widget. Until then Python must not, which would if the widget alone kept it: garbage is
    # cleared away in any order.
    _KEPT.add(said)
    widget.destroyed.connect(lambda: _KEPT.discard(said))


def reach_by_bar(pages: QTabWidget) -> None:
    """Let the Tab key come to the bar of tabs, and not to what holds it, of which nothing is heard."""
    pages.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its bar's too
    pages.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
