"""Makes the pictures of every panel anew: `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mcgui.theme import Theme
from tests.pictures.compare import font_sample
from tests.pictures.panels import SITUATIONS, photographed, photographed_large
from tests.pictures.slim import slim
from tests.pictures.stage import POINTS, Stage, lacks_font, one_font, stopped_clock


def main(folder: Path) -> int:
    app = QApplication([])
    if lacks_font():
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    font_sample().save(str(folder / "font.png"))
    theme = Theme(app, "light")
    with stopped_clock():
        for scheme in ("light", "dark"):
            theme.set_scheme(scheme)  # type: ignore[arg-type]
            for situation in SITUATIONS:
                with one_font(app):
                    _take(
                        theme, folder, f"{situation}-{scheme}", lambda stage, what=situation: photographed(stage, what)
                    )
            with one_font(app, 2 * POINTS):
                theme.set_scheme(scheme)  # type: ignore[arg-type]  # in the measures of this text
                _take(theme, folder, f"large-{scheme}", photographed_large)
    return 0


def _take(theme: Theme, folder: Path, ending: str, pictures: Callable[[Stage], Iterable[tuple[str, QImage]]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        stage = Stage(theme, Path(home))
        for name, image in pictures(stage):
            slim(image).save(str(folder / f"{name}-{ending}.png"), quality=0)
        stage.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
