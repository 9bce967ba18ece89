"""Text can be read where it stands: its colour against what is painted behind it, over the whole window, in both themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from mcgui.colours import DARK, LIGHT, Colours
from mcgui.theme import Theme
from tests.gui.shared.test_theme import contrast
from tests.pictures.panels import PANELS
from tests.pictures.situations import SITUATIONS, Situation
from tests.pictures.situations import stage as bring
from tests.pictures.stage import Stage, stopped_clock

#: What WCAG AA asks of text; of large and bold text, and of signs, it asks 3.
READABLE, SEEN = 4.5, 3.0
TEXTS = (QLabel, QAbstractButton, QLineEdit, QComboBox)


@pytest.fixture
def stage(qapp: QApplication, theme: Theme, tmp_path: Path, scheme: str, situation: Situation) -> Iterator[Stage]:
    with stopped_clock():
        theme.set_scheme(scheme)  # type: ignore[arg-type]
        made = Stage(theme, tmp_path)
        bring(made, situation)
        yield made
        made.close()


def behind(image: QImage, place: QRect) -> QColor:
    """The colour that most of this place has: what is behind the text in it. Some points of a large place will do."""
    across, down = max(2, place.width() // 30), max(2, place.height() // 15)
    points = (
        (x, y)
        for x in range(place.left() + 2, place.right() - 1, across)
        for y in range(place.top() + 2, place.bottom() - 1, down)
    )
    seen = Counter(image.pixel(x, y) for x, y in points if image.rect().contains(x, y))
    return QColor(seen.most_common(1)[0][0]) if seen else QColor()


def written(widget: QWidget) -> QColor:
    """The colour of its text."""
    role = QPalette.ColorRole.ButtonText if isinstance(widget, QAbstractButton | QComboBox) else widget.foregroundRole()
    if isinstance(widget, QLineEdit):
        role = QPalette.ColorRole.Text if widget.text() else QPalette.ColorRole.PlaceholderText
    return widget.palette().color(role)


def words(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def hard_to_read(panel: QWidget) -> Iterator[str]:
    image = panel.grab().toImage()
    image.setDevicePixelRatio(1)
    for widget in panel.findChildren(QWidget):
        # What cannot be used is exempt, in the standard too.
        if (
            not isinstance(widget, TEXTS)
            or not widget.isVisible()
            or not widget.isEnabled()
            or not words(widget).strip()
        ):
            continue
        place = QRect(widget.mapTo(panel, QPoint(0, 0)), widget.size())
        if not image.rect().intersects(place):
            continue
        ratio = contrast(written(widget), behind(image, place))
        if ratio < READABLE:
            yield f"{words(widget)!r} has {ratio:.2f}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_text_in_the_window_can_be_read(stage: Stage, situation: Situation, scheme: str) -> None:
    found = []
    for name, (show, situations) in PANELS.items():
        if situation in situations and name != "window":
            found += [f"{name}: {problem}" for problem in hard_to_read(show(stage, situation))]
    assert "\n".join(found) == ""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("situation", ["full", "error"])
def test_every_cell_of_a_table_can_be_read_also_where_its_row_is_selected(
    stage: Stage, situation: Situation, scheme: str
) -> None:
    colours = DARK if scheme == "dark" else LIGHT
    found = []
    for view in stage.window.findChildren(QAbstractItemView):
        model = view.model()
        if model is None:
            continue
        for row in range(min(model.rowCount(), 12)):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                colour = index.data(Qt.ItemDataRole.ForegroundRole)
                colour = colour.color() if hasattr(colour, "color") else colour
                if isinstance(colour, QColor) and contrast(colour, colours.panel) < READABLE:
                    found.append(f"{view.accessibleName()}: {index.data()!r} has {contrast(colour, colours.panel):.2f}")
    assert found == []


def _ink(icon: QIcon) -> QColor:
    """The colour of the pixel that it covers most."""
    image = icon.pixmap(32, 32).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=QColor.alpha)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("situation", ["full"])
def test_every_sign_can_be_seen_in_a_menu_and_on_its_button(stage: Stage, scheme: str) -> None:
    colours, actions = DARK if scheme == "dark" else LIGHT, stage.window.parts.actions
    for action in actions.all():
        if not action.icon().isNull():
            assert contrast(_ink(action.icon()), colours.panel) >= SEEN, action.text()
    button = stage.window.findChild(QToolButton, "button_run")
    assert button is not None
    for _ in range(2):
        assert contrast(_ink(button.icon()), colours.accent) >= SEEN
        actions["run"].setEnabled(not actions["run"].isEnabled())  # which dresses the button anew


@pytest.mark.parametrize("colours", [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")])
def test_what_shows_where_the_keyboard_is_stands_out(colours: Colours) -> None:
    for surface in (colours.window, colours.panel, colours.field):
        assert contrast(colours.accent, surface) >= 3
