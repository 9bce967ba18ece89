"""Slots that are fed, and what their jobs need on this computer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mcgui_core.node.content_cache import ContentCache
from mcgui_core.node.requirement_check import RequirementCheck
from mcgui_core.node.slot_feeder import SlotFeeder
from mcgui_core.node.work_places import PlaceUnavailable, WorkPlaces
from mcgui_core.node.workload.leases_and_reports import Workload
from mcgui_core.protocol.messages import Chunk, JobSpec, Lease, Unfit
from mcgui_core.slots.process_slots import ProcessSlots
from mcgui_core.slots.slot_interface import WorkPlace

OLD, NEW = JobSpec("job", "", "f", requirements=("what-nobody-has",)), JobSpec("job", "", "f")


class Unavailable(WorkPlaces):
    """Whoever takes a place for `OLD` is refused, a while later."""

    def __init__(self) -> None:
        super().__init__(ContentCache(lambda _sha256, _offset: b""), RequirementCheck())
        self.meanwhile: Callable[[], None] = lambda: None

    def take(self, job: int, spec: JobSpec, say: Callable[[str], None], wanted: Callable[[], bool] = bool) -> WorkPlace:
        self.meanwhile()
        raise PlaceUnavailable(Unfit(job, "It lacks", "what-nobody-has", "", "requirements"))


@pytest.mark.parametrize("retried", [False, True])
def test_what_an_old_spec_of_a_job_lacks_does_not_count_against_the_new_one(retried: bool) -> None:
    """It was stopped: no worker had what it did not require any more."""
    work, places, threads = Workload(), Unavailable(), []
    SlotFeeder(
        "node", work, lambda target, _name, *args: threads.append((target, args)), ProcessSlots(), places, lambda: None
    )

    def retry() -> None:
        work.drop((1,), before=2)
        work.accept(Lease((Chunk(2, 1, 0, 4),), ((1, NEW),)))

    try:
        places.meanwhile = retry if retried else lambda: None
        work.accept(Lease((Chunk(1, 1, 0, 4),), ((1, OLD),)))
        ((bring, args),) = threads
        bring(*args)
        assert bool(work.next_report()[0].unfit) is not retried
        assert (work.take(1) is not None) is retried
    finally:
        places.close()
