"""Where a user's files lie, also of one of whom the system knows no home, as in a container."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from mcgui_core.base.user_folders import cache_folder, data_folder, expanded
from mcgui_core.cli.main import main
from mcgui_core.client.trust_store import TrustStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows always knows a home")


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No HOME, and a number that the system has no name for. The folder for temporary files."""
    import pwd

    def unknown(number: int) -> object:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_who_has_no_home_has_a_folder_of_his_own_among_temporary_ones(homeless: Path) -> None:
    assert data_folder() == cache_folder() == homeless / f"mcgui-{os.getuid()}"
    assert data_folder().stat().st_mode & 0o777 == 0o700
    TrustStore().trust_workers("abc")
    assert TrustStore().trusts_workers("abc")


def test_a_folder_that_others_may_write_to_or_that_leads_elsewhere_is_not_taken(homeless: Path) -> None:
    taken = homeless / f"mcgui-{os.getuid()}"
    taken.mkdir()
    taken.chmod(0o777)
    assert not data_folder().parent.is_dir()
    taken.rmdir()
    (homeless / "elsewhere").mkdir(mode=0o700)
    taken.symlink_to(homeless / "elsewhere")
    assert not data_folder().parent.is_dir()
    TrustStore().trust_workers("abc")  # nothing is kept, and nothing fails


def test_commands_of_who_has_no_home_answer(homeless: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs"]) == 1
    assert "No master of yours runs on this computer." in capsys.readouterr().err


@pytest.mark.parametrize("text", ["~/a.csv", "~nobody-of-that-name/a.csv"])
def test_a_home_that_nobody_knows_is_a_name_like_any_other(homeless: Path, text: str) -> None:
    assert expanded(text) == Path(text)
