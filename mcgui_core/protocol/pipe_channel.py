"""Messages between a parent and a child of ours: the codec's frames, over a pair of pipes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mcgui_core.protocol.codec import ADMITTED_MODULES, encode, read, received


class PipeChannel:
    """Frames over a pair of binary, unbuffered or buffered, pipe files: parent and child of ours."""

    def __init__(
        self, reader: Any, writer: Any, modules: Collection[str] = ADMITTED_MODULES, checked: bool = False
    ) -> None:
        """`checked`: the other side runs what others wrote, which may write into the pipe itself (see codec.read)."""
        self._reader, self._writer, self._modules, self._checked = reader, writer, modules, checked

    def send(self, message: Any) -> None:
        """Raises OSError (BrokenPipeError) where the other side is gone."""
        for part in encode(message):
            self._writer.write(part)
        self._writer.flush()

    def receive(self) -> Any:
        """Raises EOFError where the other side is gone, FrameInvalid for what is no message."""
        return read(self._receive, modules=self._modules, checked=self._checked)

    def _receive(self, size: int) -> bytearray:
        return received(self._reader.readinto, size, EOFError, "the other process closed its pipe")

    def close(self) -> None:
        """Close both ends that are held here. Raises nothing, however broken they are."""
        for file in (self._writer, self._reader):
            try:
                file.close()
            except OSError:
                # A buffered writer flushes as it closes, which a reader that is gone makes fail: nothing is lost,
                # since whoever wrote has been told by the write itself or waits for an answer.
                continue
