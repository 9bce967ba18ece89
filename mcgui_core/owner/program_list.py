"""Which programs run: those that an owner has named, and those to pick from."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import psutil

#: Characters of a process's name that Linux keeps. psutil looks for the rest of it, and does not always find it.
CUT = 15
#: Seconds for which a process that is new may become another program: by then it is what it stays.
SETTLES = 30.0
#: What runs scripts: that a program is one of these says nothing of what it does.
INTERPRETERS = frozenset({"python", "python3", "pythonw", "node", "java", "perl", "ruby", "bash", "sh", "wine", "mono"})


class ProgramList:
    """Looks at each process once, when it is new: to read the words of a command takes longer than all else."""

    def __init__(self) -> None:
        # Of each process since when it is known, by a clock that nobody sets, and the words at the last look.
        self._known: dict[tuple[int, float], tuple[float, tuple[str, ...]]] = {}

    def running(self, programs: Iterable[str]) -> tuple[str, ...]:
        """Those of the programs that run now, as they were named: by a name, by the path of a program or of a script
        that it runs, or by words of its command line. Upper and lower case are the same, and so is ".exe"."""
        wanted = [(name, _plain(name)) for name in programs if name.strip()]
        if not wanted:
            return ()
        return tuple(sorted({name for words in self._look() for name, plain in wanted if _is_meant(plain, words)}))

    def _look(self) -> Iterator[tuple[str, ...]]:
        """The name of each process, and the words of its command."""
        known, self._known = self._known, {}
        now = time.monotonic()
        with suppress(psutil.Error, OSError):
            for process in psutil.process_iter(["name", "create_time"]):
                key = (process.pid, process.info["create_time"] or 0.0)
                since, words = known.get(key, (now, ()))
                if now - since < SETTLES:
                    words = (process.info["name"] or "", *_command(process))
                self._known[key] = since, words
                yield words


def _command(process: psutil.Process) -> tuple[str, ...]:
    """Nothing where it is not ours to read."""
    with suppress(psutil.Error, OSError):
        return tuple(process.cmdline())
    return ()


def _is_meant(plain: str, words: tuple[str, ...]) -> bool:
    name, *command = words
    if _plain(name) in (plain, plain[:CUT]):
        return True
    if "/" in plain or "\\" in plain:  # a path: of a program, or of what it runs
        return any(_plain(word) == plain for word in command) or (" " in plain and plain in _plain(" ".join(command)))
    if " " in plain:
        return plain in _plain(" ".join(command))
    # A name: of the program by which it was started, or, where that is an interpreter, of the script.
    return any(_plain(_last_part(word)) == plain for word in command[: 1 + _runs_scripts(command)])


def _runs_scripts(command: list[str]) -> int:
    """The number of words after the first among which the script is."""
    program = _plain(_last_part(command[0])).rstrip("0123456789.") if command else ""
    return 4 if program in INTERPRETERS else 0


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _plain(name: str) -> str:
    return name.strip().lower().removesuffix(".exe")


def programs_to_pick() -> tuple[str, ...]:
    """Names of the programs that this user runs now, and of scripts; without ours."""
    found: set[str] = set()
    with suppress(psutil.Error, OSError):
        me = psutil.Process().username()
        for process in psutil.process_iter(["name", "username"]):
            if process.info["username"] != me or process.pid == os.getpid():
                continue
            command = list(_command(process))
            if not command or any("mcgui" in word for word in command):
                continue
            scripts = [
                _last_part(word) for word in command[1:5] if "." in _last_part(word) and not word.startswith("-")
            ]
            name = process.info["name"] or ""
            found.add(scripts[0] if scripts and _runs_scripts(command) else name)
    return tuple(sorted(found - {""}, key=str.lower))
