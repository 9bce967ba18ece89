"""A child of ours with all that it starts: measured, stopped, lowered and ended as one."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mcgui_core.processes.child_commands import kill_group, own_group, quiet_window
from mcgui_core.processes.process_family import MARK, ProcessFamilies, memory_of, resume, suspend
from mcgui_core.processes.process_priority import lower_priority

if TYPE_CHECKING:
    from mcgui_core.processes.windows_job import WindowsJob


class WatchedProcess:
    """Started by `command`, with pipes for its standard input and output. Thread-safe."""

    def __init__(
        self,
        command: Sequence[str],
        families: ProcessFamilies,
        variables: Mapping[str, str] | None = None,
        low_priority: bool = False,
        errors: int | None = None,
    ) -> None:
        """`variables` are set in its environment, beside ours. Its priority is low before it hears from us. `errors` is
        its standard error, as Popen takes it: None, ours."""
        self._families = families
        self._mark = secrets.token_hex(16)
        self._job: WindowsJob | None = None
        options = {**quiet_window(), **own_group()}
        if sys.platform == "win32":
            from mcgui_core.processes.windows_job import CREATE_SUSPENDED

            options["creationflags"] |= CREATE_SUSPENDED
        self.popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(variables or {}), MARK: self._mark},
            **options,
        )
        families.add(self.popen.pid, self._mark)
        if low_priority:
            lower_priority([self.popen.pid])
        if sys.platform == "win32":
            from mcgui_core.processes.windows_job import WindowsJob

            self._job = WindowsJob(self.popen)

    @property
    def pids(self) -> list[int]:
        """It and all that it has started, as far as they run."""
        if self._job is not None:
            return self._job.pids
        return self._families.of(self._mark)

    @property
    def memory(self) -> int:
        """Bytes that all of them hold."""
        return memory_of(self.pids)

    def lower_priority(self) -> None:
        """Give all of them, from now on, what nobody else wants of processor and disk."""
        lower_priority(self.pids)

    def suspend(self) -> None:
        """Stop all of them where they are, in memory."""
        suspend(self.pids)

    def resume(self) -> None:
        """Let them go on."""
        resume(self.pids)

    def kill(self) -> None:
        """End all of them; also what is left where the process itself has ended. Whoever calls this may hold what the
        heartbeat needs, so that nobody waits here for what removes their shared memory: `close` does."""
        if self._job is not None:
            self._job.kill()
        else:
            self._families.kill(self._mark)

    def close(self) -> None:
        """End all of them, for good; returns soon after the last."""
        if self._job is not None:
            self._job.kill()
            self._job.close()
        else:
            self._families.clear_away(self._mark)
            kill_group(self.popen)
        self._families.forget(self._mark)
