"""The node agent as a child process: what the tray app, the console and scripts start a worker with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mcgui_core.client import call_arguments as given
from mcgui_core.errors import BadInput
from mcgui_core.owner.limits import Limits, Overrides
from mcgui_core.owner.limits_as_dict import limits_to_plain, overrides_to_plain
from mcgui_core.processes.child_commands import module_command, own_group, quiet_window
from mcgui_core.processes.exit_status import ending
from mcgui_core.processes.processor_count import parse_nprocs
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.dask_address import dask_address, dask_name
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.option_kinds import shown

__all__ = ["AgentEvent", "AgentProcess"]


class AgentProcess:
    """A node of this computer. It rejoins its master by itself, for ever, and ends when this process does."""

    def __init__(
        self,
        link: str,
        nprocs: int | None = None,
        name: str | None = None,
        on_event: Callable[[AgentEvent], None] | None = None,
        dask: str | None = None,
        limited: bool = False,
    ) -> None:
        """Start it. `on_event` is called in a thread of its own.

        With `dask`, the address of a Dask scheduler (tcp://HOST:8786), the node is that whole cluster: it has as many
        slots as the cluster has threads, following it as workers come and go, or `nprocs`. Its name is then the
        scheduler's address by default. An agent that cannot reach the scheduler says so in its events, and tries again.

        `limited` says that its owner has limits: it joins at the first call of `limit`, so no task begins against them.

        Raises LinkInvalid, NprocsInvalid, DaskInvalid (no such address, or Dask is not installed on this computer).
        """
        JoinLink.parse(link)
        nprocs = None if nprocs is None else parse_nprocs(nprocs)
        name = given.node_name(name)
        if on_event is not None and not callable(on_event):
            raise BadInput(f"on_event must be a function of one event, not {shown(on_event)}.")
        if dask is not None:
            dask = dask_address(dask)
            name = name or dask_name(dask)
        self._on_event = on_event
        self.last_event = AgentEvent("connecting")
        self._process = subprocess.Popen(
            module_command("mcgui_core.node.agent_main"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **quiet_window(),
            **own_group(),
        )
        self._starter = os.getpid()
        self._guard = threading.Lock()
        self._leaves = False  # because we said so
        # By its standard input, not its command line, which everybody on this computer can list.
        self._send({"link": link, "nprocs": nprocs, "name": name, "dask": dask, "limited": limited})
        self._reader = threading.Thread(target=self._read, name="mcgui-agent-events", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of the agent's process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def set_nprocs(self, nprocs: int) -> None:
        """Change its number of slots; no task is lost. Raises NprocsInvalid."""
        self._send({"nprocs": parse_nprocs(nprocs)})

    def pause(self, reason: str = "") -> None:
        """Start no more tasks; those that run go on to their end."""
        self._send({"pause": reason})

    def resume(self) -> None:
        """Work again, whatever it was paused for."""
        self._send({"resume": True})

    def limit(self, limits: Limits, overrides: Overrides, wanted: int, turn: int = 0, now: float | None = None) -> None:
        """Hold it to an owner's limits from now on; it tells `turn` back with its events. In place of `set_nprocs`,
        `pause` and `resume`, which know nothing of limits. `now` is by the clock of the overrides (None: by that on
        the wall). Raises NprocsInvalid."""
        left = overrides_to_plain(overrides, time.time() if now is None else now)
        orders = {"limits": limits_to_plain(limits), "overrides": left}
        self._send({**orders, "wanted": parse_nprocs(wanted), "turn": turn})

    def hand_back(self) -> None:
        """While it is paused: stop what still runs, too, and give it back to the master."""
        self._send({"hand_back": True})

    def use(self, link: str) -> None:
        """Join by this link when it joins next: the master has renewed the one of before."""
        self._send({"link": link})

    def drain(self) -> None:
        """Finish what runs, then leave and end."""
        self._send({"drain": True})

    def leave(self, timeout: float = 5.0) -> None:
        """Leave now and end: tasks that run go back to the master. Killed if it takes longer than `timeout` seconds.

        No effect in a process that was forked from the one that started it.
        """
        if os.getpid() != self._starter:
            return
        with self._guard:
            self._leaves = True
            if self._process.stdin is not None and not self._process.stdin.closed:
                with suppress(OSError):  # it is gone already
                    self._process.stdin.close()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    def _send(self, command: dict[str, Any]) -> None:
        with self._guard:
            stdin = self._process.stdin
            if stdin is None or stdin.closed:
                return
            try:
                stdin.write(json.dumps(command).encode() + b"\n")
                stdin.flush()
            except OSError:
                return  # it has ended; its last event says why

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._hear(line)
        if self.last_event.state != "ended":
            self._tell(AgentEvent("ended", f"The worker's process {ending(self._process.wait())}."))

    def _hear(self, line: bytes) -> None:
        try:
            event = AgentEvent.from_line(line.decode())
        except ValueError:
            # Printed by something in its process that knows nothing of us, a library in C perhaps.
            print(line.decode(errors="replace"), end="", file=sys.stderr)
            return
        self._tell(event)

    def _tell(self, event: AgentEvent) -> None:
        if self._leaves and event.state == "ended":
            event = replace(event, message="")  # what was wrong before is not why it ended
        self.last_event = event
        if self._on_event is None:
            return
        try:
            self._on_event(event)
        except Exception:  # noqa: BLE001
            # The listener's fault must not stop the pipe from being read, or the agent would stand still.
            sys.excepthook(*sys.exc_info())
