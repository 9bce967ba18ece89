"""Connections over real sockets of this computer: who gets in, who does not, and what they are made of."""

from __future__ import annotations

import gc
import os
import select
import selectors
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from mcgui_core.errors import ConnectionLost, FrameInvalid, KeyRefused, MasterUnreachable, VersionMismatch
from mcgui_core.protocol import codec, transport
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.certificate import client_context, digest, new_certificate, server_context
from mcgui_core.protocol.transport import PROTOCOL, TlsClient, TlsConnection, TlsListener, bind, secure

PEM, OTHER_PEM = new_certificate(), new_certificate()
CONTEXT, OTHER_CONTEXT = server_context(PEM), server_context(OTHER_PEM)
WORKER, CONSOLE = b"w.a worker's key", b"c.a console's key"
KEYS = {bind(WORKER, digest(PEM)): "worker", bind(CONSOLE, digest(PEM)): "console"}
HOST = "127.0.0.1"


@contextmanager
def listening(serve: Callable[[socket.socket], Any]) -> Iterator[tuple[tuple[str, int], Future[Any]]]:
    """Somebody who accepts one connection and does this with it: his address, and what became of him."""
    listener = TlsListener((HOST, 0))
    with ThreadPoolExecutor(1) as pool:

        def run() -> Any:
            sock, _ = listener.accept()
            with sock:
                return serve(sock)

        served = pool.submit(run)
        try:
            yield listener.address, served
        finally:
            listener.close()
            with suppress(OSError):
                served.result(5.0)


def prove(sock: socket.socket) -> TlsConnection:
    return secure(sock, (HOST, 1), CONTEXT, KEYS)


def of_a_master(look: Callable[[TlsConnection], Any]) -> Callable[[socket.socket], Any]:
    """A master that does this with its end of a connection, and closes it."""

    def serve(sock: socket.socket) -> Any:
        with prove(sock) as connection:
            return look(connection)

    return serve


def no_delay(connection: TlsConnection) -> int:
    return connection._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def echo(sock: socket.socket) -> str:
    """A master that answers with the bytes that it is called with, until the other side is gone. Returns its role."""
    with prove(sock) as connection:
        with suppress(ConnectionLost):
            while True:
                request = connection.recv()
                connection.send(("#RETURN", codec.large(request.args[0].read(bytes))))
        return connection.role


def asked(values: Any) -> Any:
    """A call with those bytes, of which bytes are the answer."""
    return "node", "content_piece", (values,), {}


def encrypted(address: tuple[str, int]) -> ssl.SSLSocket:
    """A connection to a master on which nothing has been proved yet."""
    return client_context().wrap_socket(socket.create_connection(address, 5.0))


def exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise ConnectionResetError
        data += part
    return data


# --- those who know the key -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 20_000, 40_000, codec.BUFFER_FROM, 5 << 20])
def test_messages_of_any_size_go_there_and_back(size: int) -> None:
    values = os.urandom(size)
    with listening(echo) as (address, _), TlsClient(address, WORKER) as connection:
        for _ in range(3):
            connection.send(asked(codec.large(values)))
            assert connection.recv(5.0) == ("#RETURN", values)


@pytest.mark.parametrize(("key", "role"), [(WORKER, "worker"), (CONSOLE, "console")])
def test_each_key_gives_its_role(key: bytes, role: str) -> None:
    with listening(echo) as (address, served):
        TlsClient(address, key).close()
        assert served.result(5.0) == role


