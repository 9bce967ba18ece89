"""Whoever gives a window's program a link where none belongs is told so, and its key reaches no log."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from mcgui.console.command_line import parse
from mcgui.worker.command_line import read_options

LINK = "mcgui://127.0.0.1:9/aaaa#w.SECRET:FINGERPRINT"


def console(*argv: str) -> object:
    return parse([*argv])


def worker(*argv: str) -> object:
    return read_options(argv, {}, io.StringIO(), io.StringIO())


@pytest.mark.parametrize(
    ("program", "command"),
    [
        (console, "{}"),
        (console, "f.mcjob {}"),
        (console, "--host {}"),
        (console, "--journal={}"),
        (console, "--demo --picture {}"),
        (worker, "--nprocs {}"),
        (worker, "--limits {}"),
        (worker, "--picture={}"),
    ],
)
def test_a_link_in_the_place_of_something_else_is_named_as_one(
    program: Callable[..., object], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        program(*command.format(LINK).split())
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "cannot be a join link" in said
    assert "SECRET" not in said


@pytest.mark.parametrize(
    ("program", "command"),
    [
        (console, "--port {}"),
        (console, "--theme {}"),
        (console, "--conect={}"),
        (worker, "{} {}"),
        (worker, "--theme {}"),
    ],
)
def test_a_mistake_on_the_command_line_tells_no_key(
    program: Callable[..., object], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        program(*command.replace("{}", LINK).split())
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "SECRET" not in said
    assert "mcgui://127.0.0.1:9/aaaa#..." in said
