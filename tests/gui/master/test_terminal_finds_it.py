"""The terminal finds the master that the window has open, with nothing pasted, and none once it is closed."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mcgui.console.command_line import parse
from mcgui.console.master.master_startup import Wish, close_cluster, open_cluster
from mcgui_core import Cluster, Master
from mcgui_core.cli.main import main
from mcgui_core.client.access.link_files import left_files, read_link_file
from mcgui_core.errors import NoMaster
from tests.support import PATIENCE, worker
from tests.waiting import until


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


def test_who_waits_in_a_terminal_and_who_joined_by_a_link_go_on_when_the_window_is_closed_and_opened_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="mcgui_core")  # who waits is told that the master is away
    journal = tmp_path / "console.journal"
    opened = open_cluster(Wish(port=0, worker=False, journal=journal))
    port = int(opened.cluster.address.rpartition(":")[2])
    try:
        link = read_link_file(left_files("console")[0], "console")
        with (
            ThreadPoolExecutor() as threads,
            Cluster.connect(link) as terminal,
            worker(opened.cluster.worker_link) as guest,
        ):
            until(lambda: guest.last_event.state == "idle", what="the guest, joined")
            job = terminal.submit("def f(x): return x + 1", "f", range(3), priority=1)
            job.pause()
            state = threads.submit(lambda: job.wait().state)
            close_cluster(opened)
            opened = open_cluster(Wish(port=port, worker=False, journal=journal))
            opened.cluster.job(job.id).resume()
            assert state.result(PATIENCE) == "finished"
            assert job.results() == [1, 2, 3]
            assert opened.cluster.access().failed_proofs == 0
    finally:
        close_cluster(opened)


def test_a_second_window_finds_it_too_and_says_so_where_there_is_none() -> None:
    with pytest.raises(NoMaster, match="with --connect -, or its link file with --connect FILE") as raised:
        parse(["--connect"])
    assert "--link-file" not in str(raised.value)  # which this program has not
    opened = open_cluster(Wish(port=0, worker=False))
    try:
        wish = parse(["--connect"]).wish
        with Cluster.connect(wish.link) as second:
            assert (second.address, wish.own) == (opened.cluster.address, False)
    finally:
        close_cluster(opened)
    with pytest.raises(NoMaster):
        parse(["--connect"])
