"""The wheel scrolls the form that a field lies in, and leaves the field as it is."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

Field = TypeVar("Field", bound=QWidget)


class _WheelGuard(QObject):
    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(field, QWidget) or _is_at_hand(field):
            return False
        event.ignore()  # so that Qt offers it to what the field lies in
        return True


def guard_from_wheel(field: Field) -> Field:
    """Have a choice, a number or a slider be changed by nobody who scrolls past it. Returns the field.

    Numbers and sliders are turned by the wheel once they have the keyboard; choices never: who has just chosen goes on
    to scroll with the pointer where it is.
    """
    if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelGuard(field))
    return field


def _is_at_hand(field: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return not isinstance(field, QComboBox) and focus is not None and (focus is field or field.isAncestorOf(focus))
