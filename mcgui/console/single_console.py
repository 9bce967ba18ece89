"""One console for each journal: a second start brings the first one's window to the front, hands over its file, ends.

The first listens at an address made of the user and the journal. Consoles of different journals, of masters elsewhere
and of demonstrations have nothing to do with each other.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

#: Milliseconds for the other side to answer, which may be busy. Where there is none, that is known at once.
_TIMEOUT: Final = 5_000
_LONGEST: Final = 1 << 16  # bytes of a message


class SingleConsole(QObject):
    """The first console's side. Signals: `asked(str)`: a second one was started, with this file, or with none ("")."""

    asked = Signal(str)

    def __init__(self, folder: Path, journal: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = _address(folder, journal)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self) -> bool:
        """Be found by later starts. False where that is not possible; then they say that the journal is in use."""
        QLocalServer.removeServer(self._address)  # left by one that was killed: nobody answers there
        return self._server.listen(self._address)

    def close(self) -> None:
        self._server.close()

    @Slot()
    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setParent(self)
            socket.readyRead.connect(self._on_ready)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _on_ready(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket), "connected to sockets only"
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST:
                socket.abort()
            return
        try:
            file = json.loads(bytes(socket.readLine().data()))["file"]
        except (ValueError, TypeError, KeyError):
            socket.abort()
            return
        socket.write(b"yes\n")
        socket.flush()
        socket.disconnectFromServer()
        self.asked.emit(file if isinstance(file, str) else "")


def hand_over(folder: Path, journal: Path, file: Path | None) -> bool:
    """Have the console that has this journal come to the front, and open the file. False where there is none."""
    socket = QLocalSocket()
    socket.connectToServer(_address(folder, journal))
    if not socket.waitForConnected(_TIMEOUT):
        return False
    wanted = {"file": str(file.absolute()) if file is not None else ""}
    socket.write(json.dumps(wanted).encode() + b"\n")
    socket.waitForBytesWritten(_TIMEOUT)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_TIMEOUT) and not socket.canReadLine():
            return False
    return bytes(socket.readLine().data()) == b"yes\n"


def meeting_folder(fallback: Path) -> Path:
    """Where the consoles of this user meet: the session's own folder, or else `fallback`, which is made."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and Path(given).is_dir():
        return Path(given)
    fallback.mkdir(parents=True, exist_ok=True, mode=0o700)
    return fallback


def _address(folder: Path, journal: Path) -> str:
    """A name for Windows, which keeps pipes in a room of their own, and a path for all others."""
    where = os.path.normcase(os.path.realpath(journal))
    key = hashlib.sha256(f"{getpass.getuser()}\n{folder}\n{where}".encode()).hexdigest()[:16]
    name = f"mcgui-console-{key}"
    return name if sys.platform == "win32" else str(folder / name)
