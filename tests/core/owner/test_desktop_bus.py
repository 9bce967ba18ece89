"""What desktops tell a worker on their bus, with a real bus and a real service that answers as they do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.owner import desktop_bus
from mcgui_core.owner.desktop_bus import BusCall
from mcgui_core.owner.idle_time import idle_reader
from mcgui_core.owner.screen_use import holds_the_display, watched
from tests.waiting import until

SERVICE = Path(__file__).with_name("bus_service.py")
#: The system's Python: `gi` is no package that pip could bring without a compiler.
PYTHON = "/usr/bin/python3"
SEEN = "A program keeps the screen on."
OURS = "('sleep', 'mcgui worker', 'Tasks of a cluster run', 'block', 0, 7)"
PLAYER = "('idle', 'a player', 'A film', 'block', 0, 8)"
#: Locks that keep no screen on: those of other things, and those that only ask for a moment's delay.
OTHERS = "('sleep', 'a backup', 'idle or block', 'block', 0, 9), ('idle', 'a shell', 'x', 'delay', 0, 9)"


def missing() -> str:
    if not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None:
        return "There is no dbus-daemon here"
    probe = [PYTHON, "-c", "from gi.repository import Gio"]
    if not Path(PYTHON).exists() or subprocess.run(probe, capture_output=True, check=False).returncode:
        return "The system's Python cannot speak to a bus (Debian: python3-gi)"
    return ""


class Desktop:
    """Answers on the bus as it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def answers(self, **methods: Any) -> list[str]:
        """Returns what it was asked since the last time."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(methods) + "\n")
        self._process.stdin.flush()
        return [str(method) for method in json.loads(self._process.stdout.readline())]


@pytest.fixture(params=["gdbus", "busctl"])
def desktop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A Wayland session with a bus of its own, which is the system's too; one of the two programs asks on it."""
    program = shutil.which(request.param)
    if why := missing() or ("" if program else f"There is no {request.param} here"):
        pytest.skip(why)
    assert program is not None
    command = ["dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
                monkeypatch.setenv(name, address)
            monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
            monkeypatch.delenv("DISPLAY", raising=False)
            with subprocess.Popen(
                [PYTHON, "-W", "ignore", str(SERVICE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as service:
                made = Desktop(service)
                made.answers()
                (tmp_path / "only").mkdir()
                (tmp_path / "only" / request.param).symlink_to(program)
                monkeypatch.setenv("PATH", str(tmp_path / "only"))
                made.answers(IsInhibited="false")
                until(lambda: watched() == "", what="its names on the bus")
                yield made
                assert service.stdin is not None
                service.stdin.close()
        finally:
            bus.terminate()


def test_under_wayland_the_desktop_is_asked_how_long_nobody_used_it(desktop: Desktop) -> None:
    idle = idle_reader()
    desktop.answers(GetIdletime="uint64 5123")
    assert idle() == 5.123
    desktop.answers(GetSessionIdleTime="uint32 61000")
    assert idle() == 61.0
    desktop.answers(GetIdletime="uint64 0", GetSessionIdleTime="uint32 9")
    assert idle() == 0.0
    desktop.answers()
    assert idle() is None, "it cannot tell"


def test_a_program_that_keeps_the_screen_on_is_noticed_on_each_desktop_and_a_worker_is_not(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seen, answers in (
        (SEEN, {"IsInhibited": {"8": "true"}}),
        ("", {"IsInhibited": {"4": "true"}}),  # what keeps the session from ending keeps no screen on
        (SEEN, {"HasInhibition": {"1": "true", "4": "true"}}),
        ("", {"HasInhibition": {"1": "true"}}),  # a download and a worker keep the computer awake, not its screen on
        (SEEN, {"ListInhibitors": f"[{OURS}, {OTHERS}, {PLAYER}]"}),
        ("", {"ListInhibitors": f"[{OURS}, {OTHERS}]"}),
        ("", {"ListInhibitors": "@a(ssssuu) []"}),
        (None, {}),
    ):
        desktop.answers(**answers)
        assert watched() == seen, answers
    desktop.answers(IsInhibited="true")
    assert watched() == SEEN
    assert desktop.answers(HasInhibition="true") == ["IsInhibited"], "once one says so, no other is asked"
    assert watched() == SEEN
    assert desktop.answers() == ["IsInhibited", "HasInhibition"]
    monkeypatch.setattr(desktop_bus, "_PATIENCE", 1)
    desktop.answers(IsInhibited="never", ListInhibitors="@a(ssssuu) []")
    assert watched() == "", "one that does not answer holds up nobody, and others are asked"


def test_no_bus_is_started_to_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    asked = tmp_path / "gdbus"
    asked.write_text("#!/bin/sh\ntouch $0.asked\n")
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert BusCall("a.b", "/a", "a.b.C").ask() is None
    assert not Path(f"{asked}.asked").exists()
    (tmp_path / "bus").touch()
    BusCall("a.b", "/a", "a.b.C").ask()
    assert Path(f"{asked}.asked").exists() or sys.platform == "win32"


#: As macOS 14 prints it while a film plays; after what is published of it, since none can run here.
PMSET = """2026-11-29 21:50:00 +0100
Assertion status system-wide:
   BackgroundTask                 0
   ApplePushServiceTask           0
   UserIsActive                   1
   PreventUserIdleDisplaySleep    1
   PreventSystemSleep             0
   ExternalMedia                  0
   PreventUserIdleSystemSleep     1
   NetworkClientActive            0
Listed by owning process:
   pid 812(Safari): [0x0000a3b20005906c] 00:41:10 PreventUserIdleDisplaySleep named: "Playing a film"
   pid 977(caffeinate): [0x0000a9f100019073] 00:03:22 PreventUserIdleSystemSleep named: "caffeinate command-line tool"
Kernel Assertions: 0x4=USB
   id=501  level=255 0x4=USB creat=29.11.26, 20:11 description=com.apple.usb.externaldevice owner=XHCI
"""


def test_macos_is_asked_for_what_keeps_its_display_on_and_a_worker_keeps_only_the_system_awake() -> None:
    assert holds_the_display(PMSET)
    paused = PMSET.replace("PreventUserIdleDisplaySleep    1", "PreventUserIdleDisplaySleep    0")
    assert not holds_the_display(paused)
    assert not holds_the_display("")
