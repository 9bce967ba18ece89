"""`make chaos`: one run, its table, and exit code 1 where anything is not as promised."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.disk import enter_space
from tests.chaos.run import Run, Settings
from tests.chaos.table import table


def main(arguments: list[str]) -> int:
    """Run, print, and keep what somebody has to look at."""
    options = _parser().parse_args(arguments)
    if os.name != "posix":
        print("The chaos run needs kill -9 and SIGSTOP, which this system does not have.", file=sys.stderr)
        return 2
    enter_space(arguments if options.seed is not None else [*arguments, "--seed", str(random.randrange(10**6))])
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    seconds = options.seconds or 60 + options.tasks / 200
    settings = Settings(seed, options.tasks, seconds, options.haste, options.large)
    again = f"--seed {seed} --tasks {options.tasks}" + (f" --large {options.large}" if options.large else "")
    print(f"chaos run with seed {seed}: repeat it with {again}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="mcgui-chaos-") as folder, Run(settings, Path(folder)) as run:
        report = run.go()
        print(table(report))
        if report.faults:
            run.keep(options.keep)
            print(f"Journal, logs and stacks are in {options.keep}.", file=sys.stderr)
    return 1 if report.faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="See how much the cluster survives.")
    parser.add_argument("--seed", type=int, help="of tasks and acts (default: a random one, which is printed)")
    parser.add_argument("--tasks", type=int, default=100_000, help="(default: 100,000)")
    parser.add_argument(
        "--large",
        type=int,
        default=0,
        help="tasks in the job of which a quarter return 1 to 20 MB (default: one in 500 of all)",
    )
    parser.add_argument(
        "--seconds", type=float, help="the adversary gives in after so long (default: 60, and 1 for each 200 tasks)"
    )
    parser.add_argument("--haste", type=float, default=1.0, help="divides the times of all acts (default: 1)")
    parser.add_argument(
        "--keep", type=Path, default=Path("chaos-kept"), help="where journal and logs go if a run fails"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
