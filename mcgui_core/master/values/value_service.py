"""Values on their way out of the store: read into the message, or named, for who is on this computer and may read them.

Whoever asks where the store is finds a file there with a secret. To have read that proves that the files of values can
be read too, and are the same: a folder of that name may be another one elsewhere.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from mcgui_core.base.exposed import exposed
from mcgui_core.base.private_file import write_private
from mcgui_core.errors import BadInput
from mcgui_core.master.shared_state import SharedState
from mcgui_core.protocol import codec
from mcgui_core.protocol.messages import Block, JobSpec, Lease, Outcome, Report, Stored
from mcgui_core.values.file_slice import ValuesGone
from mcgui_core.values.local_store import store_digest
from mcgui_core.values.value_file import is_large

T = TypeVar("T")

#: Bytes of large arguments that a lease brings to a node elsewhere; it fetches the others, and may take another lease
#: meanwhile. And those that it is given at once then.
ALONG_BYTES, PIECE = 1 << 20, 4 << 20


class ValueService:
    """Thread-safe. Reads files without the lock."""

    def __init__(self, state: SharedState) -> None:
        self._state, self._values = state, state.journal.values
        self._probe = f"probe-{secrets.token_hex(8)}"
        self._secret = ""  # in the probe, once somebody has asked for it
        self._readers: set[str] = set()  # nodes that can read the store

    @exposed("console", "node")
    def store(self) -> tuple[str, str, str]:
        """Where the store is: its folder, the name of a file in it, and `store_digest` of the secret in that.

        All of it is "" where it cannot be used.
        """
        with self._state.lock:
            if not self._secret:
                secret = secrets.token_hex(16)
                try:
                    write_private(self._values.folder / self._probe, secret)
                except OSError:
                    return "", "", ""
                self._secret = secret
            return str(self._values.folder.absolute()), self._probe, store_digest(self._secret)

    def close(self) -> None:
        """Nobody is told where the store is any more."""
        with suppress(OSError):
            (self._values.path / self._probe).unlink(missing_ok=True)

    # --- what comes ---------------------------------------------------------------------------------------------

    @contextmanager
    def arriving(self, things: Iterable[T], field: str) -> Iterator[tuple[T, ...]]:
        """The things, of which that field says where it lies where it was large: in a file, which is removed after the
        block unless a row names it then. Without the lock, which others want meanwhile. Raises JournalFull."""
        things, name = tuple(things), ""
        size = sum(len(value) for value in (getattr(thing, field) for thing in things) if is_large(value))
        if not size:
            yield things
            return
        with self._state.lock:
            self._state.write(partial(self._values.reserve, size))
        try:
            try:
                kept, name = self._values.put(things, field)
            except OSError as error:
                with self._state.lock:
                    self._state.write(partial(_raise, error))
                raise
            yield kept
        finally:
            with self._state.lock:
                self._values.release(size)
                self._values.drop(name)

    @contextmanager
    def outcomes_arriving(self, outcomes: Iterable[Outcome], counts: set[int]) -> Iterator[tuple[Outcome, ...]]:
        """As `arriving`, of the outcomes at the places that `counts` names: in a file for each job, with which it goes.
        The others stay as they are."""
        kept = list(outcomes)
        with ExitStack() as stack:
            for job in dict.fromkeys(kept[place].job for place in sorted(counts)):
                places = [place for place in sorted(counts) if kept[place].job == job]
                arrived = stack.enter_context(self.arriving([kept[place] for place in places], "values"))
                for place, outcome in zip(places, arrived, strict=True):
                    kept[place] = outcome
            yield tuple(kept)

    # --- nodes --------------------------------------------------------------------------------------------------

    def joined(self, node: str, secret: str) -> None:
        """A node has come that knows this secret, or none ("")."""
        self._readers.discard(node)
        if self._secret and hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), self._secret.encode()):
            self._readers.add(node)

    def reads_files(self, node: str) -> bool:
        """It is sent where values lie, in place of the values."""
        return node in self._readers

    def check(self, node: str, report: Report) -> None:
        """Raises BadInput where a node names files that it cannot have written."""
        if node not in self._readers and any(isinstance(outcome.values, Stored) for outcome in report.outcomes):
            raise BadInput("Values lie in the store only where the node can write them there.")

    def lease_for(self, node: str, lease: Lease) -> Lease:
        """As it travels to that node, which fetches what there is no room for by `argument_pieces`."""
        if node in self._readers or not (lease.specs or lease.blocks):
            return lease
        specs = tuple((job, self.for_wire_if_there(spec, "pickled_function")) for job, spec in lease.specs)
        blocks: list[tuple[int, Block]] = []
        room = ALONG_BYTES
        for job, block in lease.blocks:
            room -= len(block.data) if isinstance(block.data, Stored) else 0
            blocks.append((job, self.for_wire_if_there(block, "data") if room >= 0 else block))
        return replace(lease, specs=specs, blocks=tuple(blocks))

    def pieces(self, values: list[bytes | Stored], offset: int) -> tuple[bytes, ...]:
        """The bytes of the first of these from there on, and those behind it, as many as travel at once: of the first
        some, of the others all or none. b"" where they are gone. Raises BadInput where they only cannot be read now."""
        found: list[bytes] = []
        room = PIECE
        for data in values:
            size = max(0, len(data) - offset)
            if found and size > room:
                break
            found.append(self._piece(data, offset, min(size, room)))
            offset, room = 0, room - size
        return tuple(found)

    def _piece(self, data: bytes | Stored, offset: int, size: int) -> bytes:
        if not size or not isinstance(data, Stored):
            return data[offset : offset + size] if isinstance(data, bytes) else b""
        part: bytes = self.for_wire_if_there(_Part(Stored(data.name, data.start + offset, size)), "data").data
        return part

    # --- anybody ------------------------------------------------------------------------------------------------

    def spec_for_wire(self, spec: JobSpec) -> JobSpec:
        """A spec with its function itself. Raises BadInput where that is gone."""
        return self.for_wire(spec, "pickled_function")

    def for_wire(self, message: T, field: str) -> T:
        """The message with the bytes themselves in that field. Raises BadInput where they are gone."""
        try:
            return codec.with_large(self._values.loaded(message, field), field)
        except OSError as error:
            raise BadInput(f"These values cannot be read from the store: {error}.") from error

    def for_wire_if_there(self, message: T, field: str) -> T:
        """As `for_wire`, with no bytes in that field where they are gone: so what needs them fails where it is opened,
        and nothing else that is in the same answer. Raises BadInput where they only cannot be read now."""
        try:
            return self.for_wire(message, field)
        except BadInput as error:
            if not isinstance(error.__cause__, ValuesGone):
                raise
            return replace(message, **{field: b""})  # type: ignore[type-var]


@dataclass(frozen=True)
class _Part:
    """Some of the bytes of a value."""

    data: Any


def _raise(error: OSError) -> None:
    raise error
