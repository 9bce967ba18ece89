"""Waiting until all is quiet: what a test does before it says that nothing happened.

Much of a window happens a moment later: work in a thread whose outcome comes back, queued signals, timers that gather
what is typed. Just after an action nothing has happened yet, whatever is going to; a test that looks then cannot fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, SignalInstance

from mcgui.background import Background
from tests.waiting import until

#: Milliseconds: a timer that fires later than this is no part of what was just done.
SOON = 500


def settle(*owners: QObject, timeout: float = 20.0) -> None:
    """Let the event loop run until nothing is under way any more.

    That is: of each owner and of all that it holds, work in the background is done and its outcome delivered, and no
    timer is about to fire once; and all queued signals, of anybody, have arrived. Raises TimeoutError.
    """
    until(lambda: _is_quiet(owners), timeout, "that all is quiet")


@contextmanager
def nothing_of(signal: SignalInstance, *owners: QObject) -> Iterator[None]:
    """What is done in this block leads to no `signal`, neither at once nor by the time that `owners` have settled."""
    heard: list[tuple[Any, ...]] = []

    def hear(*args: Any) -> None:
        heard.append(args)

    signal.connect(hear)
    try:
        yield
        settle(*owners)
    finally:
        signal.disconnect(hear)
    assert heard == []


def _is_quiet(owners: tuple[QObject, ...]) -> bool:
    for _ in range(2):  # what arrives in the first round may send something for the second
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()
        if any(_is_busy(owner) for owner in owners):
            return False
    return True


def _is_busy(owner: QObject) -> bool:
    held = [owner, *owner.findChildren(QObject)]
    return any(one.busy for one in held if isinstance(one, Background)) or any(
        one.isActive() and one.isSingleShot() and one.remainingTime() <= SOON for one in held if isinstance(one, QTimer)
    )
