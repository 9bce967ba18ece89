"""Start at login, on each system: what is written down, where, and that it can be taken back."""

from __future__ import annotations

import plistlib
import shlex
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

import pytest

from mcgui.worker.preferences.login_item import login_command, login_file, start_at_login, starts_at_login


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


def test_on_linux_it_is_a_desktop_entry_in_the_autostart_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert not starts_at_login()
    start_at_login(True)
    assert starts_at_login()
    assert login_file() == home / ".config" / "autostart" / "org.mcgui.Worker.desktop"
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(login_file())
    entry = parser["Desktop Entry"]
    assert shlex.split(entry["Exec"]) == login_command()
    assert "--minimised" in entry["Exec"]
    start_at_login(False)
    assert not starts_at_login()
    start_at_login(False)  # twice is no error


def test_the_users_own_configuration_folder_is_respected(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    start_at_login(True)
    assert (home / "elsewhere" / "autostart" / "org.mcgui.Worker.desktop").exists()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktop_switched_off_counts_as_off_and_can_be_switched_on_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    start_at_login(True)
    kept = [one for one in login_file().read_text().splitlines() if not one.startswith("X-GNOME")]
    login_file().write_text("\n".join([*kept, line]) + "\n")
    assert not starts_at_login()
    start_at_login(True)
    assert starts_at_login()


def test_a_python_in_a_folder_with_odd_characters_is_found_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    odd = '/home/a b/50%/it\'s "$HOME" \\ `x`/python'
    monkeypatch.setattr(sys, "executable", odd)
    start_at_login(True)
    line = next(line for line in login_file().read_text().splitlines() if line.startswith("Exec="))
    # As the desktop reads it: the value is a string of the file, then words in quotes, then codes that begin with "%".
    value = line.removeprefix("Exec=").replace("\\\\", "\\")
    quoted, _, rest = value[1:].partition('" -P')
    assert rest == " -m mcgui.worker --minimised"
    for character in '\\"`$':
        quoted = quoted.replace(f"\\{character}", character)
    assert quoted.replace("%%", "%") == odd


def test_on_macos_it_is_a_launch_agent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    start_at_login(True)
    assert login_file() == home / "Library" / "LaunchAgents" / "org.mcgui.Worker.plist"
    written = plistlib.loads(login_file().read_bytes())
    assert written == {"Label": "org.mcgui.Worker", "ProgramArguments": login_command(), "RunAtLoad": True}
    assert starts_at_login()
    start_at_login(False)
    assert not starts_at_login()


class Registry(ModuleType):
    """As much of `winreg` as this needs, over a dictionary; `None` for a key that does not exist yet."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ = "HKCU", 2, 1

    def __init__(self) -> None:
        super().__init__("winreg")
        self.keys: dict[str, dict[str, str]] = {}

    def OpenKey(self, root: str, path: str, *_: int) -> Key:
        if path not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return Key(self.keys[path])

    def CreateKeyEx(self, root: str, path: str, *_: int) -> Key:
        return Key(self.keys.setdefault(path, {}))

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:
        if name not in key.values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return key.values[name], self.REG_SZ

    def SetValueEx(self, key: Key, name: str, reserved: int, kind: int, value: str) -> None:
        key.values[name] = value

    def DeleteValue(self, key: Key, name: str) -> None:
        if name not in key.values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        del key.values[name]


class Key:
    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


def test_on_windows_it_is_a_value_of_the_run_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' registry cannot run here: this is what the program asks of it."""
    registry = Registry()
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not starts_at_login()
    start_at_login(True)
    assert starts_at_login()
    run = registry.keys[r"Software\Microsoft\Windows\CurrentVersion\Run"]
    assert run == {"org.mcgui.Worker": subprocess.list2cmdline(login_command())}
    start_at_login(False)
    assert not starts_at_login()
    start_at_login(False)


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert login_command() == [sys.executable, "--minimised"]


@pytest.mark.skipif(sys.platform == "win32", reason="Its other tests are about a file, which Windows has none of here")
def test_the_command_that_is_written_down_is_one_that_runs() -> None:
    command = [word for word in login_command() if word != "--minimised"]
    said = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60, check=True, cwd="/")
    assert said.stdout.startswith("mcgui ")
