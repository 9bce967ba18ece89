"""A TCP proxy with two threads for each connection, so that one that is stuck does not hold up the others.

(The one of `tests/core/proxy.py` has a single thread for all, which is enough where nobody stops processes.)
"""

from __future__ import annotations

import random
import socket
import struct
import threading
from contextlib import suppress

#: With this, closing a connection sends RST instead of FIN.
_RESET = struct.pack("ii", 1, 0)
#: Bytes that are passed on at once.
PIECE = 1 << 16
#: Seconds between two looks whether a connection is to break, where nothing passes.
LOOK = 0.05


class Network:
    """Between one process and the master at `target`. Drops, resets, delays, freezes and corrupts what passes."""

    def __init__(self, target: tuple[str, int], seed: int = 0) -> None:
        self._target = target
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._flowing = threading.Event()
        self._flowing.set()
        self._guard = threading.Lock()
        self._links: set[_Link] = set()
        self._closed = threading.Event()
        self.delay = 0.0  # seconds by which each piece is late
        self.to_corrupt = 0  # pieces of which a byte is to be changed
        self.corrupted = 0  # those of which one was
        self.accepted = 0
        self._thread = threading.Thread(target=self._accept, name="network")
        self._thread.start()

    @property
    def open(self) -> int:
        """Connections that go through now."""
        return len(self._links)

    def freeze(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    def drop(self) -> None:
        """Close all connections, in order."""
        self._end(reset=False)

    def reset(self) -> None:
        """Break off all connections; what was on its way is lost."""
        self._end(reset=True)

    def close(self) -> None:
        self._closed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self.drop()
        for link in list(self._links):
            link.join()

    def _end(self, reset: bool) -> None:
        with self._guard:
            links = list(self._links)
        for link in links:
            link.end(reset)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                near.close()
                continue
            link = _Link(self, near, far)
            with self._guard:
                self._links.add(link)
            link.start()
            self.accepted += 1

    # --- for the links ------------------------------------------------------------------------------------------

    def hold(self, broken: threading.Event) -> None:
        """Wait as long as this network makes one wait."""
        if self.delay:
            broken.wait(self.delay)
        while not self._flowing.wait(0.05):
            if broken.is_set():
                return

    def spoil(self, data: bytes) -> bytes:
        """One byte of it changed, if that was ordered."""
        with self._guard:
            if not self.to_corrupt:
                return data
            self.to_corrupt -= 1
            self.corrupted += 1
            at = self._random.randrange(len(data))
            return data[:at] + bytes([data[at] ^ (1 << self._random.randrange(8))]) + data[at + 1 :]

    def over(self, link: _Link) -> None:
        with self._guard:
            self._links.discard(link)


class _Link:
    """One connection through a network."""

    def __init__(self, network: Network, near: socket.socket, far: socket.socket) -> None:
        self._network, self._ends = network, (near, far)
        self._broken = threading.Event()
        self._guard = threading.Lock()
        self._left = 2
        self._is_reset = False
        for sock in self._ends:
            sock.settimeout(LOOK)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._threads = [
            threading.Thread(target=self._pump, args=(source, sink), name="network-link")
            for source, sink in (self._ends, self._ends[::-1])
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def end(self, reset: bool = False) -> None:
        """Its threads notice, and the last one closes both ends."""
        with self._guard:
            self._broken.set()
            if reset:
                self._reset()
            for sock in self._ends if self._left and not self._is_reset else ():
                with suppress(OSError):  # it has ended by itself
                    sock.shutdown(socket.SHUT_RDWR)

    def _reset(self) -> None:
        """From now on the end of it is RST; a shutdown would send FIN first."""
        for sock in self._ends if self._left else ():
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._is_reset = True

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := self._receive(source):
                self._network.hold(self._broken)
                self._send(sink, self._network.spoil(data))
        except OSError:
            self._broken.set()  # which is what happens to connections here
        self.end()
        with self._guard:
            self._left -= 1
            if self._left:
                return
            for sock in self._ends:
                sock.close()
        self._network.over(self)

    def _receive(self, source: socket.socket) -> bytes:
        while not self._broken.is_set():
            with suppress(TimeoutError):
                return source.recv(PIECE)
        return b""

    def _send(self, sink: socket.socket, data: bytes) -> None:
        rest = memoryview(data)
        while rest and not self._broken.is_set():
            with suppress(TimeoutError):
                rest = rest[sink.send(rest) :]
