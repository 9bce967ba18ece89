"""Each method of a master, with each kind of link: who may not call it is refused, and so is nonsense of who may.

All by a client that takes nothing from the project, at one master that an honest worker works for all the while.
"""

from __future__ import annotations

import dataclasses
import secrets
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mcgui_core import Cluster, Master
from mcgui_core.journal.journal import Journal
from mcgui_core.master.server import open_server
from mcgui_core.master.sessions import ConsoleSession, NodeSession
from tests.attacks.raw_client import RawClient
from tests.support import joined, worker
from tests.waiting import until

KINDS = ("worker", "watch", "console")
Method = Callable[..., Any]


def exposed() -> dict[tuple[str, str], tuple[Method, set[str]]]:
    """All that may be called, by object and name, with the kinds of link that it is open to."""
    server = open_server("127.0.0.1", 0, None, None)
    try:
        sessions = {"node": NodeSession(server._hub, ""), "cluster": ConsoleSession(server._hub, server._links)}
        return {
            (ident, name): (method, {kind for kind in KINDS if name in session.opened_to(kind)})
            for ident, session in sessions.items()
            for name, method in session.methods.items()
        }
    finally:
        server.close()


EXPOSED = exposed()
#: What no argument of any method is, and what some are.
NONSENSE: tuple[Any, ...] = (
    None, True, 7, 0.5, float("nan"), float("inf"), 1 << 63, "text", b"bytes", [], [[]], {}, {"a": 1}, {1: 2}, [1, "x"],
    [{}], msgspec.msgpack.Ext(5, b"x"), [[[[[[[[]]]]]]]], "x" * 100_000,
)  # fmt: skip


class Siege:
    """The master that is attacked, and what whoever uses it honestly sees of it."""

    def __init__(self, master: Master) -> None:
        self.links = {"worker": master.worker_link, "watch": master.watch_link, "console": master.console_link}
        self.jobs: list[int] = []

    def holds(self) -> None:
        """An honest worker does a job, and there are no jobs, nodes or links but those that ought to be."""
        with Cluster.connect(self.links["console"]) as cluster:
            job = cluster.submit("def square(x): return x * x", "square", range(3))
            self.jobs.append(job.id)
            assert job.results() == [0, 1, 4]
            assert [found.id for found in cluster.jobs()] == self.jobs
            assert [node.name for node in cluster.nodes()] == ["honest"]
            assert all(is_there for _, is_there in cluster.access().links)


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    journal: Path = tmp_path_factory.mktemp("siege") / "journal"
    with Master(journal=journal) as master, worker(master.worker_link, 1, "honest"):
        until(lambda: joined(master), 30)
        held = Siege(master)
        yield held
    opened = Journal(journal, None)
    try:
        found = {job.id: (job.problem, list(job.settled)) for job in opened.restore()}
    finally:
        opened.close()
    assert found == {id: ("", [(0, 3)]) for id in held.jobs}


def sound(hint: Any) -> Any:
    """Something that an argument of that type may be."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return sound(inner[0])
    if origin is typing.Literal:
        return inner[0]
    if origin in (typing.Union, types.UnionType):
        return sound(inner[0])
    if origin is tuple:
        return [] if inner[-1] is ... else [sound(part) for part in inner]
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        needed = (field for field in dataclasses.fields(hint) if field.default is dataclasses.MISSING)
        return {field.name: sound(hints[field.name]) for field in needed}
    return {types.NoneType: None, int: 1, float: 0.0, str: "x", bytes: b"", bool: False, Any: 1}[hint]


def fits(value: Any, hint: Any) -> bool:
    """Whether a value of ours is of that type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return fits(value, inner[0])
    if origin is typing.Literal:
        return type(value) is str and value in inner
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, part) for part in inner)
    if origin is tuple:
        if type(value) is not list:
            return False
        if inner[-1] is ...:
            return all(fits(part, inner[0]) for part in value)
        return len(value) == len(inner) and all(map(fits, value, inner))
    if dataclasses.is_dataclass(hint):
        return type(value) is dict and not sound(hint)  # all of its fields have defaults, and others are left out
    if hint is int:
        return type(value) is int and value < 1 << 63
    if hint is float:
        return type(value) in (int, float) and abs(value) < 1e308
    return hint is Any or type(value) is (types.NoneType if hint is None else hint)


