"""Pauses between attempts: longer each time, but never for ever, and not the same for all."""

from __future__ import annotations

from mcgui_core.node.retry_pause import FIRST, MOST, RetryPause


def test_pauses_double_up_to_the_longest() -> None:
    pause = RetryPause()
    for number in range(10):
        assert 0.5 <= pause.after_failure() / min(FIRST * 2**number, MOST) <= 1.5


def test_nodes_that_lost_their_master_together_do_not_all_come_back_together() -> None:
    assert len({RetryPause().after_failure() for _ in range(20)}) > 1


def test_after_a_success_the_next_failure_is_a_first_one() -> None:
    pause = RetryPause()
    for _ in range(10):
        pause.after_failure()
    pause.reset()
    assert pause.after_failure() <= 1.5 * FIRST
