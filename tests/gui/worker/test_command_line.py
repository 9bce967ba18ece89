"""The command line of mcgui-worker, and what it remembers."""

from __future__ import annotations

import io
import stat
import sys
from pathlib import Path

import pytest

from mcgui.settings import Settings
from mcgui.worker.command_line import Options, read_options
from mcgui.worker.session.saved_state import SavedState
from mcgui_core.errors import NprocsInvalid
from mcgui_core.processes.processor_count import cpu_count

LINK = "mcgui://lab:8888#w.very-secret-indeed"


def read(*argv: str, env: dict[str, str] | None = None, stdin: str = "") -> tuple[Options, str]:
    """The options, and what was said on stderr."""
    stderr = io.StringIO()
    return read_options(argv, env or {}, io.StringIO(stdin), stderr), stderr.getvalue()


def test_without_arguments_nothing_is_asked_for() -> None:
    assert read() == (Options(), "")


def test_a_link_on_the_command_line_works_and_warns_without_repeating_the_key() -> None:
    options, said = read(LINK)
    assert options.link == LINK
    assert "every user of this computer can read it" in said
    assert "MCGUI_LINK" in said
    assert "secret" not in said


def test_a_link_in_the_environment_does_not_warn() -> None:
    assert read(env={"MCGUI_LINK": LINK}) == (Options(LINK), "")


def test_a_link_from_standard_input_does_not_warn() -> None:
    assert read("-", stdin=f"{LINK}\nmore\n", env={"MCGUI_LINK": "another"}) == (Options(LINK), "")


def test_an_empty_standard_input_is_an_empty_link_and_not_the_one_of_last_time() -> None:
    assert read("-")[0].link == ""


def test_options_do_not_show_the_key_when_they_are_printed() -> None:
    assert "secret" not in repr(read(LINK)[0])


@pytest.mark.parametrize("word", ["--minimised", "--minimized"])
def test_minimised_is_understood_in_both_spellings(word: str) -> None:
    assert read(word)[0].minimised


@pytest.mark.parametrize("given", ["0", "-1", "many", "1.5", ""])
def test_a_number_of_processors_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(NprocsInvalid):
        read(f"--nprocs={given}")


def test_the_first_time_all_processors_are_given_and_nothing_is_joined(tmp_path: Path) -> None:
    remembered = SavedState(Settings(tmp_path / "worker.ini"))
    assert (remembered.link, remembered.joined, remembered.nprocs) == ("", False, cpu_count())


def test_link_and_processors_are_there_again_at_the_next_start(tmp_path: Path) -> None:
    first = SavedState(Settings(tmp_path / "worker.ini"))
    first.joins(LINK)
    first.gives(3)
    second = SavedState(Settings(tmp_path / "worker.ini"))
    assert (second.link, second.joined, second.nprocs) == (LINK, True, 3)


def test_who_disconnected_is_not_joined_again_but_finds_the_link(tmp_path: Path) -> None:
    first = SavedState(Settings(tmp_path / "worker.ini"))
    first.joins(LINK)
    first.leaves()
    second = SavedState(Settings(tmp_path / "worker.ini"))
    assert (second.link, second.joined) == (LINK, False)


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such permissions there")
def test_nobody_else_can_read_the_file_with_the_key(tmp_path: Path) -> None:
    path = tmp_path / "worker.ini"
    remembered = SavedState(Settings(path))
    remembered.joins(LINK)
    remembered.gives(2)
    assert "very-secret" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_number_of_processors_that_somebody_wrote_into_the_file_by_mistake_is_ignored(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "worker.ini")
    settings.set("worker/nprocs", "lots")
    assert SavedState(settings).nprocs == cpu_count()
