"""Whether anybody uses the computer, by mouse and keyboard, on a real X screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desktop.conftest import Desktop
from tests.waiting import until

pytestmark = pytest.mark.desktop

READ = "from mcgui_core.owner.idle_time import idle_reader; print(idle_reader()())"


def idle(desktop: Desktop) -> float:
    """Seconds without input, as a worker on this screen reads them."""
    said = subprocess.run(
        [sys.executable, "-c", READ], env=desktop.env, check=True, timeout=30, stdout=subprocess.PIPE, text=True
    )
    return float(said.stdout)


def test_time_without_input_grows_and_ends_with_a_movement_or_a_key(desktop: Desktop) -> None:
    for use in (("mousemove", 300, 300, "mousemove", 310, 310), ("key", "shift")):
        until(lambda: idle(desktop) > 1.0, what="a second without input")

        until(lambda use=use: desktop.xdotool(*use) == "" and idle(desktop) < 1.0, what="input")


WATCH = "from mcgui_core.owner.screen_use import watched; print(watched())"
FILM = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("a film")
label.setWindowTitle("a film")
label.showFullScreen()
app.exec()
"""


def watched(desktop: Desktop) -> str:
    said = subprocess.run(
        [sys.executable, "-c", WATCH], env=desktop.env, check=True, timeout=30, stdout=subprocess.PIPE, text=True
    )
    return said.stdout.strip()


def test_a_program_that_fills_the_screen_is_noticed_until_it_ends(desktop: Desktop) -> None:
    assert watched(desktop) == ""
    nobody = dict.fromkeys(("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"), "unix:path=/nowhere")
    wayland = replace(desktop, env={**desktop.env, **nobody, "WAYLAND_DISPLAY": "wayland-0"})
    assert watched(wayland) == "None", "programs of Wayland's own are not seen there"
    with subprocess.Popen([sys.executable, "-c", FILM], env=desktop.env) as film:
        desktop.wait_for_window("a film")
        until(lambda: watched(desktop) == "A program fills the screen.")
        assert watched(wayland) == "A program fills the screen."
        film.terminate()
    until(lambda: watched(desktop) == "")


LOGIND = Path("/lib/systemd/systemd-logind")
_ALL = "".join(
    f'<allow send_type="{kind}" send_requested_reply="true"/><allow receive_type="{kind}"/>'
    for kind in ("method_call", "signal", "method_return", "error")
)
BUS = f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>{_ALL}</policy></busconfig>"""
AWAKE = "from mcgui_core.owner.keep_awake import KeepAwake; KeepAwake().set(True); input()"


def no_logind() -> str:
    """Why logind cannot be had here."""
    if not LOGIND.exists() or not all(map(shutil.which, ("dbus-daemon", "systemd-inhibit"))):
        return "logind is not installed (Debian: systemd, dbus)"
    if Path("/run/systemd/system").exists():
        return "this computer has one at work, which is not ours to try"
    return "" if os.geteuid() == 0 else "only root may start it"


@contextmanager
def logind(desktop: Desktop, folder: Path) -> Iterator[Desktop]:
    """It, on a system bus of its own."""
    (folder / "bus.conf").write_text(BUS % (folder / "bus"))
    env = {**desktop.env, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder / 'bus'}"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    bus = ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--nosyslog"]
    with subprocess.Popen(bus, **quiet) as daemon:  # type: ignore[call-overload]
        try:
            until((folder / "bus").exists, what="the bus")
            with subprocess.Popen([str(LOGIND)], env=env, **quiet) as service:  # type: ignore[call-overload]
                try:
                    ask = ["systemd-inhibit", "--list"]
                    until(lambda: subprocess.run(ask, env=env, check=False, **quiet).returncode == 0, what="logind")  # type: ignore[call-overload]
                    yield replace(desktop, env=env)
                finally:
                    service.terminate()
        finally:
            daemon.terminate()


def test_a_player_that_keeps_the_screen_on_is_noticed_and_a_worker_that_keeps_the_computer_awake_is_not(
    desktop: Desktop, tmp_path: Path
) -> None:
    missing = no_logind()
    if missing:
        pytest.skip(missing)
    with logind(desktop, tmp_path) as screen:
        with subprocess.Popen([sys.executable, "-c", AWAKE], env=screen.env, stdin=subprocess.PIPE) as worker:
            held = ["systemd-inhibit", "--list", "--no-legend"]
            until(
                lambda: b"mcgui worker" in subprocess.run(held, env=screen.env, check=True, capture_output=True).stdout
            )
            assert watched(screen) == ""
            worker.communicate(b"\n")
        film = ["systemd-inhibit", "--what=idle", "--who=a player", "--why=A film", "cat"]
        with subprocess.Popen(film, env=screen.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as player:
            until(lambda: watched(screen) == "A program keeps the screen on.")
            player.communicate()
        until(lambda: watched(screen) == "")
