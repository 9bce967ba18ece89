"""A master has the disk keep what it wrote, without being asked."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcgui_core.master import server
from tests.waiting import until


@contextmanager
def syncing_often(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A master, by whose journal the disk is waited for a hundred times a second."""
    monkeypatch.setattr(server, "SYNC_SECONDS", 0.01)
    running = server.open_server("127.0.0.1", 0, folder / "journal", None)
    running.start()
    try:
        yield
    finally:
        running.close()


def test_a_master_has_the_disk_keep_its_journal_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with syncing_often(tmp_path, monkeypatch):
        log = (tmp_path / "journal-wal").stat().st_ino
        until(lambda: synced.count(log) > 2)


def test_a_disk_that_keeps_nothing_is_told_of_once_until_it_does_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    synced: list[int] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) < 5 or 10 < len(synced) < 15:
            raise OSError(errno.EIO, "Input/output error")
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with syncing_often(tmp_path, monkeypatch):
        until(lambda: len(synced) > 20)
    assert capsys.readouterr().err.count("the disk did not keep the journal: [Errno 5] Input/output error") == 2
