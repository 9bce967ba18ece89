"""How much of what tasks print may wait to be told: a slot that prints faster than the master takes it is held back."""

from __future__ import annotations

import threading
from dataclasses import replace

from mcgui_core.node.workload.outbox import Outbox
from mcgui_core.protocol.messages import TaskOutput

#: Characters that tasks printed and that may wait to be reported, and seconds that a slot waits for room among them.
TEXT_LIMIT, TEXT_SECONDS = 4 << 20, 2.0
#: What is told in the place of what had no room even then: the master is away, or slow.
LEFT_OUT = "\n[What was printed from here on is left out, until the master has taken what was printed before.]\n"


class OutputRoom:
    """Who calls holds the workload's lock, which is let go of while a slot waits for room."""

    def __init__(self, outbox: Outbox, changed: threading.Condition) -> None:
        """`changed` is a condition over that lock, notified once the master has taken output from the `outbox`."""
        self._outbox, self._changed = outbox, changed
        self._cut_off = False  # output has been left out, and there was no room since

    def fitted(self, output: TaskOutput) -> TaskOutput | None:
        """As much of it as may wait too, with a word about what is left out; None where that was said before.

        A slot waits, but only once until there is room again: with a master that is away, tasks go on."""
        size = len(output.text)

        def fits() -> bool:
            return self._outbox.text + size <= TEXT_LIMIT

        if not fits() and not self._cut_off:
            self._changed.wait_for(fits, TEXT_SECONDS)
        if fits():
            self._cut_off = False
            return output
        if self._cut_off:
            return None
        self._cut_off = True
        return replace(output, text=output.text[: max(0, TEXT_LIMIT - self._outbox.text)] + LEFT_OUT)
