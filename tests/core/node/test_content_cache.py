"""Files of projects at a node: each comes once, is what it should be, and the disk they take is bounded."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mcgui_core.errors import BadInput
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.project_folders import KEPT, ProjectFolders
from mcgui_core.protocol.messages import JobSpec, ProjectFile


class Source:
    """What a master has, and how often it was asked."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.asked = 0

    def file(self, data: bytes, path: str = "a") -> ProjectFile:
        digest = hashlib.sha256(data).hexdigest()
        self.contents[digest] = data
        return ProjectFile(path, len(data), digest)

    def piece(self, digest: str, offset: int) -> bytes:
        self.asked += 1
        return self.contents[digest][offset : offset + 4]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def test_a_file_comes_once_also_for_another_worker(source: Source, kept: Path, tmp_path: Path) -> None:
    file = source.file(b"ten bytes!")
    for number in range(3):
        ContentCache(source.piece, kept).copy(file, tmp_path / str(number))
        assert (tmp_path / str(number)).read_bytes() == b"ten bytes!"
    assert source.asked == 3  # pieces


def test_a_task_that_writes_into_its_copy_does_not_change_what_is_kept(
    source: Source, kept: Path, tmp_path: Path
) -> None:
    cache, file = ContentCache(source.piece, kept), source.file(b"mine")
    cache.copy(file, tmp_path / "one")
    (tmp_path / "one").write_bytes(b"spoilt")
    cache.copy(file, tmp_path / "two")
    assert (tmp_path / "two").read_bytes() == b"mine"


def test_what_was_damaged_on_the_disk_comes_again(source: Source, kept: Path, tmp_path: Path) -> None:
    cache, file = ContentCache(source.piece, kept), source.file(b"mine")
    cache.copy(file, tmp_path / "one")
    (kept / file.sha256).write_bytes(b"evil")
    cache.copy(file, tmp_path / "two")
    assert (tmp_path / "two").read_bytes() == b"mine"
    assert (kept / file.sha256).read_bytes() == b"mine"


@pytest.mark.parametrize("sent", [b"evil", b"", b"min", b"evil and more"])
def test_what_is_not_the_content_is_refused_and_not_kept(
    source: Source, kept: Path, tmp_path: Path, sent: bytes
) -> None:
    file = source.file(b"mine")
    source.contents[file.sha256] = sent
    with pytest.raises(BadInput, match="not its content"):
        ContentCache(source.piece, kept).copy(file, tmp_path / "one")
    assert list(kept.iterdir()) == []


def test_what_was_used_least_recently_goes_first(source: Source, kept: Path, tmp_path: Path) -> None:
    cache = ContentCache(source.piece, kept, limit=8)
    first, second, third = (source.file(data) for data in (b"1111", b"2222", b"3333"))
    for age, file in ((300, first), (200, second)):
        cache.copy(file, tmp_path / "x")
        os.utime(kept / file.sha256, (age, age))
    cache.copy(first, tmp_path / "x")  # used again
    cache.copy(third, tmp_path / "x")
    assert {path.name for path in kept.iterdir()} == {first.sha256, third.sha256}


