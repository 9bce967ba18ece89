"""Frames that claim much: what a call may bring depends on the call, the link, and whether a node has joined."""

from __future__ import annotations

import msgspec
import pytest

from mcgui_core.master.server import ClusterServer
from mcgui_core.protocol.codec import FRAME_LIMIT
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import NodeInfo
from mcgui_core.protocol.rpc_client import connect
from tests.attacks.raw_client import RawClient
from tests.raw_calls import call

INFO = NodeInfo("rogue", "the rogue", 1, 1, "3.11.7", "Test", 1)
GIGABYTE = 1_000_000_000


def claim(ident: str, method: str, size: int) -> bytes:
    """The beginning of a call that brings so many bytes, of which none comes."""
    return RawClient.frame(msgspec.msgpack.encode((ident, method, None, None)), size)


@pytest.mark.parametrize(
    ("kind", "ident", "method"),
    [
        ("worker", "node", "join"), ("worker", "node", "exchange"), ("worker", "node", "attend"), ("worker", "cluster", "submit"),
        ("worker", "nowhere", "x"), ("watch", "cluster", "snapshot"), ("watch", "node", "exchange"), ("watch", "cluster", "put_content"),
    ],
)  # fmt: skip
def test_a_link_that_has_nothing_large_to_bring_is_hung_up_on_before_a_byte_of_it_is_taken(
    server: ClusterServer, capsys: pytest.CaptureFixture[str], kind: str, ident: str, method: str
) -> None:
    with RawClient(server.links[kind]) as client:
        client.socket.sendall(claim(ident, method, GIGABYTE))
        assert client.rest() == b""
    assert f"0 is the most that {method} may bring" in capsys.readouterr().err


def test_a_node_that_has_joined_may_bring_large_results_and_nothing_else_that_is_large(
    server: ClusterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(JoinLink.parse(server.links["worker"])) as joined, RawClient(server.links["worker"]) as client:
        call(joined, "node", "join", INFO)
        report = msgspec.msgpack.encode((["rogue", {}, 0.0], {}))
        client.socket.sendall(claim("node", "exchange", len(report) + 70_000_000) + report)
        client.socket.sendall(bytes(1_000_000))
        assert call(joined, None, "dummy") is None  # nobody waits for it
        for method in ("join", "attend", "leave"):
            with RawClient(server.links["worker"]) as other:
                other.socket.sendall(claim("node", method, GIGABYTE))
                assert other.rest() == b""
        with RawClient(server.links["worker"]) as other:
            other.socket.sendall(claim("node", "exchange", FRAME_LIMIT + 1))
            assert other.rest() == b""
    capsys.readouterr()


@pytest.mark.parametrize("kind", ["worker", "watch", "console"])
def test_a_body_that_claims_much_is_refused_whoever_sends_it(
    server: ClusterServer, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    with RawClient(server.links[kind]) as client:
        client.socket.sendall(RawClient.frame(bytes(2_000_000))[:100])
        assert client.rest() == b""
    assert "claims 2,000,000 bytes" in capsys.readouterr().err
