"""What one connection may ask for: the services' exposed methods, and the few calls that have to know the connection.

A session lives as long as its connection, which is how the master knows that a node is lost or that nobody brings a
job's arguments any more. Everything else is asked of the services themselves: nothing passes through here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from mcgui_core.base.exposed import exposed, exposed_methods
from mcgui_core.master.access.link_keeper import LinkKeeper
from mcgui_core.master.hub import Hub
from mcgui_core.protocol.codec import FRAME_LIMIT
from mcgui_core.protocol.messages import Block, Chunk, JobSpec, Lease, NodeInfo, Report, Welcome
from mcgui_core.protocol.messages.field_limits import MOST_HELD, Length
from mcgui_core.protocol.reasons import NO_REASON, Reason


class Session:
    """One side of the master, as one connection meets it."""

    roles: ClassVar[frozenset[str]]  # of the links that open it
    methods: Mapping[str, Callable[..., Any]]  # what may be called, by name

    def opened_to(self, role: str) -> Mapping[str, Callable[..., Any]]:
        """What of it a link of this kind may call."""
        return self.methods if role in self.roles else {}

    def may_bring(self, role: str, method: str) -> int:
        """Bytes that a call by this kind of link may bring beside its body, which is small (call_codec.py)."""
        raise NotImplementedError

    def closed(self, ended: Reason = NO_REASON) -> None:
        """The connection has ended; where we `ended` it, for that reason."""
        raise NotImplementedError


class NodeSession(Session):
    """A node's side of the master. Gone with its connection: then the node is lost, unless it left before."""

    roles = frozenset({"worker", "console"})

    def __init__(self, hub: Hub, address: str, home: bool = False) -> None:
        """`home`: it came by the link that only whoever started the master has."""
        self._nodes, self._address, self._home = hub.nodes, address, home
        self._joined = False  # a node has, from that address
        self.attending: str | None = None  # the node whose heartbeats come by this connection
        self.methods = exposed_methods("node", hub.nodes, hub.content, hub.values, self)

    def may_bring(self, role: str, method: str) -> int:
        """Results alone are large, and there are none before a node has joined."""
        if method != "exchange" or role not in self.roles:
            return 0
        self._joined = self._joined or self._nodes.has_joined_from(self._address)
        return FRAME_LIMIT if self._joined else 0

    @exposed("node")
    def join(self, info: NodeInfo, held: Annotated[tuple[Chunk, ...], Length(0, MOST_HELD)] = ()) -> Welcome:
        """As NodeService.join."""
        welcome = self._nodes.join(info, self._address, self, held)
        self.attending = info.id
        return welcome

    @exposed("node")
    def exchange(self, node: str, report: Report, want: float, visit: int = 0) -> Lease:
        """As NodeService.exchange. Where it came from is proven by this connection's key, whatever it says."""
        return self._nodes.exchange(node, report, want, visit, home=self._home)

    def closed(self, ended: Reason = NO_REASON) -> None:
        if self.attending is not None:
            self._nodes.lost(self.attending, self, ended)


class ConsoleSession(Session):
    """Everything that a person or a script may do; and of that, what somebody may who only watches."""

    roles = frozenset({"console"})

    def __init__(self, hub: Hub, links: LinkKeeper) -> None:
        self._jobs, self._links = hub.jobs, links
        services = (hub.jobs, hub.nodes, hub.view, hub.reader, hub.changes, hub.content, hub.values, links)
        self.methods = exposed_methods("console", *services, self)
        self._watched = exposed_methods("watch", *services, WatchedSession(hub, links))

    def opened_to(self, role: str) -> Mapping[str, Callable[..., Any]]:
        return self._watched if role == "watch" else super().opened_to(role)

    def may_bring(self, role: str, method: str) -> int:  # noqa: ARG002 - anything, by whoever may do anything
        return FRAME_LIMIT if role in self.roles else 0

    @exposed("console")
    def submit(self, spec: JobSpec, blocks: tuple[Block, ...], sealed: bool) -> int:
        """As JobService.submit; the other arguments will come by this connection."""
        return self._jobs.submit(spec, blocks, sealed, self)

    @exposed("console")
    def extend(self, job: int, blocks: tuple[Block, ...], sealed: bool, timeout: float | None = None) -> bool | None:
        """As JobService.extend."""
        return self._jobs.extend(job, blocks, sealed, timeout, self)

    @exposed("console")
    def copy_arguments(
        self, job: int, source: int, before: int, ranges: tuple[tuple[int, int], ...], last: bool
    ) -> int | None:
        """As JobService.copy_arguments; the others will be asked for by this connection."""
        return self._jobs.copy_arguments(job, source, before, ranges, last, self)

    @exposed("console")
    def links(self) -> dict[str, str]:
        """The join links, by kind; "" where one is revoked. And "role": what the link that was used opens."""
        return {**self._links.all(), "role": "console"}

    def closed(self, ended: Reason = NO_REASON) -> None:  # noqa: ARG002 - one way or the other
        """Jobs go on when whoever submitted them is gone; those that have not got all their arguments say so."""
        self._jobs.connection_ended(self)


class WatchedSession:
    """What looks different to somebody who only watches."""

    def __init__(self, hub: Hub, links: LinkKeeper) -> None:
        self._view, self._links = hub.view, links

    @exposed("watch")
    def links(self) -> dict[str, str]:
        """As ConsoleSession.links, without those that open more."""
        return {"worker": "", "console": "", "watch": self._links.all()["watch"], "role": "watch"}

    @exposed("watch")
    def spec(self, job: int) -> JobSpec:
        """The source may be read; a function that was pickled is a value, and stays closed."""
        return replace(self._view.spec(job), pickled_function=None, function_content=None)