def test_nothing_waits_for_more_to_be_sent_with_it() -> None:
    """A message of 16 to 40 KB takes 88 ms where its parts go apart and Nagle's algorithm holds the second back."""
    assert len(call_codec.encode(asked(os.urandom(20_000)))) == 1
    with listening(of_a_master(no_delay)) as (address, served), TlsClient(address, WORKER) as connection:
        assert no_delay(connection)
        assert served.result(5.0)
        assert connection._socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_connections_are_tls_1_3_and_hide_the_key() -> None:
    seen: list[bytes] = []

    def overhear(sock: socket.socket) -> None:
        with socket.create_connection(real) as onward:
            pump = threading.Thread(target=copy, args=(onward, sock, seen))
            pump.start()
            copy(sock, onward, seen)
            pump.join(5.0)

    with listening(echo) as (real, _), listening(overhear) as (address, _), TlsClient(address, WORKER) as connection:
        assert connection._socket.version() == "TLSv1.3"
        connection.send(asked(b"a secret"))
        assert connection.recv(5.0) == ("#RETURN", b"a secret")
    everything = b"".join(seen)
    assert len(everything) > 500
    for secret in (WORKER, b"a secret", b"mcgui\x00"):
        assert secret not in everything


def copy(source: socket.socket, target: socket.socket, seen: list[bytes]) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            seen.append(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


# --- those who do not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [b"w.another key", b"", WORKER + b"x", WORKER[:-1]])
def test_a_wrong_key_is_refused_on_both_sides(key: bytes) -> None:
    with listening(prove) as (address, served):
        with pytest.raises(KeyRefused, match="does not accept this key"):
            TlsClient(address, key)
        assert isinstance(served.exception(5.0), KeyRefused)


def test_who_fails_the_proof_is_told_no_and_nothing_else() -> None:
    with listening(prove) as (address, served), encrypted(address) as sock:
        exactly(sock, 5 + 2 + 32)
        sock.sendall(os.urandom(64))
        assert exactly(sock, 32) == bytes(32)
        with suppress(ssl.SSLError, ConnectionError):
            assert sock.recv(100) == b""
        assert isinstance(served.exception(5.0), KeyRefused)


def test_a_connection_that_breaks_during_the_proof_is_bad_luck_and_no_refusal() -> None:
    """A worker that is refused gives up for good, so that must not be taken for it."""

    def broken(sock: socket.socket) -> None:
        with CONTEXT.wrap_socket(sock, server_side=True) as tls:
            tls.sendall(struct.pack("!5sH32s", b"mcgui", PROTOCOL, b"S" * 32))
            exactly(tls, 64)

    with listening(broken) as (address, _), pytest.raises(MasterUnreachable):
        TlsClient(address, WORKER)


def test_a_proof_cannot_be_used_again() -> None:
    """It is bound to the random bytes of one connection, so one that was overheard opens nothing."""
    proofs = []

    def impostor(sock: socket.socket) -> None:
        with CONTEXT.wrap_socket(sock, server_side=True) as tls:  # he even has the certificate
            tls.sendall(struct.pack("!5sH32s", b"mcgui", PROTOCOL, b"S" * 32))
            proofs.append(exactly(tls, 64))

    with listening(impostor) as (address, _), pytest.raises(MasterUnreachable):
        TlsClient(address, WORKER)
    with listening(prove) as (address, served), encrypted(address) as sock:
        exactly(sock, 39)
        sock.sendall(proofs[0])
        assert isinstance(served.exception(5.0), KeyRefused)


def test_who_sends_our_own_proof_back_has_proved_nothing() -> None:
    def mirror(sock: socket.socket) -> None:
        with CONTEXT.wrap_socket(sock, server_side=True) as tls:
            tls.sendall(struct.pack("!5sH32s", b"mcgui", PROTOCOL, b"S" * 32))
            tls.sendall(exactly(tls, 64)[32:])

    with listening(mirror) as (address, _), pytest.raises(KeyRefused):
        TlsClient(address, WORKER)


def test_a_man_in_the_middle_is_refused_by_both() -> None:
    """He shows a certificate of his own, and hands on what each side says to prove that it knows the key."""

    def middle(sock: socket.socket) -> bytes:
        with (
            OTHER_CONTEXT.wrap_socket(sock, server_side=True) as client,
            encrypted(real) as master,
        ):
            client.sendall(exactly(master, 39))
            master.sendall(exactly(client, 64))
            with suppress(OSError):
                client.sendall(answer := exactly(master, 32))
                return answer
            return b""

    with listening(prove) as (real, served), listening(middle) as (address, between):
        with pytest.raises(KeyRefused):
            TlsClient(address, WORKER)
        assert isinstance(served.exception(5.0), KeyRefused)
        assert between.result(5.0) == bytes(32)


# --- those who say nothing, or something else -----------------------------------------------------------------------


def test_a_client_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT", 0.1)
    for connect in (socket.create_connection, encrypted):
        with listening(prove) as (address, served), connect(address):
            assert isinstance(served.exception(5.0), OSError)


def test_a_connection_that_is_reset_before_the_handshake_leaves_no_socket_open() -> None:
    """CPython makes one there that nobody else can close; Python would say so as it collects it (a warning: an error)."""
    listener = TlsListener((HOST, 0))
    client = socket.create_connection(listener.address)
    sock, _ = listener.accept()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close resets
    client.close()
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        assert selector.select(5.0)
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's choice
        prove(sock)
    assert sock.fileno() == -1
    listener.close()
    gc.collect()


def test_a_master_that_says_nothing_is_given_up() -> None:
    heard = threading.Event()
    with listening(lambda _: heard.wait(5.0)) as (address, _):
        with pytest.raises(MasterUnreachable, match="does not answer in time"):
            TlsClient(address, WORKER, timeout=0.1)
        heard.set()


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 100, bytes(500)])
def test_a_client_that_talks_nonsense_is_refused(garbage: bytes) -> None:
    with listening(prove) as (address, served), socket.create_connection(address, 5.0) as sock:
        sock.sendall(garbage)
        with suppress(OSError):  # it has been closed on us already
            sock.shutdown(socket.SHUT_WR)
        assert isinstance(served.exception(5.0), OSError)


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n" * 9, b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_what_is_no_master_is_named_so(greeting: bytes) -> None:
    with listening(lambda sock: sock.sendall(greeting)) as (address, _), pytest.raises(MasterUnreachable) as caught:
        TlsClient(address, WORKER, timeout=5.0)
    assert caught.value.address == f"{HOST}:{address[1]}"


