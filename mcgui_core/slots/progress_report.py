"""`mcgui_core.report`: how a task says how far it is."""

from __future__ import annotations

from collections.abc import Callable

#: Takes a few words, and the part that is done, from 0.0 to 1.0 (None: not known).
Listener = Callable[[str, float | None], None]


class _Reports:
    """Where reports of this process go: nowhere, but in a process that runs tasks."""

    listener: Listener | None = None


def report(text: str, fraction: float | None = None) -> None:
    """Tell whoever watches how far this task is: `text`, a few words, and `fraction`, from 0.0 to 1.0, where one can be
    named.

    Costs next to nothing, so it may be called in every turn of a loop; the console shows the latest a few times a
    second. Outside a worker (while you try the function yourself) it does nothing.

    >>> from mcgui_core import report
    >>> def simulate(steps):
    ...     for step in range(steps):
    ...         report(f"step {step}", step / steps)
    ...     return steps
    >>> simulate(3)
    3
    """
    if _Reports.listener is not None:
        _Reports.listener(text, fraction)


def report_to(listener: Listener | None) -> Listener | None:
    """From now on, what tasks of this process report goes to `listener`. Returns who listened before."""
    before, _Reports.listener = _Reports.listener, listener
    return before
