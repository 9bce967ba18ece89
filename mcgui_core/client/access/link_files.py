"""Where the commands take a join link from, and where a master leaves its links."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Literal

from mcgui_core.base.private_file import write_private
from mcgui_core.base.user_folders import data_folder
from mcgui_core.errors import LinkFileInvalid, LinkInvalid, LinkNotWhole, NoMaster
from mcgui_core.protocol.join_link import JoinLink

LinkKind = Literal["console", "watch", "worker"]
LINK_KINDS: tuple[LinkKind, ...] = ("console", "watch", "worker")
VARIABLE = "MCGUI_LINK"
#: Lines more than one over which a link that is piped may be wrapped.
_LINES = 5


def default_link_file() -> Path:
    """Where a master of this user leaves its links, and commands of this user look for them."""
    return data_folder() / "links.json"


def default_certificate_file() -> Path:
    """Where this user's masters that are known by address and key alone keep their certificate."""
    return default_link_file().with_name("certificate.pem")


def write_link_file(path: Path, links: dict[str, str]) -> None:
    """Leave the links in a file that only its owner can read. Raises OSError."""
    write_private(path, json.dumps({kind: links[kind] for kind in LINK_KINDS if links.get(kind)}, indent=1))


def is_link_file_of(path: Path, links: dict[str, str]) -> bool:
    """Whether a file has these links, and no other master has left its own there."""
    try:
        return any(read_link_file(path, kind) == links[kind] for kind in LINK_KINDS if links[kind])
    except LinkInvalid:
        return False


def read_link_file(path: Path, kind: LinkKind) -> str:
    """The link of a kind from a master's link file, or from a file with just a link in it. Raises LinkInvalid."""
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise LinkFileInvalid(str(path), error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise LinkFileInvalid(str(path), "it is not text") from error
    try:
        link = str(json.loads(text)[kind]) if text.startswith("{") else text
    except (ValueError, KeyError, TypeError) as error:
        raise LinkFileInvalid(str(path), f"it holds no {kind} link; it may have been revoked") from error
    try:
        JoinLink.parse(link)
    except LinkNotWhole:
        raise
    except LinkInvalid as error:
        raise LinkFileInvalid(str(path), error.reason) from error
    return link


def given_link(given: str | None, file: Path | None, kind: LinkKind) -> JoinLink | None:
    """The link that a command was given: as an argument, in a file, or by the environment. None where it was not.

    Raises LinkInvalid.
    """
    if given == "-":
        return _piped_link()
    if given:
        print(
            f"mcgui: a link on the command line can be read by everybody on this computer; better set {VARIABLE}.",
            file=sys.stderr,
        )
        return JoinLink.parse(given)
    if file is not None:
        return JoinLink.parse(read_link_file(file, kind))
    # Taken out: what this process starts, the user's tasks among it, has no use for the key.
    if link := os.environ.pop(VARIABLE, ""):
        return JoinLink.parse(link)
    return None


def find_link(given: str | None, file: Path | None, kind: LinkKind) -> JoinLink:
    """The link that was given, or else the one that this user's `mcgui-core master` has left, or a console that runs.
    Raises LinkInvalid, NoMaster."""
    link = given_link(given, file, kind)
    if link is not None:
        return link
    if default_link_file().exists():
        return JoinLink.parse(read_link_file(default_link_file(), kind))
    for left in left_files("console") if kind == "console" else ():
        with suppress(LinkInvalid):  # it watches one that is not its own, or ends just now
            return JoinLink.parse(read_link_file(left, kind))
    raise NoMaster


def _piped_link() -> JoinLink:
    """From standard input, where a mail may have wrapped it."""
    if sys.stdin is None:
        raise LinkInvalid("standard input is closed")
    text = sys.stdin.readline().removeprefix("\ufeff")
    for line in () if sys.stdin.isatty() else islice(sys.stdin, _LINES):
        try:
            return JoinLink.parse(text)
        except LinkInvalid:
            text += line
    return JoinLink.parse(text)


def leave_link(program: str, link: str, watches: bool = False) -> None:
    """Let commands of this user find the master that this process has open, by this link, until `take_link_back`.

    `program` is what they call it: "console", "run". Without effect where nothing can be written there.
    """
    with suppress(OSError):
        write_link_file(_left_file(program), {"watch" if watches else "console": link})


def take_link_back(program: str) -> None:
    """This process has it open no more."""
    with suppress(OSError):
        _left_file(program).unlink(missing_ok=True)


def left_files(program: str) -> list[Path]:
    """Where processes of this user that run have left links, the youngest first."""
    import psutil

    ages = {}
    for path in default_link_file().parent.glob(f"{program}-*.json"):
        number = path.stem.rpartition("-")[2]
        with suppress(OSError):
            if number.isdecimal() and psutil.pid_exists(int(number)):
                ages[path] = path.stat().st_mtime
            else:
                path.unlink()  # it was killed
    return sorted(ages, key=ages.__getitem__, reverse=True)


def _left_file(program: str) -> Path:
    return default_link_file().with_name(f"{program}-{os.getpid()}.json")