def wrong_calls(method: Method) -> Iterator[list[Any]]:
    """Calls with one argument that is nonsense, or one field of a message that is; with too many; and with too few."""
    hints = {
        name: hint for name, hint in typing.get_type_hints(method, include_extras=True).items() if name != "return"
    }
    right = [sound(hint) for hint in hints.values()]
    for place, hint in enumerate(hints.values()):
        for nonsense in NONSENSE:
            if not fits(nonsense, hint):
                yield [*right[:place], nonsense, *right[place + 1 :]]
        if dataclasses.is_dataclass(hint):
            of_fields = typing.get_type_hints(hint, include_extras=True)
            for field in dataclasses.fields(hint):
                nonsense = next(found for found in reversed(NONSENSE[:-1]) if not fits(found, of_fields[field.name]))
                yield [*right[:place], right[place] | {field.name: nonsense}, *right[place + 1 :]]
    yield [*right, "more"]
    if right and not (method.__defaults__ or ()):  # type: ignore[attr-defined]
        yield right[:-1]


def parameters(method: Method) -> list[Any]:
    """The types of its arguments."""
    return [hint for name, hint in typing.get_type_hints(method, include_extras=True).items() if name != "return"]


@pytest.mark.parametrize(("ident", "method"), EXPOSED, ids=map(".".join, EXPOSED))
def test_who_may_not_call_a_method_is_told_so_whatever_he_says(siege: Siege, ident: str, method: str) -> None:
    found, open_to = EXPOSED[ident, method]
    for kind in set(KINDS) - open_to:
        with RawClient(siege.links[kind]) as client:
            for args in ([], ["x"], [sound(hint) for hint in parameters(found)]):
                said, error = client.call(ident, method, *args)
                assert (said, error[0], error[1][1]) == ("#ERROR", "NotAllowed", kind)
    siege.holds()


@pytest.mark.parametrize(("ident", "method"), EXPOSED, ids=map(".".join, EXPOSED))
def test_who_may_call_a_method_and_says_nonsense_is_refused(siege: Siege, ident: str, method: str) -> None:
    found, open_to = EXPOSED[ident, method]
    for kind in open_to:
        client = RawClient(siege.links[kind])
        try:
            for args in wrong_calls(found):
                said, error = client.call(ident, method, *args)
                assert (said, error[0]) == ("#ERROR", "BadInput"), (kind, args)
                if ident == "node":  # no node says that, so it is hung up on
                    with pytest.raises((EOFError, OSError)):
                        client.call(None, "dummy")
                    client.socket.close()
                    client = RawClient(siege.links[kind])
        finally:
            client.socket.close()
    siege.holds()


def test_who_has_no_key_or_an_unknown_one_calls_nothing(siege: Siege) -> None:
    calls = b"".join(RawClient.frame(msgspec.msgpack.encode((ident, name, [], {}))) for ident, name in EXPOSED)
    with RawClient(siege.links["console"], None) as client:
        client.socket.sendall(calls)
        assert client.rest() in (b"", bytes(32))  # no answer, or "no"
    with pytest.raises(PermissionError):
        RawClient(siege.links["console"], "c." + secrets.token_hex(16))
    siege.holds()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_method_is_called_by_nobody(siege: Siege, kind: str) -> None:
    with RawClient(siege.links[kind]) as client:
        for ident, method in (
            ("node", "__init__"), ("cluster", "_hub"), ("cluster", "closed"), ("node", ""), ("server", "shutdown"),
            (None, "shutdown"), (None, "create"), (None, "debug_info"), ("x" * 1000, "y" * 1000), ("\0", "\x1b[2J"),
        ):  # fmt: skip
            said, error = client.call(ident, method)
            assert (said, error[0]) == ("#ERROR", "ServerFailed")
    siege.holds()
