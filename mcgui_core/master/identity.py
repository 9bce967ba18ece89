"""Who a master is: its certificate and its keys, kept in the journal, so that links stay good over restarts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from mcgui_core.journal.journal import Journal
from mcgui_core.protocol import transport
from mcgui_core.protocol.certificate import digest, fingerprint, kept_certificate, new_certificate
from mcgui_core.protocol.join_link import JoinLink, new_key
from mcgui_core.protocol.own_address import own_address
from mcgui_core.protocol.transport import Address


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a master the one that its links mean: certificate and keys."""

    certificate: str  # PEM, with its private key
    worker_key: str
    console_key: str

    @classmethod
    def of(cls, journal: Journal, authkey: str | None, certificate_file: Path | None = None) -> Identity:
        """The identity that a journal keeps, made when it is first asked for; `authkey` replaces both keys.

        A new one takes its certificate from `certificate_file`, if that is given.
        """
        stored = journal.file.get("identity")
        if stored is None:
            made = new_certificate() if certificate_file is None else kept_certificate(certificate_file)
            stored = json.dumps([made, new_key("worker"), new_key("console")])
            journal.file.put("identity", stored)
        certificate, worker_key, console_key = json.loads(stored)
        return cls(certificate, authkey or worker_key, authkey or console_key)

    def links(self, address: Address) -> dict[str, str]:
        """The two join links of a master that listens there, by kind."""
        host = address[0] if address[0] not in ("0.0.0.0", "::", "") else own_address()
        named = fingerprint(digest(self.certificate))
        return {
            "worker": str(JoinLink(host, address[1], self.worker_key, named)),
            "console": str(JoinLink(host, address[1], self.console_key, named)),
        }

    def keys(self) -> dict[bytes, str]:
        """The derived keys of the proof, with the role that each gives."""
        shown = digest(self.certificate)
        return {
            transport.bind(self.worker_key.encode(), shown): "worker",
            transport.bind(self.console_key.encode(), shown): "console",  # the same key as above: opens everything
        }