def test_a_file_larger_than_the_cache_comes_too(source: Source, kept: Path, tmp_path: Path) -> None:
    cache = ContentCache(source.piece, kept, limit=4)
    cache.copy(source.file(b"more than four"), tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"more than four"


def spec(source: Source, number: int = 0) -> JobSpec:
    main = source.file(b"print(%d)" % number, "pack/model.py")
    return JobSpec(
        name="f",
        environment=f"print({number})",
        function="f",
        main="pack/model.py",
        files=(main, source.file(b"1", "d/a")),
    )


def test_files_lie_as_they_lay_in_a_folder_of_the_jobs_own(source: Source, kept: Path) -> None:
    folders = ProjectFolders(ContentCache(source.piece, kept))
    one = folders.take(1, spec(source))
    assert (one / "pack/model.py").read_bytes() == b"print(0)"
    assert (one / "d/a").read_bytes() == b"1"
    assert folders.take(1, spec(source)) == one
    assert folders.take(2, spec(source)) != one  # while the first one runs
    assert folders.take(3, spec(source, 1)) != one
    folders.close()
    assert not one.exists()


def test_files_of_a_project_that_nobody_wants_any_more_come_no_further(source: Source, kept: Path) -> None:
    """Of a job that was cancelled after 10 MB, all 63 were fetched by a slow wire."""
    folders = ProjectFolders(ContentCache(source.piece, kept))
    job = spec(source)
    with pytest.raises(BadInput, match="Nobody needs"):
        folders.take(1, job, lambda: source.asked < 1)
    assert source.asked == 1
    assert (folders.take(1, job) / "d/a").read_bytes() == b"1", "it was retried"
    folders.close()


def test_the_next_job_takes_over_a_folder_that_is_as_it_was_laid_out(source: Source, kept: Path) -> None:
    folders = ProjectFolders(ContentCache(source.piece, kept))
    one = folders.take(1, spec(source))
    (one / "__pycache__").mkdir()
    (one / "__pycache__/model.pyc").write_bytes(b"compiled")
    folders.give_back(one)
    assert folders.take(2, spec(source)) == one
    folders.give_back(one)
    assert folders.take(3, spec(source, 1)) != one
    folders.close()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file more": lambda folder: (folder / "log.txt").write_text("x"),
    "a file more in a folder of it": lambda folder: (folder / "d/log.txt").write_text("x"),
    "a folder more": lambda folder: (folder / "new").mkdir(),
    "a file less": lambda folder: (folder / "d/a").unlink(),
    "a file of other content and equal size": lambda folder: (folder / "d/a").write_bytes(b"2"),
    "a longer file": lambda folder: (folder / "d/a").write_bytes(b"12"),
    "a link more": lambda folder: (folder / "link").symlink_to("d"),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.skipif(sys.platform == "win32", reason="one of them is a symbolic link, which not every user may make")
def test_what_a_job_has_written_is_met_by_itself_and_by_no_other(source: Source, kept: Path, what: str) -> None:
    folders = ProjectFolders(ContentCache(source.piece, kept))
    one = folders.take(1, spec(source))
    one_more = folders.take(2, spec(source))
    folders.give_back(one_more)
    CHANGES[what](one_more)
    assert folders.take(2, spec(source)) == one_more
    folders.give_back(one_more)
    assert folders.take(3, spec(source)) not in (one, one_more)
    folders.close()


def test_folders_in_which_nothing_runs_are_bounded_and_come_again_by_another_name(source: Source, kept: Path) -> None:
    folders = ProjectFolders(ContentCache(source.piece, kept))
    busy, idle = folders.take(1, spec(source, 1)), folders.take(2, spec(source, 2))
    folders.give_back(idle)
    for number in range(3, KEPT + 4):
        folders.give_back(folders.take(number, spec(source, number)))
    assert busy.exists()
    assert not idle.exists()
    assert folders.take(2, spec(source, 2)) != idle
    folders.close()


def test_a_project_that_did_not_arrive_whole_is_tried_again(source: Source, kept: Path) -> None:
    folders = ProjectFolders(ContentCache(source.piece, kept))
    wanted = spec(source)
    good, source.contents = source.contents, dict.fromkeys(source.contents, b"")
    with pytest.raises(BadInput):
        folders.take(1, wanted)
    source.contents = good
    assert (folders.take(1, wanted) / "d/a").read_bytes() == b"1"
    folders.close()


def test_folders_of_a_killed_worker_go_when_the_next_one_needs_some(source: Source, kept: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = kept.parent / "projects" / f"{socket.gethostname()}@{gone.pid}-x"
    living = kept.parent / "projects" / f"{socket.gethostname()}@{os.getppid()}-x"
    elsewhere = kept.parent / "projects" / f"another-computer@{gone.pid}-x"
    for folder in (dead, living, elsewhere):
        (folder / "1").mkdir(parents=True)
    folders = ProjectFolders(ContentCache(source.piece, kept))
    folders.take(1, spec(source))
    assert [folder.exists() for folder in (dead, living, elsewhere)] == [False, True, True]
    folders.close()


def test_in_a_home_that_takes_no_files_the_cache_lasts_as_long_as_its_process(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file")  # in which no folder can be made, by nobody
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    cache, file = ContentCache(source.piece), source.file(b"mine")
    for number in range(2):
        cache.copy(file, tmp_path / str(number))
        assert (tmp_path / str(number)).read_bytes() == b"mine"
    assert source.asked == 1
    with cache.new_home() as home:
        assert Path(home).is_dir()
    (passing,) = [Path(home).parent.parent]
    del cache
    assert not passing.exists()
