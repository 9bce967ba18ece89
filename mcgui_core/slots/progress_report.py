"""`mcgui_core.report`: how a task says how far it is."""

from __future__ import annotations

from collections.abc import Callable


class _Reporter:
    """Where reports of this process go. A slot sets it once, as it starts; anywhere else they go nowhere."""

    tell: Callable[[str, float | None], None] | None = None


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
    if _Reporter.tell is not None:
        _Reporter.tell(text, fraction)
