"""Keeps the key of a link that was opened out of the list of processes.

A link that was opened (`--offer LINK`, as the desktop calls it) stands on the command line, which everybody on this
computer can list. So before anything else is imported, the program starts itself anew in its own place, with the link
on standard input: the key is to be seen for the milliseconds that Python takes to start. On Windows only administrators
see the command lines of others, and macOS hands links over by an event.
"""

from __future__ import annotations

import os
import sys

#: Characters of a link that is handed on in this way: as much as any system's pipe takes without a reader.
_LONGEST = 2000


def hide_link_from_process_list(arguments: list[str]) -> None:
    """Start anew with the link on standard input, where one that was opened is on the command line."""
    links = [text for text in arguments if text.lower().startswith("mcgui:")]
    if os.name != "posix" or "--offer" not in arguments or len(links) != 1 or len(links[0]) > _LONGEST:
        return
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mcgui.worker"]
    reading, writing = os.pipe()
    os.write(writing, links[0].encode() + b"\n")
    os.close(writing)
    os.dup2(reading, 0)  # which a started program inherits
    os.close(reading)
    os.execv(program[0], [*program, *("-" if text == links[0] else text for text in arguments)])  # noqa: S606
