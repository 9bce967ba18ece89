"""Commands to an agent, one line of JSON each.

{"nprocs": 3}, {"pause": "on battery"}, {"resume": true}, {"drain": true}
"""

from __future__ import annotations

import json
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from mcgui_core.node import Agent


def serve_commands(agent: Agent, lines: IO[bytes]) -> None:
    """Obey commands until they end, or the agent does."""
    reader = threading.Thread(target=_read, args=(agent, lines), name="mcgui-commands", daemon=True)
    reader.start()
    agent.ended.wait()


def _read(agent: Agent, lines: IO[bytes]) -> None:
    for line in iter(lines.readline, b""):
        _obey(agent, json.loads(line))
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
