"""Makes the pictures of every panel anew: `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from mcgui.theme import Theme
from tests.pictures.compare import font_sample
from tests.pictures.panels import SITUATIONS, photographed
from tests.pictures.stage import Stage, missing_font, one_font, stopped_clock


def main(folder: Path) -> int:
    app = QApplication([])
    missing = missing_font()
    if missing:
        print(f"The pictures need the font {missing}, which is not installed.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    font_sample().save(str(folder / "font.png"))
    with one_font(app), stopped_clock():
        theme = Theme(app, "light")
        for scheme in ("light", "dark"):
            theme.set_scheme(scheme)  # type: ignore[arg-type]
            for situation in SITUATIONS:
                with tempfile.TemporaryDirectory() as home:
                    stage = Stage(theme, Path(home))
                    for name, image in photographed(stage, situation):
                        image.save(str(folder / f"{name}-{situation}-{scheme}.png"), "PNG", 0)
                    stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
