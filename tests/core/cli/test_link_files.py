"""Where commands take a join link from."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mcgui_core.client.access.link_files import (
    find_link,
    given_link,
    leave_link,
    left_files,
    read_link_file,
    take_link_back,
)
from mcgui_core.errors import LinkInvalid
from mcgui_core.protocol.join_link import JoinLink

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


def test_a_link_that_is_piped_may_be_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    link = JoinLink("lab", 8888, f"w.{'k' * 32}", "f" * 22)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"> {str(link)[:40]}\n> {str(link)[40:]}\nSee you\n"))
    assert given_link("-", None, "worker") == link


def test_a_link_is_not_read_from_a_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(LinkInvalid, match="standard input is closed"):
        given_link("-", None, "worker")


def test_the_link_of_a_program_that_was_killed_is_not_found_and_goes() -> None:
    leave_link("console", LINK)
    (file,) = left_files("console")
    assert read_link_file(file, "console") == LINK
    file.with_name("console-4194305.json").write_text("{}")  # above the highest number of a process
    assert left_files("console") == [file]
    assert not file.with_name("console-4194305.json").exists()
    take_link_back("console")
    assert left_files("console") == []
