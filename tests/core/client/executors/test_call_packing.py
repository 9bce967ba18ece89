"""How calls are packed while other threads of the program go on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest

from mcgui_core.client.executors.call_packing import CallPacker

NAME = "mcgui_of_another_thread"


@pytest.fixture
def switching_often() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switching_often")
def test_calls_are_packed_while_other_threads_import_modules() -> None:
    packer, over = CallPacker(), threading.Event()

    def imports() -> None:
        while not over.is_set():
            sys.modules[NAME] = ModuleType(NAME)
            sys.modules[NAME + "_too"] = ModuleType(NAME)
            del sys.modules[NAME], sys.modules[NAME + "_too"]

    thread = threading.Thread(target=imports)
    thread.start()
    try:
        for _ in range(20_000):
            packer.packed(abs, (-1,), {})
    finally:
        over.set()
        thread.join()
