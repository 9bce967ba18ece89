"""The workbench's own process: runs the user's expressions and opens the user's values, for workbench.py.

Requests come on standard input, answers go to standard output; both are moved out of the user's reach first, so that
what an expression prints goes to standard error and what it reads is empty.

    (number, method, arguments)  ->  (number, True, answer) or (number, False, error)

The first request is ("link" or None, whose results are opened as they come, jobs whose arguments an earlier process
was reading when it ended).
Each request has a thread of its own, so that the results can be read while an expression runs; what runs code of the
user's waits for its turn.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from mcgui_core.base.exposed import exposed_methods
from mcgui_core.errors import McguiError, WorkbenchFailed
from mcgui_core.processes.child_pipes import take_pipes
from mcgui_core.protocol.pipe_channel import PipeChannel
from mcgui_core.values.text import summary
from mcgui_core.workbench.channel import ADMITTED
from mcgui_core.workbench.service import WorkbenchService

#: Seconds that we may take to end.
CLOSE_SECONDS = 4.0


def serve(channel: PipeChannel) -> None:
    """Answer requests until the channel ends."""
    link, trust, abandoned = channel.receive()
    bench = WorkbenchService(link, trust)
    methods = exposed_methods("parent", bench)
    sending = threading.Lock()
    if abandoned:
        _start(lambda: _give_up(bench, abandoned))
    with suppress(EOFError):
        while True:
            number, method, arguments = channel.receive()
            _start(_Answer(channel, sending, methods, number, method, arguments))
    # Somebody's iterator may never give its next argument; nobody is left who could stop us then.
    alarm = threading.Timer(CLOSE_SECONDS, os._exit, [1])
    alarm.daemon = True
    alarm.start()
    bench.close()


class _Answer:
    """One request, as what a thread runs."""

    def __init__(
        self,
        channel: PipeChannel,
        sending: Any,
        methods: Mapping[str, Callable[..., Any]],
        number: int,
        method: str,
        arguments: Any,
    ) -> None:
        self._channel, self._sending, self._methods = channel, sending, methods
        self._request = number, method, arguments

    def __call__(self) -> None:
        number, method, arguments = self._request
        try:
            if method not in self._methods:
                raise WorkbenchFailed(f"it has no {method}.")
            answer: tuple[int, bool, Any] = (number, True, self._methods[method](*arguments))
        except McguiError as error:
            answer = (number, False, error)
        except BaseException as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            text = f"{summary(error)}\n\n{traceback.format_exc()}"
            answer = (number, False, WorkbenchFailed(text))
        with self._sending, suppress(OSError):  # nobody is there to hear it any more
            self._channel.send(answer)


def _give_up(bench: WorkbenchService, jobs: tuple[int, ...]) -> None:
    with suppress(McguiError):  # the master is gone, and those jobs with it
        bench.give_up(jobs, "The workbench that read its arguments ended before they were read.")


def _start(target: Any) -> None:
    threading.Thread(target=target, daemon=True).start()


def main() -> None:
    """Serve until the parent closes our standard input."""
    reader, writer = take_pipes()
    os.environ["MPLBACKEND"] = "Agg"  # a figure that is opened here opens no window, whatever it was made for
    sys.set_int_max_str_digits(0)  # numbers of any length are shown and exported: they are the user's own
    threading.stack_size(64 << 20)  # an expression may recurse as deeply as in a main thread
    serve(PipeChannel(reader, writer, ADMITTED))
    sys.stdout.flush()
    # Not by returning: a thread that runs an endless expression would be waited for, or crash as Python ends.
    os._exit(0)


if __name__ == "__main__":
    main()
