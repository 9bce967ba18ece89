"""Join links: `mcgui://HOST:PORT#KEY`, all that a worker or a remote console needs.

A key of ours starts with a letter that says what it opens, so that the wrong one of two links is told from a wrong
link: `w` a worker's, `c` a console's. Any other key (the AUTHKEY of the seed) opens everything.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from mcgui_core.errors import LinkInvalid

SCHEME = "mcgui"
#: Random bytes in a key: 192 bits, above the 128 below which a key could be guessed one day.
KEY_BYTES = 24

LinkKind = Literal["worker", "console", "any"]
_PREFIXES: dict[LinkKind, str] = {"worker": "w.", "console": "c.", "any": ""}


def new_key(kind: LinkKind) -> str:
    """A fresh random key that opens what `kind` says."""
    return _PREFIXES[kind] + secrets.token_urlsafe(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class JoinLink:
    """A join link, taken apart. Its repr hides the key, so that a log or a traceback does not give it away."""

    host: str
    port: int
    key: str

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
        return cls(parts.hostname, port, unquote(parts.fragment))

    @property
    def kind(self) -> LinkKind:
        """What the key opens."""
        for kind in ("worker", "console"):
            if self.key.startswith(_PREFIXES[kind]):
                return kind
        return "any"

    @property
    def address(self) -> str:
        """HOST:PORT, without the key: fit to be shown and logged."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{SCHEME}://{self.address}#{quote(self.key, safe='')}"

    def __repr__(self) -> str:
        return f"<JoinLink {self.address}, {self.kind} key hidden>"
