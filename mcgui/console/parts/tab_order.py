"""Where the Tab key reaches what is made late: in its place, and not after all that was made before it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


def put_after(before: QWidget, made: QWidget) -> None:
    """Have `made`, and all that is in it, come after `before`; where that takes no focus, after the last that does."""
    place = before
    while not _stops(before):  # Qt does nothing with one that does not
        earlier = before.previousInFocusChain()
        assert earlier is not None, "it is a ring"
        if earlier is place:
            return  # nothing in this window takes it
        before = earlier
    for one in (made, *made.findChildren(QWidget)):
        if _stops(one) and one.window() is before.window():  # not what pops up
            QWidget.setTabOrder(before, one)
            before = one


def _stops(widget: QWidget) -> bool:
    """Whether the Tab key comes to it. The field in a choice or a number goes with that, as Qt has it."""
    inner = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not inner
