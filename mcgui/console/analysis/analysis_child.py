"""A process beside the window that reads source text on its behalf: looks it through, or completes in it.

Requests come on standard input, answers go to standard output, one at a time:

    (method, arguments)  ->  (True, answer) or (False, words)

The first request is which kind of questions will come, "check" or "complete". It ends when the window does.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from mcgui_core.protocol.messages import MESSAGE_MODULES
from mcgui_core.protocol.pipe_channel import PipeChannel

#: Modules whose classes a message may name.
ADMITTED = (
    *MESSAGE_MODULES,
    "mcgui_core.errors",
    "mcgui_core.environment.environment_source",
    "mcgui_core.environment.function_info",
    "mcgui.console.analysis.source_checker",
    "mcgui.console.analysis.jedi_completer",
    "mcgui.console.analysis.problem",
)


def main() -> None:
    """Answer until the parent closes our standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the parent; it ends us
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    channel = PipeChannel(reader, writer, ADMITTED)
    requests: queue.SimpleQueue[tuple[str, tuple[Any, ...]]] = queue.SimpleQueue()
    with suppress(EOFError):
        methods = _methods(channel.receive())
        threading.Thread(target=_receive, args=(channel, requests), daemon=True).start()
        with suppress(OSError):  # nobody is there to hear it any more
            while True:
                method, arguments = requests.get()
                channel.send(_answer(methods[method], arguments))


def _methods(kind: str) -> dict[str, Callable[..., Any]]:
    if kind == "check":
        from mcgui.console.analysis.source_checker import check

        return {"check": check}
    from mcgui.console.analysis.jedi_completer import JediCompleter

    completer = JediCompleter()
    return {"complete": completer.complete, "describe": completer.describe, "signature": completer.signature}


def _answer(method: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, method(*arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
        return False, f"{type(error).__name__}: {error}"


def _receive(channel: PipeChannel, requests: queue.SimpleQueue[tuple[str, tuple[Any, ...]]]) -> None:
    """In a thread of its own, so that a question that takes for ever does not outlive who asked it."""
    with suppress(EOFError, OSError):
        while True:
            requests.put(channel.receive())
    os._exit(0)


if __name__ == "__main__":
    main()
