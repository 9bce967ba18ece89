"""What may be called on a master's server, by whom."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing import managers
from types import NoneType
from typing import Any, get_type_hints

import pytest

from mcgui_core.errors import BadInput, ConnectionLost, NotAllowed, ServerFailed
from mcgui_core.master.server import ClusterServer, open_server
from mcgui_core.master.sessions import ConsoleSession, NodeSession
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.calls.answer_types import ANSWERS
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import JobSpec, NodeInfo, NodeReport, Report
from mcgui_core.protocol.transport import SERIALIZER, TlsClient, TlsConnection
from tests.raw_calls import call
from tests.waiting import until

AUTHKEY = secrets.token_hex(16)


@pytest.fixture
def server() -> Iterator[ClusterServer]:
    """A master in this process."""
    opened = open_server("127.0.0.1", 0, None, None)
    opened.start()
    yield opened
    opened.close()


def connect(server: ClusterServer, kind: str) -> TlsConnection:
    return TlsClient(server.listener.address, JoinLink.parse(server.links[kind]).key.encode())


# It leaves it to the garbage collector to close what it used.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_stock_manager_reaches_the_server_and_calls_it() -> None:
    server = open_server("127.0.0.1", 0, None, AUTHKEY)
    server.start()
    try:
        manager = managers.BaseManager(server.listener.address, AUTHKEY.encode(), serializer=SERIALIZER)
        manager.connect()
        proxy_type: Any = managers.MakeProxyType("Cluster", ("job_ids", "spec"))
        token = managers.Token("cluster", server.listener.address, "cluster")
        proxy = proxy_type(token, SERIALIZER, manager, AUTHKEY.encode(), incref=False)
        assert proxy.job_ids() == ()
        with pytest.raises(KeyError, match="no job 7"):
            proxy.spec(7)
        proxy._tls.connection.close()
    finally:
        server.close()


@pytest.mark.parametrize("kind", ["worker", "console"])
def test_nobody_is_served_what_is_not_meant_to_be_called(server: ClusterServer, kind: str) -> None:
    """Neither what the stock server offers, nor what is private, nor what is inherited."""
    with connect(server, kind) as connection:
        for ident, method in [
            ("node", "closed"),
            ("node", "_hub"),
            ("node", "__class__"),
            ("node", "__init__"),
            ("server", "shutdown"),
            (None, "shutdown"),
            (None, "create"),
            (None, "debug_info"),
            (None, "number_of_objects"),
            ("node", ""),
        ]:
            with pytest.raises(ServerFailed, match="same version"):
                call(connection, ident, method)
        assert call(connection, None, "dummy") is None


def names_of(*objects: object) -> set[str]:
    """All that these objects have, of whatever kind."""
    return {name for found in objects for name in (*dir(found), *vars(found))}


def test_only_what_is_exposed_can_be_called_by_any_link(server: ClusterServer) -> None:
    hub = server._hub
    console = ConsoleSession(hub, server._links)
    services = (hub.jobs, hub.nodes, hub.view, hub.reader, hub.changes, server._links)
    hidden = names_of(hub, console, NodeSession(hub, ""), *services) - console.methods.keys()
    assert {"lost", "connection_ended", "tick", "close", "_extend", "methods", "state"} <= hidden
    with connect(server, "worker") as worker, connect(server, "console") as all_allowed:
        for connection in (worker, all_allowed):
            for method in sorted(hidden):
                with pytest.raises(ServerFailed, match="same version"):
                    call(connection, "cluster", method)


def test_each_exposed_call_is_open_to_its_own_kind_of_link_only(
    server: ClusterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    node, console = NodeSession(server._hub, ""), ConsoleSession(server._hub, server._links)
    own = {"join", "exchange", "attend", "leave", "argument_pieces"}
    assert node.methods.keys() == own | {"content_piece", "store"}
    assert node.methods.keys() & console.methods.keys() == {"content_piece", "store"}  # files of a project, of values
    with connect(server, "worker") as worker, connect(server, "console") as all_allowed:
        for method in console.methods:
            with pytest.raises(NotAllowed):
                call(worker, "cluster", method)
            assert reached(all_allowed, "cluster", method)
        for method in node.methods:
            with connect(server, "worker") as another:
                assert reached(another, "node", method)
        for method in node.methods.keys() - console.methods.keys():
            with pytest.raises(ServerFailed, match="same version"):
                call(all_allowed, "cluster", method)
    assert "not as they should be" in capsys.readouterr().err  # of the calls that lacked their arguments


def test_callers_read_each_answer_as_what_its_method_says_that_it_is(server: ClusterServer) -> None:
    node, console = NodeSession(server._hub, ""), ConsoleSession(server._hub, server._links)
    methods = [session.methods for session in (node, console)] + [console.opened_to("watch")]
    said = [(name, get_type_hints(method)["return"]) for found in methods for name, method in found.items()]
    assert [(name, NoneType if ANSWERS[name] is None else ANSWERS[name]) for name, _ in said] == said
    assert ANSWERS.keys() == {name for name, _ in said} | set(server.public)


def reached(connection: TlsConnection, ident: str, method: str) -> bool:
    """A call without arguments gets as far as the look at its arguments."""
    try:
        call(connection, ident, method)
    except BadInput as error:
        return str(error).startswith(f"{method} was called without")
    return True


def test_a_worker_may_not_do_what_a_console_may(server: ClusterServer) -> None:
    spec = JobSpec("job", "", "f")
    with connect(server, "worker") as worker, connect(server, "console") as console:
        for method in ("submit", "cancel", "snapshot", "outcomes", "links", "job_ids"):
            with pytest.raises(NotAllowed):
                call(worker, "cluster", method, spec, (), True)
        assert call(console, "cluster", "submit", spec, (), True) == 1
        assert call(console, "cluster", "job_ids") == (1,)
        assert call(worker, "node", "exchange", "nobody", Report(), 1.0, 1).chunks == ()


@pytest.mark.parametrize("request_", [None, 5, (), ("node",), ("node", "join", 1, 2, 3), "abcd"])
def test_a_request_that_is_none_ends_that_connection_at_most(server: ClusterServer, request_: Any) -> None:
    with connect(server, "console") as sound, connect(server, "worker") as odd:
        for part in call_codec.encode(request_):
            odd._socket.sendall(part)
        with suppress(ConnectionLost):
            assert odd.recv(5.0)[0] == "#ERROR"
        assert call(sound, "cluster", "job_ids") == ()


def test_a_thread_of_the_server_that_fails_says_so_and_goes_on(
    server: ClusterServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Otherwise nobody would notice any more that a node is silent, or be let in; and nothing would say why."""
    tick, accept, sync = server._hub.tick, server.listener.accept, server._hub.sync
    ticked, failing = threading.Event(), {"_keep_time", "_accept", "_keep_on_disk"}

    def tick_but_once() -> None:
        if "_keep_time" in failing:
            failing.remove("_keep_time")
            raise SystemExit
        tick()
        ticked.set()

    def accept_but_once() -> Any:
        if "_accept" in failing:
            failing.remove("_accept")
            raise RuntimeError("can't start new thread")
        return accept()

    def sync_but_once() -> None:
        if "_keep_on_disk" in failing:
            failing.remove("_keep_on_disk")
            raise MemoryError
        sync()

    monkeypatch.setattr(server._hub, "sync", sync_but_once)
    monkeypatch.setattr(server._hub, "tick", tick_but_once)
    monkeypatch.setattr(server.listener, "accept", accept_but_once)
    for _ in range(2):  # the first is still accepted by the call that was under way
        with connect(server, "console") as connection:
            assert call(connection, "cluster", "job_ids") == ()
    assert ticked.wait(20)
    until(lambda: not failing, 20)
    said = ""

    def all_said() -> bool:
        nonlocal said
        said += capfd.readouterr().err
        return said.count("failed, and is started again.") == 3

    until(all_said, 20)
    for name in ("_keep_time", "_accept", "_keep_on_disk"):
        assert f"mcgui master: mcgui-server{name} failed, and is started again." in said
    assert "can't start new thread" in said


