"""`mcgui-core`: masters, workers and jobs, for terminals and scripts.

Exit codes: 0 all is well; 1 something failed, as the last line on standard error says; 2 the command line was wrong;
3 the job ended, and some of its tasks failed (`run`, `wait`); 130 ended by Ctrl+C, 128 + its number by another signal.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from mcgui_core.base.sizes import parse_bytes
from mcgui_core.base.version import __version__
from mcgui_core.cli.argument_options import add_arguments
from mcgui_core.cli.output_options import add_output_options
from mcgui_core.cli.run_options import add_run_options
from mcgui_core.cli.safe_text import safe
from mcgui_core.cli.standard_streams import give_up_stream, open_missing_streams
from mcgui_core.client.access.misplaced_link import CarefulParser, check_links, without_keys
from mcgui_core.errors import BadInput, McguiError, NprocsInvalid
from mcgui_core.processes.closed_pipe import is_closed_pipe
from mcgui_core.processes.processor_count import parse_nprocs
from mcgui_core.results.export_formats import listed

_KINDS = ("worker", "watch", "console")
_RESULTS = f"write the results to FILE{listed('.')}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns its exit code."""
    open_missing_streams()
    try:
        top = parser()
        options = top.parse_args(argv)
        check_links(top, options)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Names and results may be of characters that a terminal has not: as standard error does, rather than fail.
            sys.stdout.reconfigure(errors="backslashreplace")
        code = int(options.run(options))
        sys.stdout.flush()
    except McguiError as error:
        print(f"mcgui-core: {safe(without_keys(str(error)))}", file=sys.stderr)
        return 1
    except OSError as error:
        if is_closed_pipe(error):  # whoever read our output (`head`) has had enough
            give_up_stream(sys.stderr)
        else:
            print(f"mcgui-core: {safe(str(error))}. Is a disk full, or may something not be written?", file=sys.stderr)
        give_up_stream(sys.stdout)
        return 1
    except KeyboardInterrupt as error:
        return 128 + getattr(error, "number", 2)
    return code


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top: argparse.ArgumentParser = CarefulParser(
        prog="mcgui-core", description="Run one function on many arguments, on many computers."
    )
    top.add_argument("--version", action="version", version=f"mcgui {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_master(commands)
    _add_worker(commands)
    _add_run(commands)
    _add_status(commands)
    _add_jobs(commands)
    _add_results(commands)
    _add_forget(commands)
    _add_link(commands)
    return top


def _add_master(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("master", help="serve until a signal")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets other computers join")
    command.add_argument(
        "--port", type=int, default=8888, help="port to listen on; 0 takes any free one (default: 8888)"
    )
    command.add_argument(
        "--journal", type=Path, help="keep jobs, results and keys in this file (default: a temporary one)"
    )
    command.add_argument(
        "--journal-limit",
        type=_bytes,
        metavar="SIZE",
        help="what the journal may grow to, such as 20GB",
    )
    command.add_argument("--hold", action="store_true", help="jobs that were not over wait until somebody resumes them")
    command.add_argument(
        "--link-file", type=Path, help="where to leave the join links (default: this user's data folder)"
    )
    command.set_defaults(run=_later("serve_commands", "master"))


def _add_worker(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("worker", help="work for a master until a signal")
    _add_link_options(command)
    command.add_argument("--nprocs", type=_nprocs, help="tasks to run at once (default: one for each processor)")
    command.add_argument("--name", help="what the console calls this computer (default: its host name)")
    command.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="let a Dask cluster work, instead of this computer: the one with this scheduler (tcp://HOST:8786). It "
        "runs as many tasks at once as its workers have threads, or --nprocs. mcgui has to be installed for them, too",
    )
    command.add_argument(
        "--limits", type=Path, metavar="FILE", help="when and how much to work, as a TOML file (see limits_file.py)"
    )
    command.add_argument(
        "--allow-install",
        action="store_true",
        help="install packages that jobs require and this computer lacks, by pip, in folders that only such jobs use",
    )
    command.add_argument(
        "--finish-within",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="when told to end, let running tasks finish for so long; what has not by then goes back (default: 0)",
    )
    command.set_defaults(run=_later("serve_commands", "worker"))


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "run", help="run a job", description="Run a job on a master; without one, on this computer alone."
    )
    command.add_argument("job", nargs="?", type=Path, metavar="JOBFILE", help="a job document (*.mcjob)")
    command.add_argument("--environment", type=Path, metavar="FILE", help="Python file that defines the function")
    command.add_argument("--function", help="the function's name")
    command.add_argument("--reduce", help="a function of the environment that is given the list of results")
    command.add_argument(
        "--files",
        action="append",
        default=[],
        metavar="PATTERN",
        help='what travels beside the modules that the environment imports, such as "data/*.csv"; may be repeated',
    )
    command.add_argument(
        "--shared",
        action="append",
        default=[],
        metavar="NAME=EXPRESSION",
        help='a value that each call is given by that name, made once a computer: "table=load()"; may be repeated',
    )
    command.add_argument("--output", type=Path, metavar="FILE", help=_RESULTS)
    add_output_options(command)
    command.add_argument("--nprocs", type=_nprocs, help="on this computer alone: processors to use")
    command.add_argument("--json", action="store_true", help="print the outcome as JSON")
    command.add_argument("--link-file", type=Path, help="use the master whose links are in this file")
    command.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="on this computer alone: keep the job here, so that it can be resumed",
    )
    command.add_argument(
        "--resume",
        nargs="?",
        type=int,
        const=0,
        metavar="JOB",
        help="go on with a job that was broken off: that number, or the last one that is not over",
    )
    command.add_argument("--name", help="what the job is called (default: as its document says, or the function)")
    add_arguments(command)
    add_run_options(command)
    command.set_defaults(run=_later("run_command", "run"))


