"""What a program remembers between two runs, in an ini file."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class Settings:
    """Typed reading of an ini file. A value of the wrong kind reads as its default: a hand edit breaks nothing.

    `path` is the file (tests give one of their own); None is the user's own, named after `name`.
    Keys look like "console/scheme". The file is readable by its owner alone, since a join link may be in it.
    """

    def __init__(self, path: Path | None = None, name: str = "mcgui") -> None:
        if path is None:
            ini = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "mcgui", name)
            path = Path(ini.fileName())
        self.path = path
        _make_private(path)
        self._ini = QSettings(str(path), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        value = self._ini.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int = 0) -> int:
        try:
            return int(str(self._ini.value(key, default)))
        except ValueError:
            return default

    def real(self, key: str, default: float = 0.0) -> float:
        try:
            return float(str(self._ini.value(key, default)))
        except ValueError:
            return default

    def flag(self, key: str, default: bool = False) -> bool:
        value = str(self._ini.value(key, default)).lower()
        return {"true": True, "1": True, "false": False, "0": False}.get(value, default)

    def texts(self, key: str) -> list[str]:
        """A list, such as recent files; empty where there is none."""
        value = self._ini.value(key, [])
        # Qt writes a list of one as a plain value.
        found = value if isinstance(value, list) else [value]
        return [str(one) for one in found if one]

    def data(self, key: str) -> QByteArray:
        """Bytes that Qt gave, such as a window's geometry; empty where there are none."""
        value = self._ini.value(key, QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()

    def has(self, key: str) -> bool:
        return bool(self._ini.contains(key))

    def set(self, key: str, value: str | float | bool | list[str] | QByteArray) -> None:
        self._ini.setValue(key, value)

    def remove(self, key: str) -> None:
        """Forget a key, or every key below it ("console" forgets "console/scheme")."""
        self._ini.remove(key)

    def sync(self) -> None:
        """Write now. Otherwise Qt writes soon, and when the object goes."""
        self._ini.sync()


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Qt keeps the permissions of a file that is there, and would make a new one readable by all.
    path.touch(mode=0o600, exist_ok=True)
    if os.name == "posix":
        path.chmod(0o600)
