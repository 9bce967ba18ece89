"""A TCP proxy that behaves as badly as a network can: it delays, freezes, drops and resets connections, and lets large
answers and calls wait."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Iterator

#: With this, closing a connection sends RST instead of FIN: the other side loses what it has not read yet.
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Forwards connections to `target`, and can be told to spoil them. All connections share one thread."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._pairs: dict[socket.socket, socket.socket] = {}  # each end -> the other
        self._near: set[socket.socket] = set()  # the ends of those who came to us
        self._guard = threading.RLock()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._stop = threading.Event()
        self._wake = socket.socketpair()
        self._selector.register(self._wake[0], selectors.EVENT_READ)
        self.delay = 0.0  # seconds by which whatever passes is late
        self.frozen = False  # nothing passes, and nobody is told
        self.unheard = False  # nothing of what the target says does
        self.refusing = False  # new connections are closed at once
        self.most: int | None = None  # bytes of one answer that pass, so long
        self.most_sent: int | None = None  # bytes of one call, likewise
        self.stuck: set[socket.socket] = set()  # connections on which more of an answer, or of a call, waits
        self._passed: dict[socket.socket, int] = {}  # bytes that each has brought since its other end brought some
        self.accepted = 0
        self.brought = self.sent = 0  # bytes that came from the target, and went to it
        self._thread = threading.Thread(target=self._run, name="proxy")
        self._thread.start()

    @property
    def open(self) -> int:
        """Connections that go through now."""
        with self._guard:
            return len(self._pairs) // 2

    def drop(self) -> None:
        """Close all connections, in order."""
        self._end(reset=False)

    def reset(self) -> None:
        """Break off all connections; what was on its way is lost."""
        self._end(reset=True)

    def close(self) -> None:
        self._stop.set()
        self._wake[1].send(b"x")
        self._thread.join()
        self.drop()
        self._selector.close()
        for sock in (self._listener, *self._wake):
            sock.close()

    def _end(self, reset: bool) -> None:
        with self._guard:
            for sock in self._pairs:
                self._selector.unregister(sock)
                if reset:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                sock.close()
            self._pairs.clear()
            self._near.clear()
            self.stuck.clear()
            self._passed.clear()

    def _run(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(0.05):
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.fileobj, socket.socket) and key.fileobj is not self._wake[0]:
                    self._forward(key.fileobj)
            if self.frozen or self.unheard or self.stuck:
                self._stop.wait(0.01)  # what has come stays unread, so the selector would not wait

    def _accept(self) -> None:
        near, _ = self._listener.accept()
        if self.refusing:
            near.close()
            return
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:
            near.close()
            return
        with self._guard:
            for sock, other in ((near, far), (far, near)):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._pairs[sock] = other
                self._selector.register(sock, selectors.EVENT_READ)
            self._near.add(near)
            self.accepted += 1  # last: whoever sees the number can spoil the connection

    def _forward(self, sock: socket.socket) -> None:
        if self.frozen or (self.unheard and sock not in self._near):
            return
        most = self.most_sent if sock in self._near else self.most
        if most is not None and self._passed.get(sock, 0) >= most:
            self.stuck.add(sock)
            return
        self.stuck.discard(sock)
        if self.delay:
            self._stop.wait(self.delay)
        with self._guard:
            other = self._pairs.get(sock)
            if other is None:
                return  # spoilt meanwhile
            data = b""
            with contextlib.suppress(OSError):
                data = sock.recv(1 << 16)
                if data:
                    self.brought += len(data) if other in self._near else 0
                    self.sent += len(data) if sock in self._near else 0
                    self._passed[other] = 0
                    self._passed[sock] = self._passed.get(sock, 0) + len(data)
                    other.sendall(data)
                    return
            for end in (sock, other):
                self._selector.unregister(end)
                del self._pairs[end]
                self._near.discard(end)
                self.stuck.discard(end)
                self._passed.pop(end, None)
                end.close()


@contextlib.contextmanager
def proxy(address: str) -> Iterator[Proxy]:
    """A proxy before a master that listens at `address`, "host:port"."""
    host, _, port = address.rpartition(":")
    between = Proxy((host, int(port)))
    try:
        yield between
    finally:
        between.close()


def through(link: str, between: Proxy) -> str:
    """The same link, by way of a proxy."""
    return f"mcgui://{between.address[0]}:{between.address[1]}#{link.partition('#')[2]}"
