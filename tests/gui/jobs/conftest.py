"""The tests of jobs share a master with its worker, a module each; each test has a window of its own before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mcgui.theme import Theme
from tests.gui.consoles import Opened, Service, service
from tests.leaks import looked_after


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(surroundings: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Looked at when the last test of a module is over: what they share opens connections as it needs them."""
    yield from looked_after(request)


@pytest.fixture(scope="module")
def shared(nothing_left_behind: None, one_theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("service")) as made:
        yield made


@pytest.fixture
def opened(shared: Service, qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Opened]:
    with shared.window(qtbot, theme, tmp_path) as made:
        yield made
