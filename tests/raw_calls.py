"""Calls of a master's server by hand: for tests of what it answers to whom, and to what."""

from __future__ import annotations

from typing import Any

from mcgui_core.protocol.transport import TlsConnection


def call(connection: TlsConnection, ident: Any, method: Any, *args: Any) -> Any:
    """What the server answers. Raises the error that it answers with."""
    connection.send((ident, method, args, {}))
    kind, result = connection.recv(5.0)
    if kind == "#ERROR":
        raise result
    return result
