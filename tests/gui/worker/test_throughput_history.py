"""The numbers behind the plot, the menu's steps, and the look at the machine."""

from __future__ import annotations

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui.worker.panel.tasks_card import memory_of
from mcgui.worker.panel.throughput_plot import nice_top
from mcgui.worker.session.machine_load import MachineLoad, MachineMeter
from mcgui.worker.session.throughput_history import BUCKET, BUCKETS, ThroughputHistory
from mcgui.worker.tray.processor_steps import ProcessorStep, processor_steps


def total(throughput: ThroughputHistory, now: float) -> float:
    """Tasks in all finished buckets."""
    return sum(one.done for one in throughput.rates(now)) * BUCKET


def test_a_steady_flow_is_drawn_level_although_reports_do_not_fit_the_buckets() -> None:
    throughput = ThroughputHistory(100.0)
    for step in range(1, 60):
        throughput.record(done=13 * step, failed=0, now=100.0 + 1.3 * step)
    middle = throughput.rates(176.0)[1:-2]
    assert all(one.done == pytest.approx(10.0) for one in middle)


def test_tasks_after_a_long_silence_are_not_smeared_over_it() -> None:
    throughput = ThroughputHistory(0.0)
    throughput.record(100, 0, 200.0)
    assert [one.done > 0 for one in throughput.rates(204.0)].index(True) >= 98


def test_five_minutes_are_kept_and_no_more() -> None:
    throughput = ThroughputHistory(0.0)
    throughput.record(50, 5, 10.0)
    assert len(throughput.rates(10_000.0)) == BUCKETS
    assert total(throughput, 10_000.0) == 0


def test_the_bucket_that_still_fills_is_left_out() -> None:
    throughput = ThroughputHistory(0.0)
    throughput.record(10, 0, 1.0)
    assert throughput.rates(1.5) == ()
    assert total(throughput, 2.0) == pytest.approx(10)


@given(st.lists(st.tuples(st.floats(0.0, 9.0), st.integers(0, 1000), st.integers(0, 9)), max_size=40))
def test_no_task_is_drawn_twice_or_lost(reports: list[tuple[float, int, int]]) -> None:
    throughput = ThroughputHistory(7.7)
    now, done, failed = 7.7, 0, 0
    for pause, more, worse in reports:
        now, done, failed = now + pause, done + more, failed + worse
        throughput.record(done, failed, now)
        if now > 250:
            return  # older ones have left the window by right
    rates = throughput.rates(now + BUCKET)
    assert sum(one.done for one in rates) * BUCKET == pytest.approx(done)
    assert sum(one.failed for one in rates) * BUCKET == pytest.approx(failed)


@pytest.mark.parametrize(
    ("cpus", "expected"),
    [
        (1, [(100, 1)]),
        (2, [(50, 1), (100, 2)]),
        (4, [(25, 1), (50, 2), (75, 3), (100, 4)]),
        (8, [(25, 2), (50, 4), (75, 6), (100, 8)]),
        (64, [(25, 16), (50, 32), (75, 48), (100, 64)]),
    ],
)
def test_the_menu_offers_quarters_of_the_computer(cpus: int, expected: list[tuple[int, int]]) -> None:
    assert processor_steps(cpus) == tuple(ProcessorStep(percent, nprocs) for percent, nprocs in expected)


@given(st.integers(1, 1024))
def test_the_menu_offers_each_number_once_and_always_all(cpus: int) -> None:
    offered = [share.nprocs for share in processor_steps(cpus)]
    assert offered == sorted(set(offered))
    assert offered[0] >= 1
    assert offered[-1] == cpus


@given(st.floats(1e-3, 1e9))
def test_the_top_of_the_plot_is_above_the_peak_but_not_far(peak: float) -> None:
    assert peak * 0.999 <= nice_top(peak) <= peak * 2.5001


def test_a_plot_of_nothing_still_has_a_top() -> None:
    assert nice_top(0.0) == 1.0


def test_the_machine_says_how_busy_it_is() -> None:
    load = MachineMeter().read()
    assert 0 <= load.cpu <= 100
    assert 0 < load.memory < load.memory_total == psutil.virtual_memory().total


def test_memory_names_a_unit_twice_only_where_it_differs() -> None:
    assert memory_of(MachineLoad(0, 6_200_000_000, 16_000_000_000)) == "6.2 of 16 GB"
    assert memory_of(MachineLoad(0, 616_000_000, 25_300_000_000)) == "616 MB of 25.3 GB"
