"""The processes of the run: commands that are killed and started again, and how to look at them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

#: Every process of the run inherits this, so that it is known also when its parent is gone.
RUN_VARIABLE = "MCGUI_CHAOS_RUN"


class Command:
    """One command. `start` it, kill it, stop and continue it, start it again. Only `end` waits for it."""

    def __init__(self, name: str, line: list[str], log: Path, environment: dict[str, str]) -> None:
        self.name, self._line, self._log, self._environment = name, line, log, environment
        self._process: subprocess.Popen[bytes] | None = None
        self.stopped = False  # by SIGSTOP
        self.starts = 0

    def start(self) -> None:
        with self._log.open("ab") as log:
            log.write(f"--- start {self.starts}\n".encode())
            self._process = subprocess.Popen(
                self._line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, process_group=0
            )
        self.stopped = False
        self.starts += 1

    @property
    def pid(self) -> int | None:
        """While it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """Once it has ended; below 0 by that signal."""
        return self._process.poll() if self._process is not None else None

    @property
    def runs(self) -> bool:
        """It does, and is not stopped."""
        return self.pid is not None and not self.stopped

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)
            self.stopped = True

    def go_on(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self.stopped = False

    def end(self, timeout: float) -> bool:
        """Ask it to end. False where it has to be killed after `timeout` seconds."""
        self.go_on()
        self.terminate()
        if self._process is None:
            return True
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True


def slots(agents: list[Command]) -> list[psutil.Process]:
    """The processes in which tasks run now, the oldest first."""
    found = []
    for agent in agents:
        if agent.pid is not None:
            with suppress(psutil.NoSuchProcess):
                found += [child for child in psutil.Process(agent.pid).children() if _is_slot(child)]
    return sorted(found, key=lambda process: process.pid)


def _is_slot(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "mcgui_core.slots.slot_main" in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
    return False


def of_this_run(run: str) -> list[psutil.Process]:
    """All processes that belong to it, but for this one."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(RUN_VARIABLE) == run:
                found.append(process)
    return found


def sockets_at(port: int) -> list[str]:
    """Sockets of any process that have to do with a port, in words, but for those that only fade away."""
    fading = {psutil.CONN_TIME_WAIT, psutil.CONN_NONE}
    return [
        f"{c.status} {c.laddr.ip}:{c.laddr.port} (process {c.pid})"
        for c in psutil.net_connections("tcp")
        if c.laddr and (c.laddr.port == port or (c.raddr and c.raddr.port == port)) and c.status not in fading
    ]


def dump(process: psutil.Process, folder: Path) -> None:
    """Where all of its threads are, into a file."""
    program = shutil.which("py-spy") or shutil.which("py-spy", path=str(Path(sys.executable).parent))
    name = folder / f"stacks-{process.pid}.txt"
    with suppress(psutil.Error):
        text = " ".join(process.cmdline()) + f"\n{process.status()}\n"
        if program is None:
            name.write_text(f"{text}py-spy is not installed, so its stacks are not known.\n", encoding="utf-8")
            return
        done = subprocess.run(
            [program, "dump", "--pid", str(process.pid)], capture_output=True, text=True, check=False, timeout=30
        )
        name.write_text(text + done.stdout + done.stderr, encoding="utf-8")
