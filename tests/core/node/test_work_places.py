"""Where the tasks of a job work: in a folder of its own, into which all jobs together may write so much."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mcgui_core import Master
from mcgui_core.client.agent_process import AgentProcess
from mcgui_core.errors import JobFailed
from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.requirement_check import RequirementCheck
from mcgui_core.node.work_places import PlaceUnavailable, WorkPlaces
from mcgui_core.owner.limits import Limits, Overrides
from mcgui_core.protocol.messages import JobSpec
from mcgui_core.slots.slot_interface import NO_PLACE
from tests.support import cluster
from tests.waiting import until

SPEC = JobSpec(name="f", environment="def f(x): return x", function="f")
WHERE = "import os\ndef f(x): return os.getcwd()"
WRITES = """
import os, pathlib, threading

def f(size):
    with open("much", "wb") as file:
        file.write(os.urandom(size))
    while size > 1_000_000:
        threading.Event().wait(600)
    return sorted(path.name for path in pathlib.Path().iterdir())
"""


@pytest.fixture
def places(tmp_path: Path) -> WorkPlaces:
    return WorkPlaces(ContentCache(lambda *_: b"", tmp_path / "kept"), RequirementCheck(), True)


def test_each_job_that_runs_has_a_folder_of_its_own_and_the_next_one_takes_over_what_is_empty(
    places: WorkPlaces,
) -> None:
    first, second = places.take(1, SPEC, print), places.take(2, SPEC, print)
    assert first.folder != second.folder
    assert list(Path(first.folder).iterdir()) == []
    places.give_back(first)
    assert places.take(3, SPEC, print) == first
    places.close()


def test_a_job_without_files_works_where_the_worker_is_if_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = ContentCache(lambda *_: b"", tmp_path / "file" / "kept")
    assert WorkPlaces(nowhere, RequirementCheck(), True).take(1, SPEC, print) == NO_PLACE


def test_the_job_that_wrote_most_is_refused_until_its_owner_allows_more(places: WorkPlaces) -> None:
    wrote = [places.take(job, SPEC, print) for job in (1, 2)]
    for place, size in zip(wrote, (30_000, 90_000), strict=True):
        Path(place.folder, "file").write_bytes(os.urandom(size))
    assert places.refuse_above(500_000) is None
    assert places.written > 120_000
    until(lambda: places.refuse_above(100_000) == 2)
    with pytest.raises(PlaceUnavailable) as refused:
        places.take(2, SPEC, print)
    assert refused.value.unfit.what == "disk"
    for place in wrote:
        places.give_back(place)
    until(lambda: places.refuse_above(100_000) is None and places.written == 0, what="that its folder is gone")
    places.refuse_above(None)
    assert places.take(2, SPEC, print).folder
    places.close()


def test_tasks_of_an_owners_worker_work_in_a_folder_of_their_job_and_those_of_ones_own_where_one_is() -> None:
    with cluster(1) as master:
        assert master.submit(WHERE, "f", [1]).results() == [str(Path.cwd())]
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest", limited=True)
        try:
            agent.limit(Limits(), Overrides(), 1)
            (folder,) = master.submit(WHERE, "f", [1]).results()
            assert Path(folder).is_dir()
            assert not Path.cwd().is_relative_to(folder)
            assert master.submit(WRITES, "f", [5, 6]).results() == [["much"], ["much"]]
        finally:
            agent.leave()
        assert not Path(folder).exists()


def test_a_job_that_writes_more_than_the_owner_allows_ends_with_that_reason_and_the_next_one_runs() -> None:
    with Master() as master:
        agent = AgentProcess(master.worker_link, 1, "guest", limited=True)
        try:
            agent.limit(Limits(on=frozenset({"disk"}), disk=8_000_000), Overrides(), 1)
            # As much as it had written when it was looked at, which may be amid its write.
            with pytest.raises(JobFailed, match=r"wrote \d+\.\d MB; the owner of this computer allows 8\.0 MB"):
                master.submit(WRITES, "f", [20_000_000]).results()
            until(lambda: agent.last_event.stopped.startswith("Tasks of job 1 wrote too much: more than the 8 MB"))
            assert master.submit(WRITES, "f", [5]).results() == [["much"]]
        finally:
            agent.leave()
