"""How a Dask cluster is named: by the address of its scheduler. Light, for whoever only starts an agent."""

from __future__ import annotations

import re
from importlib.util import find_spec

from mcgui_core.errors import DaskInvalid

#: The port of a Dask scheduler, where none is named.
PORT = 8786


def dask_address(given: str) -> str:
    """The address of a Dask scheduler as Dask wants it, from what a person types: tcp://HOST:PORT, HOST:PORT, HOST.

    Raises DaskInvalid, also where this computer has no Dask.
    """
    if not isinstance(given, str):
        raise DaskInvalid(repr(given), "it is not even text. The address of a scheduler looks like tcp://HOST:8786")
    found = re.fullmatch(r"(?:(\w+)://)?(\[[0-9a-fA-F:.%]+\]|[^\s:/\[\]]+)(?::(\d{1,5}))?/?", given.strip())
    if found is None or int(found[3] or PORT) not in range(1, 65536):
        raise DaskInvalid(given, "it is no address of a scheduler. Such a one looks like tcp://HOST:8786")
    if find_spec("distributed") is None:
        raise DaskInvalid(given, 'this computer has no Dask. Install it with: pip install "mcgui[dask]"')
    return f"{found[1] or 'tcp'}://{found[2]}:{found[3] or PORT}"


def dask_name(address: str) -> str:
    """What a node that is a Dask cluster is called by default."""
    return f"dask {address.partition('://')[2]}"
