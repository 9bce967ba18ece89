"""A master in this process, for what is to be seen of its log; and how somebody with a link reaches it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcgui_core.master.server import ClusterServer, open_server


@pytest.fixture
def server() -> Iterator[ClusterServer]:
    opened = open_server("127.0.0.1", 0, None, None)
    opened.start()
    yield opened
    opened.close()
