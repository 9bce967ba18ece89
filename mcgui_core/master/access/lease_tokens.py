"""What a lease is proven by: a report counts only from a node that has, or once had, leased what the report is about.

Nodes bring what they finished while the master was away, or after it had given their work to somebody else. So the
scheduler's memory of who holds what is not enough; a journal that notes each lease would be a write for each. Instead a
chunk carries a token: its range, and a code (MAC) over that, the job, the number of the lease and the node's id, under
a key that the journal keeps and nobody is told. The node hands it back with what became of the chunk, or of a part.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct

from mcgui_core.errors import BadInput
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Chunk, Outcome, Report, SlotDeath

_KEY = "lease key"  # in the journal

_RANGE = struct.Struct("!QQ")
_NUMBERS = struct.Struct("!qq")
_CODE = 16  # bytes


class LeaseTokens:
    """Issues and checks them. Holds nothing but the key, so it may be used by any thread."""

    def __init__(self, key: bytes) -> None:
        self._keyed = hashlib.blake2b(key=key, digest_size=_CODE)  # each code goes on from here

    @classmethod
    def of(cls, journal: Journal) -> LeaseTokens:
        """With the key of a journal, made when it is first asked for: tokens stay good when the master starts anew."""
        kept = journal.file.get(_KEY)
        if kept is None:
            kept = secrets.token_hex(32)
            journal.file.put(_KEY, kept)
        return cls(bytes.fromhex(kept))

    def issued(self, node: str, chunk: Chunk) -> Chunk:
        """The chunk, with its token for that node."""
        span = _RANGE.pack(chunk.start, chunk.stop)
        token = span + self._code(node, chunk.job, chunk.lease, span)
        return Chunk(chunk.lease, chunk.job, chunk.start, chunk.stop, chunk.careful, chunk.each, token)

    def check(self, node: str, report: Report) -> None:
        """Raises BadInput where a part of the report is about tasks that were not leased to that node by that lease."""
        parts: tuple[Outcome | SlotDeath | Chunk, ...] = (*report.outcomes, *report.deaths, *report.returned)
        for part in parts:
            if not self.covers(node, part):
                tasks = f"Tasks {part.start} to {part.stop} of job {part.job}"
                raise BadInput(f"{tasks} were not leased to this node by lease {part.lease}.")

    def covers(self, node: str, part: Outcome | SlotDeath | Chunk) -> bool:
        """Whether its tasks were once leased to that node by that lease."""
        if len(part.token) != _RANGE.size + _CODE:
            return False
        span, code = part.token[: _RANGE.size], part.token[_RANGE.size :]
        start, stop = _RANGE.unpack(span)
        inside: bool = start <= part.start and part.stop <= stop
        return inside and hmac.compare_digest(code, self._code(node, part.job, part.lease, span))

    def _code(self, node: str, job: int, lease: int, span: bytes) -> bytes:
        code = self._keyed.copy()
        code.update(_NUMBERS.pack(job, lease) + span + node.encode("utf-8", "surrogatepass"))
        return code.digest()
