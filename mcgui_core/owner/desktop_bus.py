"""What a desktop answers on its bus (D-Bus), asked by the programs that every desktop brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: Seconds that whoever is asked has for an answer.
_PATIENCE = 2
#: A text as either program prints it: in the quotes of one kind or the other.
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'" + r'|"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class BusCall:
    """One question: to whom, which object of theirs, and the method with its interface."""

    name: str
    path: str
    method: str
    number: int | None = None  # the one argument, where it takes one: 32 bits without a sign
    bus: Literal["session", "system"] = "session"

    def ask(self) -> str | None:
        """The answer as a program prints it. None where nobody answers, or there is no bus, or no such program."""
        if self.bus == "session" and not _session_bus_is_there():
            return None  # one would be started, just to be asked
        for program, command in (("gdbus", self._gdbus()), ("busctl", self._busctl())):
            if shutil.which(program) is not None:
                return answer(program, *command)
        return None

    def _gdbus(self) -> list[str]:
        command = ["call", f"--{self.bus}", "--timeout", str(_PATIENCE), "--dest", self.name]
        command += ["--object-path", self.path, "--method", self.method]
        return command if self.number is None else [*command, f"uint32 {self.number}"]

    def _busctl(self) -> list[str]:
        interface, _, method = self.method.rpartition(".")
        which = "--user" if self.bus == "session" else "--system"
        command = [which, f"--timeout={_PATIENCE}", "call", self.name, self.path, interface, method]
        return command if self.number is None else [*command, "u", str(self.number)]


def _session_bus_is_there() -> bool:
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or (bool(folder) and Path(folder, "bus").exists())


def texts_in(said: str) -> list[str]:
    """The texts of an answer, in their order."""
    return [single or double for single, double in _TEXT.findall(said)]


def number_in(said: str) -> int | None:
    """The number that an answer is, such as "(uint64 5123,)" or "t 5123"; None where it is none."""
    found = re.search(r"(\d+)\W*$", said)
    return None if found is None else int(found[1])


def answer(program: str, *arguments: str) -> str | None:
    """What a program prints; None where there is none, or it fails, or takes too long."""
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=5, check=True
        ).stdout
    return None
