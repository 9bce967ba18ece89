"""Who has a link of some kind, and sends one mutated message after the other."""

from __future__ import annotations

import random
import socket
from collections import Counter
from contextlib import suppress
from typing import Any

from mcgui_core.errors import BadInput, ConnectionFailed, ConnectionLost, FrameInvalid, JobUnknown, McguiError
from mcgui_core.protocol import codec
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.join_link import JoinLink
from mcgui_core.protocol.messages import Block, JobSpec, Lease, NodeInfo, Report
from mcgui_core.protocol.rpc_client import connect
from mcgui_core.protocol.transport import TlsConnection
from mcgui_core.values import pickling
from tests.fuzz.examples import Known, arguments
from tests.fuzz.mutations import broken, frame, misshapen
from tests.raw_calls import call

#: A Python that no honest worker has: jobs that want it are for the rogues alone.
PYTHON = "9.9"
#: Tasks of such a job.
PREY = 1_000_000
#: Seconds that an answer may take before the rogue looks elsewhere: a call that waits may wait for 20.
PATIENCE = 3.0
#: Messages after which it comes anew.
MOST = 50
#: What a console may do, and what would be the end of the honest job, or of everybody's link.
SWEEPING = frozenset({"renew_link", "revoke_link", "forget_older_than"})


class Rogue:
    """One thread's."""

    def __init__(
        self, links: dict[str, str], kind: str, methods: dict[tuple[str, str], Any], seed: int, honest: set[int]
    ) -> None:
        """`methods` by object and name, as examples are made of them; `honest` are jobs that are to be left alone."""
        self._link, self._console = JoinLink.parse(links[kind]), JoinLink.parse(links["console"])
        self._kind, self._methods, self._honest = kind, methods, honest
        self._chance = random.Random(f"{seed} {kind}")
        self._known = Known(f"rogue with a {kind} link", PYTHON, self._prey())
        self._connection: TlsConnection | None = None
        self._sent = 0  # by this connection
        self.answers: Counter[str] = Counter()
        self.sent = 0

    def send(self) -> None:
        """One message. Raises ConnectionFailed where the master is gone."""
        if self._connection is None or self._sent >= MOST:
            self._come()
        assert self._connection is not None
        message = self._message()
        data = frame(message)
        if self._chance.random() < 0.5:
            with suppress(FrameInvalid, BadInput):  # too large to be sent, or what no message holds
                data = frame(misshapen(message, self._chance))
            whole = True
        else:
            data, whole = broken(data, self._chance), False
        if self._would_harm(data):
            return
        self.sent += 1
        self._sent += 1
        try:
            self._connection._asked = message[1]  # as the answer is read by that
            self._connection._socket.sendall(data)
            if not whole:  # it may be waiting for more, and there is none
                socket.socket.shutdown(self._connection._socket, socket.SHUT_WR)
            self._hear(*self._connection.recv(PATIENCE))
        except (OSError, ConnectionLost, ValueError, TypeError):
            self.answers["hung up"] += 1
            whole = False
        if not whole:
            self.leave()

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --- inside -------------------------------------------------------------------------------------------------

    def _come(self) -> None:
        self.leave()
        self._connection, self._sent = connect(self._link), 0
        if ("node", "join") in self._methods:
            self._known.chunks.clear()
            with suppress(McguiError):
                info = NodeInfo(self._known.node, "the rogue", 1, 1, f"{PYTHON}.0", "Test", 1, 1)
                call(self._connection, "node", "join", info)
                lease: Lease = call(self._connection, "node", "exchange", self._known.node, Report(), 0.5, 1)
                self._known.chunks.extend(lease.chunks)

    def _message(self) -> tuple[Any, ...]:
        (ident, name), method = self._chance.choice(list(self._methods.items()))
        return ident, name, arguments(method, self._known, self._chance), {}

    def _hear(self, kind: str, answer: Any) -> None:
        self.answers[type(answer).__name__ if kind == "#ERROR" else "answered"] += 1
        if isinstance(answer, Lease):
            self._known.chunks.extend(answer.chunks)
        if isinstance(answer, JobUnknown):
            self._known.job = self._prey()
        if isinstance(answer, BadInput) and self._connection is not None and self._connection.poll():
            self.leave()

    def _prey(self) -> int:
        """A job that only rogues work at."""
        spec = JobSpec("prey", "", "f", pickled_function=pickling.dumps(None), python=PYTHON)
        with connect(self._console) as connection:
            block = Block(0, PREY, pickling.dumps(range(PREY)))
            made: int = call(connection, "cluster", "submit", spec, (block,), True)
        return made

    def _would_harm(self, data: bytes) -> bool:
        """A console may harm the honest job; whether it can is not what is asked here."""
        if self._kind != "console":
            return False
        rest = memoryview(data)

        def receive(size: int) -> bytearray:
            nonlocal rest
            piece, rest = bytearray(rest[:size]), rest[size:]
            if len(piece) < size:
                raise FrameInvalid("it ends")
            return piece

        try:
            request = call_codec.read_request(receive, lambda _ident, _method: codec.FRAME_LIMIT)
        except ConnectionFailed:  # it is no request
            return False
        return request.method in SWEEPING or any(
            self._is_honest(argument) for argument in (*request.args, *request.kwargs.values())
        )

    def _is_honest(self, argument: call_codec.Argument) -> bool:
        try:
            return argument.read(int) in self._honest
        except BadInput:
            return False
