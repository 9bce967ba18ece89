"""How long nobody has used the computer: what each system is asked, and that one that cannot tell says so."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from mcgui_core.owner import idle_time
from mcgui_core.owner.idle_time import idle_reader


def test_under_wayland_without_a_program_that_asks_it_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one: test_desktop_bus.py."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    assert idle_reader()() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X servers are asked on Linux")
def test_an_x_server_that_is_gone_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    assert idle_reader()() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X servers are asked on Linux")
def test_without_the_library_of_x_it_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(idle_time, "library", lambda _name: None)
    assert idle_reader()() is None


def test_a_server_without_a_screen_counts_what_is_typed_at_its_terminals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    users: list[SimpleNamespace] = []
    monkeypatch.setattr(psutil, "users", lambda: users)
    assert idle_reader()() == float("inf"), "nobody is logged in"
    now = 1_760_000_000.0
    monkeypatch.setattr(idle_time.time, "time", lambda: now)
    for seconds in (500, 40):
        terminal = tmp_path / f"tty{seconds}"
        terminal.touch()
        os.utime(terminal, (now - seconds, now))
        users.append(SimpleNamespace(terminal=str(terminal)))  # an absolute path stays one below /dev
    users.append(SimpleNamespace(terminal=None))
    users.append(SimpleNamespace(terminal="gone-since"))
    idle = idle_reader()
    assert idle() == pytest.approx(40.0, abs=20.0)
    for change in (-3 * 3600, 3 * 3600):  # set back, that key would lie in the future, and somebody be there for hours
        monkeypatch.setattr(idle_time.time, "time", lambda change=change: now + change)
        assert idle() == pytest.approx(40.0, abs=20.0)
    terminal.touch()
    os.utime(terminal, (now + 3 * 3600 - 2, now))
    assert idle() == pytest.approx(2.0, abs=20.0)


def test_windows_is_asked_for_its_last_input_and_the_counter_may_start_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows cannot run here: this is what the program asks of it."""

    def last_input(pointer: object) -> int:
        pointer._obj.ticks = 0xFFFFFF00  # type: ignore[attr-defined]
        return 1

    system = SimpleNamespace(
        user32=SimpleNamespace(GetLastInputInfo=last_input), kernel32=SimpleNamespace(GetTickCount=lambda: 0x100)
    )
    monkeypatch.setattr(ctypes, "windll", system, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert idle_reader()() == pytest.approx(0.512)
    system.user32.GetLastInputInfo = lambda _: 0
    assert idle_reader()() is None


def test_macos_is_asked_for_the_last_event_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS cannot run here: this is what the program asks of it."""
    asked: list[tuple[int, int]] = []

    class Function:
        def __call__(self, session: int, kind: int) -> float:
            asked.append((session, kind))
            return 12.5

    library = SimpleNamespace(CGEventSourceSecondsSinceLastEventType=Function())
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: "ApplicationServices")
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    assert idle_reader()() == 12.5
    assert asked == [(0, 0xFFFFFFFF)]
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    assert idle_reader()() is None
