"""Messages between a parent and a child of ours: the codec's frames, over a pair of pipes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from mcgui_core.protocol.codec import ADMITTED_MODULES, encode, read, received

#: Bytes that are read at a time, of what is small.
_AHEAD = 1 << 16


class PipeChannel:
    """Frames over a pair of binary, unbuffered or buffered, pipe files: parent and child of ours."""

    def __init__(
        self, reader: Any, writer: Any, modules: Collection[str] = ADMITTED_MODULES, checked: bool = False
    ) -> None:
        """`checked`: the other side runs what others wrote, which may write into the pipe itself (see codec.read)."""
        self._reader, self._writer, self._modules, self._checked = reader, writer, modules, checked
        # What was read ahead is kept here, and not in the file: so it is known when more has to be waited for.
        self._raw = getattr(reader, "raw", reader)
        self._ahead = memoryview(b"")

    def send(self, *messages: Any) -> None:
        """Those that belong together at once, so that the other side is woken once.

        Raises OSError (BrokenPipeError) where it is gone.
        """
        for message in messages:
            for part in encode(message):
                self._writer.write(part)
        self._writer.flush()

    def receive(self, late: Callable[[], Callable[[], None]] | None = None) -> Any:
        """The next message. `late` is called where one has begun and its rest is not there yet, and what that returns
        once it is.

        Raises EOFError where the other side is gone, FrameInvalid for what is no message.
        """
        begun = False
        done: Callable[[], None] | None = None

        def read_into(view: memoryview) -> int:
            nonlocal begun, done
            if not self._ahead:
                if begun and late is not None and done is None:
                    done = late()
                if len(view) >= _AHEAD:
                    return self._raw.readinto(view) or 0
                self._ahead = memoryview(self._raw.read(_AHEAD) or b"")
            begun = True
            count = min(len(view), len(self._ahead))
            view[:count], self._ahead = self._ahead[:count], self._ahead[count:]
            return count

        def receive(size: int) -> bytearray:
            return received(read_into, size, EOFError, "the other process closed its pipe")

        try:
            return read(receive, modules=self._modules, checked=self._checked)
        finally:
            if done is not None:
                done()

    def close(self) -> None:
        """Close both ends that are held here. Raises nothing, however broken they are."""
        for file in (self._writer, self._reader):
            try:
                file.close()
            except OSError:
                # A buffered writer flushes as it closes, which a reader that is gone makes fail: nothing is lost,
                # since whoever wrote has been told by the write itself or waits for an answer.
                continue
