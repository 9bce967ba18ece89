"""Which master a command talks to: the one that is named, or else one of this user's that runs on this computer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from mcgui_core.client.access.link_files import default_link_file, given_link, left_files, read_link_file
from mcgui_core.client.cluster import Cluster
from mcgui_core.client.master import Master
from mcgui_core.errors import (
    BadInput,
    ConnectionFailed,
    JournalUnusable,
    LinkInvalid,
    MasterUnreachable,
    NoMaster,
    NotAllowed,
)
from mcgui_core.protocol.join_link import JoinLink

#: Who serves the master of this user: `mcgui-core master`, the console, or a `mcgui-core run` on its own.
Server = Literal["master", "console", "run"]
#: In which order they are looked for. Who starts a job does so on one that stays.
ALL: tuple[Server, ...] = ("master", "console", "run")
THAT_STAY: tuple[Server, ...] = ("master", "console")


@contextmanager
def the_master(options: argparse.Namespace) -> Iterator[Cluster]:
    """The master that a command is about. Raises NoMaster, LinkInvalid, ConnectionFailed, BadInput.

    One on a journal is started for this command alone, and leaves what was not over in it as it stands.
    """
    journal: Path | None = getattr(options, "journal", None)
    if journal is not None:
        if not journal.is_file():
            raise BadInput(f"There is no journal {journal}.")
        with _looked_into(journal) as master:
            yield master
        return
    with named_master(options) or my_master(ALL)[0] as cluster:
        yield cluster


def _looked_into(journal: Path) -> Master:
    try:
        return Master(journal=journal, look=True)
    except JournalUnusable as error:
        if error.open_elsewhere:
            raise BadInput(f"{error} Without --journal, this command asks a master of yours that is open.") from error
        raise


def named_master(options: argparse.Namespace) -> Cluster | None:
    """The master that was named, by a link, a file, or the environment. Raises LinkInvalid, ConnectionFailed."""
    file: Path | None = options.link_file
    if file is not None:
        return Cluster.connect(_link_in(file))
    link = given_link(getattr(options, "link", None), None, "console")
    return None if link is None else Cluster.connect(str(link))


def my_master(servers: tuple[Server, ...]) -> tuple[Cluster, Server]:
    """A master of this user that answers, and who serves it. Raises NoMaster."""
    tried = []
    for server in servers:
        for file in _files(server):
            try:
                return Cluster.connect(_link_in(file)), server
            except (ConnectionFailed, LinkInvalid, NotAllowed) as error:
                if server == "master":
                    tried.append(_why_not(file, error))
    raise NoMaster(tuple(tried))


def my_worker_link() -> JoinLink:
    """What a worker on this computer joins by, where it was not given a link. Raises NoMaster, LinkInvalid."""
    try:
        with my_master(THAT_STAY)[0] as cluster:
            if cluster.worker_link:
                return JoinLink.parse(cluster.worker_link)
    except NoMaster:
        if not default_link_file().exists():
            raise
    return JoinLink.parse(read_link_file(default_link_file(), "worker"))  # it may come back: a worker waits for it


def _files(server: Server) -> list[Path]:
    if server != "master":
        return left_files(server)
    usual = default_link_file()
    return [file for file in (usual, *sorted(usual.parent.glob("links-*.json"))) if file.exists()]


def _link_in(file: Path) -> str:
    """The link in a file that opens most, to which a command may connect. Raises LinkInvalid."""
    try:
        return read_link_file(file, "console")
    except LinkInvalid:
        return read_link_file(file, "watch")


def _why_not(file: Path, error: Exception) -> str:
    if isinstance(error, MasterUnreachable):
        return f"The master whose links are in {file} does not answer at {error.address} ({error.reason})."
    return f"The links in {file} open nothing: {error}"
