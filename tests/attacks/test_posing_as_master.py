"""Somebody else on the master's port: without a key, with the workers' key, with another version. He gets nothing."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from mcgui_core import Master
from mcgui_core.node import retry_pause
from mcgui_core.node.agent import Agent
from mcgui_core.protocol import transport
from mcgui_core.protocol.agent_events import AgentEvent
from mcgui_core.protocol.certificate import digest, new_certificate, server_context
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.transport import TlsListener
from tests.support import free_port, joined
from tests.waiting import until

Greeting = Callable[[socket.socket, str, bytes], None]  # what the rogue does with a connection


def knows_no_key(sock: socket.socket, certificate: str, key: bytes) -> None:
    """He greets as a master does, and refuses whatever proof comes."""
    with server_context(certificate).wrap_socket(sock, server_side=True) as secured:
        secured.sendall(transport._HELLO.pack(transport._MAGIC, transport.PROTOCOL, os.urandom(32)))
        secured.recv(64)
        secured.sendall(bytes(32))


def speaks_another_version(sock: socket.socket, certificate: str, key: bytes) -> None:
    with server_context(certificate).wrap_socket(sock, server_side=True) as secured:
        secured.sendall(transport._HELLO.pack(transport._MAGIC, transport.PROTOCOL + 7, os.urandom(32)))


def knows_the_workers_key(sock: socket.socket, certificate: str, key: bytes) -> None:
    """He has a worker link, and does all that a master does: he would own whoever spoke to him."""
    keys = {transport.bind(key, digest(certificate)): "worker"}
    with transport.secure(sock, ("127.0.0.1", 0), server_context(certificate), keys) as connection:
        OWNED.append(connection.recv(5.0))


def says_nothing_of_ours(sock: socket.socket, certificate: str, key: bytes) -> None:
    with sock:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")


OWNED: list[object] = []


@contextmanager
def rogue(port: int, greeting: Greeting, key: str) -> Iterator[None]:
    """Listens at the master's port."""
    listener, certificate = TlsListener(("127.0.0.1", port)), new_certificate()

    def serve() -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                with sock, suppress(OSError):
                    greeting(sock, certificate, key.encode())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        listener.close()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        thread.join(10)


@pytest.mark.parametrize(
    "greeting", [knows_no_key, speaks_another_version, knows_the_workers_key, says_nothing_of_ours]
)
def test_a_rogue_on_the_masters_port_neither_ends_nor_owns_a_worker(
    greeting: Greeting, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("mcgui_core.node.master_connection.REFUSED_FIRST", 0.2)
    OWNED.clear()
    port, journal = free_port(), f"{tmp_path}/journal"
    with Master(port=port, journal=journal) as master:
        link = JoinLink.parse(master.worker_link)
    events: list[AgentEvent] = []
    with rogue(port, greeting, link.key):
        agent = Agent(link, 1, on_event=events.append)
        agent.start()
        try:
            until(lambda: events and events[-1].message, what="why it is not joined")
        finally:
            if not events[-1].message:
                agent.leave()
    try:
        assert not OWNED
        assert not agent.ended.is_set()
        with Master(port=port, journal=journal) as master:
            until(lambda: joined(master), what="the worker, once the master is back")
            assert master.submit("def f(x): return x + 1", "f", range(5)).results() == [1, 2, 3, 4, 5]
    finally:
        agent.leave()


def test_whoever_is_refused_knocks_seldom() -> None:
    """A wrong key stays wrong until somebody mends it, and each attempt is a line in the master's log."""
    pause = retry_pause.RetryPause(retry_pause.REFUSED_FIRST, retry_pause.REFUSED_MOST)
    waits = [pause.after_failure() for _ in range(10)]
    assert waits[0] >= 1.0
    assert waits[-1] >= 30.0
