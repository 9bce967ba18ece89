"""What holds for every test: nothing is left behind (`tests/leaks.py`), and properties have no stopwatch."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

# Not the user's own: tests leave links, known masters, certificates and files of projects there. For all processes that they start, too.
_data = tempfile.TemporaryDirectory(prefix="mcgui-tests-data-")
os.environ["XDG_DATA_HOME"] = _data.name
os.environ["XDG_CACHE_HOME"] = str(Path(_data.name, "cache"))

# A run in the background (`make test &`) ignores Ctrl+C, and so would all programs in which tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["pytester", "tests.leaks"]

# A machine that is busy with something else makes one example slow now and then; that is no fault of the property.
# `timeout` in pyproject.toml still ends what hangs.
settings.register_profile("mcgui", deadline=None, print_blob=True, max_examples=50)
settings.register_profile("long", settings.get_profile("mcgui"), max_examples=1000)  # MCGUI_LONG=1
# Making a failing example small may take minutes, which CI does not have: it prints how to repeat the example instead.
settings.register_profile("ci", settings.get_profile("mcgui"), phases=set(Phase) - {Phase.shrink, Phase.explain})
settings.load_profile("long" if os.environ.get("MCGUI_LONG") else "ci" if os.environ.get("CI") else "mcgui")


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """The one of pytest-qt. From the first test of a window on, garbage is collected by the tests alone, as it is in
    the program (`mcgui.garbage_collection`): Python collects in whichever thread happens to allocate, and what windows
    leave to be collected must go in the GUI thread. That holds while tests of the core run between these, too: their
    threads would collect what was left. What is there before (modules, mostly) is left out, as in the program: to go
    through it takes a quarter of a second."""
    from tests.leaks import destroy_closed_windows  # not before pytest loads it, as a plugin

    gc.disable()
    gc.freeze()
    yield qapp
    destroy_closed_windows()
    gc.collect()
    gc.unfreeze()
    gc.enable()
