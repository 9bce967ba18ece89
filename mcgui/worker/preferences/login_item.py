"""Start at login: XDG autostart on Linux, a LaunchAgent on macOS, the Run key on Windows; all of this user alone."""

from __future__ import annotations

import os
import plistlib
import shlex
import sys
from pathlib import Path
from typing import Final

_NAME: Final = "org.mcgui.Worker"
_RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"


def login_command() -> list[str]:
    """What starts the worker in the tray: this program, as it was started now."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--minimised"]
    # -P: a file in the folder that a login begins in must not shadow a module of Python's own.
    return [sys.executable, "-P", "-m", "mcgui.worker", "--minimised"]


def login_file() -> Path:
    """Where it is written down on systems that keep it in a file."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_NAME}.plist"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "autostart", f"{_NAME}.desktop")


def starts_at_login() -> bool:
    """Whether it starts by itself when this user logs in."""
    if sys.platform == "win32":
        return _in_registry()
    try:
        text = login_file().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    # What desktops write into an entry that was switched off in their own settings.
    off = ("Hidden=true", "X-GNOME-Autostart-enabled=false")
    return not any(line.strip() in off for line in text.splitlines())


def start_at_login(wanted: bool) -> None:
    """Start it at login from now on, or no more. Raises OSError."""
    if sys.platform == "win32":
        _write_registry(wanted)
        return
    path = login_file()
    if not wanted:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_launch_agent() if sys.platform == "darwin" else _desktop_entry().encode())


def _desktop_entry() -> str:
    command = " ".join(_quoted(word) for word in login_command())
    return (
        "[Desktop Entry]\nType=Application\nName=mcgui worker\n"
        f"Comment=Let this computer work for a cluster\nExec={command}\nIcon=mcgui\nTerminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def _quoted(word: str) -> str:
    """As desktop entries quote; "%" begins a code in them."""
    word = word.replace("%", "%%")
    if word == shlex.quote(word):
        return word
    for special in ("\\", '"', "`", "$"):
        word = word.replace(special, f"\\{special}")
    # The whole value is a string of the file's, in which a backslash is written twice.
    return f'"{word}"'.replace("\\", "\\\\")


def _launch_agent() -> bytes:
    return plistlib.dumps({"Label": _NAME, "ProgramArguments": login_command(), "RunAtLoad": True})


def _in_registry() -> bool:
    if sys.platform != "win32":
        return False
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
            winreg.QueryValueEx(key, _NAME)
    except FileNotFoundError:
        return False
    return True


def _write_registry(wanted: bool) -> None:
    if sys.platform != "win32":
        return
    import subprocess
    import winreg
    from contextlib import suppress

    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, _RUN_KEY, 0, winreg.KEY_SET_VALUE) as key:
        if wanted:
            winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(login_command()))
            return
        with suppress(FileNotFoundError):
            winreg.DeleteValue(key, _NAME)
