"""`make week`: the story of a week, and the owner's log of each day beside what it should be. 1 where they differ.

With the name of a day, that day alone, and the evening before where it takes that.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.week.days import DAYS, chosen, is_right, right_log, tell
from tests.week.turned_clock import library


def main() -> int:
    """Let it pass, and compare."""
    if library() is None:
        print("There is no libfaketime here (Debian: libfaketime).", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(description="Let a week pass for a worker, its owner and its master.")
    parser.add_argument("day", nargs="?", default="", choices=["", *DAYS])
    names = chosen(parser.parse_args().day)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of what ends its programs
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mcgui-week-") as folder:
        week = tell(Path(folder), names, say=lambda words: print(words, file=sys.stderr, flush=True))
    good = True
    for day, expected in right_log(names).items():
        written = week.get(day, [])
        as_it_should_be = is_right(written, expected)
        good &= as_it_should_be
        print(f"{day}: {'as it should be' if as_it_should_be else 'NOT AS IT SHOULD BE'}")
        for line in written:
            print(f"    {line}")
        if not as_it_should_be:
            print("  where it should be")
            for line in expected:
                print(f"    {line}")
    for day in week.keys() - set(names):
        good = False
        print(f"{day} has a log, and should have none: {week[day]}")
    print(f"{' '.join(names)} in {time.monotonic() - began:.0f} s.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
