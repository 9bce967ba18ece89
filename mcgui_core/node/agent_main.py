"""A node agent as a command: what `AgentProcess` (client/agent_process.py) starts.

It reads its settings as one line of JSON from standard input, and then one command a line:

    {"nprocs": 3}, {"pause": "on battery"}, {"resume": true}, {"drain": true}, {"hand_back": true},
    {"link": "mcgui://..."},
    {"limits": {...}, "overrides": {...}, "wanted": 3, "turn": 7}

The last one gives it an owner (limit_enforcer.py), to whose limits it is held from then on. With "limited" in its
settings it joins when it has heard them, and not before: no task begins against them.
It tells how it is on standard output (agent_events.py), and leaves when standard input ends: a worker whose owner is
gone does not live on.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from io import FileIO
from types import FrameType
from typing import Any, get_args

from mcgui_core.node.agent import Agent
from mcgui_core.owner.limit_enforcer import LimitEnforcer, LimitStatus
from mcgui_core.owner.limits_as_dict import limits_from_plain, overrides_from_plain
from mcgui_core.processes.memory_trimming import trim_memory
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.reasons import OwnerReasonCode
from mcgui_core.slots.slot_interface import Slots


def main() -> int:
    """Run an agent until it has left."""
    gc.freeze()  # modules and classes last as long as the process, and are not gone through again, nor at its end
    trim_memory()  # of values that travel by a connection, it has some at a time
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for whoever started us; it tells us
    # Unbuffered: a thread of ours waits in it when the process ends, and must not hold the lock of a buffer then.
    commands = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  # as long as the process
    settings = json.loads(commands.readline())
    teller = _Teller()
    agent = Agent(
        JoinLink.parse(settings["link"]),
        *(settings["nprocs"], settings["name"], teller.hear, _slots(settings)),
        own_folders=settings["limited"],
    )
    teller.agent = agent
    _leave_on_sigterm(agent)
    steering = _Steering(agent, teller, settings["limited"])
    if not settings["limited"]:
        agent.start()
    threading.Thread(target=steering.obey_all, args=(commands,), name="mcgui-commands", daemon=True).start()
    agent.ended.wait()
    return 0


def _slots(settings: dict[str, Any]) -> Slots | None:
    if not settings["dask"]:
        return None
    from mcgui_core.slots.executors.dask_slots import DaskSlots

    return DaskSlots(settings["dask"], fixed=settings["nprocs"] is not None)


class _Teller:
    """Writes events to what was standard output, a line each, with what the owner's limits say."""

    def __init__(self) -> None:
        self.agent: Agent | None = None
        self._answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)  # what a library prints is no event
        self._event_lock = threading.Lock()
        self._event: AgentEvent | None = None
        self._limits: dict[str, Any] = {}  # fields of an event
        self._pausing = False  # by the owner's last word

    def hear(self, event: AgentEvent) -> None:
        """What the agent tells."""
        with self._event_lock:
            self._event = event
            self._write(event)

    def hear_owner(self, standing: LimitStatus) -> None:
        """What the owner's limits say."""
        ruling = standing.ruling
        with self._event_lock:
            self._pausing = not ruling.nprocs
            self._limits = {
                "wanted": standing.wanted,
                "turn": standing.turn,
                "limit": ruling.limit,
                "reason": ruling.reason,
                "until": ruling.until or 0.0,
                "in_use": standing.in_use,
                "on_battery": standing.on_battery,
                "programs": standing.programs,
                "tasks_until": standing.tasks_until or 0.0,
                "stopped": standing.stopped,
                "cannot_tell": standing.cannot_tell,
            }
            if self._event is not None:
                self._write(self._event)

    def _write(self, event: AgentEvent) -> None:
        told = self._limits
        # The owner's word on a pause comes right behind the agent's own, on which the owner has it pause, or go on.
        if event.message_code in get_args(OwnerReasonCode):
            told = {**told, "limit": event.message_code, "reason": event.message}
        elif self._pausing and event.state in ("idle", "working"):
            told = {**told, "limit": "", "reason": "", "until": 0.0}
        full = replace(event, tasks=self.agent.tasks if self.agent is not None else (), **told)
        with suppress(OSError):  # whoever listened is gone; standard input has ended too, and that ends us
            self._answers.write(full.to_line())


class _Steering:
    """Does what is asked of an agent; gives it an owner with the first limits, and starts one that waits for them."""

    def __init__(self, agent: Agent, teller: _Teller, limited: bool) -> None:
        self._agent, self._teller, self._limited = agent, teller, limited
        self._owner: LimitEnforcer | None = None

    def obey_all(self, lines: FileIO) -> None:
        """Until whoever started us ends."""
        try:
            for line in iter(lines.readline, b""):
                self.obey(json.loads(line))
        finally:
            if self._owner is not None:
                self._owner.stop()
            self._agent.leave()

    def obey(self, command: dict[str, Any]) -> None:
        if "limits" in command:
            self._limit(command)
        elif "nprocs" in command:
            self._agent.set_nprocs(int(command["nprocs"]))
        elif "link" in command:
            self._agent.use(JoinLink.parse(command["link"]))
        elif "pause" in command:
            self._agent.pause(str(command["pause"]))
        elif "resume" in command:
            self._agent.resume()
        elif "drain" in command:
            self._agent.drain()
        elif "hand_back" in command:
            self._agent.hand_back()

    def _limit(self, command: dict[str, Any]) -> None:
        owner = self._owner or LimitEnforcer(self._agent, on_standing=self._teller.hear_owner)
        limits, overrides = limits_from_plain(command["limits"]), overrides_from_plain(command["overrides"], owner.now)
        owner.change(limits, overrides, command["wanted"], command["turn"])
        if self._owner is None:
            self._owner = owner
            owner.start()
            if self._limited:
                self._agent.start()


def _leave_on_sigterm(agent: Agent) -> None:
    """The whole session is being ended (a logout, `systemctl stop`): give back what runs."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        # Not here: a signal may come while this very thread holds a lock that leaving needs.
        threading.Thread(target=agent.leave, name="mcgui-leave").start()

    signal.signal(signal.SIGTERM, leave)


if __name__ == "__main__":
    sys.exit(main())
