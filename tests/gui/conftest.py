"""What holds for every test of a window: no screen, no settings of the user's, and no warning in a log."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from mcgui.background import Background
from mcgui.theme import Theme
from tests.leaks import destroy_closed_windows

# Before the first QApplication. `QT_QPA_PLATFORM=xcb pytest tests/gui` shows the windows on a real screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

#: Tests after which all garbage is collected, and not the young alone: that takes a tenth of a second.
_YOUNG_COLLECTIONS = 20


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path: Path) -> Path:
    """Where QSettings of this test are kept: a folder that is empty at first."""
    folder = tmp_path / "settings"
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(folder))
    return folder


@pytest.fixture(autouse=True)
def garbage_is_collected_between_tests(qapp: QApplication) -> Iterator[None]:
    """Never in the midst of what a window does: what an earlier test left to be collected is windows, and a collection
    that begins in a slot of one of them takes it away from under its feet. Nor is a window ever left to a collection,
    which takes its parts away in any order (PySide does not survive that with layouts in layouts): Qt destroys it."""
    before = {shiboken6.getCppPointer(window) for window in _windows()}
    yield
    destroy_closed_windows()
    for window in _windows():
        if shiboken6.isValid(window) and shiboken6.getCppPointer(window) not in before:
            shiboken6.delete(window)
    gc.collect(1)
    if gc.get_count()[2] > _YOUNG_COLLECTIONS:
        gc.collect()


def _windows() -> list[QWidget]:
    return [window for window in QApplication.topLevelWidgets() if window.parent() is None]


@pytest.fixture(autouse=True)
def no_warning_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which Python's logging heard a warning. (Qt's own fail it by `qt_log_level_fail`.)

    A test that expects one asserts it on `caplog`, and then calls `caplog.clear()`.
    """
    yield
    records = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
    heard = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in records if r.levelno >= logging.WARNING]
    if heard:
        pytest.fail("The test logged:\n  " + "\n  ".join(heard), pytrace=False)


@pytest.fixture(autouse=True)
def no_mouse_button_is_held(qapp: QApplication) -> Iterator[None]:
    """Fails a test that presses one and does not let go: what waits until then would wait in all tests that follow."""
    before = qapp.mouseButtons()
    yield
    held = qapp.mouseButtons()
    if held and not before:
        pytest.fail(f"The test still holds {held}.", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def one_theme(qapp: QApplication) -> Theme:
    """The program's style, put on once, before any test puts on one of its own: a theme learns from the colours that it
    finds what the system's are. (Put on anew for each of a thousand tests, Qt repolishes every widget that any
    of them left to be collected, which takes longer than the tests and has crashed.)"""
    return Theme(qapp, "light")


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Threads to work in, that are gone afterwards."""
    made = Background()
    yield made
    made.close()


@pytest.fixture
def theme(one_theme: Theme) -> Iterator[Theme]:
    """The program's style, light, whatever the tests before did to it: where it is light, this does nothing."""
    one_theme.set_scheme("light")
    yield one_theme
    one_theme.set_scheme("light")
