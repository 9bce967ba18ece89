"""The wheel scrolls what a field lies in: no field is changed by somebody who scrolls past it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QDoubleSpinBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.preferences.preferences import Preferences
from mcgui.console.preferences.preferences_dialog import PreferencesDialog
from mcgui.theme import Theme
from mcgui.wheel_guard import guard_from_wheel
from tests.pictures.situations import stage as bring
from tests.pictures.stage import Stage, stopped_clock


def turned(field: QWidget, steps: int = -1) -> bool:
    """Turn the wheel over a field; whether the field has taken it for itself."""
    event = QWheelEvent(
        QPointF(3, 3), QPointF(field.mapToGlobal(QPoint(3, 3))), QPoint(), QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def chosen(field: QWidget) -> object:
    match field:
        case QComboBox():
            return field.currentIndex()
        case QSpinBox() | QDoubleSpinBox():
            return field.value()
    return None


def fields(root: QWidget) -> list[QWidget]:
    return [*root.findChildren(QComboBox), *root.findChildren(QAbstractSpinBox)]


def test_the_wheel_changes_nothing_in_the_window(
    qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    with stopped_clock():
        stage = Stage(theme, tmp_path)
        try:
            bring(stage, "full")
            parts = stage.window.parts
            # What is made when it is unfolded or opened, too.
            assert None not in (parts.form.options.form, parts.form.arguments.fields.sweep, parts.add_workers)
            found = fields(stage.window)
            assert len(found) >= 15
            assert [field.accessibleName() for field in found for steps in (-1, 1) if turned(field, steps)] == []
        finally:
            stage.close()


def test_the_wheel_changes_no_preference(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    dialog = PreferencesDialog(Preferences(folder=tmp_path), theme, elsewhere=False)
    qtbot.addWidget(dialog)
    found = fields(dialog)
    assert len(found) >= 4
    assert [field.accessibleName() for field in found for steps in (-1, 1) if turned(field, steps)] == []


@pytest.mark.parametrize("kind", [QComboBox, QSpinBox, QDoubleSpinBox])
def test_a_number_that_has_the_keyboard_is_turned_and_a_choice_is_not(qtbot: QtBot, kind: type[QWidget]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = guard_from_wheel(kind(window))
    if isinstance(field, QComboBox):
        field.addItems(["a", "b", "c"])
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.setFocus()
    before = chosen(field)
    assert not turned(field)
    assert chosen(field) == before
    field.setFocus()
    assert turned(field, -1 if isinstance(field, QComboBox) else 1) == (kind is not QComboBox)
    assert (chosen(field) != before) == (kind is not QComboBox)
