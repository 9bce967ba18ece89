"""Files of projects at the master: they come in pieces, count once they are what they should be, and go when no job
needs them."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from mcgui_core.errors import BadInput, JournalFull
from mcgui_core.journal.journal import Journal
from mcgui_core.master.content.content_service import GRACE, SWEEP_SECONDS
from mcgui_core.master.hub import Hub
from mcgui_core.protocol.messages import JobSpec, ProjectFile
from tests.core.world import spec


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Desk:
    """A hub over a journal on disk, whose clock stands still."""

    def __init__(self, path: Path, limit: int | None = None) -> None:
        self.path, self.now = path, 1000.0
        self.open(limit)

    def open(self, limit: int | None = None) -> None:
        self.hub = Hub(Journal(self.path, limit), lambda: self.now)
        self.folder = self.hub.state.content.folder

    def bring(self, data: bytes) -> ProjectFile:
        digest = digest_of(data)
        assert self.hub.content.put_content(digest, len(data), 0, data) == len(data)
        return ProjectFile("data.bin", len(data), digest)

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.hub.tick()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "journal.sqlite")
    yield desk
    desk.hub.close()


def with_files(*files: ProjectFile) -> JobSpec:
    return replace(spec(), files=files)


def test_a_file_comes_and_goes_in_pieces(desk: Desk) -> None:
    data = bytes(range(256)) * 10_000
    digest, content = digest_of(data), desk.hub.content
    assert content.missing_content((digest,)) == (digest,)
    reached = 0
    while reached < len(data):
        reached = content.put_content(digest, len(data), reached, data[reached : reached + 1_000_000])
    assert content.missing_content((digest,)) == ()
    parts = []
    while part := bytes(content.content_piece(digest, sum(map(len, parts)))):
        parts.append(part)
    assert len(parts) == 3
    assert b"".join(parts) == data


def test_an_empty_file_is_a_file(desk: Desk) -> None:
    desk.bring(b"")
    assert desk.hub.content.missing_content((digest_of(b""),)) == ()


def test_a_piece_that_comes_twice_or_too_early_changes_nothing(desk: Desk) -> None:
    digest, put = digest_of(b"abcdef"), desk.hub.content.put_content
    assert put(digest, 6, 3, b"def") == 0
    assert put(digest, 6, 0, b"abc") == 3
    assert put(digest, 6, 0, b"abc") == 3
    assert put(digest, 6, 3, b"def") == 6
    assert put(digest, 6, 0, b"abc") == 6
    assert bytes(desk.hub.content.content_piece(digest, 0)) == b"abcdef"


def test_what_is_not_as_its_digest_says_is_refused_and_can_be_brought_again(desk: Desk) -> None:
    digest, put = digest_of(b"right"), desk.hub.content.put_content
    with pytest.raises(BadInput, match="not what it was"):
        put(digest, 5, 0, b"wrong")
    assert desk.hub.content.missing_content((digest,)) == (digest,)
    assert put(digest, 5, 0, b"right") == 5


@pytest.mark.parametrize("name", ["", "../journal.sqlite", "A" * 64, "0" * 63, "/etc/passwd"])
def test_content_is_asked_for_by_digest_only(desk: Desk, name: str) -> None:
    content = desk.hub.content
    for call in (
        lambda: content.content_piece(name, 0),
        lambda: content.missing_content((name,)),
        lambda: content.put_content(name, 1, 0, b"x"),
    ):
        with pytest.raises(BadInput):
            call()


def test_a_job_is_not_taken_before_its_files(desk: Desk) -> None:
    file = ProjectFile("a", 1, digest_of(b"a"))
    with pytest.raises(BadInput, match="bring their content first"):
        desk.hub.jobs.submit(with_files(file), (), sealed=True)
    assert desk.hub.view.job_ids() == ()


@pytest.mark.parametrize(
    "file",
    [
        ProjectFile("../a", 1, digest_of(b"a")),
        ProjectFile("a", -1, digest_of(b"a")),
        ProjectFile("a", 1, "../a"),
        ProjectFile(5, 1, digest_of(b"a")),  # type: ignore[arg-type]
    ],
)
def test_files_that_cannot_be_are_refused(desk: Desk, file: ProjectFile) -> None:
    with pytest.raises(BadInput):
        desk.hub.jobs.submit(with_files(file), (), sealed=True)


def test_a_job_keeps_its_files_over_a_restart_and_the_last_job_returns_their_space(desk: Desk) -> None:
    file, other = desk.bring(b"mine"), desk.bring(b"nobody's")
    first = desk.hub.jobs.submit(with_files(file), (), sealed=True)
    second = desk.hub.jobs.submit(with_files(file), (), sealed=True)
    desk.hub.close()
    desk.open()
    assert desk.hub.view.spec(first).files == (file,)
    desk.pass_by(GRACE + SWEEP_SECONDS)
    assert [path.name for path in desk.folder.iterdir()] == [file.sha256]
    assert other.sha256 != file.sha256
    desk.hub.jobs.forget(first)
    desk.pass_by(SWEEP_SECONDS)
    assert desk.hub.content.missing_content((file.sha256,)) == ()
    desk.hub.jobs.forget(second)
    desk.pass_by(GRACE + SWEEP_SECONDS)
    assert not desk.folder.exists()


def test_what_somebody_is_about_to_use_stays_for_a_while(desk: Desk) -> None:
    file = desk.bring(b"soon")
    desk.pass_by(GRACE - 1)
    assert desk.hub.content.missing_content((file.sha256,)) == ()
    desk.pass_by(GRACE - 1)
    assert desk.hub.content.missing_content((file.sha256,)) == ()


def test_files_count_for_the_limit_of_the_journal(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "journal.sqlite", 1 << 20)
    with pytest.raises(JournalFull):
        desk.hub.content.put_content(digest_of(b"x"), (1 << 20) + 1, 0, b"x")
    desk.bring(b"small")
    desk.hub.close()


@pytest.mark.parametrize("free", [0, 5])
def test_what_the_disk_has_no_room_for_leaves_others_what_there_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    """A part that stayed kept everybody from writing for ten minutes, also whoever wanted to delete a job."""
    digest, put = digest_of(b"abcdef"), desk.hub.content.put_content
    if free:  # which others take as it comes
        put(digest, 6, 0, b"a")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    if free:
        monkeypatch.setattr(os, "fsync", lambda _file: _raise(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(JournalFull, match="No space left"):
        put(digest, 6, min(free, 1), b"bcdef" if free else b"abcdef")
    assert list(desk.folder.iterdir()) == []
    monkeypatch.undo()
    assert put(digest, 6, 0, b"abcdef") == 6


def _raise(error: Exception) -> None:
    raise error


def test_files_of_a_temporary_journal_go_with_it() -> None:
    hub = Hub(Journal(), lambda: 0.0)
    hub.content.put_content(digest_of(b"x"), 1, 0, b"x")
    folder = hub.state.content.folder
    assert folder.is_dir()
    hub.close()
    assert not folder.exists()
