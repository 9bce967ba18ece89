"""`mcgui-core master`: where it leaves its links, also beside another one of the same user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import pytest

from mcgui_core import Cluster
from mcgui_core.cli.main import main
from tests.waiting import until


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the data of a user is who has no master."""
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return Path(platformdirs.user_data_dir("mcgui", appauthor=False))


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """The command; what it says once it serves. It is ended in order."""
    command = [sys.executable, "-m", "mcgui_core.cli.main", "master", "--port", "0", *arguments]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            yield program.stdout.readline()
        finally:
            program.terminate()
            program.wait(30)


def printed_link(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["link", "console"]) == 0
    return capsys.readouterr().out.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_a_second_master_leaves_the_links_of_the_first_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as said:
        assert str(home / "links.json") in said
        link = printed_link(capsys)
        with serving() as other:
            port = other.partition("127.0.0.1:")[2].partition(".")[0]
            assert str(home / f"links-{port}.json") in other
            assert json.loads((home / f"links-{port}.json").read_text())["console"] != link
            assert printed_link(capsys) == link
        assert printed_link(capsys) == link
    assert [path.name for path in home.glob("*.json")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_links_of_a_master_that_is_gone_are_replaced(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving("--journal", str(home / "j.db")):
        link = printed_link(capsys)
    assert (home / "links.json").exists()  # with a journal they are good again when it comes back
    for where in ([], ["--link-file", str(home / "links.json")]):
        assert main(["link", "worker", *where]) == 1
        said_of_it = capsys.readouterr()
        assert (said_of_it.out, "master" in said_of_it.err) == ("", True), "a dead link is handed to nobody"
    assert main(["status"]) == 1
    assert (
        f"The master whose links are in {home / 'links.json'} does not answer at 127.0.0.1" in capsys.readouterr().err
    )
    with serving() as said:
        assert str(home / "links.json") in said
        assert printed_link(capsys) != link


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_a_file_in_which_another_master_left_its_links_meanwhile_stays(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "mine.json"
    with serving("--link-file", str(file)):
        links = {"console": "mcgui://elsewhere:1#key", "worker": "mcgui://elsewhere:1#key"}
        file.write_text(json.dumps(links))
    assert json.loads(file.read_text()) == links


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_links_are_renewed_and_revoked_from_the_command_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving():
        links = {kind: json.loads((home / "links.json").read_text())[kind] for kind in ("worker", "watch", "console")}
        assert main(["link", "--kind", "worker", "--renew"]) == 0
        renewed = capsys.readouterr().out.strip()
        assert renewed != links["worker"]
        until(lambda: json.loads((home / "links.json").read_text())["worker"] == renewed, what="the new link file")
        assert main(["link", "watch", "--revoke"]) == 0
        assert "No watch link opens anything now" in capsys.readouterr().err
        until(lambda: "watch" not in json.loads((home / "links.json").read_text()))
        assert main(["link", "watch"]) == 1
        assert "gives out no watch link: it was revoked" in capsys.readouterr().err
        assert main(["link", "console", "--renew"]) == 0
        again = capsys.readouterr().out.strip()
        assert again != links["console"]
        until(lambda: json.loads((home / "links.json").read_text())["console"] == again)
        assert main(["status"]) == 0
        assert "revoked links: watch" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
def test_a_watch_link_shows_the_status_and_gives_no_results(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving():
        watch = json.loads((home / "links.json").read_text())["watch"]
        (home / "watch").write_text(watch)
        assert main(["status", "--link-file", str(home / "watch")]) == 0
        with Cluster.connect(json.loads((home / "links.json").read_text())["console"]) as cluster:
            cluster.submit("def f(x): return x", "f", [1])
        assert main(["results", "1", str(home / "out.csv"), "--link-file", str(home / "watch")]) == 1
        assert "A watch link does not permit" in capsys.readouterr().err
