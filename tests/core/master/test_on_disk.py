"""A master has the disk keep what it wrote, without being asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mcgui_core.master import server
from tests.waiting import until


def test_a_master_has_the_disk_keep_its_journal_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(server, "SYNC_SECONDS", 0.01)
    running = server.open_server("127.0.0.1", 0, tmp_path / "journal", None)
    running.start()
    try:
        log = (tmp_path / "journal-wal").stat().st_ino
        until(lambda: synced.count(log) > 2)
    finally:
        running.close()
