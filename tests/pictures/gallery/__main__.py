"""Makes pictures of every panel, dialog and list of both windows: `python -m tests.pictures.gallery FOLDER`.

Each combination of theme, size of text and size of screen is made in a process of its own, whose screen has that size,
so that windows that keep within it do. The pictures are to be looked at, not kept: a real master answers, so no two
runs are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

_SIZES = ("1440x900", "1280x680")
_TEXTS = (100, 150, 200)
_THEMES = ("light", "dark")
_SCENES = ("scripted", "worker", "console")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures.gallery", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=_THEMES)
    parser.add_argument("--text", type=int, choices=_TEXTS, help="per cent")
    parser.add_argument("--size", choices=_SIZES)
    parser.add_argument("--only", choices=_SCENES, help="with a scripted master, of the worker, or of a real console")
    parser.add_argument("--cut", action="store_true", help="tell which words are not seen as a whole, scene by scene")
    given = parser.parse_args()
    if given.theme and given.text and given.size:
        return _combination(given.folder, given.theme, given.text, given.size, given.only, given.cut)
    failed = 0
    for theme in [given.theme] if given.theme else _THEMES:
        for text in [given.text] if given.text else _TEXTS:
            for size in [given.size] if given.size else _SIZES:
                chosen = ["--theme", theme, "--text", str(text), "--size", size]
                command = [sys.executable, "-m", "tests.pictures.gallery", *sys.argv[1:], *chosen]
                failed += subprocess.run(command, check=False).returncode != 0
    return int(failed > 0)


def _combination(folder: Path, theme: str, text: int, size: str, only: str | None, cut: bool) -> int:
    """All pictures of one combination, in a folder of their own."""
    width, height = map(int, size.split("x"))
    with tempfile.TemporaryDirectory() as home:
        screen = Path(home) / "screen.json"
        place = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height}
        screen.write_text(json.dumps({"screens": [place]}))
        os.environ |= {
            "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
            "HOME": home,
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_DATA_HOME": f"{home}/data",
            "XDG_CACHE_HOME": f"{home}/cache",
        }
        return _photograph(folder / f"{theme}-{text}-{size}", Path(home), theme, text, (width, height), only, cut)


def _photograph(
    folder: Path, home: Path, scheme: str, text: int, size: tuple[int, int], only: str | None, cut: bool
) -> int:
    # Here: Qt looks at the environment when it is imported.
    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QApplication

    from mcgui.theme import Theme
    from tests.pictures.gallery import console_scenes, scripted_scenes, worker_scenes
    from tests.pictures.gallery.cut_words import KEY, SCROLLS
    from tests.pictures.stage import POINTS, lacks_font, one_font

    app = QApplication([])
    if lacks_font():
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for before in folder.glob("*.png"):  # of scenes that may fail now, or have another name
        if only is None or before.name.startswith(f"{only}-"):
            before.unlink()
    failed, told = 0, set[str]()
    with one_font(app, POINTS * text / 100):
        theme = Theme(app, scheme)  # type: ignore[arg-type]
        for name, made in zip(_SCENES, (scripted_scenes, worker_scenes, console_scenes), strict=True):
            if only not in (None, name):
                continue
            try:
                for title, image in made.scenes(app, theme, home, QSize(*size)):
                    image.save(str(folder / f"{title}.png"))
                    for line in image.text(KEY).splitlines() if cut else ():
                        if line not in told or line.startswith(SCROLLS):
                            print(f"{title}: {line}", flush=True)
                        told.add(line)
            except Exception:  # noqa: BLE001 - the other pictures are wanted all the same
                traceback.print_exc()
                failed += 1
    print(f"{folder}: {len(list(folder.glob('*.png')))} pictures", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
