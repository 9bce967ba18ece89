"""The log: events and what tasks print, of all nodes, searched, filtered, bounded, and saved."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from mcgui.background import Background
from mcgui.console.log import output_feed
from mcgui.console.log.log_lines import Event, LogQuery, readable
from mcgui.console.log.log_panel import LogPanel
from mcgui.console.log.log_source import Page
from mcgui.theme import Theme
from mcgui_core.errors import ServerFailed
from mcgui_core.protocol.messages import TaskOutput
from mcgui_core.protocol.queries import OutputQuery
from tests.gui.quiet import nothing_of, settle
from tests.gui.snapshots import NOW, job, node, snapshot


class Output:
    """What tasks printed, as a master's journal keeps it; a page of a search is 100 pieces."""

    def __init__(self) -> None:
        self.pieces: list[TaskOutput] = []
        self.error: Exception | None = None

    def say(self, text: str, **changes: object) -> None:
        seq = len(self.pieces) + 1
        piece = TaskOutput(1, seq, "out", f"{text}\n", NOW + seq, "lab-3", seq)
        self.pieces.append(replace(piece, **changes))  # type: ignore[arg-type]

    def output(self, after: int, limit: int) -> tuple[TaskOutput, ...]:
        if self.error is not None:
            raise self.error
        return tuple(self.pieces[after : after + limit])

    def find_output(self, query: OutputQuery, before: int | None, limit: int) -> Page:
        if self.error is not None:
            raise self.error
        top = len(self.pieces) if before is None else before - 1
        low = max(top - 100, 0)
        found = [piece for piece in self.pieces[low:top] if query.fits(piece)][-limit:]
        return tuple(found), (found[0].seq if len(found) == limit else low + 1) if low or len(found) == limit else None


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def log(qtbot: QtBot, theme: Theme, background: Background, output: Output) -> LogPanel:
    made = LogPanel(background, output, theme)
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    return made


def lines(log: LogPanel) -> list[str]:
    return log.text.toPlainText().splitlines()


def test_a_line_has_its_time_and_its_weight(log: LogPanel) -> None:
    log.write(logging.INFO, NOW, "lab-3 joined.")
    log.write(logging.ERROR, NOW, "lab-4 is on fire.")
    assert lines(log)[0].endswith("  lab-3 joined.")
    assert lines(log)[1].endswith("  Error: lab-4 is on fire.")


def test_what_other_threads_log_arrives_too(qtbot: QtBot, log: LogPanel) -> None:
    log.attach()
    logger = logging.getLogger("mcgui_core.anything")
    before, logger.level = logger.level, logging.INFO
    try:
        threading.Thread(target=lambda: logger.info("from afar")).start()
        qtbot.waitUntil(lambda: "from afar" in log.text.toPlainText())
    finally:
        log.detach()
        logger.level = before


def test_the_filter_hides_and_gives_back(qtbot: QtBot, log: LogPanel) -> None:
    log.write(logging.INFO, NOW, "lab-3 joined.")
    log.write(logging.INFO, NOW, "lab-4 joined.")
    log.head.filter.setText("LAB-4")
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    log.head.filter.clear()
    qtbot.waitUntil(lambda: len(lines(log)) == 2)


def test_what_tasks_print_stands_between_the_events_with_its_origin(
    qtbot: QtBot, log: LogPanel, output: Output
) -> None:
    log.write(logging.INFO, NOW, "lab-3 joined.")
    log.write(logging.INFO, NOW + 5, "lab-3 left.")
    output.say("hello ✓")
    output.say("one\ntwo", stream="err")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 6)
    shown = lines(log)
    assert shown[1].endswith("lab-3 · job 1 · task 1  hello ✓")
    assert shown[2].endswith("lab-3 · job 1 · task 2 · stderr  ")
    assert shown[3].strip() == "one"
    assert shown[5].endswith("lab-3 left.")


