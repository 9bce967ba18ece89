"""Who may come in to a master, as its client sees and changes it: links, and nodes that are kept away."""

from __future__ import annotations

from typing import Literal, NoReturn

from mcgui_core.base.article import with_article
from mcgui_core.client.waiting.patient_client import PatientClient
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.known_masters import KnownMasters
from mcgui_core.protocol.messages import AccessReport


class ClusterAccess:
    """What a Cluster is, before its jobs: a master that was reached by a link, and the links that it gives out."""

    def __init__(self, link: str, patience: float) -> None:
        """Raises LinkInvalid, ConnectionFailed, NotAllowed."""
        self._remote = PatientClient(JoinLink.parse(link), "cluster", patience)
        try:
            links = self._remote.call("links")
        except BaseException:
            self._remote.close()
            raise
        self._take_links(links)
        self.own_link = link
        self.address = JoinLink.parse(link).address

    def __reduce__(self) -> NoReturn:
        """A function that refers to one, or an argument that holds one, is told what to do instead."""
        raise TypeError(
            f"{with_article(type(self).__name__)} belongs to the process that made it. Elsewhere, "
            "Cluster.connect(link) reaches the same master"
        )

    @property
    def fingerprint(self) -> str:
        """Of the master's certificate, by which it is known whatever its links are."""
        link = JoinLink.parse(self.own_link)
        return link.fingerprint or KnownMasters().fingerprint(link.address)

    def access(self) -> AccessReport:
        """Which links there are, who did not prove a key, and which nodes are kept away.

        The links of this object are those of now, then: another client may have renewed one.
        """
        report: AccessReport = self._remote.call("access")
        self._take_links(self._remote.call("links"))
        return report

    def renew_link(self, kind: Literal["worker", "watch", "console"]) -> str:
        """A new link of that kind, returned. The old one opens nothing any more, and who came by it is shown out.

        Workers that this object started, and this object itself, go on by the new one. Raises BadInput where the key
        was given (`authkey`), NotAllowed.
        """
        link: str = self._remote.call("renew_link", kind)
        if kind == "console" and JoinLink.parse(self.own_link).key == JoinLink.parse(self.console_link or link).key:
            self.own_link = str(self._remote.use(JoinLink.parse(link).key))
        if kind == "worker":
            self._use_worker_link(link)
        self._take_links(self._remote.call("links"))
        return link

    def revoke_link(self, kind: Literal["worker", "watch", "console"]) -> None:
        """No link of that kind opens anything until it is renewed, and who came by it is shown out.

        With the console link, that may be this object itself. Raises BadInput where the key was given, NotAllowed.
        """
        self._remote.call("revoke_link", kind)
        if not (kind == "console" and self.own_link == self.console_link):
            self._take_links(self._remote.call("links"))

    def send_away(self, node: str) -> None:
        """Have a node (its `NodeStatus.id`) stop what it runs and go, and keep it away until `allow_again`.

        The node says so. Against somebody who means ill, renew the worker link. Raises NodeUnknown, NotAllowed.
        """
        self._remote.call("send_away", node)

    def allow_again(self, node: str) -> None:
        """A node that was sent away may join again; it does by itself, within a minute."""
        self._remote.call("allow_again", node)

    def _use_worker_link(self, link: str) -> None:
        """Workers that this object started join by it."""

    def _take_links(self, links: dict[str, str]) -> None:
        self.worker_link: str = links["worker"]
        self.watch_link: str = links["watch"]
        self.console_link: str = links["console"]
        self.watches_only: bool = links["role"] == "watch"
