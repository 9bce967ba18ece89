"""What tasks print: each piece with its task, soon, and not piece by piece."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import pytest

from mcgui_core import report
from mcgui_core.slots.output_capture import ENOUGH, STATUS_LENGTH, OutputCapture
from mcgui_core.slots.progress_report import report_to
from tests.waiting import until


class Reader:
    """The other end of an outlet."""

    def __init__(self) -> None:
        self.messages: list[tuple[Any, ...]] = []
        self.index = 0
        self.outlet = OutputCapture(self.messages.append, lambda: self.index)

    @property
    def printed(self) -> list[tuple[int, str, str]]:
        return [line for kind, *rest in self.messages if kind == "out" for line in rest[0]]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_what_is_printed_goes_with_the_task_that_runs(reader: Reader) -> None:
    for index in (3, 3, 4):
        reader.index = index
        reader.outlet.write("out", "a")
    reader.outlet.write("err", "b\n")
    reader.outlet.flush()
    assert reader.printed == [(3, "out", "aa"), (4, "out", "a"), (4, "err", "b\n")]


def test_the_first_line_goes_at_once_and_the_next_ones_together(reader: Reader) -> None:
    for _ in range(1000):
        reader.outlet.write("out", "line\n")
    assert reader.printed[0] == (0, "out", "line\n")
    assert len(reader.messages) < 50
    reader.outlet.flush()
    assert "".join(text for _, _, text in reader.printed) == "line\n" * 1000


def test_nothing_waits_that_may_be_the_last_word(reader: Reader) -> None:
    reader.outlet.at_once = True
    for _ in range(3):
        reader.outlet.write("out", "x")
    assert len(reader.printed) == 3


def test_much_text_is_not_gathered(reader: Reader) -> None:
    reader.outlet.write("out", "x" * ENOUGH)
    assert len(reader.printed) == 1


def test_nothing_printed_is_nothing_sent(reader: Reader) -> None:
    reader.outlet.flush()
    assert reader.messages == []


def test_a_stream_behaves_like_one(reader: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    behind = io.TextIOWrapper(os.fdopen(os.dup(2), "wb"), write_through=True)
    stream = reader.outlet.stream("out", behind)
    print("hello", 5, file=stream)
    assert stream.fileno() == behind.fileno()
    assert stream.encoding == "utf-8"
    assert stream.writable()
    assert not stream.isatty()
    stream.buffer.write("bytes é ".encode()[:-2])
    stream.buffer.write("bytes é ".encode()[-2:])
    stream.writelines(["a", "b"])
    assert (stream.name, stream.mode, stream.errors, stream.line_buffering) == (
        "<stdout>",
        "w",
        "backslashreplace",
        False,
    )
    stream.reconfigure(encoding="latin-1", line_buffering=True)
    print("caf\xe9", file=stream, flush=True)
    stream.reconfigure(encoding="utf-8", errors="strict")
    with pytest.raises(UnicodeEncodeError):
        stream.write("\udce9")
    with pytest.raises(TypeError, match="must be str, not int"):
        stream.write(7)  # type: ignore[arg-type]
    reader.outlet.flush()
    assert "".join(text for _, _, text in reader.printed) == "hello 5\nbytes é abcafé\n"
    behind.close()
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_what_a_forked_process_prints_does_not_speak_for_the_slot(reader: Reader) -> None:
    end, begin = os.pipe()
    reader.outlet.write("out", "sent, ")
    reader.outlet.write("out", "not yet sent")
    pid = os.fork()
    if pid == 0:
        os.dup2(begin, 2)
        reader.outlet.close_in_child()
        reader.outlet.write("out", "from the child")
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(end, 100) == b"from the child"
    os.close(end)
    os.close(begin)
    reader.outlet.flush()
    assert "".join(text for _, _, text in reader.printed) == "sent, not yet sent"


def test_of_many_reports_the_first_and_the_last_are_told(reader: Reader) -> None:
    for step in range(1001):
        reader.outlet.report(f"step {step}", step / 1000)
    assert reader.messages[0] == ("status", 0, "step 0", 0.0)
    until(lambda: reader.messages[-1] == ("status", 0, "step 1000", 1.0))
    assert len(reader.messages) < 100


def test_the_last_word_is_heard_also_of_a_task_that_goes_on_in_silence(reader: Reader) -> None:
    for text in ("first\n", "second\n"):
        reader.outlet.write("out", text)
    until(lambda: "".join(text for _, _, text in reader.printed) == "first\nsecond\n")


@pytest.mark.parametrize(("fraction", "told"), [(None, None), (-3, 0.0), (1.5, 1.0)])
def test_a_part_is_between_nothing_and_all(reader: Reader, fraction: float | None, told: float | None) -> None:
    reader.outlet.report("x" * 1000, fraction)
    assert reader.messages == [("status", 0, "x" * STATUS_LENGTH, told)]


def test_outside_a_worker_a_report_goes_nowhere(reader: Reader) -> None:
    report("half way", 0.5)
    before = report_to(reader.outlet.report)
    report("half way", 0.5)
    report_to(before)
    report("half way", 0.5)
    assert reader.messages == [("status", 0, "half way", 0.5)]
