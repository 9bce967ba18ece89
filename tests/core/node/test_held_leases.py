from __future__ import annotations

from mcgui_core.node.workload.held_leases import HeldLeases
from mcgui_core.protocol.messages import Block, Chunk


def held(*chunks: Chunk) -> HeldLeases:
    leases = HeldLeases()
    for chunk in chunks:
        leases.add(chunk)
    return leases


def test_a_lease_is_held_until_its_last_task_is_finished() -> None:
    leases = held(Chunk(7, 1, 0, 10))
    leases.finished(7, 3, 6)
    assert list(leases) == [Chunk(7, 1, 0, 3), Chunk(7, 1, 6, 10)]
    assert leases.parts(Chunk(7, 1, 2, 8)) == [Chunk(7, 1, 2, 3), Chunk(7, 1, 6, 8)]
    assert leases.first(7) == 0
    leases.finished(7, 0, 3)
    assert leases.first(7) == 6
    leases.finished(7, 6, 10)
    assert 7 not in leases
    assert leases.first(7) is None
    assert not leases


def test_what_is_finished_of_a_lease_that_is_not_held_changes_nothing() -> None:
    leases = held(Chunk(7, 1, 0, 10))
    leases.finished(8, 0, 10)
    assert list(leases) == [Chunk(7, 1, 0, 10)]
    assert leases.parts(Chunk(8, 1, 0, 10)) == []


def test_a_job_is_dropped_but_for_what_was_granted_after_it_was_retried() -> None:
    leases = held(Chunk(7, 1, 0, 10), Chunk(8, 2, 0, 10), Chunk(9, 1, 0, 10))
    leases.drop((1,), before=9)
    assert [chunk.lease for chunk in leases] == [8, 9]
    assert leases.has(1)
    leases.drop((1,))
    assert [chunk.lease for chunk in leases] == [8]
    assert not leases.has(1)


def test_what_a_master_does_not_keep_is_not_held() -> None:
    leases = held(Chunk(7, 1, 0, 10), Chunk(8, 1, 10, 20))
    leases.keep([Chunk(7, 1, 2, 4), Chunk(7, 1, 6, 8), Chunk(9, 1, 20, 30)])
    assert list(leases) == [Chunk(7, 1, 2, 4), Chunk(7, 1, 6, 8)]


def test_arguments_are_kept_until_no_lease_has_a_task_of_theirs() -> None:
    leases = held(Chunk(7, 1, 5, 15), Chunk(8, 2, 0, 5))
    first, second, other = Block(0, 10, b"first"), Block(10, 10, b"second"), Block(0, 10, b"other")
    for job, block in ((1, second), (1, first), (2, other)):
        leases.add_block(job, block)
    assert leases.blocks_of(Chunk(7, 1, 8, 12)) == [first, second]
    assert leases.blocks_of(Chunk(7, 1, 10, 12)) == [second]
    leases.forget_arguments()
    assert sorted(leases.block_starts(1)) == [0, 10]
    leases.finished(7, 5, 15)
    leases.forget_arguments()
    assert not list(leases.block_starts(1))
    assert list(leases.block_starts(2)) == [0]
    leases.finished(8, 0, 5)
    leases.forget_arguments()
    assert not list(leases.block_starts(2))
