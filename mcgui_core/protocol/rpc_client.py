"""Calls to the master: one object of its server, reached over connections of our own.

Speaks the protocol of multiprocessing's managers. The stock proxy keeps one connection a thread for ever, never
notices that one is dead, and waits for an answer without end; hence this one.
"""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from typing import Any

from mcgui_core.errors import ConnectionLost, ServerFailed, WrongMaster
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.known_masters import KnownMasters
from mcgui_core.protocol.transport import TlsClient, TlsConnection

#: Seconds that an answer may take beyond what the call itself was told to wait.
ANSWER_TIMEOUT = 30.0


class RpcClient:
    """Calls methods of the object `ident` of a master. Thread-safe: each call has a connection to itself.

    A process that is forked has connections of its own.
    """

    def __init__(self, link: JoinLink, ident: str) -> None:
        self._link, self._ident = link, ident
        self._idle: list[TlsConnection] = []
        self._busy: set[TlsConnection] = set()
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._process = os.getpid()

    def call(self, method: str, *args: Any, wait: float = 0.0) -> Any:
        """Call a method that blocks for up to `wait` seconds.

        Raises what the method raises (McguiError), or ConnectionFailed where no answer came; whether the call was
        carried out is then unknown.
        """
        connection = self._acquire()
        try:
            connection.send((self._ident, method, args, {}))
            kind, result = connection.recv(wait + ANSWER_TIMEOUT)
        except BaseException:
            self._discard(connection)
            raise
        self._release(connection)
        if kind == "#RETURN":
            return result
        raise result if isinstance(result, Exception) else ServerFailed(str(result))

    def use(self, key: str) -> JoinLink:
        """Connect by another key of the same master from now on. Returns the link of that."""
        self._part_from_parent()
        with self._guard:
            self._link = replace(self._link, key=key)
            stale, self._idle = self._idle, []
        for connection in stale:
            connection.close()
        return self._link

    @property
    def address(self) -> str:
        """HOST:PORT of the master."""
        return self._link.address

    @property
    def closed(self) -> bool:
        """`close` was called."""
        return self._closed.is_set()

    def closes_within(self, seconds: float) -> bool:
        """Wait so long; True as soon as `close` is called."""
        return self._closed.wait(seconds)

    def close(self) -> None:
        """End all connections; calls under way raise ConnectionLost."""
        self._part_from_parent()
        with self._guard:
            self._closed.set()
            connections = [*self._idle, *self._busy]
            self._idle.clear()
        for connection in connections:
            connection.close()

    def _part_from_parent(self) -> None:
        """In a process that was forked, let go of its parent's connections: what two write into one is nonsense."""
        if os.getpid() == self._process:
            return
        stale = [*self._idle, *self._busy]
        # The guard, too: a thread of the parent may have held it, and is not here to let go of it. The process last:
        # another thread of this one may look.
        self._guard, self._idle, self._busy = threading.Lock(), [], set()
        self._process = os.getpid()
        for connection in stale:
            connection.let_go()

    def _acquire(self) -> TlsConnection:
        self._part_from_parent()
        with self._guard:
            if self._closed.is_set():
                raise ConnectionLost(self._link.address, "it was closed")
            while self._idle:
                connection = self._idle.pop()
                if not connection.poll():
                    self._busy.add(connection)
                    return connection
                connection.close()  # nobody has asked for anything, so what has come is its end
        connection = connect(self._link)
        with self._guard:
            if self._closed.is_set():
                connection.close()
                raise ConnectionLost(self._link.address, "it was closed")
            self._busy.add(connection)
        return connection

    def _release(self, connection: TlsConnection) -> None:
        with self._guard:
            self._busy.discard(connection)
            if not self._closed.is_set():
                self._idle.append(connection)
                return
        connection.close()

    def _discard(self, connection: TlsConnection) -> None:
        with self._guard:
            self._busy.discard(connection)
            # Its siblings were made to the same master, which may be gone for all of them: better anew than one by one.
            stale, self._idle = self._idle, []
        for other in (connection, *stale):
            other.close()


def connect(link: JoinLink, known: KnownMasters | None = None) -> TlsConnection:
    """Connect to the master of a link: the one that it names, or else the one that was first met at its address.

    Raises what TlsClient raises, and WrongMaster where another one answers.
    """
    address, key = (link.host, link.port), link.key.encode()
    if link.fingerprint:
        return TlsClient(address, key, fingerprint=link.fingerprint)
    known = known or KnownMasters()
    expected = known.fingerprint(link.address)
    try:
        connection = TlsClient(address, key, fingerprint=expected)
    except WrongMaster as error:
        raise WrongMaster(error.address, str(known.path)) from error
    if not expected:
        known.remember(link.address, connection.fingerprint)
    return connection
