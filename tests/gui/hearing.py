"""What the programs say to who hears them."""

from __future__ import annotations

from types import ModuleType

import pytest
from PySide6.QtWidgets import QWidget

from mcgui import screen_reader


def heard_from(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What this module says from now on, each with whether it is urgent; it goes on to the screen reader."""
    heard: list[tuple[str, bool]] = []

    def hear(widget: QWidget, text: str, urgent: bool = False) -> bool:
        heard.append((text, urgent))
        return screen_reader.announce(widget, text, urgent)

    monkeypatch.setattr(module, "announce", hear)
    return heard
