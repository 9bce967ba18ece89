"""Opening and closing what the window shows: a master, its workbench, this computer as a worker. Blocks; no Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mcgui_core.base.user_folders import data_folder
from mcgui_core.client.access.link_files import leave_link, take_link_back
from mcgui_core.protocol.join_link import JoinLink

if TYPE_CHECKING:
    from mcgui_core.client.agent_process import AgentEvent, AgentProcess
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.workbench.workbench import Workbench

#: Only this computer reaches a master here; every other one reaches it on EVERYWHERE.
HERE: Final = "127.0.0.1"
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - only where the user switches it on
PORT: Final = 8888
#: By what name the terminal finds the master that the window shows.
_PROGRAM: Final = "console"
#: What the worker that the window starts is called in tables.
OWN_NAME: Final = "this computer"


@dataclass(frozen=True)
class Wish:
    """Which master the window is to show: one of its own, or, with `link`, one that runs already."""

    host: str = HERE
    port: int = PORT  # 0: any free one
    journal: Path | None = None  # None: temporary, gone with the master
    link: str = field(default="", repr=False)
    worker: bool = True  # this computer works too
    nprocs: int | None = None  # ... with so many processors; None: with all of them

    @property
    def own(self) -> bool:
        """The master is the window's own: it starts and ends with it."""
        return not self.link

    @property
    def address(self) -> str:
        """HOST:PORT as wished for; the port may turn out to be another one."""
        return JoinLink.parse(self.link).address if self.link else f"{self.host}:{self.port}"

    @property
    def shared(self) -> bool:
        """Other computers can reach the master."""
        return not self.own or self.host not in (HERE, "localhost", "::1")

    def with_host(self, host: str) -> Wish:
        return replace(self, host=host)


@dataclass
class Opened:
    """A wish come true."""

    wish: Wish
    cluster: Cluster
    bench: Workbench
    worker: AgentProcess | None = None
    guard: threading.Lock = field(default_factory=threading.Lock, repr=False)


def default_journal() -> Path:
    """Where the window's own master keeps jobs and results."""
    return data_folder() / "console.journal"


def open_cluster(wish: Wish, on_worker_event: Callable[[AgentEvent], None] | None = None, hold: bool = False) -> Opened:
    """Start or reach the master. With `hold`, jobs of one's own that were not over wait until they are resumed.

    Raises AddressUnavailable, JournalUnusable, ConnectionFailed, LinkInvalid ...
    """
    # Here, since the window is shown before the client of a cluster is needed (it brings ssl and multiprocessing).
    from mcgui_core.client.cluster import Cluster
    from mcgui_core.client.master import Master
    from mcgui_core.workbench.workbench import Workbench

    if wish.journal is not None:
        wish.journal.parent.mkdir(parents=True, exist_ok=True)
    link, journal = wish.link, wish.journal
    cluster = Cluster.connect(link) if link else Master(wish.host, wish.port, journal=journal, hold=hold)
    try:
        opened = Opened(wish, cluster, Workbench(cluster.own_link, home=cluster.home))
    except BaseException:
        _end(cluster)
        raise
    try:
        settle_worker(opened, on_worker_event)
    except BaseException:
        close_cluster(opened)
        raise
    leave_link(_PROGRAM, cluster.own_link, cluster.watches_only)  # for the terminal of whoever sits here
    return opened


def settle_worker(opened: Opened, on_event: Callable[[AgentEvent], None] | None = None, afresh: bool = False) -> None:
    """Make this computer work for the master, or not, as its wish says by now; `afresh` ends what works first.

    Thread-safe, so that whoever changes his mind quickly gets what he wished for last.
    """
    with opened.guard:
        worker = opened.worker
        if worker is not None and (afresh or not opened.wish.worker or not worker.alive):
            opened.worker = None  # before it says that it has left, which is no wish of its owner any more
            worker.leave()
        if opened.worker is None and opened.wish.worker:
            opened.worker = opened.cluster.add_local_worker(opened.wish.nprocs, OWN_NAME, on_event)


def close_cluster(opened: Opened) -> None:
    """End everything that was started. A master that was there before stays."""
    take_link_back(_PROGRAM)
    try:
        opened.bench.close()
    finally:
        _end(opened.cluster)


def _end(cluster: Cluster) -> None:
    from mcgui_core.client.master import Master

    if isinstance(cluster, Master):
        cluster.shutdown()
    else:
        cluster.close()
