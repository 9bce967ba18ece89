"""Whoever gives a link where none belongs is told so, and its key reaches no log."""

from __future__ import annotations

import pytest

from mcgui_core.cli.main import main

LINK = "mcgui://127.0.0.1:9/aaaa#w.SECRET:FINGERPRINT"


@pytest.mark.parametrize(
    "command",
    [
        "status --link-file {}",
        "run --link-file {} --environment f.py",
        "worker --link-file={}",
        "worker --name {}",
        "run {}",
        "run --environment {}",
        "run f.mcjob --files {}",
        "jobs --journal {}",
        "wait {}",
        "master --host {}",
        "forget {}",
        "results 1 {}",
    ],
)
def test_a_link_in_the_place_of_something_else_is_named_as_one(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command.format(LINK).split())
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "cannot be a join link" in said
    assert "MCGUI_LINK" in said
    assert "SECRET" not in said


@pytest.mark.parametrize("command", ["{}", "link {}", "worker {} {}", "worker --nprocs '{}'", "status --nothing={}"])
def test_a_mistake_on_the_command_line_tells_no_key(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command.replace("{}", LINK).split())
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "SECRET" not in said
    assert "mcgui://127.0.0.1:9/aaaa#..." in said
