"""One console for each journal: a second start brings the first one's window to the front, hands over its files, ends.

The first listens at an address made of the user and the journal. Consoles of different journals, of masters elsewhere
and of demonstrations have nothing to do with each other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mcgui.second_start import answer, ask, listen, meeting_address, request_of

#: Milliseconds for the other side to answer, which may be busy. Where there is none, that is known at once.
_TIMEOUT: Final = 5_000


class SingleConsole(QObject):
    """The first console's side. Signals: `asked(tuple[str, ...])`: a second one was started, with these files."""

    asked = Signal(object)

    def __init__(self, folder: Path, journal: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = _address(folder, journal)
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._on_connection)

    def listen(self) -> bool:
        """Be found by later starts. False where that is not possible; then they say that the journal is in use."""
        return listen(self._server, self._address)

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
        request = request_of(socket)
        if request is None:
            return
        files = request.get("files")
        if not isinstance(files, list):
            socket.abort()
            return
        answer(socket, True)
        self.asked.emit(tuple(file for file in files if isinstance(file, str)))


def hand_over(folder: Path, journal: Path, files: Sequence[Path]) -> bool:
    """Have the console that has this journal come to the front, and open the files. False where there is none."""
    return ask(_address(folder, journal), {"files": [str(file.absolute()) for file in files]}, _TIMEOUT)


def _address(folder: Path, journal: Path) -> str:
    return meeting_address(folder, "mcgui-console", os.path.normcase(os.path.realpath(journal)))
