"""Join links: `mcgui://HOST:PORT#KEY:FINGERPRINT`, all that a worker or a remote console needs.

A key of ours starts with a letter that says what it opens, so that the wrong one of two links is told from a wrong
link: `w` a worker's, `v` a watcher's (a view of everything), `c` a console's. Any other key (the AUTHKEY of the seed)
opens everything. What a key opens is proven by the key, not by its letter.

The fingerprint is the master's certificate's. Without it, whoever has the key could pose as the master to all others
who have it. Links from before there were fingerprints are still read (`OLD_LINK`).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from mcgui_core.errors import LinkInvalid

SCHEME = "mcgui"
#: Random bytes in a key: 192 bits, above the 128 below which a key could be guessed one day.
KEY_BYTES = 24

LinkKind = Literal["worker", "watch", "console", "any"]
#: The kinds of links that a master gives out, from the one that opens least.
KINDS: tuple[LinkKind, ...] = ("worker", "watch", "console")
_PREFIXES: dict[LinkKind, str] = {"worker": "w.", "watch": "v.", "console": "c.", "any": ""}
_FRAGMENT = re.compile(r"(?P<key>.+?)(:(?P<fingerprint>[A-Za-z0-9_-]{22}))?")
#: Said of a link without a fingerprint.
OLD_LINK = (
    "This link does not name its master, as links of older versions did not. So the first master that answers with "
    "this key is remembered, and no other is taken for it later. To be sure from the beginning, copy the link anew."
)


def new_key(kind: LinkKind) -> str:
    """A fresh random key that opens what `kind` says."""
    return _PREFIXES[kind] + secrets.token_urlsafe(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class JoinLink:
    """A join link, taken apart. Its repr hides the key, so that a log or a traceback does not give it away."""

    host: str
    port: int
    key: str
    fingerprint: str = ""  # of the master's certificate (certificate.py); "" where the link does not say

    @classmethod
    def parse(cls, text: str) -> JoinLink:
        """Read a link as a person pasted it. Raises LinkInvalid with the reason."""
        cleaned = text.strip().strip("<>\"'")
        if not cleaned:
            raise LinkInvalid("it is empty")
        try:
            parts = urlsplit(cleaned)
            port = parts.port
        except ValueError:
            raise LinkInvalid("its port is not a number from 1 to 65535") from None
        if parts.scheme != SCHEME:
            raise LinkInvalid(f"it does not start with {SCHEME}://")
        if not parts.hostname:
            raise LinkInvalid("it names no host")
        if not port:
            raise LinkInvalid("it names no port")
        if not parts.fragment:
            raise LinkInvalid("its key, the part after #, is missing")
        found = _FRAGMENT.fullmatch(parts.fragment)
        if found is None:
            raise LinkInvalid("its key, the part after #, is not on one line")
        return cls(parts.hostname, port, unquote(found["key"]), found["fingerprint"] or "")

    @property
    def kind(self) -> LinkKind:
        """What the key opens."""
        for kind in KINDS:
            if self.key.startswith(_PREFIXES[kind]):
                return kind
        return "any"

    @property
    def address(self) -> str:
        """HOST:PORT, without the key: fit to be shown and logged."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __str__(self) -> str:
        named = f":{self.fingerprint}" if self.fingerprint else ""  # a : of the key is quoted
        return f"{SCHEME}://{self.address}#{quote(self.key, safe='')}{named}"

    def __repr__(self) -> str:
        return f"<JoinLink {self.address}, {self.kind} key hidden>"
