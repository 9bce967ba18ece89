"""`make week`: the story of a week, and the owner's log of each day beside what it should be. 1 where they differ."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.week.story import LOG, tell
from tests.week.turned_clock import library


def main() -> int:
    """Let it pass, and compare."""
    if library() is None:
        print("There is no libfaketime here (Debian: libfaketime).", file=sys.stderr)
        return 2
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mcgui-week-") as folder:
        week = tell(Path(folder), say=lambda words: print(words, file=sys.stderr, flush=True))
    good = True
    for day, expected in LOG.items():
        written = week.get(day, [])
        as_it_should_be = len(written) == len(expected) and all(
            pattern.fullmatch(line) for pattern, line in zip(expected, written, strict=True)
        )
        good &= as_it_should_be
        print(f"{day}: {'as it should be' if as_it_should_be else 'NOT AS IT SHOULD BE'}")
        for line in written:
            print(f"    {line}")
        if not as_it_should_be:
            print("  where it should be")
            for pattern in expected:
                print(f"    {pattern.pattern}")
    for day in week.keys() - LOG.keys():
        good = False
        print(f"{day} has a log, and should have none: {week[day]}")
    print(f"A week in {time.monotonic() - began:.0f} s.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
