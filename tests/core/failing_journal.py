"""A real journal, whose disk or process fails when a test says so."""

from __future__ import annotations

import sqlite3
from typing import Any

from mcgui_core.journal.journal import Journal


class Killed(BaseException):
    """The master's process is gone, at this very point."""


class FailingJournal(Journal):
    """A journal whose disk fills up, or whose process is killed, at the write that a test names."""

    fault = ""  # "full": the write is refused; "killed": it is done, and then the process is gone
    writes_left = 0  # before the fault

    def _write(self, name: str, *args: Any) -> Any:
        due = bool(self.fault) and self.writes_left == 0
        self.writes_left = max(0, self.writes_left - 1)
        fault, self.fault = (self.fault, "") if due else ("", self.fault)
        if fault == "full":
            raise sqlite3.OperationalError("database or disk is full")
        done = getattr(super(), name)(*args)
        if fault == "killed":
            raise Killed
        return done

    def add_job(self, *args: Any) -> int:
        return self._write("add_job", *args)

    def extend(self, *args: Any) -> None:
        self._write("extend", *args)

    def save_state(self, *args: Any) -> None:
        self._write("save_state", *args)

    def record(self, *args: Any) -> None:
        self._write("record", *args)

    def forget_failures(self, *args: Any) -> None:
        self._write("forget_failures", *args)

    def forget(self, *args: Any) -> None:
        self._write("forget", *args)
