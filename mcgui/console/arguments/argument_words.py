"""What is said of arguments in a line: how many there are, and the first few. No Qt in here."""

from __future__ import annotations

from typing import Final

from mcgui import format
from mcgui_core.protocol.messages import ArgumentsPreview

#: Characters of the preview; more would not be read.
SHOWN: Final = 100
#: Values of the preview.
FEW: Final = 5
NO_BREAK: Final = "\u00a0"


def summary(preview: ArgumentsPreview, counting: bool = False, few: bool = True) -> str:
    """Such as "1,000,000 tasks: 0, 1, 2 …"; without the first `few`, how many there are."""
    if preview.count is not None:
        tasks = format.plural(preview.count, "task")
    else:
        tasks = "Counting the tasks" if counting else "Tasks, counted while they run"
    if not few:
        return tasks
    shown = _first_few(preview.first)
    more = preview.count is None or preview.count > len(preview.first) or shown != ", ".join(preview.first)
    return f"{tasks}: {shown}{NO_BREAK + '…' if more else ''}"


def remark(preview: ArgumentsPreview, skips_bad: bool) -> str:
    """What of a file is left out or read in a way of its own, and how to have it otherwise; "" where nothing is."""
    return f"{preview.problem if skips_bad else ''} {preview.note}".strip()


def _first_few(values: tuple[str, ...]) -> str:
    """As many whole values as there is room for, and of one that is longer than that the beginning."""
    shown = ", ".join(values[:1])[:SHOWN]
    for value in values[1:FEW]:
        if len(shown) + len(value) > SHOWN:
            break
        shown += f", {value}"
    return shown