@pytest.mark.parametrize(
    ("hello", "error"),
    [
        (struct.pack("!5sH32s", b"mcgui", PROTOCOL + 1, bytes(32)), VersionMismatch),
        (struct.pack("!5sH32s", b"https", PROTOCOL, bytes(32)), MasterUnreachable),
        (b"mcgui", MasterUnreachable),
        (b"", MasterUnreachable),
    ],
)
def test_a_server_that_greets_otherwise_is_told_apart(hello: bytes, error: type[Exception]) -> None:
    def greet(sock: socket.socket) -> None:
        with CONTEXT.wrap_socket(sock, server_side=True) as tls:
            tls.sendall(hello)

    with listening(greet) as (address, _), pytest.raises(error):
        TlsClient(address, WORKER, timeout=5.0)


def test_nobody_at_an_address_is_said_with_the_reason() -> None:
    with socket.socket() as free:
        free.bind((HOST, 0))
        with pytest.raises(MasterUnreachable, match="refused"):
            TlsClient(free.getsockname(), WORKER, timeout=5.0)
    with pytest.raises(MasterUnreachable, match="there is no computer of that name"):
        TlsClient(("nowhere.invalid", 1), WORKER, timeout=5.0)


# --- connections that end -------------------------------------------------------------------------------------------


def test_silence_ends_a_call_and_not_the_process() -> None:
    with (
        listening(echo) as (address, _),
        TlsClient(address, WORKER) as connection,
        pytest.raises(ConnectionLost, match="no word for"),
    ):
        connection.recv(0.01)


def test_the_other_side_closing_is_a_lost_connection() -> None:
    with (
        listening(of_a_master(TlsConnection.close)) as (address, _),
        TlsClient(address, WORKER) as connection,
        pytest.raises(ConnectionLost, match=HOST),
    ):
        connection.recv(5.0)


