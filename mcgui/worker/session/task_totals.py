"""Tasks of today and in all, on this computer, over every run of the program."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class TaskTotals:
    """The last page, and the sum of all pages. `day` is a date of this computer's clock, "2026-07-03"."""

    day: str = ""
    done: int = 0  # on that day
    failed: int = 0
    done_ever: int = 0

    def with_tasks(self, done: int, failed: int, day: str) -> TaskTotals:
        """So many more, on that day. A new day begins a new page; so does one that has been, if clocks are set back."""
        page = self if day == self.day else TaskTotals(day, done_ever=self.done_ever)
        return replace(page, done=page.done + done, failed=page.failed + failed, done_ever=page.done_ever + done)