def _add_status(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("status", help="show jobs and workers")
    _add_link_options(command)
    _add_journal(command)
    command.add_argument("--json", action="store_true", help="print it as JSON")
    command.set_defaults(run=_later("job_commands", "status"))


def _add_jobs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands about jobs that there are, in which they are named alike."""
    for name, about, words in (
        ("jobs", "", "show jobs"),
        ("wait", "job", "wait until a job is over, and show what came of it"),
        ("pause", "job", "start no more tasks of a job; those that run go on"),
        ("resume", "job", "go on with a job that is paused"),
        ("cancel", "job", "end a job now; its results so far stay"),
        ("retry", "job", "run the failed tasks of a job again, and those that never ran"),
        ("failures", "job", "show which tasks of a job failed, and why"),
    ):
        command = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        if about:
            _add_job(command)
        _add_link_file(command)
        if name in ("jobs", "failures"):
            _add_journal(command)
        command.add_argument("--json", action="store_true", help="print the outcome as JSON")
        if name == "retry":
            _add_code(command)
        if name == "failures":
            command.add_argument("--all", action="store_true", help="show each of them, with its whole traceback")
        command.set_defaults(run=_later("job_commands", name), link=None)


def _add_code(command: argparse.ArgumentParser) -> None:
    command.add_argument("--edited", action="store_true", help="with the code as it is now, in the file it came from")
    command.add_argument("--environment", type=Path, metavar="FILE", help="with the code of this file")
    command.add_argument(
        "--files", action="append", default=[], metavar="PATTERN", help="what travels beside it; may be repeated"
    )


def _add_results(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("results", help="write the results of a job to a file, or print them")
    _add_job(command)
    command.add_argument(
        "output", type=Path, nargs="?", metavar="FILE", help=f"{_RESULTS} (default: print the first ones)"
    )
    add_output_options(command)
    command.add_argument("--json", action="store_true", help="print all of them, as JSON Lines")
    _add_link_file(command)
    _add_journal(command)
    command.set_defaults(run=_later("job_commands", "results"), link=None)


def _add_forget(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("forget", help="delete runs that are over, with their results")
    command.add_argument("jobs", nargs="*", metavar="JOB", help="their numbers, as jobs shows them")
    command.add_argument("--older-than", type=_days, metavar="AGE", help="all that ended so long ago: 30d, 12h")
    _add_link_file(command)
    _add_journal(command)
    command.set_defaults(run=_later("job_commands", "forget"), link=None)


def _add_link(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("link", help="print a join link of a master on this computer")
    command.add_argument(
        "kind",
        choices=_KINDS,
        nargs="?",
        help="worker: may work; watch: may look; console: may do all (default: worker)",
    )
    command.add_argument("--kind", choices=_KINDS, dest="kind_option", help="the same")
    change = command.add_mutually_exclusive_group()
    change.add_argument("--renew", action="store_true", help="make a new one; who came by the old one is shown out")
    change.add_argument("--revoke", action="store_true", help="let none of that kind open anything until it is renewed")
    _add_link_file(command)
    command.set_defaults(run=_later("serve_commands", "link"))


def _add_link_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "link", nargs="?", metavar="LINK", help="a join link, or - to read it from standard input (default: MCGUI_LINK)"
    )
    _add_link_file(command)


def _add_link_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--link-file", type=Path, metavar="FILE", help="the master's link file (default: a master of yours that runs)"
    )


def _add_journal(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--journal", type=Path, metavar="FILE", help="look into this journal, which no master has open"
    )


def _add_job(command: argparse.ArgumentParser) -> None:
    command.add_argument("job", metavar="JOB", help="its number, as jobs shows it, or its name")


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """A command's function, imported when the command runs: a worker starts without what only `run` needs."""

    def run(options: argparse.Namespace) -> int:
        code: int = getattr(import_module(f"mcgui_core.cli.{module}"), function)(options)
        return code

    return run


def _nprocs(text: str) -> int:
    try:
        return parse_nprocs(text)
    except NprocsInvalid as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _bytes(text: str) -> int:
    try:
        return parse_bytes(text)
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _days(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([dh])", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no age. Write it as 30d for days or 12h for hours.")
    return float(found[1]) / (24 if found[2] == "h" else 1)


if __name__ == "__main__":
    sys.exit(main())
