"""Join links: `mcgui://HOST:PORT/CHECK#KEY:FINGERPRINT`, all that a worker or a remote console needs.

A key of ours starts with a letter that says what it opens, so that the wrong one of two links is told from a wrong
link: `w` a worker's, `v` a watcher's (a view of everything), `c` a console's. Any other key (the AUTHKEY of the seed)
opens everything. What a key opens is proven by the key, not by its letter.

The fingerprint is the master's certificate's. Without it, whoever has the key could pose as the master to all others
who have it. The check is of all that stands behind the #, and stands before it, so that a link whose end is missing
still has it; host and port may be changed by whoever knows the master by another address. Links from before there were
fingerprints or checks are still read (`JoinLink.remark`).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from mcgui_core.errors import LinkInvalid, LinkNotWhole
from mcgui_core.protocol.link_healing import healed
from mcgui_core.protocol.option_kinds import shown

SCHEME = "mcgui"
#: Random bytes in a key: 192 bits, above the 128 below which a key could be guessed one day.
KEY_BYTES = 24

LinkKind = Literal["worker", "watch", "console", "any"]
#: The kinds of links that a master gives out, from the one that opens least.
KINDS: tuple[LinkKind, ...] = ("worker", "watch", "console")
_PREFIXES: dict[LinkKind, str] = {"worker": "w.", "watch": "v.", "console": "c.", "any": ""}
_FRAGMENT = re.compile(r"(?P<key>.+?)(:(?P<fingerprint>[A-Za-z0-9_-]{22}))?")
#: How a key of ours begins, and what it consists of: a : in it stood before a fingerprint, which is cut off.
_BEGINS_AS_OURS = re.compile(r"[wvc]\.")
_KEY_OF_OURS = re.compile(r"[wvc]\.[A-Za-z0-9_-]+")
#: Said of a link without a fingerprint.
OLD_LINK = (
    "This link does not name its master, as links of older versions did not. So the first master that answers with "
    "this key is remembered, and no other is taken for it later. To be sure from the beginning, copy the link anew."
)
#: Said of a link with a fingerprint and without a check.
UNCHECKED_LINK = (
    "This link has no check, as links of older versions had none. Should the master not accept it, copy it anew."
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
    checked: bool = field(default=True, compare=False)  # False: an old one, which may lack a part

    @classmethod
    def parse(cls, text: str) -> JoinLink:
        """Read a link as a person pasted it: also one that a mail has wrapped, quoted, escaped, or put a dot behind.

        Raises LinkInvalid with the reason; LinkNotWhole where a part of it is missing or changed.
        """
        if not isinstance(text, str):
            raise LinkInvalid(f"{shown(text)} is not even text")
        try:
            link = _taken_apart(text.strip().strip("<>\"'"))
        except LinkInvalid:
            link = None
        if link is not None and link.checked:
            return link
        for candidate in healed(text):
            try:
                found = _taken_apart(candidate)
            except LinkInvalid:
                continue
            if found.checked:
                return found
            link = link or found
        return link or _taken_apart(text.strip().strip("<>\"'"))  # which raises

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

    @property
    def remark(self) -> str:
        """What whoever uses it should know: that it is an old one. "" where there is nothing to say."""
        if not self.fingerprint:
            return OLD_LINK
        return "" if self.checked else UNCHECKED_LINK

    def __str__(self) -> str:
        named = f":{self.fingerprint}" if self.fingerprint else ""  # a : of the key is quoted
        fragment = f"{quote(self.key, safe='')}{named}"
        return f"{SCHEME}://{self.address}{f'/{_check(fragment)}' if self.checked else ''}#{fragment}"

    def __repr__(self) -> str:
        return f"<JoinLink {self.address}, {self.kind} key hidden>"


def _check(fragment: str) -> str:
    """Four characters, which fit a changed text once in 16 million times."""
    digest = hashlib.sha256(fragment.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:3]).decode("ascii")


def _taken_apart(text: str) -> JoinLink:
    """A link as it stands. Raises LinkInvalid."""
    if not text:
        raise LinkInvalid("it is empty")
    try:
        parts = urlsplit(text)
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
    check = parts.path.removeprefix("/")
    if check and check != _check(parts.fragment):
        raise LinkNotWhole
    if not check and _BEGINS_AS_OURS.match(parts.fragment) and not _KEY_OF_OURS.fullmatch(found["key"]):
        raise LinkNotWhole
    return JoinLink(parts.hostname, port, unquote(found["key"]), found["fingerprint"] or "", bool(check))
