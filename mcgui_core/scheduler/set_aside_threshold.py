"""When a node has failed so many tasks which others have done that it is kept from their job."""

from __future__ import annotations

#: Tasks that failed on a node and were done elsewhere before it is set aside for their job ...
LEAST_FAILURES = 3
#: ... if they are more than this part of all that it has tried of that job.
PART_OF_TRIED = 1 / 3


def fails_too_much(failures: int, tried: int) -> bool:
    """Whether a node on which so many tasks failed that others have done, of so many that it tried, is set aside."""
    return failures >= max(LEAST_FAILURES, PART_OF_TRIED * tried)
