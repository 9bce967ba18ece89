"""The pictures in the docs show the window as it is. `make pictures` makes them anew; look at them before you keep them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from mcgui.theme import Theme
from tests.pictures.compare import different_share, font_sample
from tests.pictures.panels import PANELS, SITUATIONS, photographed, photographed_large
from tests.pictures.situations import Situation
from tests.pictures.stage import POINTS, Stage, missing_font, one_font, stopped_clock

PICTURES = Path(__file__).parents[2] / "resources" / "pictures" / "panels"
#: The share of a picture that may look different: an edge that falls onto another pixel, but no word and no control.
TOLERATED = 0.002


@pytest.fixture(autouse=True)
def same_font(qapp: QApplication) -> Iterator[None]:
    """Skips where letters look different for reasons that no window can help."""
    missing = missing_font()
    if missing:
        pytest.skip(f"The font {missing}, in which the pictures are, is not installed")
    if QApplication.platformName() != "offscreen":
        pytest.skip("The pictures were taken without a screen, and this run has one")
    if different_share(QImage(str(PICTURES / "font.png")), font_sample()) > TOLERATED:
        pytest.skip("This system draws the letters of the pictures' font differently (another FreeType or DejaVu)")
    with one_font(qapp), stopped_clock():
        yield


@pytest.mark.timeout(180)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_panels_look_as_in_their_pictures(
    qapp: QApplication, tmp_path: Path, situation: Situation, scheme: str
) -> None:
    theme = Theme(qapp, scheme)  # type: ignore[arg-type]
    stage = Stage(theme, tmp_path)
    different = {}
    try:
        for name, image in photographed(stage, situation):
            kept = QImage(str(PICTURES / f"{name}-{situation}-{scheme}.png"))
            share = different_share(kept, image)
            if share > TOLERATED:
                image.save(str(tmp_path / f"{name}.png"))
                different[name] = f"{share:.1%}, now it is {tmp_path / name}.png"
    finally:
        stage.close()
        theme.set_scheme("light")
    assert different == {}, "Look at these. Where they are as they should be, `make pictures` keeps them"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_window_looks_as_in_its_picture_with_text_of_twice_the_size(
    qapp: QApplication, tmp_path: Path, scheme: str
) -> None:
    with one_font(qapp, 2 * POINTS):
        theme = Theme(qapp, scheme)  # type: ignore[arg-type]  # in the measures of this text
        stage = Stage(theme, tmp_path)
        try:
            ((_, image),) = photographed_large(stage)
        finally:
            stage.close()
    theme.set_scheme("light")
    share = different_share(QImage(str(PICTURES / f"window-large-{scheme}.png")), image)
    image.save(str(tmp_path / "window-large.png"))
    assert share <= TOLERATED, f"It differs in {share:.1%}: look at {tmp_path / 'window-large.png'}"


def test_there_is_a_picture_for_every_panel_and_none_of_a_panel_that_is_gone() -> None:
    of_panels = {f"{name}-{situation}" for name, (_, situations) in PANELS.items() for situation in situations}
    wanted = {f"{name}-{scheme}" for name in {*of_panels, "window-large"} for scheme in ("light", "dark")}
    assert {path.stem for path in PICTURES.glob("*.png")} - {"font"} == wanted


def test_the_pictures_are_no_burden() -> None:
    assert sum(path.stat().st_size for path in PICTURES.parent.rglob("*.png")) < 3_000_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_word_more_makes_a_picture_different(scheme: str) -> None:
    picture = QImage(str(PICTURES / f"preferences-full-{scheme}.png")).convertToFormat(QImage.Format.Format_RGB32)
    changed = picture.copy()
    painter = QPainter(changed)
    painter.setPen(QColor("#888888"))
    painter.drawText(330, 120, "of this computer")
    painter.end()
    assert different_share(picture, picture) == 0
    assert different_share(picture, changed) > TOLERATED
