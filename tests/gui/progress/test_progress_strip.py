"""The strip at the bottom, and the time left: honest, or not at all."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.jobs.job_model import JobModel, shares
from mcgui.console.progress.progress_line import parts_in_words, time_words, total_words
from mcgui.console.progress.progress_strip import ProgressStrip
from mcgui.console.progress.time_left_estimate import TimeLeftEstimate
from mcgui.theme import Theme
from mcgui_core.protocol.messages import JobStatus
from tests.gui.snapshots import NOW, job


def watched(
    estimate: TimeLeftEstimate, moments: list[tuple[float, int]], total: int = 1000
) -> tuple[float, float] | None:
    left = None
    for now, done in moments:
        left = estimate.watch(job(done=done, failed=0, total=total), now)
    return left


def test_nothing_is_said_before_anything_is_known() -> None:
    estimate = TimeLeftEstimate()
    assert watched(estimate, [(0, 0), (0.2, 50), (0.4, 100)]) is None


def test_a_steady_job_gets_a_narrow_range() -> None:
    left = watched(TimeLeftEstimate(), [(n, 100 * n) for n in range(6)])
    assert left == pytest.approx((5, 5), abs=0.05)


def test_a_job_that_falters_gets_a_wide_range_around_the_mean() -> None:
    left = watched(TimeLeftEstimate(), [(0, 0), (1, 200), (2, 220), (3, 240), (4, 440)])
    assert left is not None
    assert left[0] < 560 / 110 < left[1]
    assert left[1] <= 2 * 560 / 110


def test_nothing_is_said_while_arguments_still_arrive() -> None:
    estimate = TimeLeftEstimate()
    for now in range(8):
        assert estimate.watch(job(done=now * 100, failed=0, total=1000, sealed=False), now) is None


def test_another_job_or_a_pause_begins_anew() -> None:
    estimate = TimeLeftEstimate()
    assert watched(estimate, [(n, 100 * n) for n in range(6)]) is not None
    assert estimate.watch(job(done=600, failed=0, total=1000, state="paused"), 6) is None
    assert estimate.watch(job(done=600, failed=0, total=1000), 60) is None
    assert estimate.watch(job(2, done=600, failed=0, total=1000), 61) is None


@given(st.lists(st.tuples(st.floats(0.1, 5), st.integers(1, 40)), min_size=5, max_size=40))
def test_the_range_is_ascending_and_holds_what_the_mean_says(steps: list[tuple[float, int]]) -> None:
    estimate, now, done, left = TimeLeftEstimate(), 0.0, 0, None
    for seconds, tasks in steps:
        now, done = now + seconds, done + tasks
        left = estimate.watch(job(done=done, failed=0, total=5000), now)
    if left is not None:
        assert 0 < left[0] <= left[1]


class Simulated:
    """A job whose tasks take a known time on a number of slots: what is said of it can be held against what comes."""

    def __init__(self, slots: int, seconds: list[float]) -> None:
        free = [0.0] * slots
        self.begun, self.ends = [], []
        for each in seconds:
            begin = heapq.heappop(free)
            heapq.heappush(free, begin + each)
            self.begun.append(begin)
            self.ends.append(begin + each)
        self.end, self.mean = max(self.ends), sum(seconds) / len(seconds)

    def at(self, now: float) -> JobStatus:
        done = sum(end <= now for end in self.ends)
        running = sum(begin <= now < end for begin, end in zip(self.begun, self.ends, strict=True))
        return job(total=len(self.ends), done=done, failed=0, running=running, task_seconds=self.mean)

    def progress(self, now: float) -> float:
        spans = zip(self.begun, self.ends, strict=True)
        return sum((now - begin) / (end - begin) for begin, end in spans if begin <= now < end)


def said(simulated: Simulated, step: float, reports: bool = False) -> list[tuple[float, tuple[float, float]]]:
    """(seconds that it really took from there, what was said) at each look."""
    estimate, found = TimeLeftEstimate(), []
    for number in range(int(simulated.end / step)):
        now = number * step
        left = estimate.watch(simulated.at(now), now, simulated.progress(now) if reports else 0.0)
        if left is not None:
            found.append((simulated.end - now, left))
    return found


@pytest.mark.parametrize(
    ("slots", "seconds", "spread"), [(8, 60.0, 0.3), (8, 60.0, 0.0), (2, 5.0, 0.5), (26, 0.5, 0.5), (1, 3.0, 0.2)]
)
def test_the_range_holds_the_truth_also_for_tasks_that_take_long(slots: int, seconds: float, spread: float) -> None:
    dice = random.Random(7)
    times = [seconds * dice.uniform(1 - spread, 1 + spread) for _ in range(40 * slots)]
    found = said(Simulated(slots, times), 0.25)
    right = [0.9 * low - 1 <= truth <= 1.15 * high + 1 for truth, (low, high) in found]
    assert len(found) > 40
    assert sum(right) / len(right) > 0.9


def test_between_two_tasks_that_take_long_the_time_left_goes_down() -> None:
    """Eight tasks of a minute end together: for a minute nothing is settled, and work is done all the same."""
    found = said(Simulated(8, [60.0] * 80), 1.0)
    highs = {round(truth): high for truth, (_, high) in found}
    assert 30 < highs[299] - highs[260] < 50
    assert all(low - 1 <= truth <= high + 1 for truth, (low, high) in found)


def test_tasks_that_say_how_far_they_are_make_the_range_narrow() -> None:
    simulated = Simulated(4, [30.0] * 12)
    found = said(simulated, 0.5, reports=True)
    assert len(found) > 150  # also before the first task has ended
    for truth, (low, high) in found:
        assert low <= truth + 3
        assert high - low < 12


def test_slots_that_find_no_work_at_the_end_are_counted() -> None:
    """Twenty tasks that are left on six slots take four rounds, not three and a third."""
    found = said(Simulated(6, [8.0] * 40), 0.25, reports=True)
    late = [(truth, high) for truth, (_, high) in found if truth < 35]
    assert len(late) > 100
    assert all(high >= truth - 1 for truth, high in late)


def test_work_that_is_lost_again_is_not_counted() -> None:
    estimate = TimeLeftEstimate()
    for number in range(6):
        estimate.watch(job(done=10 * number, failed=0, total=1000), float(number), 4.0)
    assert estimate.watch(job(done=50, failed=0, total=1000), 6.0, 0.0) is None  # the node with the four is gone


@pytest.fixture
def strip(qtbot: QtBot, theme: Theme) -> ProgressStrip:
    made = ProgressStrip(theme, clock=lambda: 0.0)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(strip: ProgressStrip, status: JobStatus | None) -> str:
    strip.show_job(status)
    QApplication.processEvents()  # it is laid out
    return line_of(strip, 0)


def line_of(strip: ProgressStrip, number: int) -> str:
    line = strip.lines[number]
    labels = (line.name, line.count, line.rate, line.left, line.failed)
    return " | ".join(label.text() for label in labels if label.isVisible() and label.text())


def test_a_running_job_shows_count_rate_and_failures(strip: ProgressStrip) -> None:
    assert shown(strip, job()) == "Pi | <b>712,003</b> of 1,000,000 | 26.3k tasks/s | – | 3 failed"


def test_a_finished_job_says_how_long_it_took(strip: ProgressStrip) -> None:
    done = job(state="finished", done=1_000_000, failed=0, running=0, finished=NOW - 27)
    assert shown(strip, done) == "Pi | <b>1,000,000</b> of 1,000,000 | done in 2 s"


@pytest.mark.parametrize(
    ("done", "failed", "words", "tone"),
    [(9, 0, "done in 2 s", "good"), (8, 1, "done in 2 s", ""), (0, 9, "all failed in 2 s", "bad")],
)
def test_only_a_job_without_failures_ends_in_green(done: int, failed: int, words: str, tone: str) -> None:
    ended = job(state="finished", done=done, failed=failed, running=0, total=9, finished=NOW - 27)
    assert time_words(ended, None) == (words, tone)


def test_what_a_job_took_leaves_out_the_time_in_which_it_was_over(strip: ProgressStrip, theme: Theme) -> None:
    retried = job(state="finished", done=20, failed=0, total=20, started=NOW - 30, finished=NOW - 1, idle=27.2)
    assert "done in 1.8 s" in shown(strip, retried)
    model = JobModel(theme)
    model.show([retried], NOW)
    took = next(at for at, column in enumerate(model.columns) if column.title == "Took")
    assert model.index(0, took).data() == "1.8 s"


def test_a_job_that_still_gets_arguments_says_so(strip: ProgressStrip) -> None:
    assert "and counting" in shown(strip, job(sealed=False))


def progress_in_table(theme: Theme, status: JobStatus) -> str:
    model = JobModel(theme)
    model.show([status], NOW)
    text: str = model.index(0, 3).data()
    return text


def test_a_count_that_is_known_is_shown_while_arguments_are_still_read(strip: ProgressStrip, theme: Theme) -> None:
    reading = job(sealed=False, total=405_168, done=405_168, failed=0, running=0, expected=1_000_000)
    assert shown(strip, reading) == "Pi | <b>405,168</b> of 1,000,000 | 26.3k tasks/s | –"
    assert shares(reading)[1] == (0.405168, "good")
    assert strip.lines[0].bar.toolTip() == "405,168 done, 594,832 waiting"
    assert progress_in_table(theme, reading) == "405,168 of 1,000,000"


def test_a_bar_is_never_full_while_nobody_knows_how_much_there_is(theme: Theme) -> None:
    reading = job(sealed=False, total=405_168, done=405_168, failed=0, running=0)
    assert shares(reading) == ()
    assert progress_in_table(theme, reading) == "405,168 of 405,168 …"
    broken_off = job(sealed=False, total=200, done=50, failed=0, running=0, state="cancelled", finished=NOW)
    assert shares(broken_off)[1] == (0.25, "good")


def test_time_left_is_told_while_arguments_are_still_read_where_their_number_is_known() -> None:
    estimate = TimeLeftEstimate()
    left = None
    for now in range(6):
        reading = job(done=100 * now, failed=0, total=100 * now + 10, sealed=False, expected=1000)
        left = estimate.watch(reading, now)
    assert left == pytest.approx((5, 5), abs=0.05)


def test_a_waiting_job_says_why(strip: ProgressStrip) -> None:
    words = shown(strip, job(state="waiting", done=0, failed=0, rate=0.0, reason="no worker has joined yet"))
    assert "waiting: no worker has joined yet" in words
    words = shown(
        strip,
        job(
            state="waiting", done=0, failed=0, rate=0.0, reason="Waiting for a worker to join.", reason_code="no worker"
        ),
    )
    assert "waiting for a worker to join" in words


def test_a_job_whose_last_worker_has_left_has_a_reason_and_no_time_left(strip: ProgressStrip) -> None:
    assert shown(strip, job(running=0, reason="Waiting for a worker to join.", reason_code="no worker")).split(" | ")[
        3
    ] == ("waiting for a worker to join")


def test_without_a_job_there_is_only_that(strip: ProgressStrip) -> None:
    shown(strip, job())
    assert shown(strip, None) == "No job yet"


def test_the_failed_count_leads_to_the_failures(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_job(job())
    with qtbot.waitSignal(strip.failures_wanted):
        strip.lines[0].failed.click()


def test_the_bar_says_its_parts_in_words(strip: ProgressStrip) -> None:
    strip.show_job(job())
    assert strip.lines[0].bar.toolTip() == "712,000 done, 3 failed, 20,000 running, 267,997 waiting"
    assert strip.lines[0].bar.accessibleDescription() == strip.lines[0].bar.toolTip()
    assert parts_in_words(job(done=0, failed=0, running=0, total=0)) == "no tasks"


def test_other_jobs_at_work_have_a_line_each_and_the_rest_is_counted(qtbot: QtBot, strip: ProgressStrip) -> None:
    jobs = [job(number, name=f"Job {number}", state="running" if number < 3 else "waiting") for number in range(1, 7)]
    strip.show_job(jobs[1])
    strip.show_jobs((*jobs, job(9, state="finished")))
    assert [line_of(strip, number).split(" | ")[0] for number in range(3)] == ["Job 2", "Job 1", "Job 3"]
    assert strip.more.text() == "and 3 more jobs"
    for name in ("Job 2", "Job 1", "Job 3"):
        assert name in strip.accessibleDescription()
    with qtbot.waitSignal(strip.job_wanted) as wanted:
        strip.lines[1].name.click()
    assert wanted.args == [1]
    with qtbot.waitSignal(strip.jobs_wanted):
        strip.more.click()
    strip.show_jobs(jobs[1:2])
    assert not strip.lines[1].bar.isVisible()
    assert not strip.more.isVisible()


def test_one_more_job_has_the_line_that_would_tell_of_it(strip: ProgressStrip) -> None:
    jobs = tuple(job(number, name=f"Job {number}") for number in range(1, 5))
    strip.show_job(jobs[0])
    strip.show_jobs(jobs)
    assert [line_of(strip, number).split(" | ")[0] for number in range(4)] == [
        f"Job {number}" for number in range(1, 5)
    ]
    assert not strip.more.isVisible()
    strip.show_jobs(jobs[:2])
    assert not strip.lines[2].bar.isVisible()


def test_of_jobs_that_wait_the_one_that_comes_next_stands_first(strip: ProgressStrip) -> None:
    waiting = [job(number, name=f"Job {number}", state="waiting", priority=number % 3) for number in range(2, 6)]
    strip.show_job(job(1))
    strip.show_jobs((job(1), *waiting))
    assert [line_of(strip, number).split(" | ")[0] for number in (1, 2)] == ["Job 2", "Job 5"]


def test_the_failures_of_another_job_show_that_job_first(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_job(job(1))
    strip.show_jobs((job(1), job(2)))
    with qtbot.waitSignals([strip.job_wanted, strip.failures_wanted], order="strict"):
        strip.lines[1].failed.click()


def test_a_name_that_is_long_leaves_room_for_the_numbers(strip: ProgressStrip) -> None:
    strip.resize(800, 60)
    strip.show_job(job(1, name="The factors of all numbers that anybody has ever thought of " * 3))
    strip.show_jobs((job(1), job(2, name="x" * 300)))
    assert strip.lines[0].name.text().endswith("…")
    assert strip.minimumSizeHint().width() < 800


def test_as_much_of_the_name_of_another_job_is_shown_as_a_window_has_room_for(strip: ProgressStrip) -> None:
    names = []
    strip.show_job(job(1))
    for width in (2000, 600, 2000):
        strip.resize(width, 60)
        if not names:
            strip.show_jobs((job(1), job(2, name="The factors of all numbers")))
        names.append(strip.lines[1].name.text())
    assert names[0] == names[2] == "The factors of all numbers"
    assert names[1].endswith("…")


def test_a_snapshot_hides_nothing_that_it_has_shown(qtbot: QtBot, strip: ProgressStrip) -> None:
    """Each would lay out the strip once more, and the bar jump."""

    class Hidings(QObject):
        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += event.type() in (QEvent.Type.Show, QEvent.Type.Hide)
            return False

    hidings = Hidings()
    for status in (job(failed=0, rate=0.0), None):
        strip.show_job(status)
        for widget in strip.findChildren(QWidget):
            widget.installEventFilter(hidings)
        hidings.count = 0
        strip.show_job(status)
        assert hidings.count == 0


def test_three_failures_of_a_million_can_be_seen(strip: ProgressStrip) -> None:
    strip.resize(900, 40)
    strip.show_job(replace(job(), done=0, running=0))
    image = strip.lines[0].bar.grab().toImage()
    red = strip.lines[0].bar._theme.colours.bad
    assert any(image.pixelColor(x, image.height() // 2) == red for x in range(6))


# Arguments that have not all been read


def test_a_job_whose_arguments_were_counted_shows_how_many_there_will_be() -> None:
    arriving = job(done=400, failed=0, running=8, total=1000, sealed=False, expected=4000)
    assert total_words(arriving) == "4,000"
    assert shares(arriving) == ((0.0, "bad"), (0.1, "good"), (0.002, "accent"))
    assert parts_in_words(arriving) == "400 done, 8 running, 3,592 waiting"


@pytest.mark.parametrize(
    ("expected", "total", "time", "parts"),
    [
        (4000, "4,000", "cancelled, 3,000 never read", "1,000 done, 3,000 never read"),
        (None, "1,000 that were read", "cancelled, not all were read", "1,000 done"),
    ],
)
def test_a_job_that_ended_before_they_were_read_is_not_shown_as_whole(
    expected: int | None, total: str, time: str, parts: str
) -> None:
    over = job(done=1000, failed=0, running=0, total=1000, sealed=False, expected=expected, state="cancelled")
    assert total_words(over) == total
    assert time_words(over, None) == (time, "muted")
    assert parts_in_words(over) == parts


def test_a_job_that_ended_before_any_came_has_no_full_bar() -> None:
    assert shares(job(done=0, failed=0, running=0, total=0, sealed=False, state="cancelled")) == (
        (0.0, "bad"),
        (0.0, "good"),
        (0.0, "accent"),
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("first failure", "stopped at a failure"),
        ("does not load", "stopped: the environment does not load"),
        ("journal full", "stopped"),
    ],
)
def test_a_job_that_was_stopped_says_by_what(code: str, said: str) -> None:
    assert time_words(job(state="stopped", reason="a sentence", reason_code=code), None) == (said, "bad")


def test_a_job_that_a_full_disk_keeps_says_so_and_one_that_somebody_has_paused_does_not() -> None:
    full = job(state="paused", reason="The journal x cannot be written.", reason_code="journal full")
    assert time_words(full, None) == ("paused: the journal cannot be written", "bad")
    assert time_words(job(state="paused"), None) == ("paused", "warn")


def test_the_strip_keeps_its_height_when_a_task_fails(theme: Theme, qtbot: QtBot) -> None:
    strip = ProgressStrip(theme)
    qtbot.addWidget(strip)
    strip.show()
    heights = [strip.sizeHint().height()]
    for failed in (0, 1):
        strip.show_job(job(done=7, failed=failed, total=10))
        heights.append(strip.sizeHint().height())
    assert len(set(heights)) == 1, f"no job, none failed, one failed: {heights}"
