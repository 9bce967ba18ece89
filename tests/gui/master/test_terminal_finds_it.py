"""The terminal finds the master that the window has open, with nothing pasted, and none once it is closed."""

from __future__ import annotations

import pytest

from mcgui.console.master.master_startup import Wish, close_cluster, open_cluster
from mcgui_core import Master
from mcgui_core.cli.main import main


@pytest.mark.parametrize("kind", ["its own", "one elsewhere", "one that it watches"])
def test_jobs_of_the_window_are_shown_in_the_terminal(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Master() as master:
        links = {"its own": "", "one elsewhere": master.console_link, "one that it watches": master.watch_link}
        opened = open_cluster(Wish(port=0, worker=False, link=links[kind]))
        try:
            assert main(["jobs"]) == 0
            assert capsys.readouterr().out.startswith(f"Master {opened.cluster.address}\n")
        finally:
            close_cluster(opened)
        assert main(["jobs"]) == 1
        assert "No master of yours runs on this computer." in capsys.readouterr().err
