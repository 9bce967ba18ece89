"""When a master counts as silent: only for time in which this computer could have heard it."""

from __future__ import annotations

from mcgui_core.node.answer_watch import SILENT_AFTER, AnswerWatch


def looked(watch: AnswerWatch, *moments: float) -> list[bool]:
    """What it says after a look at each of them."""
    said = []
    for moment in moments:
        watch.look(moment)
        said.append(watch.silent)
    return said


def test_who_does_not_answer_for_four_seconds_is_silent_until_they_do() -> None:
    watch = AnswerWatch()
    assert looked(watch, 0.0, 100.0) == [False, False], "nothing is asked"
    watch.asks(100.5)
    assert looked(watch, 101.0, 102.0, 103.0, 104.0, 105.0) == [False] * 4 + [True]
    watch.over()
    assert not watch.silent
    watch.asks(105.1)
    assert looked(watch, 106.0, 107.0) == [False, False]
    assert SILENT_AFTER == 4.0


def test_while_this_computer_stood_still_nobody_was_silent() -> None:
    watch = AnswerWatch()
    watch.asks(0.0)
    assert looked(watch, 1.0, 2.0, 30_000.0) == [False] * 3
    assert looked(watch, 30_001.0, 30_002.0, 30_003.0, 30_004.0) == [False] * 3 + [True], "from then on it may be"


def test_it_may_stand_still_before_the_first_look() -> None:
    watch = AnswerWatch()
    watch.asks(0.0)
    assert looked(watch, 30_000.0) == [False]
