"""Somebody who speaks to a master by bytes of his own making: sockets, TLS, key proof, frames, MessagePack.

Nothing of the project's is used here, so that what is refused is refused by the master.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import ssl
import struct
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec


class RawClient:
    """A connection to the master of a link. `key`: another one than the link's; None: nothing is proved at all."""

    def __init__(self, link: str, key: str | None = "") -> None:
        parts = urlsplit(link)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((parts.hostname, parts.port), 10.0)
        self.socket = context.wrap_socket(plain)
        try:
            magic, self.version, nonce = struct.unpack("!5sH32s", self._exactly(39))
            assert magic == b"mcgui"
            if key is not None:
                self._prove(key or parts.fragment.partition(":")[0], nonce)
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @staticmethod
    def frame(body: bytes, *sizes: int) -> bytes:
        """The bytes of a frame, up to its buffers, of which it says that they have these sizes."""
        return struct.pack(f"!IQ{len(sizes)}Q", len(sizes), len(body), *sizes) + body

    def call(self, ident: str | None, method: str, *args: Any) -> tuple[str, Any]:
        """The kind of the answer, and the answer: of an error its class and its arguments. Raises OSError, EOFError."""
        self.socket.sendall(self.frame(msgspec.msgpack.encode((ident, method, args, {}))))
        return self.answer()

    def answer(self) -> tuple[str, Any]:
        """What comes next. Raises OSError, EOFError where nothing comes any more."""
        count, length = struct.unpack("!IQ", self._exactly(12))
        sizes = struct.unpack(f"!{count}Q", self._exactly(8 * count))
        kind, result = msgspec.msgpack.decode(self._exactly(length))
        for size in sizes:
            self._exactly(size)
        return kind, result

    def rest(self) -> bytes:
        """All that comes until the master closes the connection."""
        data = b""
        try:
            while part := self.socket.recv(1 << 16):
                data += part
        except ConnectionResetError:
            return data
        return data

    def _prove(self, key: str, nonce: bytes) -> None:
        certificate = self.socket.getpeercert(binary_form=True) or b""
        secret = hmac.digest(key.encode(), b"mcgui key proof" + hashlib.sha256(certificate).digest(), "sha256")
        ours = os.urandom(32)
        self.socket.sendall(ours + hmac.digest(secret, b"client" + nonce + ours, "sha256"))
        if self._exactly(32) != hmac.digest(secret, b"server" + nonce + ours, "sha256"):
            raise PermissionError("the master does not take this key")

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data
