"""`make fuzz`: one run, what came of it, and exit code 1 where anything is not as it should be."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.fuzz.run import Run


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Send a master what nobody should.")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="(default: a random one)")
    parser.add_argument("--messages", type=int, default=100_000, help="(default: 100,000)")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-kept"), help="where journal and log go if a run fails")
    options = parser.parse_args(arguments)
    print(f"seed           {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mcgui-fuzz-") as folder:
        with Run(Path(folder), options.seed, options.messages) as run:
            report = run.go()
        print(report.text())
        if report.faults:
            shutil.copytree(folder, options.keep, dirs_exist_ok=True)
            print(f"Journal and log are in {options.keep}.", file=sys.stderr)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
