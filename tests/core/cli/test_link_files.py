"""Where commands take a join link from."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mcgui_core.client.link_files import find_link, read_link_file

LINK = "mcgui://127.0.0.1:8888#w-0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("text", [LINK, json.dumps({"console": "other", "worker": LINK})])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_link_file_may_begin_with_a_byte_order_mark(tmp_path: Path, text: str, mark: str) -> None:
    path = tmp_path / "link"
    path.write_text(f"{mark}{text}\r\n", encoding="utf-8", newline="")
    assert read_link_file(path, "worker") == LINK


def test_a_link_that_is_piped_may_begin_with_a_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """As PowerShell pipes it."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"\ufeff{LINK}\r\n"))
    assert str(find_link("-", None, "worker")) == LINK
