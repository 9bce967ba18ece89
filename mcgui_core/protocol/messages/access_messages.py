"""Who may come in to a master, and who tried."""

from __future__ import annotations

from mcgui_core.protocol.message_class import message


@message
class FailedProof:
    """Somebody who did not prove a key."""

    address: str  # without a port; of IPv6, the network
    count: int
    last: float  # when that was last, seconds since the epoch


@message
class AccessReport:
    """Who may come in to a master, and who may not."""

    links: tuple[tuple[str, bool], ...]  # each kind, and whether there is a link of it
    given: bool  # the key was given (AUTHKEY): the links of worker and console cannot be changed
    failed_proofs: int  # since the master started
    latest: tuple[FailedProof, ...]  # by address, the latest first
    sent_away: tuple[tuple[str, str], ...]  # id and name of each node that is kept away
