"""Asking where to save: what has no ending gets one, and no file is replaced that nobody was asked about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mcgui.plain_text import plain_tip

#: What says of which kind a file is: not the 2 of "model v1.2".
_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,6}")
#: The first ending of a filter of Qt's: "JPEG (*.jpg *.jpeg)".
_OF_FILTER: Final = re.compile(r"\(\*(\.[A-Za-z0-9]+)")


def ask_where_to_save(
    parent: QWidget, title: str, suggested: str, filters: str, ending: str = ""
) -> tuple[Path, str] | None:
    """The path, and the filter that was chosen; None where the user thought better of it.

    `filters` are as Qt has them. A name without an ending gets the one of the chosen filter, or of `suggested`. With an
    `ending`, it has that in any case.
    """
    while True:
        name, chosen = QFileDialog.getSaveFileName(parent, title, suggested, filters)
        if not name:
            return None
        path = _complete(Path(name), ending, chosen, suggested)
        # Qt's dialog asked about what was typed; where that is the path, the answer is known.
        if str(path) == str(Path(name)) or not path.exists() or _may_replace(parent, title, path):
            return path, chosen
        suggested = str(path)


def _complete(path: Path, ending: str, chosen: str, suggested: str) -> Path:
    if ending:
        return path if path.suffix.lower() == ending else path.with_name(path.name + ending)
    if _ENDING.fullmatch(path.suffix):
        return path
    found = _OF_FILTER.search(chosen)
    return path.with_name(path.name + (found[1] if found else Path(suggested).suffix))


def _may_replace(parent: QWidget, title: str, path: Path) -> bool:
    button = QMessageBox.StandardButton
    text = plain_tip(f"{path.name} is in {path.parent} already. Replace it?")
    return QMessageBox.question(parent, title, text, button.Yes | button.No, button.No) == button.Yes
