"""Terminal escapes in names and errors never reach the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import Master
from mcgui_core.cli.main import main
from mcgui_core.cli.safe_text import safe, safe_line
from mcgui_core.client.agent_process import AgentProcess
from tests.support import joined
from tests.waiting import until


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lab-3", "lab-3"),
        ("caf\u00e9 \u4e2d \U0001f600", "caf\u00e9 \u4e2d \U0001f600"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\x9b31mb", "a\\x9b31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\r\x07b", "a\\r\\x07b"),
        ("a\nb\tc", "a\nb\tc"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_no_control_character_is_left_in_a_line(text: str) -> None:
    shown = safe_line(text)
    assert not any(unicodedata.category(char) == "Cc" or char in "\u2028\u2029\u202e\u2066" for char in shown)


def test_a_name_a_task_and_an_error_with_escapes_do_not_reach_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "evil\x1b]0;title\x07\nnode lab-9")
        try:
            until(lambda: joined(master))
            source = "def f(x): raise ValueError('\x1b[31mred\u202e')"
            master.submit(source, "f", range(1), name="job\x1b[2J").wait()
            monkeypatch.setenv("MCGUI_LINK", master.console_link)
            assert main(["status"]) == 0
        finally:
            agent.leave()
    said = capsys.readouterr()
    assert "evil" in said.out
    assert "\x1b" not in said.out + said.err
    assert "\nnode lab-9" not in said.out
