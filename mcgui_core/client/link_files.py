"""Where the commands take a join link from, and where a master leaves its links."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Literal

from mcgui_core.base.private_file import write_private
from mcgui_core.errors import LinkInvalid
from mcgui_core.protocol.join_link import JoinLink

LinkKind = Literal["console", "watch", "worker"]
LINK_KINDS: tuple[LinkKind, ...] = ("console", "watch", "worker")
VARIABLE = "MCGUI_LINK"
#: What to do, for whoever gave no link.
HOW_TO_GIVE = (
    f"none was given: set {VARIABLE}, name the master's link file with --link-file, or give - and paste the link "
    "on standard input"
)


def default_link_file() -> Path:
    """Where a master of this user leaves its links, and commands of this user look for them."""
    import platformdirs

    return Path(platformdirs.user_data_dir("mcgui", appauthor=False)) / "links.json"


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
    except (OSError, UnicodeDecodeError) as error:
        raise LinkInvalid(f"{path} cannot be read ({error})") from error
    if not text.startswith("{"):
        return text
    try:
        return str(json.loads(text)[kind])
    except (ValueError, KeyError, TypeError) as error:
        raise LinkInvalid(f"{path} holds no {kind} link; it may have been revoked") from error


def find_link(given: str | None, file: Path | None, kind: LinkKind) -> JoinLink:
    """The link that a command is to use: as given, from the file, the environment, or this user's own master.

    Raises LinkInvalid.
    """
    if given == "-":
        return JoinLink.parse(sys.stdin.readline().removeprefix("\ufeff"))
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
    if default_link_file().exists():
        return JoinLink.parse(read_link_file(default_link_file(), kind))
    raise LinkInvalid(HOW_TO_GIVE)
