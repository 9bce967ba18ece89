"""What the master has by its content comes to it before the job that needs it: functions, shared values, files.

Once, however many jobs need it. From the master's own computer by a file, from elsewhere a piece at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mcgui_core.errors import BadInput
from mcgui_core.protocol import codec
from mcgui_core.protocol.job_check import FILE_BYTES_LIMIT, check_shared_names
from mcgui_core.protocol.messages import Content, JobSpec
from mcgui_core.values import pickling
from mcgui_core.values.local_store import LocalStore
from mcgui_core.values.pickling import Pickled
from mcgui_core.values.value_file import ValueFile, is_large

if TYPE_CHECKING:  # the window imports this before it is there, and connections come later
    from mcgui_core.protocol.rpc_client import RpcClient

#: Bytes that travel at once.
PIECE = 1 << 20


def with_function(remote: RpcClient, store: LocalStore, spec: JobSpec) -> JobSpec:
    """The spec, whose function the master has by its content where it is large. Raises BadInput, JournalFull."""
    function: Any = spec.pickled_function
    if not is_large(function):
        return spec if function is None else replace(spec, pickled_function=_whole(function))
    return replace(spec, pickled_function=None, function_content=_bring(remote, store, function))


def with_shared(remote: RpcClient, store: LocalStore, spec: JobSpec, values: Mapping[str, Any]) -> JobSpec:
    """The spec with values that each call is given, which the master has then. Raises BadInput, JournalFull."""
    if not isinstance(values, Mapping):
        raise BadInput(f"shared must be a dictionary of names and values, not {values!r:.60}.")
    check_shared_names(values, spec.seed)
    return replace(spec, shared=tuple((name, _shared(remote, store, name, value)) for name, value in values.items()))


def _shared(remote: RpcClient, store: LocalStore, name: str, value: Any) -> Content:
    try:
        pickled = pickling.pickled(value)
    except Exception as error:
        raise BadInput(f"The shared value {name} cannot be pickled: {error}.") from error
    if len(pickled) > FILE_BYTES_LIMIT:
        raise BadInput(f"The shared value {name} takes {len(pickled):,} bytes, and {FILE_BYTES_LIMIT:,} are the most.")
    return _bring(remote, store, pickled)


def _whole(function: Any) -> Any:
    return bytes(function) if isinstance(function, Pickled) else function


def _bring(remote: RpcClient, store: LocalStore, value: bytes | Pickled) -> Content:
    content = _by_file(remote, store, value)
    if content is not None:
        return content
    digest = hashlib.sha256()
    for part in _parts(value):
        digest.update(part)
    content = Content(digest.hexdigest(), len(value))
    if remote.call("missing_content", (content.sha256,)):
        bring_pieces(remote, content, _Reader(value).at)
    return content


def bring_pieces(remote: RpcClient, content: Content, piece: Callable[[int, int], Any]) -> None:
    """Have the master get a content, of which `piece(start, size)` gives some bytes. Raises BadInput, JournalFull."""
    reached, first = 0, True
    while first or reached < content.size:
        data = piece(reached, min(PIECE, content.size - reached))
        reached = remote.call("put_content", content.sha256, content.size, reached, codec.large(data))
        first = False


def _by_file(remote: RpcClient, store: LocalStore, value: bytes | Pickled) -> Content | None:
    """On the master's own computer: its content, which is in a file of the master's then. None elsewhere."""
    if store.folder is None or not is_large(value):
        return None
    digest = hashlib.sha256()
    with suppress(OSError), ValueFile(store.folder) as file:  # else the master is asked, and says what is wrong
        for part in _parts(value):
            digest.update(part)
            file.write(part)
        content = Content(digest.hexdigest(), len(value))
        if not remote.call("missing_content", (content.sha256,)):
            file.remove()
            return content
        file.close()
        remote.call("adopt_content", content.sha256, content.size, file.name)
        return content
    return None


def _parts(value: bytes | Pickled) -> Iterator[memoryview]:
    for part in value.parts if isinstance(value, Pickled) else (value,):
        yield memoryview(part).cast("B")


class _Reader:
    """The bytes of a value from any place on, without a copy of the whole."""

    def __init__(self, value: bytes | Pickled) -> None:
        self._parts = tuple(_parts(value))

    def at(self, start: int, size: int) -> bytes:
        found = bytearray()
        for part in self._parts:
            if start < len(part) and len(found) < size:
                found += part[start : start + size - len(found)]
            start = max(0, start - len(part))
        return bytes(found)
