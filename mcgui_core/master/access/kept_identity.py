"""Who a master is: its certificate and its keys, kept in the journal, so that links stay good over restarts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.certificate import kept_certificate, new_certificate
from mcgui_core.protocol.join_link import KINDS, new_key

_KEY = "identity"  # in the journal


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What makes a master the one that its links mean: a certificate, and a key for each kind of link."""

    certificate: str  # PEM, with its private key
    keys: Mapping[str, str]  # kind -> key; "" where the link is revoked
    own: str = ""  # the console key of whoever starts the master, which stands in no link that is given out

    @classmethod
    def of(cls, journal: Journal, certificate_file: Path | None = None, keep: bool = True) -> Identity:
        """The identity that a journal keeps, made when it is first asked for; without `keep`, what is made is not kept.

        A new one takes its certificate from `certificate_file`, if that is given.
        """
        stored = json.loads(journal.file.get(_KEY) or "null")
        if stored is None:
            made = new_certificate() if certificate_file is None else kept_certificate(certificate_file)
            identity = cls(made, {})
        elif isinstance(stored, list):  # as versions wrote it that had two kinds of links
            certificate, worker, console = stored
            identity = cls(certificate, {"worker": worker, "console": console})
        else:
            identity = cls(stored["certificate"], stored["keys"], stored.get("own", ""))
        keys: dict[str, str] = {kind: identity.keys.get(kind, new_key(kind)) for kind in KINDS}
        whole = replace(identity, keys=keys, own=identity.own or new_key("console"))
        if keep and whole != identity:
            whole.keep(journal)
        return whole

    def with_key(self, kind: str, key: str) -> Identity:
        """With another key for links of a kind; "" for none. With a console's, the starter's own is another one too."""
        own = new_key("console") if kind == "console" else self.own
        return replace(self, keys={**self.keys, kind: key}, own=own)

    def keep(self, journal: Journal) -> None:
        """Write it into the journal."""
        kept = {"certificate": self.certificate, "keys": dict(self.keys), "own": self.own}
        journal.file.put(_KEY, json.dumps(kept))
