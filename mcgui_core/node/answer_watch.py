"""How long a master has not answered, as far as this computer was there to hear it."""

from __future__ import annotations

import threading

#: Seconds without an answer after which a master is silent; a heartbeat is what it may take.
SILENT_AFTER = 4.0
#: Seconds between two looks.
LOOK_INTERVAL = 1.0
#: Those that mean that we stood still: this computer slept, or had no processor for us. An answer may have come.
ASLEEP = 2.5


class AnswerWatch:
    """Of one question at a time. Thread-safe; times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._since: float | None = None  # from when on the answer is missed; None: nothing is asked
        self._looked: float | None = None
        self._silent = False

    @property
    def silent(self) -> bool:
        """At the last look, the answer was late."""
        return self._silent

    def asks(self, now: float) -> None:
        """A question begins."""
        with self._guard:
            self._since = now
            self._looked = now if self._looked is None else self._looked

    def over(self) -> None:
        """It is answered, or nobody waits for that any more."""
        with self._guard:
            self._since, self._silent = None, False

    def look(self, now: float) -> None:
        """To be called every LOOK_INTERVAL."""
        with self._guard:
            slept = self._looked is not None and now - self._looked > ASLEEP
            self._looked = now
            if self._since is not None:
                self._since = now if slept else self._since
                self._silent = now - self._since >= SILENT_AFTER
