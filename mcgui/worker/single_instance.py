"""One worker for each master: a second start finds the first, raises it, hands over its link, and ends.

Each worker listens at an address made of the user and the master that it serves. The first of a user's workers listens
at the user's own address too: that is where a start without a link, and a link that was opened, find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile, QObject, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mcgui import second_start
from mcgui.second_start import answer, listen, meeting_address, request_of

#: Milliseconds for the other side to answer. Where there is none, that is known at once; one that has just started on a
#: busy computer may need some seconds.
_TIMEOUT: Final = 15_000


@dataclass(frozen=True, slots=True)
class Request:
    """What a second start asks of the first."""

    link: str = ""
    offer: bool = False  # its owner is to be asked before it joins
    free_only: bool = False  # say no where another master is served
    minimised: bool = False  # leave the panel as it is

    def __repr__(self) -> str:
        return f"<Request {'with a link (hidden)' if self.link else 'without a link'}, {self.offer=}>"


class SingleInstance(QObject):
    """The worker's side, and the way to others. `folder` is one that only this user can write to."""

    def __init__(self, folder: Path, answer: Callable[[Request], bool], parent: QObject | None = None) -> None:
        """`answer(request)` does what is asked for, and says whether it did."""
        super().__init__(parent)
        self._folder = folder
        self._answer = answer
        self._servers: dict[str, QLocalServer] = {}  # master, "" for the user's own -> where we listen
        self._is_first = False

    @property
    def is_first(self) -> bool:
        """Whether this is the worker that a start without a link finds."""
        return self._is_first

    def take(self) -> None:
        """Be the user's first worker, if there is none."""
        if not is_taken(self._folder, ""):
            self._is_first = self._listen("")

    def serve(self, master: str) -> None:
        """Listen for starts with a link to this master, "host:port", and for no other's; "" for none."""
        for old in [name for name in self._servers if name not in ("", master)]:
            self._servers.pop(old).close()
        if master and master not in self._servers and not is_taken(self._folder, master):
            self._listen(master)

    def close(self) -> None:
        """Listen no more."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()

    def _listen(self, master: str) -> bool:
        server = QLocalServer(self)
        if not listen(server, _address(self._folder, master)):
            return False
        server.newConnection.connect(self._on_connection)
        self._servers[master] = server
        return True

    @Slot()
    def _on_connection(self) -> None:
        for server in self._servers.values():
            while (socket := server.nextPendingConnection()) is not None:
                socket.setParent(self)
                socket.readyRead.connect(self._on_ready)
                socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _on_ready(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        asked = request_of(socket)
        if asked is None:
            return
        try:
            request = Request(**asked)
        except TypeError:
            socket.abort()
            return
        answer(socket, self._answer(request))


def ask(folder: Path, master: str, request: Request) -> bool:
    """Have the worker of a master ("": the user's first) do this. False where there is none, or it does not want to."""
    return second_start.ask(_address(folder, master), asdict(request), _TIMEOUT)


def is_taken(folder: Path, master: str) -> bool:
    """Whether somebody listens there."""
    socket = QLocalSocket()
    socket.connectToServer(_address(folder, master))
    taken = socket.waitForConnected(_TIMEOUT)
    socket.abort()
    return taken


@contextmanager
def one_start_at_a_time(folder: Path) -> Iterator[None]:
    """So that of two starts in the same moment the second one finds the first. A crashed one's lock is taken over."""
    lock = QLockFile(str(folder / "mcgui-worker.lock"))
    lock.tryLock(_TIMEOUT)
    try:
        yield
    finally:
        lock.unlock()


def _address(folder: Path, master: str) -> str:
    return meeting_address(folder, "mcgui-worker", master)
