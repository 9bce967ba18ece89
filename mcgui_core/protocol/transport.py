"""Connections: TLS, a key proof that is bound to the certificate, and frames. Plugged into multiprocessing's managers.

A connection is made in three steps, each with a deadline:

1. TCP, with TCP_NODELAY. (The stock connection of multiprocessing writes header and payload of more than 16 KB apart
   and leaves Nagle's algorithm on, so that a round trip takes 88 ms instead of 0.07.)
2. TLS 1.3 with the master's self-made certificate. The client compares its fingerprint with the one that its link
   names (or that was seen there before), and says nothing to anybody else.
3. The key proof: both sides show that they know the key, by HMACs under a key that is derived from the authkey and
   the digest of the certificate that they see. Somebody in between has to show a certificate of his own, so the two
   sides see different ones, and the proof fails. The client goes first: who does not know a key learns nothing.

       master -> client   magic, protocol version, 32 random bytes S
       client -> master   32 random bytes C, HMAC(k, "client" S C)
       master -> client   HMAC(k, "server" S C)                        or zeros, and the connection closes

`TlsListener` and `TlsClient` are registered with `multiprocessing.managers` under the name "mcgui-tls", so a
`BaseManager(address, authkey, serializer="mcgui-tls")` reaches our server with the stock proxies.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import select
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from multiprocessing import managers
from typing import Any, Self

from mcgui_core.errors import (
    ConnectionLost,
    FrameInvalid,
    KeyRefused,
    MasterUnreachable,
    VersionMismatch,
    WrongMaster,
)
from mcgui_core.protocol import codec
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.certificate import client_context, fingerprint

SERIALIZER = "mcgui-tls"
#: Grows with every change of what the two sides say to each other.
PROTOCOL = 9
_MAGIC = b"mcgui"
_HELLO = struct.Struct(f"!{len(_MAGIC)}sH32s")
_PROOF = 32
#: In place of the master's proof: the client's was wrong. A connection that only breaks here may have had bad luck.
_REFUSED = bytes(_PROOF)
#: Seconds that connecting may take, handshake and proof together.
CONNECT_TIMEOUT = 10.0
#: Connections that wait to be accepted. The stock server's 16 (128 since Python 3.13) turn a full classroom away.
BACKLOG = 1024
#: Seconds of silence after which the system asks the other side whether it is there.
KEEPALIVE = 15

Address = tuple[str, int]

#: Bytes that are read at a time, of what is small: TLS hands out no more at once.
_AHEAD = 1 << 14


class TlsConnection:
    """One end of a connection: `send` and `recv` of requests and answers, as the managers expect them.

    What is sent is a tuple. At the master, what is received is a `Request`, whose arguments are not read yet; at a
    client, the answer to what it has sent last.

    One thread may send and receive; any thread may close, which ends a `recv` that waits.
    """

    def __init__(self, sock: ssl.SSLSocket, name: str, role: str = "") -> None:
        self._socket, self.name, self.role = sock, name, role
        self.key = b""  # the derived key (see `bind`) that the other side proved; at the master
        self.fingerprint = ""  # of the certificate that the master showed; at the client
        #: How many bytes a call of an object's method may bring; at the master.
        self.allowed: Callable[[str | None, str], int] = lambda _ident, _method: codec.FRAME_LIMIT
        self._asked = ""  # the method that was called last; at the client
        self._ahead = memoryview(b"")  # what has come, and was not asked for yet
        self._closed = False
        self._used = False  # by a thread that sends or receives
        self._guard = threading.Lock()

    def send(self, message: Any) -> None:
        """Raises ConnectionLost; BadInput for what no message holds, FrameInvalid for one that is too large."""
        parts = call_codec.encode(message)
        if not self.role:
            self._asked = message[1]
        try:
            self._begin_use()
            try:
                for part in parts:
                    if (sent := self._socket.send(part)) < len(part):  # `sendall` alone takes thrice as long
                        self._socket.sendall(memoryview(part)[sent:])
            finally:
                self._end_use()
        except OSError as error:
            raise ConnectionLost(self.name, _reason(error)) from error

    def recv(self, timeout: float | None = None) -> Any:
        """The next message. Raises ConnectionLost, also after `timeout` seconds of silence; FrameInvalid."""
        try:
            self._begin_use()
            try:
                if self._socket.gettimeout() != timeout:  # to set it is a call of the system's, also to what it is
                    self._socket.settimeout(timeout)
                if self.role:
                    return call_codec.read_request(self._receive, self.allowed)
                body, buffers = codec.read_frame(self._receive)
            finally:
                self._end_use()
        except TimeoutError as error:
            raise ConnectionLost(self.name, f"no word for {timeout:.0f} s") from error
        except OSError as error:
            raise (error if isinstance(error, FrameInvalid) else ConnectionLost(self.name, _reason(error))) from error
        return call_codec.read_answer(body, buffers, self._asked)

    def close(self) -> None:
        """Close it from any thread; one that waits in `recv` ends with EOFError."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            with suppress(OSError):  # it is gone already, which is what was wanted
                # Wakes a thread that waits in recv. Not by the shutdown of SSLSocket, which takes TLS away under the
                # hands of that thread: it would raise ValueError, or read on as though what comes were no secret.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            if not self._used:
                self._socket.close()

    def let_go(self) -> None:
        """Close this process's end of a connection that the one that it was forked from goes on with."""
        self._closed = True
        self._socket.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed here."""
        return self._closed

    def fileno(self) -> int:
        """Of its socket, for `select`."""
        return self._socket.fileno()

    def poll(self, timeout: float = 0.0) -> bool:
        """A message (or the end) is there to be read."""
        return bool(self._ahead or self._socket.pending() or self._has_come(timeout))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _has_come(self) -> Callable[[float], object]:
        """Whether there is something to be read from the socket, or will be within so many seconds. (A selector does
        the same for many, and takes longer.)"""
        if sys.platform != "win32" and hasattr(select, "poll"):
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            return lambda seconds: poll.poll(1000 * seconds)
        return lambda seconds: select.select([self._socket], [], [], seconds)[0]

    def _begin_use(self) -> None:
        """Until `_end_use` a thread is at the socket, and nobody else closes it: OpenSSL reads from the number of its
        descriptor, and that may by then be the number of the next connection, whose bytes it would take."""
        with self._guard:
            if self._closed:
                raise ConnectionAbortedError("it was closed")
            self._used = True

    def _end_use(self) -> None:
        with self._guard:
            self._used = False
            if self._closed:
                self._socket.close()

    def _receive(self, size: int) -> bytearray:
        if not self._ahead and 0 < size < _AHEAD:  # a message begins, and is all of that most often
            self._ahead = memoryview(self._socket.recv(_AHEAD))
        if size <= len(self._ahead):
            data, self._ahead = bytearray(self._ahead[:size]), self._ahead[size:]
            return data
        return codec.received(self._read_into, size, ConnectionResetError, "the other side closed it")

    def _read_into(self, view: memoryview) -> int:
        if not self._ahead:
            if len(view) >= _AHEAD:
                return self._socket.recv_into(view)
            self._ahead = memoryview(self._socket.recv(_AHEAD))
        count = min(len(view), len(self._ahead))
        view[:count], self._ahead = self._ahead[:count], self._ahead[count:]
        return count


class TlsListener:
    """Accepts plain TCP connections at once; `secure` makes one a TlsConnection, in a thread of its own."""

    def __init__(self, address: Address, backlog: int = BACKLOG) -> None:
        """Raises OSError where nothing can listen there."""
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform == "win32":
                # There, SO_REUSEADDR lets two programs listen on one port; this is what forbids it.
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind(address)
            self._socket.listen(max(backlog, BACKLOG))
        except BaseException:
            self._socket.close()
            raise
        self.address: Address = self._socket.getsockname()[:2]

    def accept(self) -> tuple[socket.socket, Address]:
        """The next connection, before any word was said. Raises OSError once the listener is closed."""
        sock, address = self._socket.accept()
        return sock, address[:2]

    def close(self) -> None:
        """Take no more connections; a thread that waits in `accept` ends with OSError."""
        with suppress(OSError):  # not every system lets a listening socket be shut down; closing it wakes accept there
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._socket.close()


def secure(sock: socket.socket, peer: Address, context: ssl.SSLContext, keys: Mapping[bytes, str]) -> TlsConnection:
    """The master's side of handshake and proof. `keys` maps each derived key (see `bind`) to the role it gives.

    Raises OSError (KeyRefused among them); the socket is closed then.
    """
    name = f"{peer[0]}:{peer[1]}"
    try:
        _tune(sock)
        sock.settimeout(CONNECT_TIMEOUT)
        connection = TlsConnection(_wrapped(sock, context, server_side=True), name)
    except BaseException:
        sock.close()
        raise
    try:
        nonce = secrets.token_bytes(32)
        connection._socket.sendall(_HELLO.pack(_MAGIC, PROTOCOL, nonce))
        answer = bytes(connection._receive(32 + _PROOF))
        theirs, proof = answer[:32], answer[32:]
        for key, role in keys.items():
            if hmac.compare_digest(proof, _prove(key, b"client", nonce, theirs)):
                connection._socket.sendall(_prove(key, b"server", nonce, theirs))
                connection.role, connection.key = role, key
                return connection
        connection._socket.sendall(_REFUSED)
        raise KeyRefused(name)
    except BaseException:
        connection.close()
        raise


def TlsClient(  # noqa: N802
    address: Address, authkey: bytes, timeout: float = CONNECT_TIMEOUT, fingerprint: str = ""
) -> TlsConnection:
    """Connect to a master: to the one whose certificate has this fingerprint, where one is given. Named as the managers
    name it.

    Raises MasterUnreachable, WrongMaster, KeyRefused, VersionMismatch.
    """
    name = f"{address[0]}:{address[1]}"
    try:
        sock = socket.create_connection(address, timeout=timeout)
    except OSError as error:
        raise MasterUnreachable(name, _reason(error)) from error
    try:
        _tune(sock)
        connection = TlsConnection(_wrapped(sock, client_context(), server_side=False), name)
    except OSError as error:
        sock.close()
        raise MasterUnreachable(name, f"what answers there is no mcgui master: {_reason(error)}") from error
    try:
        _prove_to_master(connection, name, authkey, fingerprint)
    except OSError as error:
        connection.close()
        if isinstance(error, KeyRefused | VersionMismatch | MasterUnreachable | WrongMaster):
            raise
        raise MasterUnreachable(name, _reason(error)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _wrapped(sock: socket.socket, context: ssl.SSLContext, server_side: bool) -> ssl.SSLSocket:
    """The socket with TLS, after the handshake. Raises OSError."""
    # Of a connection that has been reset already, CPython's wrap_socket makes a socket of its own, raises, and leaves
    # that one open (SSLSocket._create closes it only once it has seen a peer). So whether there is one is asked first.
    sock.getpeername()
    return context.wrap_socket(sock, server_side=server_side)


def bind(authkey: bytes, certificate_digest: bytes) -> bytes:
    """The key of the proof: bound to one authkey and one certificate."""
    return hmac.new(authkey, b"mcgui key proof" + certificate_digest, hashlib.sha256).digest()


def _prove_to_master(connection: TlsConnection, name: str, authkey: bytes, expected: str) -> None:
    certificate = connection._socket.getpeercert(binary_form=True) or b""
    shown = hashlib.sha256(certificate).digest()
    connection.fingerprint = fingerprint(shown)
    if expected and not hmac.compare_digest(expected, connection.fingerprint):
        raise WrongMaster(name)
    magic, version, nonce = _HELLO.unpack(connection._receive(_HELLO.size))
    if magic != _MAGIC:
        raise MasterUnreachable(name, "what answers there is no mcgui master")
    if version != PROTOCOL:
        raise VersionMismatch(name, version, PROTOCOL)
    key = bind(authkey, shown)
    ours = secrets.token_bytes(32)
    connection._socket.sendall(ours + _prove(key, b"client", nonce, ours))
    answer = bytes(connection._receive(_PROOF))
    if not hmac.compare_digest(answer, _prove(key, b"server", nonce, ours)):
        raise KeyRefused(name)


def _prove(key: bytes, side: bytes, server_nonce: bytes, client_nonce: bytes) -> bytes:
    return hmac.new(key, side + server_nonce + client_nonce, hashlib.sha256).digest()


def _tune(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # Names and presence of these differ between systems; where one is missing its default of two hours stays, and the
    # heartbeats find a silent peer long before.
    for name, value in (("TCP_KEEPIDLE", KEEPALIVE), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, socket.gaierror):
        return "there is no computer of that name"
    if isinstance(error, ssl.SSLError):
        return "the connection was broken off" if "EOF" in str(error) else str(error.reason or error).lower()
    return (error.strerror or str(error) or type(error).__name__).lower()


managers.listener_client[SERIALIZER] = (TlsListener, TlsClient)  # type: ignore[attr-defined]
