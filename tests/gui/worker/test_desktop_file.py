"""The entries that desktops list our programs by."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from mcgui_core.protocol.join_link import SCHEME

PACKAGING = Path(__file__).parents[3] / "packaging"


def entry(name: str) -> dict[str, str]:
    """The fields of a desktop entry."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(PACKAGING / f"{name}.desktop", encoding="utf-8")
    return dict(parser["Desktop Entry"])


def test_a_click_on_a_join_link_has_the_worker_ask_about_it() -> None:
    worker = entry("org.mcgui.Worker")
    assert f"x-scheme-handler/{SCHEME}" in worker["MimeType"].split(";")
    assert worker["Exec"] == "mcgui-worker --offer %u"


@pytest.mark.parametrize("name", ["org.mcgui.Worker", "org.mcgui.Console"])
def test_an_entry_says_what_every_desktop_asks_for(name: str) -> None:
    fields = entry(name)
    assert fields["Type"] == "Application"
    assert fields["Terminal"] == "false"
    assert all(fields[field] for field in ("Name", "Comment", "Icon", "Categories", "Exec"))