def test_what_comes_is_added_at_the_end(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    output.say("first")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    output.say("second")
    log.show_snapshot(snapshot(2))
    qtbot.waitUntil(lambda: len(lines(log)) == 2)
    assert lines(log)[1].endswith("second")


def test_lines_are_filtered_by_kind_node_and_job(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    log.write(logging.INFO, NOW, "Job 2, Pi, was submitted.")
    log.write(logging.INFO, NOW, "lab-4 joined.")
    output.say("of lab-3")
    output.say("of lab-4", node="lab-4", job=2)
    output.say("trouble", stream="err")
    log.show_snapshot(snapshot(jobs=(job(1), job(2)), nodes=(node("lab-3"), node("lab-4", state="left"))))
    qtbot.waitUntil(lambda: len(lines(log)) == 5)
    log.head.kind.setCurrentText("Errors printed")
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    log.head.kind.setCurrentText("Events")
    qtbot.waitUntil(lambda: len(lines(log)) == 2)
    log.head.kind.setCurrentText("Everything")
    log.head.node.setCurrentText("lab-4")
    qtbot.waitUntil(lambda: [line[-8:] for line in lines(log)] == [" joined.", "of lab-4"])
    log.head.node.setCurrentIndex(0)
    log.head.job.setCurrentText("2: Pi")
    qtbot.waitUntil(lambda: len(lines(log)) == 2)
    assert "submitted" in lines(log)[0]


def test_the_log_of_a_node_has_what_it_printed_whatever_was_searched_for(
    qtbot: QtBot, log: LogPanel, output: Output
) -> None:
    log.write(logging.INFO, NOW, "lab-4 joined.")
    output.say("of lab-3")
    output.say("of lab-4", node="lab-4", job=2)
    log.show_snapshot(snapshot(jobs=(job(1), job(2)), nodes=(node("lab-3"), node("lab-4"))))
    log.head.kind.setCurrentText("Events")
    log.head.job.setCurrentText("1: Pi")
    log.head.filter.setText("something")
    qtbot.waitUntil(lambda: not lines(log))
    log.show_only("lab-4")
    qtbot.waitUntil(lambda: [line[-8:] for line in lines(log)] == [" joined.", "of lab-4"])
    log.show_only("not told of yet")
    assert log.head.node.currentText() == "not told of yet"
    qtbot.waitUntil(lambda: not lines(log))
    log.head.node.setCurrentText("All workers")
    qtbot.waitUntil(lambda: len(lines(log)) == 3)


def test_lines_are_found_by_the_node_that_they_come_from(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    output.say("of before", node="attic-1")
    output.say("elsewhere")
    log.show_snapshot(snapshot())
    log.head.filter.setText("ATTIC")
    qtbot.waitUntil(lambda: [line.split("  ")[-1] for line in lines(log)] == ["of before"])
    qtbot.waitUntil(lambda: not log.feed.searching)
    output.say("elsewhere again")
    output.say("of now", node="attic-2")
    log.show_snapshot(snapshot(2))
    qtbot.waitUntil(lambda: [line.split("  ")[-1] for line in lines(log)] == ["of before", "of now"])


def test_where_no_line_fits_the_log_says_so(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    assert "What happens is written here" in log.text.placeholderText()
    output.say("hello")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    log.head.filter.setText("no such thing")
    qtbot.waitUntil(lambda: not lines(log) and "No line fits" in log.text.placeholderText())
    log.head.filter.clear()
    qtbot.waitUntil(lambda: len(lines(log)) == 1 and "No line fits" not in log.text.placeholderText())


def test_nodes_that_are_known_only_by_their_lines_are_offered_too(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    def offered() -> list[str]:
        return [log.head.node.itemText(row) for row in range(log.head.node.count())]

    output.say("of before", node="departed")
    output.say("of now", node="lab-4")
    log.show_snapshot(snapshot(nodes=(node("lab-4"),)))
    qtbot.waitUntil(lambda: offered() == ["All workers", "departed", "lab-4"])
    log.head.node.setCurrentText("departed")
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    output.say("in passing", node="brief")
    log.show_snapshot(snapshot(2, nodes=(node("lab-4"),)))
    qtbot.waitUntil(lambda: offered() == ["All workers", "brief", "departed", "lab-4"])
    assert log.head.node.currentText() == "departed"
    log.forget()  # another master has other nodes
    output.pieces.clear()
    output.say("of the second", node="lab-5")
    log.show_snapshot(snapshot(nodes=(node("lab-5"),)))
    assert offered() == ["All workers", "lab-5"]
    qtbot.waitUntil(lambda: len(lines(log)) == 1)


def test_the_kinds_of_lines_have_room_for_their_words(qtbot: QtBot, log: LogPanel) -> None:
    box = log.head.kind
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
    for row in range(box.count()):
        assert box.fontMetrics().horizontalAdvance(box.itemText(row)) <= room, box.itemText(row)


def test_the_count_of_lines_is_never_cut(qtbot: QtBot, log: LogPanel) -> None:
    log.show()
    words = log.head.words
    words.say("The latest 1,842 entries", short=("1,842 entries", "1,842"))
    for earlier in (True, False):
        log.head.offer_earlier(earlier)
        for width in range(1200, log.head.minimumSizeHint().width(), -20):
            log.resize(width, 300)
            QApplication.processEvents()
            said, is_low = words.text(), log.head._rows == 3 or log.head._in_signs
            assert said == words.whole or (is_low and said == "1,842 entries"), (width, log.head._rows)


def test_the_choices_stand_side_by_side_and_begin_where_the_words_do(qtbot: QtBot, log: LogPanel) -> None:
    log.show()
    head = log.head
    rows = set()
    for width in range(1400, head.minimumSizeHint().width(), -50):
        log.resize(width, 300)
        QApplication.processEvents()
        row = [choice for choice in (head.kind, head.node, head.job) if choice.y() == head.kind.y()]
        gaps = [right.x() - left.geometry().right() - 1 for left, right in pairwise(row)]
        assert gaps == [8] * len(gaps), width
        if head._rows > 1:
            assert head.kind.x() == head.words.x(), width
        rows.add(head._rows)
    assert {1, 2} <= rows


def test_a_search_goes_back_to_the_beginning_of_the_journal(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    output.say("the needle")
    for number in range(950):
        output.say(f"straw {number}")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == output_feed.ENOUGH)
    assert log.head.words.whole == f"The latest {output_feed.ENOUGH} entries"
    log.head.filter.setText("NEEDLE")
    qtbot.waitUntil(lambda: len(lines(log)) == 1 and not log.feed.searching)
    assert log.head.words.whole == "1 entry"
    assert not log.head.earlier.isVisible()


def test_earlier_lines_are_fetched_on_demand(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    for number in range(700):
        output.say(str(number))
    log.show_snapshot(snapshot())
    qtbot.waitUntil(log.head.earlier.isVisible)
    log.head.earlier.click()
    qtbot.waitUntil(lambda: len(lines(log)) == 700)
    qtbot.waitUntil(lambda: not log.head.earlier.isVisible())


def test_a_task_that_prints_without_end_fills_no_memory(
    qtbot: QtBot, log: LogPanel, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_feed, "KEPT", 50)
    output.say("first")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    for number in range(300):
        output.say(str(number))
    log.show_snapshot(snapshot(2))
    qtbot.waitUntil(lambda: lines(log)[-1].endswith("299"))
    assert len(log.feed.pieces) == 50
    assert log.feed.has_earlier


def test_far_too_much_is_skipped_to_the_latest(
    qtbot: QtBot, log: LogPanel, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_feed, "PIECES", 10)
    output.say("first")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    for number in range(2000):
        output.say(str(number))
    log.show_snapshot(snapshot(2))
    qtbot.waitUntil(lambda: "".join(lines(log)[-1:]).endswith(" 1999"))


def test_another_master_has_another_log(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    output.say("of the first")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 1)
    log.forget()
    assert lines(log) == []
    output.pieces.clear()
    output.say("of the second")
    log.show_snapshot(snapshot())
    qtbot.waitUntil(lambda: len(lines(log)) == 1 and "second" in lines(log)[0])


def test_nothing_is_fetched_while_nobody_looks(log: LogPanel, output: Output, background: Background) -> None:
    settle(background, log)
    log.hide()
    output.error = ServerFailed("nobody should have asked")
    with nothing_of(log.trouble, background, log):
        log.show_snapshot(snapshot())


def test_what_cannot_be_fetched_is_told_of(qtbot: QtBot, log: LogPanel, output: Output) -> None:
    output.error = ServerFailed("it is gone")
    with qtbot.waitSignal(log.trouble) as heard:
        log.show_snapshot(snapshot())
    assert "it is gone" in heard.args[0]


def test_all_that_fits_is_saved_to_a_file(qtbot: QtBot, log: LogPanel, output: Output, tmp_path: Path) -> None:
    for number in range(1500):
        output.say(f"line {number}\nsecond", node="lab-3" if number % 2 else "lab-4")
    log.write(logging.WARNING, NOW, "lab-3 is lost.")
    log.write(logging.INFO, NOW + 9999, "lab-4 left.")
    log.show_snapshot(snapshot(nodes=(node("lab-3"),)))
    log.head.node.setCurrentText("lab-3")
    with qtbot.waitSignal(log.saved, timeout=20_000) as heard:
        log.save_to(tmp_path / "all.log")
    assert heard.args[0].startswith("751 entries of the log written to all.log")
    written = (tmp_path / "all.log").read_text(encoding="utf-8").splitlines()
    assert len(written) == 1 + 2 * 750
    assert written[0].endswith("\t\tlab-3 is lost.")
    assert written[1].split("\t")[1:] == ["lab-3", "job 1", "task 2", "out", "line 1"]
    assert not list(tmp_path.glob(".all.log*"))


def test_a_file_that_cannot_be_written_is_told_of(qtbot: QtBot, log: LogPanel, tmp_path: Path) -> None:
    with qtbot.waitSignal(log.trouble) as heard:
        log.save_to(tmp_path / "no folder" / "a.log")
    assert "was not written" in heard.args[0]


def test_colours_and_progress_bars_of_a_terminal_are_taken_out() -> None:
    assert readable("\x1b[31mred\x1b[0m plain\n") == "red plain"
    assert readable(" 10 %\r 20 %\r100 %\n") == "100 %"
    assert readable("a\r\nb\r\n") == "a\nb"
    assert readable("bell\x07") == "bell\N{REPLACEMENT CHARACTER}"
    assert len(readable("x" * 1_000_000)) < 2100


def test_events_are_about_the_job_whose_number_they_name() -> None:
    assert LogQuery(job=1).fits(Event(20, NOW, "Job 1, Pi, finished."))
    assert not LogQuery(job=1).fits(Event(20, NOW, "Job 12, Pi, finished."))
    assert not LogQuery(kind="out").fits(Event(20, NOW, "Job 1, Pi, finished."))


def test_what_was_seen_when_it_happened_is_not_told_again_as_history(log: LogPanel) -> None:
    log.write(logging.INFO, NOW + 1.3, "Job 1 was submitted.")
    log.write_history([(logging.INFO, NOW, "Job 1 was submitted."), (logging.INFO, NOW - 60, "Job 1 was submitted.")])
    assert [entry.time for entry in log.entries] == [NOW - 60, NOW + 1.3]


def test_what_happened_before_stands_in_its_place(log: LogPanel) -> None:
    log.write(logging.INFO, NOW, "Serving.")
    log.write_history([(logging.INFO, NOW - 60, "old left."), (logging.INFO, NOW + 5, "later.")])
    assert [line[-8:] for line in lines(log)] == ["ld left.", "Serving.", "  later."]
