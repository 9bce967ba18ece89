"""The command line of `mcgui-worker`, and where its link comes from."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from mcgui.theme import Scheme
from mcgui_core import __version__
from mcgui_core.client.access.link_files import VARIABLE
from mcgui_core.client.access.misplaced_link import CarefulParser, check_links
from mcgui_core.owner.limits import Limits
from mcgui_core.owner.limits_file import load_limits
from mcgui_core.processes.processor_count import parse_nprocs
from mcgui_core.protocol.join_link import SCHEME

_LISTED: Final = (
    "mcgui-worker: warning: the link, with its key, stands on the command line, where every user of this computer "
    f"can read it. Give it in the environment variable {VARIABLE}, or on standard input with '-'."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for at the start. `link` is None where none was given, and "" where an empty one was."""

    link: str | None = None
    nprocs: int | None = None
    minimised: bool = False
    offer: bool = False  # ask before joining with `link`
    limits: Limits | None = None
    scheme: Scheme = "system"
    picture: Path | None = None

    def __repr__(self) -> str:
        return f"<Options {'a link (hidden)' if self.link else 'no link'}, {self.nprocs=}, {self.minimised=}>"


def read_options(argv: Sequence[str], environment: Mapping[str, str], stdin: TextIO, stderr: TextIO) -> Options:
    """The options of a command line.

    Raises NprocsInvalid for a number of processors that is none, and LimitsInvalid for a file that holds no limits.
    Where argparse finds a mistake, or is asked for help, it ends the program as every command does.
    """
    parser = _parser()
    given = parser.parse_args(argv)
    check_links(parser, given)
    nprocs = None if given.nprocs is None else parse_nprocs(given.nprocs)
    limits = None if given.limits is None else load_limits(given.limits)
    link: str | None = given.link
    if link == "-":
        link = stdin.readline().strip()
    elif link is not None:
        if not given.offer:  # a link that was opened: its owner did not choose the way
            print(_LISTED, file=stderr, flush=True)
    else:
        link = environment.get(VARIABLE)
    return Options(link, nprocs, given.minimised, given.offer, limits, given.theme, given.picture)


def _parser() -> argparse.ArgumentParser:
    parser = CarefulParser(
        prog="mcgui-worker",
        description="Let this computer work for a master, from the system tray.",
        epilog=f"Without LINK the one in {VARIABLE} is used, or else the one that was used last.",
    )
    parser.add_argument(
        "link",
        nargs="?",
        metavar="LINK",
        help=f"the join link, {SCHEME}://HOST:PORT#KEY; '-' reads it from standard input",
    )
    parser.add_argument("--nprocs", metavar="N", help="processors to give (otherwise as last time, at first all)")
    parser.add_argument(
        "--minimised", "--minimized", action="store_true", help="start in the tray, without opening the panel"
    )
    parser.add_argument(
        "--offer", action="store_true", help="ask in the panel before joining with LINK; for links that are opened"
    )
    parser.add_argument(
        "--limits",
        type=Path,
        metavar="FILE",
        help="take the limits from this TOML file, not those of last time",
    )
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system", help="(default: system)")
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="save a picture of the panel after some work for the master, and end",
    )
    parser.add_argument("--version", action="version", version=f"mcgui {__version__}")
    return parser