def test_closing_wakes_whoever_waits_for_a_message() -> None:
    with listening(echo) as (address, _), ThreadPoolExecutor(1) as pool:
        connection = TlsClient(address, WORKER)
        waiting = pool.submit(connection.recv)
        connection.close()
        assert isinstance(waiting.exception(5.0), ConnectionLost)
        assert connection.closed
        connection.close()


def test_a_descriptor_is_kept_from_others_until_whoever_reads_from_it_has_let_go() -> None:
    """OpenSSL reads by its number: if the next connection had it already, its bytes would go to the one before."""
    begun, go = threading.Event(), threading.Event()

    def read() -> int:
        connection._begin_use()
        try:
            begun.set()
            go.wait(5.0)
            with pytest.raises(
                ConnectionResetError
            ):  # its end, and neither a ValueError nor bytes that are still encrypted
                connection._receive(1)
            return connection.fileno()
        finally:
            connection._end_use()

    with listening(echo) as (address, _), ThreadPoolExecutor(1) as pool:
        connection = TlsClient(address, WORKER)
        reading = pool.submit(read)
        begun.wait(5.0)
        connection.close()
        go.set()
        assert reading.result(5.0) >= 0
        assert connection.fileno() == -1
        with pytest.raises(ConnectionLost, match="it was closed"):
            connection.send(asked(b"anything"))


@pytest.mark.parametrize(
    "nonsense",
    [b"\xff" * 100, struct.pack("!IQ", 0, 1 << 40), struct.pack("!IQ", 0, 3) + b"abc", struct.pack("!IQ", 0, 0)],
)
def test_nonsense_by_one_who_knows_the_key_is_refused(nonsense: bytes) -> None:
    with listening(of_a_master(TlsConnection.recv)) as (address, served), TlsClient(address, WORKER) as connection:
        connection._socket.sendall(nonsense)
        assert isinstance(served.exception(5.0), FrameInvalid)


@pytest.mark.parametrize("by_poll", [True, False])
def test_a_message_can_be_waited_for_without_taking_it(by_poll: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not by_poll:  # Windows has none
        monkeypatch.delattr(select, "poll", raising=False)
    with listening(echo) as (address, _), TlsClient(address, WORKER) as connection:
        assert not connection.poll()
        connection.send(asked(b"one"))
        assert connection.poll(5.0)
        assert connection.recv() == ("#RETURN", b"one")


def test_messages_that_come_together_are_read_one_by_one() -> None:
    def two_answers(connection: TlsConnection) -> None:
        connection.recv()
        frames = (*call_codec.encode(("#RETURN", b"one")), *call_codec.encode(("#RETURN", b"two")))
        connection._socket.sendall(b"".join(frames))
        connection.recv()

    with listening(of_a_master(two_answers)) as (address, served), TlsClient(address, WORKER) as connection:
        connection.send(asked(b""))
        assert connection.recv() == ("#RETURN", b"one")
        assert connection.poll()  # though the socket has nothing more
        assert connection.recv() == ("#RETURN", b"two")
        assert not connection.poll()
        connection.send(asked(b""))
        assert served.result(5.0) is None


# --- listening ------------------------------------------------------------------------------------------------------


def test_a_port_in_use_is_not_shared() -> None:
    listener = TlsListener((HOST, 0))
    with pytest.raises(OSError, match="in use|forbidden|permi"):
        TlsListener(listener.address)
    listener.close()
    TlsListener(listener.address).close()


def test_closing_a_listener_wakes_whoever_accepts() -> None:
    listener = TlsListener((HOST, 0))
    with ThreadPoolExecutor(1) as pool:
        accepting = pool.submit(listener.accept)
        listener.close()
        assert isinstance(accepting.exception(5.0), OSError)


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_an_address_of_the_new_kind_works_too() -> None:
    try:
        listener = TlsListener(("::1", 0))
    except OSError as error:
        pytest.skip(f"this computer has no IPv6 ({error})")
    assert listener.address[0] == "::1"
    listener.close()
