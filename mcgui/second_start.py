"""How a second start of a program finds the first, by a local socket, and asks it for something."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtNetwork import QLocalServer, QLocalSocket

_LONGEST: Final = 1 << 16  # bytes of a message


def meeting_folder(fallback: Path) -> Path:
    """Where the programs of this user meet: the session's own folder, or else `fallback`, which is made."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and Path(given).is_dir():
        return Path(given)
    fallback.mkdir(parents=True, exist_ok=True, mode=0o700)
    return fallback


def meeting_address(folder: Path, program: str, about: str) -> str:
    """Where this user's `program` that is `about` this (a master, a journal) listens: a name for Windows, which keeps
    pipes in a room of their own, and a path for all others."""
    key = hashlib.sha256(f"{getpass.getuser()}\n{folder}\n{about}".encode()).hexdigest()[:16]
    name = f"{program}-{key}"
    return name if sys.platform == "win32" else str(folder / name)


def listen(server: QLocalServer, address: str) -> bool:
    """Be found there, by this user only. False where that is not possible."""
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
    QLocalServer.removeServer(address)  # left by one that was killed: nobody answers there
    return server.listen(address)


def request_of(socket: QLocalSocket) -> dict[str, Any] | None:
    """What the other side asks for; None where that has not all arrived, or is nonsense: then it is hung up on."""
    if not socket.canReadLine():
        if socket.bytesAvailable() > _LONGEST:
            socket.abort()
        return None
    try:
        found = json.loads(bytes(socket.readLine().data()))
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    socket.abort()
    return None


def answer(socket: QLocalSocket, done: bool) -> None:
    """Say whether it is done, and hang up."""
    socket.write(b"yes\n" if done else b"no\n")
    socket.flush()
    socket.disconnectFromServer()


def ask(address: str, request: Mapping[str, Any], timeout: int) -> bool:
    """Have whoever listens there do this, within so many milliseconds a step. False where nobody does, or wants to."""
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(timeout):
        return False
    socket.write(json.dumps(request).encode() + b"\n")
    socket.waitForBytesWritten(timeout)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(timeout) and not socket.canReadLine():
            return False
    return bytes(socket.readLine().data()) == b"yes\n"
