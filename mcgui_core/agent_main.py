"""A node agent as a command: what `agents.AgentProcess` starts.

It reads its settings as one line of JSON from standard input, and then one command a line:

    {"nprocs": 3}, {"pause": "on battery"}, {"resume": true}, {"drain": true}

It tells how it is on standard output (agent_events.py), and leaves when standard input ends: a worker whose owner is
gone does not live on.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from types import FrameType

from mcgui_core.agent_events import AgentEvent
from mcgui_core.links import JoinLink
from mcgui_core.node import Agent


def main() -> int:
    """Run an agent until it has left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for whoever started us; it tells us
    # Unbuffered: a thread of ours waits in it when the process ends, and must not hold the lock of a buffer then.
    commands = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  # as long as the process
    settings = json.loads(commands.readline())
    agent = Agent(JoinLink.parse(settings["link"]), settings["nprocs"], settings["name"], _teller())
    _leave_on_sigterm(agent)
    agent.start()
    threading.Thread(target=_obey_all, args=(agent, commands), name="mcgui-commands", daemon=True).start()
    agent.ended.wait()
    return 0


def _teller() -> Callable[[AgentEvent], None]:
    """Writes events to what was standard output, a line each."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    guard = threading.Lock()

    def tell(event: AgentEvent) -> None:
        with guard, suppress(OSError):  # whoever listened is gone; standard input has ended too, and that ends us
            answers.write(event.to_line())

    return tell


def _obey_all(agent: Agent, lines: FileIO) -> None:
    try:
        for line in iter(lines.readline, b""):
            _obey(agent, json.loads(line))
    finally:
        agent.leave()


def _obey(agent: Agent, command: dict[str, object]) -> None:
    if "nprocs" in command:
        agent.set_nprocs(int(str(command["nprocs"])))
    elif "pause" in command:
        agent.pause(str(command["pause"]))
    elif "resume" in command:
        agent.resume()
    elif "drain" in command:
        agent.drain()


def _leave_on_sigterm(agent: Agent) -> None:
    """The whole session is being ended (a logout, `systemctl stop`): give back what runs."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        # Not here: a signal may come while this very thread holds a lock that leaving needs.
        threading.Thread(target=agent.leave, name="mcgui-leave").start()

    signal.signal(signal.SIGTERM, leave)


if __name__ == "__main__":
    sys.exit(main())
