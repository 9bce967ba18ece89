"""The master's process: a `multiprocessing` manager server over the hub, one thread a connection.

It speaks the managers' protocol, (object, method, args, kwargs) -> (kind, result), so stock proxies can call it. What
differs from the stock `Server`: TLS and key proof (transport.py) off the accept loop, messages that are only data, no
`create`, `shutdown` or `debug_info`, objects that belong to a connection instead of to the server, a limit on
connections that have not proved their key, an accept loop that can be stopped, and no `sys.exit`.

Run as a command, it reads its settings as one line of JSON from standard input, answers with one line of JSON on
standard output, and ends when standard input does: a master whose owner is gone does not live on.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from multiprocessing import managers
from pathlib import Path
from typing import Any

from mcgui_core.errors import (
    AddressUnavailable,
    BadInput,
    ConnectionFailed,
    ConnectionLost,
    FrameInvalid,
    KeyRefused,
    McguiError,
    NotAllowed,
    ServerFailed,
)
from mcgui_core.journal.journal import Journal
from mcgui_core.master.access.call_check import read_arguments
from mcgui_core.master.access.kept_identity import Identity
from mcgui_core.master.access.link_keeper import LinkKeeper
from mcgui_core.master.garbage_collection import GarbageCollection, collect_seldom
from mcgui_core.master.hub import Hub
from mcgui_core.master.sessions import ConsoleSession, NodeSession, Session
from mcgui_core.master.shared_state import Start
from mcgui_core.processes.memory_trimming import trim_memory
from mcgui_core.protocol import transport
from mcgui_core.protocol.calls.call_codec import Request
from mcgui_core.protocol.certificate import server_context
from mcgui_core.protocol.lan_discovery import Announcement
from mcgui_core.protocol.reasons import NO_REASON, Reason
from mcgui_core.protocol.transport import Address, TlsConnection, TlsListener

#: Connections that may be between their first byte and a proved key. A room full of nodes that all come back at once
#: passes in a second; somebody who opens connections and says nothing gets no further than this.
UNPROVED_LIMIT = 128
#: Seconds between two looks at the clock.
TICK = 0.5
#: Seconds after which the disk is made to keep what was written: what a power cut may take, and the time a sync takes.
SYNC_SECONDS = 0.8
#: Why we end a connection.
REVOKED = Reason("link revoked", "its link was revoked")
REFUSED = Reason("refused", "it sent what no worker sends")


class ClusterServer(managers.Server):
    """Serves a hub to nodes and consoles."""

    public = ["accept_connection", "dummy"]
    listener: TlsListener

    def __init__(
        self, hub: Hub, identity: Identity, address: Address, authkey: str | None = None, own: bool = False
    ) -> None:
        """`authkey` and `own` are as LinkKeeper has them. Raises AddressUnavailable."""
        try:
            # The base class wants a key; who may come in, `self._links` knows.
            super().__init__({}, address, secrets.token_bytes(32), transport.SERIALIZER)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise AddressUnavailable(f"{address[0]}:{address[1]}", reason.lower()) from error
        self._hub = hub
        self._context = server_context(identity.certificate)
        self._links = LinkKeeper(hub.state, identity, self.listener.address, authkey, own)
        hub.state.failed_proofs = lambda: self._links.failed_proofs.total
        self._generation = self._links.generation  # of the links, up to which connections have been ended
        self._announcement = Announcement(*self.listener.address[:2], transport.PROTOCOL)
        self._stopped = threading.Event()
        # -> another handle of it (TLS takes the first one over), by which it can be ended, and when it came
        self._unproved: dict[socket.socket, tuple[socket.socket, float]] = {}
        self._connections: set[TlsConnection] = set()
        self._guard = threading.Lock()

    @property
    def links(self) -> dict[str, str]:
        """The join links, by kind; "" where one is revoked."""
        return self._links.all()

    @property
    def shown_address(self) -> str:
        """HOST:PORT, as links have it."""
        return self._links.address

    @property
    def own_links(self) -> dict[str, str]:
        """Those of whoever started this process."""
        return self._links.own

    def call_on_new_links(self, changed: Callable[[dict[str, str]], None]) -> None:
        """Have this called after a link was renewed or revoked."""
        self._links.on_changed = changed

    @property
    def temporary_folder(self) -> str | None:
        """What to remove if this process is killed before it can do that itself."""
        return self._hub.state.journal.file.temporary_folder

    def start(self) -> None:
        """Accept connections, in threads of their own; and where other computers can reach us, say so to them."""
        self._announcement.start()
        for loop in (self._accept, self._keep_time, self._keep_on_disk):
            name = f"mcgui-server{loop.__name__}"
            threading.Thread(target=self._keep_running, args=(loop,), name=name, daemon=True).start()

    def close(self) -> None:
        """Stop accepting, end every connection, close the hub."""
        self._stopped.set()
        self._announcement.stop()
        self.listener.close()
        with self._guard:
            waiting, connections = [handle for handle, _ in self._unproved.values()], list(self._connections)
        for handle in waiting:
            _hang_up(handle)
        self._hub.close()
        for connection in connections:
            connection.close()
        self._announcement.close()

    # --- one connection -----------------------------------------------------------------------------------------

    def handle_request(self, conn: tuple[socket.socket, Address]) -> None:  # type: ignore[override]
        """A connection from its first byte to its last."""
        sock, peer = conn
        try:
            with self._links.failed_proofs.attempt(peer[0]):
                connection = transport.secure(sock, peer, self._context, self._links.proofs)
        except KeyRefused:
            sock.close()
            self._hub.tell_consoles()
            return
        except (OSError, ValueError):  # ValueError: closed under our hands because it took too long
            return  # nothing is told to whoever failed the proof
        finally:
            with self._guard:
                handle, _ = self._unproved.pop(sock)
            handle.close()
        with self._guard:
            self._connections.add(connection)
        try:
            if connection.key in self._links.proofs:  # else it was revoked while it was being proved
                self.serve_client(connection)
        finally:
            with self._guard:
                self._connections.discard(connection)
            connection.close()

    def serve_client(self, conn: TlsConnection) -> None:  # type: ignore[override]
        """Answer requests until the other side is gone."""
        node = NodeSession(self._hub, conn.name.rpartition(":")[0], self._links.is_home(conn.key))
        sessions: dict[str, Session] = {"node": node, "cluster": ConsoleSession(self._hub, self._links)}
        conn.allowed = lambda ident, method: _may_bring(conn.role, sessions.get(ident or ""), method)
        caller, ended = "", NO_REASON
        try:
            while not self._stopped.is_set():
                request = conn.recv()
                answer = self._answer(conn.role, sessions, request)
                conn.send(answer)
                wrong = answer[1] if request.ident == "node" and isinstance(answer[1], BadInput) else None
                if request.ident == "node" and (wrong is not None or not caller):
                    caller = _first_text(request)
                del request, answer  # they may be large, and it may be long until the next one
                if wrong is not None:
                    # No program of ours says what cannot be: it is broken, or means ill. It may begin anew.
                    raise wrong
                if self._generation != self._links.generation:
                    self._end_revoked()  # after the answer, which may be for one of these
        except (FrameInvalid, BadInput) as error:
            ended = REFUSED
            name = self._hub.nodes.name_of(caller) or self._hub.nodes.name_of(node.attending)
            who = f"the node {name!r}" if name else f"somebody with a {conn.role} link"
            print(f"mcgui master: {who} at {conn.name} is hung up on: {error}", file=sys.stderr)
        except ConnectionFailed:
            pass  # gone
        finally:
            for session in sessions.values():
                session.closed(ended if conn.key in self._links.proofs else REVOKED)

    def _end_revoked(self) -> None:
        """End the connections whose key opens nothing any more."""
        with self._guard:
            self._generation = self._links.generation
            revoked = [connection for connection in self._connections if connection.key not in self._links.proofs]
        for connection in revoked:
            connection.close()

    def _answer(self, role: str, sessions: Mapping[str, Session], request: Request) -> tuple[str, Any]:
        try:
            if request.ident is None and request.method in self.public:
                return "#RETURN", None
            call = _find(role, sessions, request)
            try:
                arguments = read_arguments(call, request)
            except BadInput as error:
                print(f"mcgui master: the arguments of a call were not as they should be: {error}", file=sys.stderr)
                raise
            return "#RETURN", call(**arguments)
        except McguiError as error:
            return "#ERROR", error
        except Exception as error:
            if self._stopped.is_set():  # its journal was closed beneath it: whoever asked waits for our next start
                raise ConnectionLost(self.shown_address, "the master is ending") from error
            # An error of our own making. The peer hears what it is; where, is for our log.
            traceback.print_exc()
            return "#ERROR", ServerFailed(f"{type(error).__name__}: {error}")

    # --- threads ------------------------------------------------------------------------------------------------

    def _keep_running(self, loop: Callable[[], None]) -> None:
        """Supervise a loop: a thread that only died would leave a master that looks well, and hears or notices nobody.

        What fails is told and started again.
        """
        while not self._stopped.is_set():
            try:
                loop()
            except BaseException:  # noqa: BLE001 - also SystemExit, of which Python says nothing in a thread
                traceback.print_exc()
                print(f"mcgui master: {threading.current_thread().name} failed, and is started again.", file=sys.stderr)
                self._stopped.wait(TICK)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, peer = self.listener.accept()
                handle = sock.dup()
            except OSError as error:
                if self._stopped.is_set():
                    return
                print(f"mcgui master: a connection could not be accepted: {error}", file=sys.stderr)
                self._stopped.wait(TICK)  # out of file descriptors, most likely: give it time to get better
                continue
            with self._guard:
                self._unproved[sock] = handle, time.monotonic()
                handles = [handle for handle, _ in self._unproved.values()]
            # Whoever knows a key has proved it in a moment, so of too many it is the oldest that are not welcome.
            for old in handles[:-UNPROVED_LIMIT]:
                _hang_up(old)
            try:
                threading.Thread(target=self.handle_request, args=((sock, peer),), daemon=True).start()
            except RuntimeError:  # there can be no more threads at present
                with self._guard:
                    del self._unproved[sock]
                handle.close()
                sock.close()
                raise

    def _keep_time(self) -> None:
        garbage = GarbageCollection(time.monotonic())
        while not self._stopped.wait(TICK):
            self._hub.tick()
            garbage.look(time.monotonic(), self._hub.busy)
            overdue = time.monotonic() - transport.CONNECT_TIMEOUT
            with self._guard:
                late = [handle for handle, since in self._unproved.values() if since < overdue]
            for handle in late:
                _hang_up(handle)

    def _keep_on_disk(self) -> None:
        said = ""
        while not self._stopped.wait(SYNC_SECONDS):
            try:
                self._hub.sync()
                said = ""
            except OSError as error:  # the next write will say the same, to somebody who waits for it
                if said != str(error):  # not each second, into a log that may be on the same disk
                    said = str(error)
                    print(f"mcgui master: the disk did not keep the journal: {said}", file=sys.stderr)


def _hang_up(handle: socket.socket) -> None:
    """End a connection from whichever thread: the one that waits for it hears of it at once."""
    with contextlib.suppress(OSError):  # it has ended by itself
        handle.shutdown(socket.SHUT_RDWR)


def _may_bring(role: str, session: Session | None, method: str) -> int:
    return 0 if session is None else session.may_bring(role, method)


def _first_text(request: Request) -> str:
    """The first argument, where that is text: a node that calls begins with its id."""
    if request.args:
        with contextlib.suppress(BadInput):
            return str(request.args[0].read(str))
    return ""


def _find(role: str, sessions: Mapping[str, Session], request: Request) -> Callable[..., Any]:
    session, method = sessions.get(request.ident or ""), request.method
    if session is None or method not in session.methods:
        raise ServerFailed(f"it has no {request.ident}.{method}. Is the same version of mcgui installed everywhere?")
    call = session.opened_to(role).get(method)
    if call is None:
        raise NotAllowed(method.replace("_", " "), role)
    return call


def open_server(
    host: str,
    port: int,
    journal: Path | None,
    authkey: str | None,
    limit: int | None = None,
    start: Start = "go on",
    certificate: Path | None = None,
    own: bool = False,
) -> ClusterServer:
    """A server that listens. `limit` and `certificate` are as Master has them, `own` as LinkKeeper.

    Raises AddressUnavailable, JournalUnusable.
    """
    trim_memory()
    opened = Journal(journal, limit)
    try:
        identity = Identity.of(opened, certificate, keep=start != "look")
        return ClusterServer(Hub(opened, start=start), identity, (host, port), authkey, own)
    except BaseException:
        opened.close()
        raise


def main() -> int:
    """The command: settings in, links out, then serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for whoever started us; it tells us
    settings = json.loads(sys.stdin.buffer.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    try:
        journal = settings["journal"]
        server = open_server(
            settings["host"],
            settings["port"],
            Path(journal) if journal else None,
            settings["authkey"],
            settings["limit"],
            settings["start"],
            Path(settings["certificate"]) if settings["certificate"] else None,
            own=True,
        )
    except (McguiError, ssl.SSLError) as error:
        answers.write(json.dumps({"error": type(error).__name__, "args": list(error.args)}) + "\n")
        answers.close()
        return 1
    collect_seldom()
    server.start()
    answer = {"address": server.shown_address, "temporary": server.temporary_folder, **server.own_links}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
    sys.stdin.buffer.read()  # until whoever started us closes it, or is gone
    server.close()
    answers.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
