"""An afternoon with the console, from a table with a bug to the next day's comparison, by keyboard and mouse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.desktop.afternoon import Afternoon
from tests.desktop.conftest import Desktop

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not os.environ.get("MCGUI_LONG"), reason="It takes a minute and a half; `make afternoon` runs it"
    ),
]


def test_an_afternoon_and_the_morning_after(desktop: Desktop, tmp_path: Path) -> None:
    afternoon = Afternoon(desktop, tmp_path)
    afternoon.first_half()
    afternoon.second_half()
