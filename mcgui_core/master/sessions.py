"""What one connection may ask for: the services' exposed methods, and the few calls that have to know the connection.

A session lives as long as its connection, which is how the master knows that a node is lost or that nobody brings a
job's arguments any more. Everything else is asked of the services themselves: nothing passes through here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from mcgui_core.base.exposed import exposed, exposed_methods
from mcgui_core.master.hub import Hub
from mcgui_core.protocol.messages import Block, JobSpec, NodeInfo


class Session:
    """One side of the master, as one connection meets it."""

    roles: ClassVar[frozenset[str]]  # of the links that open it
    methods: Mapping[str, Callable[..., Any]]  # what may be called, by name

    def closed(self) -> None:
        """The connection has ended."""
        raise NotImplementedError


class NodeSession(Session):
    """A node's side of the master. Gone with its connection: then the node is lost, unless it left before."""

    roles = frozenset({"worker", "console"})

    def __init__(self, hub: Hub, address: str) -> None:
        self._nodes, self._address = hub.nodes, address
        self._attending: str | None = None  # the node whose heartbeats come by this connection
        self.methods = exposed_methods("node", hub.nodes, self)

    @exposed("node")
    def join(self, info: NodeInfo) -> str:
        """Returns the id of the journal: a node that finds another one at the old address forgets what it holds."""
        journal = self._nodes.join(info, self._address, self)
        self._attending = info.id
        return journal

    def closed(self) -> None:
        if self._attending is not None:
            self._nodes.lost(self._attending, "its connection broke", self)


class ConsoleSession(Session):
    """Everything that a person or a script may do."""

    roles = frozenset({"console"})

    def __init__(self, hub: Hub, links: dict[str, str]) -> None:
        self._jobs, self._links = hub.jobs, links
        self.methods = exposed_methods("console", hub.jobs, hub.nodes, hub.view, hub.reader, hub.priorities, self)

    @exposed("console")
    def submit(self, spec: JobSpec, blocks: tuple[Block, ...], sealed: bool) -> int:
        """As JobService.submit; the other arguments will come by this connection."""
        return self._jobs.submit(spec, blocks, sealed, self)

    @exposed("console")
    def extend(self, job: int, blocks: tuple[Block, ...], sealed: bool, timeout: float | None = None) -> bool | None:
        """As JobService.extend."""
        return self._jobs.extend(job, blocks, sealed, timeout, self)

    @exposed("console")
    def links(self) -> dict[str, str]:
        """The join links, by kind."""
        return self._links

    def closed(self) -> None:
        """Jobs go on when whoever submitted them is gone; those that have not got all their arguments say so."""
        self._jobs.connection_ended(self)
