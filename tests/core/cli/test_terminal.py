"""What happens at the edges of a terminal: streams that are closed or full, signals, files that are none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.cli.ending_signals import Ended, ending_signals
from mcgui_core.cli.main import main
from mcgui_core.cli.standard_streams import open_missing_streams
from mcgui_core.client.access.link_files import write_link_file
from tests.waiting import until

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")


@pytest.fixture(scope="module")
def master() -> Iterator[Master]:
    with Master() as master:
        yield master


@pytest.fixture
def links(master: Master, tmp_path: Path) -> str:
    write_link_file(tmp_path / "links", {"console": master.console_link})
    return str(tmp_path / "links")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_what_cannot_be_printed_is_said_and_is_no_success(
    links: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(["jobs", "--link-file", links]) == 1
        monkeypatch.undo()
    assert "No space left on device. Is a disk full" in capsys.readouterr().err


def test_streams_that_are_closed_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    open_missing_streams()
    made = [sys.stdin, sys.stdout, sys.stderr]
    print("nowhere")
    assert sys.stdin.read() == ""
    assert not sys.stderr.isatty()
    for stream in made:
        stream.close()


@posix
def test_a_signal_that_ends_is_raised_and_one_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does it
    try:
        with ending_signals():
            os.kill(os.getpid(), signal.SIGHUP)
            with pytest.raises(Ended) as ended:
                signal.raise_signal(signal.SIGTERM)
        assert ended.value.number == signal.SIGTERM
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@posix
@pytest.mark.parametrize(("number", "raised"), [(signal.SIGTERM, Ended), (signal.SIGINT, KeyboardInterrupt)])
def test_a_signal_whose_error_was_lost_is_heard_at_the_next_look(number: int, raised: type[KeyboardInterrupt]) -> None:
    with ending_signals() as signals:
        signals.check()
        with suppress(KeyboardInterrupt):  # as C code does that takes any error for a no
            signal.raise_signal(number)
        with pytest.raises(raised):
            signals.check()


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["told to end", "Ctrl+C"])
def test_a_run_at_a_master_elsewhere_goes_on_where_its_terminal_was_closed_and_not_after_ctrl_c(
    master: Master, links: str, tmp_path: Path, number: int
) -> None:
    (tmp_path / "f.py").write_text("def f(x): return x")
    run = ["run", "--environment", str(tmp_path / "f.py"), "--function", "f", "--expression", "range(3)"]
    known = {job.id for job in master.snapshot().jobs}
    command = [sys.executable, "-m", "mcgui_core.cli.main", *run, "--link-file", links]
    # In a process of its own: where a signal cuts a connection off as it is made, only its end closes that.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    (job,) = until(lambda: [job for job in master.snapshot().jobs if job.id not in known and job.sealed], 100)
    os.kill(process.pid, number)
    said = process.communicate(timeout=100)[1]
    assert process.returncode == 128 + number
    job = master.job(job.id).status
    if number == signal.SIGTERM:
        assert f"Job {job.id} goes on without this command: `mcgui-core wait {job.id}`" in said
        assert job.state == "waiting"
        master.job(job.id).cancel()
    else:
        assert f"Job {job.id} was cancelled." in said
        assert job.state == "cancelled"


def test_a_file_that_holds_no_link_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bytes").write_bytes(bytes(range(128, 256)))
    (tmp_path / "code").write_text("def f(x): return x")
    (tmp_path / "worker").write_text('{"worker": "mcgui://lab:1#k"}')
    for name, why in (
        ("none", "No such file or directory"),
        ("bytes", "it is not text"),
        ("code", "it does not start with mcgui://"),
        ("worker", "it holds no watch link"),
    ):
        assert main(["jobs", "--link-file", str(tmp_path / name)]) == 1
        assert f"There is no link to be had from {tmp_path / name}: {why}" in capsys.readouterr().err
