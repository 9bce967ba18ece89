"""What a connection to a master needs of the node that it is for."""

from __future__ import annotations

from typing import Protocol

from mcgui_core.protocol.messages import NodeInfo, NodeReport, Orders
from mcgui_core.values.local_store import LocalStore


class ConnectedNode(Protocol):
    """What a connection needs of the node that it is for."""

    @property
    def nprocs(self) -> int:
        """The number of slots."""

    @property
    def seconds_wanted(self) -> float:
        """Seconds of work to ask for, for each slot, with the report that was made last; 0.0 while it takes no more."""

    def info(self, visit: int) -> NodeInfo:
        """Who joins, for the time of that number."""

    def use_store(self, store: LocalStore) -> bool:
        """Its slots are to read and write the files of this store. False where they cannot."""

    def report(self) -> NodeReport:
        """What a heartbeat tells."""

    def obey(self, orders: Orders) -> None:
        """Do what the answer to a heartbeat asks for."""

    def heartbeat_over(self) -> None:
        """All that came with a heartbeat is done."""

    def another_master(self) -> None:
        """Nobody wants what runs any more: the master that it was for is gone, and another has its place."""

    def tell(self) -> None:
        """Something changed that others may want to know: `joined`, `problem`."""
