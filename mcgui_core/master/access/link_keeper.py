"""The links that a master gives out: which key opens what at present, renewed and revoked while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from mcgui_core.base.exposed import exposed
from mcgui_core.errors import BadInput
from mcgui_core.master.access.failed_proofs import FailedProofs
from mcgui_core.master.access.kept_identity import Identity
from mcgui_core.master.shared_state import SharedState
from mcgui_core.protocol import transport
from mcgui_core.protocol.certificate import digest, fingerprint
from mcgui_core.protocol.join_link import KINDS, JoinLink, LinkKind, new_key
from mcgui_core.protocol.messages import AccessReport
from mcgui_core.protocol.own_address import own_address
from mcgui_core.protocol.transport import Address

#: Where this computer itself reaches what listens on all of its addresses.
_NEAR = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104


class LinkKeeper:
    """Thread-safe. `on_changed(links)` is called after a link was renewed or revoked, in the thread that did it."""

    def __init__(
        self, state: SharedState, identity: Identity, address: Address, authkey: str | None = None, own: bool = False
    ) -> None:
        """With `authkey`, that key opens everything, and stands in the links in place of ours.

        With `own`, there is a link of each kind for whoever started this process, which nobody else ever sees: he stays
        connected whatever becomes of the others. The console's is kept, for programs of his that wait while this one is
        started anew; where the console link is renewed, it is another one from the next start on. The worker's is not:
        what proves it was started by this start's starter.
        """
        self._state, self._identity, self._authkey = state, identity, authkey
        self._host = address[0] if address[0] not in ("0.0.0.0", "::", "") else own_address()  # noqa: S104
        self._port = address[1]
        self._digest = digest(identity.certificate)
        # By a way that stays when this computer comes into another network.
        self._near = _NEAR.get(address[0], address[0])
        self._own: dict[LinkKind, str] = {"worker": new_key("worker"), "console": identity.own} if own else {}
        self.on_changed: Callable[[dict[str, str]], None] = lambda _links: None
        self.failed_proofs = FailedProofs(state.now)
        self.generation = 0  # grows whenever keys have changed
        self.proofs: Mapping[bytes, str] = self._proofs()  # derived key -> role; replaced as a whole

    @property
    def own(self) -> dict[str, str]:
        """The links of whoever started this process."""
        return {kind: self._link(key, self._near) for kind, key in self._own.items()}

    def is_home(self, key: bytes) -> bool:
        """The derived key is that of the own worker link: who proved it was started by whoever started the master."""
        worker = self._own.get("worker")
        return worker is not None and key == transport.bind(worker.encode(), self._digest)

    @property
    def address(self) -> str:
        """HOST:PORT, as links have it."""
        return JoinLink(self._host, self._port, "").address

    def all(self) -> dict[str, str]:
        """The links by kind; "" where one is revoked."""
        shown = {**self._identity.keys}
        if self._authkey is not None:
            shown |= {"worker": self._authkey, "console": self._authkey}
        return {kind: self._link(key) if key else "" for kind, key in shown.items()}

    @exposed("console")
    def renew_link(self, kind: Literal["worker", "watch", "console"]) -> str:
        """A new link of that kind. Who came by the old one is shown out, and the old one opens nothing any more.

        Raises BadInput where the key is a given one (AUTHKEY), JournalFull where the new one cannot be kept.
        """
        self._change(kind, new_key(kind))
        return self.all()[kind]

    @exposed("console")
    def revoke_link(self, kind: Literal["worker", "watch", "console"]) -> None:
        """No link of that kind opens anything until it is renewed; who came by it is shown out. Raises as above."""
        self._change(kind, "")

    @exposed("console", "watch")
    def access(self) -> AccessReport:
        """Which links there are, who did not prove a key, and which nodes are kept away."""
        with self._state.lock:
            return AccessReport(
                tuple((kind, bool(self._identity.keys[kind])) for kind in KINDS),
                self._authkey is not None,
                self.failed_proofs.total,
                self.failed_proofs.latest(),
                tuple(self._state.sent_away.items()),
            )

    def _change(self, kind: LinkKind, key: str) -> None:
        if kind not in KINDS:
            raise BadInput(f"Links are {', '.join(KINDS)}, not {kind!r}.")
        if self._authkey is not None and kind != "watch":
            raise BadInput(
                "The key of this master was given to it (AUTHKEY), so it can only be changed where it is started."
            )
        with self._state.lock:
            changed = self._identity.with_key(kind, key)
            self._state.write(lambda: changed.keep(self._state.journal))
            self._identity = changed
            self.proofs = self._proofs()
            self.generation += 1
            self._state.publish()
        self.on_changed(self.all())

    def _proofs(self) -> dict[bytes, str]:
        roles = [(key, kind) for kind, key in self._identity.keys.items() if key] if self._authkey is None else []
        roles += [(key, kind) for kind, key in self._own.items()]
        if self._authkey is not None:
            roles += [(self._authkey, "console")]
            if self._identity.keys["watch"]:
                roles += [(self._identity.keys["watch"], "watch")]
        return {transport.bind(key.encode(), self._digest): role for key, role in roles}

    def _link(self, key: str, host: str = "") -> str:
        return str(JoinLink(host or self._host, self._port, key, fingerprint(self._digest)))
