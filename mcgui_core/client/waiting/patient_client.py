"""Calls that wait for a master which is away: it may have been started anew, on the same journal, by the same link."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from mcgui_core.client.waiting.idle_reason import tell
from mcgui_core.errors import ConnectionFailed, KeyRefused, MasterAway, VersionMismatch, WrongMaster
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.rpc_client import RpcClient

T = TypeVar("T")

#: Seconds for which whoever waits for a job looks for a master that does not answer.
PATIENCE = 300.0
#: Seconds between two looks.
RETRY = 0.5


class PatientClient(RpcClient):
    """An RpcClient that can wait.

    `ended` says why the master will never be there again, "" as long as it may; `again` is as MasterAway has it;
    `worker_is_coming` says whether one that was started here has not joined yet, and may soon.
    """

    def __init__(self, link: JoinLink, ident: str, patience: float = PATIENCE) -> None:
        super().__init__(link, ident)
        self.patience = patience
        self.ended: Callable[[], str] = lambda: ""
        self.again = "Cluster.connect(link)"
        self.worker_is_coming: Callable[[], bool] = lambda: False

    def patiently(self, job: int, ask: Callable[[], T]) -> T:
        """What `ask` returns, which calls and changes nothing. Where the master is away, it is asked again.

        Raises what `ask` raises; MasterAway, which says how to go on with the job, where the master does not come back
        in time, or cannot.
        """
        since, tries = time.monotonic(), 0
        while True:
            try:
                return ask()
            except (KeyRefused, WrongMaster, VersionMismatch) as error:
                if not tries:
                    raise
                raise MasterAway(self.address, str(error), job, self.again) from error  # another one is there now
            except ConnectionFailed as error:
                if self.closed or self.patience <= 0:
                    raise
                since = since if tries else time.monotonic()
                why = self.ended()
                if not why and time.monotonic() - since >= self.patience:
                    why = f"it did not answer for {self.patience:,.0f} s"
                if why:
                    raise MasterAway(self.address, why, job, self.again) from error
                tries += 1
                if tries == 2:  # the first may be no more than a connection that was closed
                    tell(f"The master at {self.address} does not answer. Waiting for it to come back.")
                if self.closes_within(RETRY):
                    raise