@pytest.mark.parametrize("field", ["nprocs", "id", "visit"])
def test_a_node_that_says_nonsense_of_itself_is_not_let_in(server: ClusterServer, field: str) -> None:
    """It would spoil what everybody sees, and the threads that look after all nodes."""
    info = NodeInfo("a", "a", 1, 8, "3.11.7", "Test", 1)
    with connect(server, "worker") as node, connect(server, "console") as console:
        for nonsense in (replace(info, **{field: ["many"]}), None):
            with connect(server, "worker") as odd, pytest.raises(BadInput):
                call(odd, "node", "join", nonsense)
        call(node, "node", "join", info)
        for report in (None, NodeReport(1, 0, float("nan"), 0), NodeReport(1, 0, 0.0, 0, jobs=("x",))):  # type: ignore[arg-type]
            with connect(server, "worker") as odd, pytest.raises(BadInput):
                call(odd, "node", "attend", "a", report, 0.0, 0)
        server._hub.tick()
        assert [status.id for status in call(console, "cluster", "snapshot", 0, 0.0).nodes] == ["a"]


def test_arguments_that_do_not_fit_are_an_error_of_that_call_which_ends_a_nodes_connection(
    server: ClusterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for args, why in (
        ((), "exchange was called without node"),
        (("me", "no report", 1.0, 1), "report of exchange cannot be so: Expected `object`, got `str`"),
        (("me", Report(), 1.0, 1, 2), "arguments that it does not have"),
    ):
        with connect(server, "worker") as connection:
            with pytest.raises(BadInput, match=why):
                call(connection, "node", "exchange", *args)
            with pytest.raises(ConnectionLost):
                call(connection, None, "dummy")
    assert "not as they should be" in capsys.readouterr().err  # for the master's own log
    with connect(server, "console") as connection:
        with pytest.raises(BadInput, match="job_ids was called with"):
            call(connection, "cluster", "job_ids", 1)
        assert call(connection, None, "dummy") is None  # somebody sits there, who may mend it
