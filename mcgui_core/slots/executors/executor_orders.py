"""What a node and the workers of its executor send each other: a chunk to be run, and what came of it."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from typing import Any

from mcgui_core.protocol.messages import Block, Chunk, JobSpec
from mcgui_core.slots.slot_interface import Event
from mcgui_core.values.file_slice import FileSlice


@dataclass(frozen=True, slots=True)
class Order:
    """A chunk to be run, with what it needs and the worker process may not have yet."""

    node: str  # unique for one node: slots of others are not touched
    node_name: str
    number: int  # of this order, unique for the node
    chunk: Chunk
    spec: JobSpec | None
    blocks: tuple[Block, ...]
    needed: tuple[int, ...]  # where the blocks start that it needs, these here and others
    known_jobs: tuple[int, ...]
    contents: tuple[tuple[str, bytes], ...] = ()  # with the spec: what that names by its SHA-256


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order."""

    reached: int  # the first task that was not run
    events: tuple[Event, ...] = ()
    cpu: float = 0.0  # seconds of processor that the slot took
    memory: int = 0  # bytes that it uses
    missing: bool = False  # nothing was run: send the spec and all blocks along


def packed(message: Order | Done) -> bytes:
    """As bytes, of which nobody between the two sees more. What lies in a file or a buffer is in them as well."""
    stream = io.BytesIO()
    _Packer(stream, protocol=5).dump(message)
    return stream.getvalue()


class _Packer(pickle.Pickler):
    """Large values are views of the memory into which they were received, which the standard library's pickle refuses;
    or slices of files that another computer does not have."""

    def reducer_override(self, value: Any) -> Any:
        return (bytes, (bytes(value),)) if isinstance(value, memoryview | FileSlice) else NotImplemented


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker process is like."""

    version: str  # of mcgui
    python: str
    platform: str
