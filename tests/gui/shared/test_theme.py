"""The theme: readable in every scheme, and following who says which one."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mcgui.card import Card
from mcgui.colours import DARK, LIGHT, Colours
from mcgui.theme import Theme, set_tone

SCHEMES = pytest.mark.parametrize("colours", [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")])
TEXTS = ("text", "muted", "accent", "good", "warn", "bad")
SYNTAX = ("text", "muted", "keyword", "string", "number", "comment", "name", "builtin", "bad")


def luminance(colour: QColor) -> float:
    """Relative luminance, as WCAG 2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: QColor, second: QColor) -> float:
    """The contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@SCHEMES
@pytest.mark.parametrize("surface", ["window", "panel", "field"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_can_be_read_on_every_surface(colours: Colours, surface: str, name: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, surface)) >= 4.5


@SCHEMES
@pytest.mark.parametrize("surface", ["field", "current_line"])
@pytest.mark.parametrize("name", SYNTAX)
def test_source_can_be_read_in_the_editor(colours: Colours, surface: str, name: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, surface)) >= 4.5


@SCHEMES
def test_text_can_be_read_on_the_run_button_and_on_a_selection(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.text, colours.soft) >= 4.5


@SCHEMES
def test_bars_and_plots_stand_out_from_their_panel(colours: Colours) -> None:
    for colour in (*colours.series, colours.good, colours.warn, colours.bad, colours.idle, colours.accent):
        assert contrast(colour, colours.panel) >= 3


@SCHEMES
def test_no_two_series_have_the_same_colour(colours: Colours) -> None:
    def distance(first: QColor, second: QColor) -> int:
        return sum(abs(a - b) for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True))

    assert min(distance(*pair) for pair in combinations(colours.series, 2)) > 40


def test_a_chosen_scheme_is_in_force_at_once(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set_scheme("dark")
    assert theme.dark
    assert theme.colours is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == DARK.window
    theme.set_scheme("light")
    assert not theme.dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == LIGHT.window


def test_a_system_that_does_not_say_its_scheme_gets_a_light_one(theme: Theme) -> None:
    theme.set_scheme("dark")
    theme.set_scheme("system")
    assert not theme.dark


def test_a_scheme_that_is_none_is_refused_by_name(theme: Theme) -> None:
    with pytest.raises(ValueError, match="not 'purple'"):
        theme.set_scheme("purple")  # type: ignore[arg-type]


def test_a_label_takes_the_colour_of_its_tone(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("3 failed")
    qtbot.addWidget(label)
    label.ensurePolished()
    set_tone(label, "bad")
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.colours.bad
    set_tone(label, "")
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.colours.text


def test_the_primary_button_has_the_accent(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton("Run")
    button.setProperty("primary", True)
    qtbot.addWidget(button)
    button.resize(90, 30)
    assert button.grab().toImage().pixelColor(8, 15).name() == theme.colours.accent.name()


def test_a_card_is_named_after_its_title(theme: Theme, qtbot: QtBot) -> None:
    card = Card("Workers")
    qtbot.addWidget(card)
    assert card.accessibleName() == "Workers"
    card.set_title("Results")
    assert (card.title, card.accessibleName()) == ("Results", "Results")


def test_a_card_has_the_colour_of_a_panel_and_a_border(theme: Theme, qtbot: QtBot) -> None:
    card = Card("Workers")
    qtbot.addWidget(card)
    card.resize(200, 100)
    image = card.grab().toImage()
    assert image.pixelColor(100, 90).name() == theme.colours.panel.name()
    assert image.pixelColor(100, 0).name() == theme.colours.border.name()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_that_opens_has_one_frame(qtbot: QtBot, theme: Theme, scheme: str) -> None:
    theme.set_scheme(scheme)  # type: ignore[arg-type]
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.addItems(["one", "two"])
    combo.show()
    combo.showPopup()
    image = combo.view().window().grab().toImage()
    combo.hidePopup()
    down = [image.pixelColor(image.width() - 8, y).name() for y in range(5)]
    colours = DARK if scheme == "dark" else LIGHT
    menu = colours.panel.lighter(108).name()  # what Qt's style has around the list, as around a menu
    middle, right = image.height() // 2, image.width() - 1
    sides = [image.pixelColor(x, middle).name() for x in (0, right)]  # it goes all around
    if scheme == "light":
        assert set(down[1:]) <= {colours.panel.name(), colours.soft.name(), menu}
        assert sides == [down[0]] * 2
    else:  # Qt's is as dark as its surroundings: the list has its own within it
        assert down.count(colours.border.name()) == 1
        assert sides == [colours.border.name()] * 2
