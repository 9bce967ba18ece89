"""The command line of `mcgui`."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from pathlib import Path

from mcgui.console.master.master_startup import EVERYWHERE, HERE, PORT, Wish, default_journal
from mcgui.theme import Scheme
from mcgui_core.client.access.link_files import VARIABLE, find_link
from mcgui_core.client.access.misplaced_link import CarefulParser, check_links
from mcgui_core.errors import LinkInvalid, NoMaster

__all__ = ["Options", "parse"]


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    files: tuple[Path, ...]
    wish: Wish
    demo: bool
    picture: Path | None
    scheme: Scheme | None  # None: as the settings say
    said: frozenset[str] | None = None  # fields of the wish; all others are as preferred

    def wish_with(self, preferred: Wish) -> Wish:
        """The wish, with what was not said as it is preferred; None in `said` stands for all of it.

        A master elsewhere, and a picture's, are as said.
        """
        if self.said is None or not self.wish.own or self.picture is not None:
            return self.wish
        said = {name: getattr(self.wish, name) for name in self.said}
        return replace(preferred, **said)

    def journal_of(self, preferred: Wish) -> Path | None:
        """The journal that this console will have open; None where it has none of its own, or is a demonstration."""
        wish = self.wish_with(preferred)
        return wish.journal if wish.own and not self.demo else None


def parse(argv: list[str] | None = None) -> Options:
    """Read the command line; argparse ends the program where it makes no sense. Raises LinkInvalid."""
    parser = _parser()
    given = parser.parse_args(argv)
    check_links(parser, given, takes="connect")
    if given.picture is not None:
        given.demo = True
    said = frozenset(name for name in ("host", "port", "journal") if getattr(given, name) is not None)
    return Options(tuple(given.files), _wish(given), given.demo, given.picture, given.theme, said)


def _wish(given: argparse.Namespace) -> Wish:
    if given.connect is not None:
        return Wish(link=_link(given.connect), worker=False)
    # A demonstration for a picture leaves nothing behind.
    journal = given.journal or (None if given.picture is not None else default_journal())
    port = PORT if given.port is None else given.port
    return Wish(host=given.host or HERE, port=port, journal=journal)


def _link(given: str) -> str:
    """A console link: from the file that was named, as find_link finds one, or as it was given."""
    is_file = given not in ("", "-") and not given.startswith("mcgui:")
    try:
        link = find_link(None, Path(given), "console") if is_file else find_link(given or None, None, "console")
    except NoMaster as none:
        raise NoMaster(none.tried, "--connect FILE", "--connect -") from none
    if link.kind == "worker":
        raise LinkInvalid("it is a worker link, and a console needs the console link")
    return str(link)


def _parser() -> argparse.ArgumentParser:
    parser = CarefulParser(
        prog="mcgui",
        description="The console: write jobs, run them on all computers that have joined, and watch them.",
        epilog="The window has a master of its own, unless --connect names one that runs.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="job documents (*.mcjob), environments (*.py) and a table of arguments to open",
    )
    parser.add_argument("--demo", action="store_true", help="open the Pi example, let this computer work, and run it")
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="PATH",
        help="with --demo: save a picture of the window when the job is done, print the estimate of Pi, and end",
    )
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="the colours (default: as set before)")
    parser.add_argument(
        "--host",
        help=f"where the window's own master listens (default: as preferred, {HERE} at first; all: {EVERYWHERE})",
    )
    parser.add_argument(
        "--port",
        type=_port,
        help=f"the port of the window's own master; 0 takes any (default: as preferred, {PORT} at first)",
    )
    parser.add_argument("--journal", type=Path, metavar="PATH", help="where the window's own master keeps its jobs")
    parser.add_argument(
        "--connect",
        nargs="?",
        const="",
        metavar="FILE",
        help=f"show a master that runs already: by the link in this file, or in {VARIABLE}, or of your own "
        "`mcgui-core master` or console; - reads the link from standard input",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def has_screen() -> bool:
    """Whether a window can be shown at all. Only where X or Wayland may be missing is it worth asking."""
    import sys

    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
