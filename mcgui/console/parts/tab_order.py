"""Where the Tab key reaches what is made late: in its place, and not after all that was made before it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def put_after(before: QWidget, made: QWidget) -> None:
    """Have `made`, and all that is in it, come after `before`."""
    for one in (made, *made.findChildren(QWidget)):
        QWidget.setTabOrder(before, one)
        before = one
