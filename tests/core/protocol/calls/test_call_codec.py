"""Calls as they travel: what is said arrives as it was, and what is of another type, or no data at all, does not."""

from __future__ import annotations

import dataclasses
import os
import pickle
import struct
import typing
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import errors
from mcgui_core.errors import BadInput, FrameInvalid, McguiError
from mcgui_core.protocol import codec, messages
from mcgui_core.protocol.calls import call_codec
from mcgui_core.protocol.calls.answer_types import ANSWERS
from mcgui_core.protocol.calls.call_codec import Argument, Request
from mcgui_core.protocol.messages import Block, JobSpec, NodeReport, Outcome, Report, Stored, TaskFailure
from mcgui_core.protocol.queries import FailureGroup, OutputQuery
from tests.core.strategies import MESSAGES, of

DATACLASSES = [*MESSAGES, FailureGroup, OutputQuery]
ERRORS = [found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, McguiError)]
#: As a file's name is read that is no UTF-8, and what a task may print.
ODD = "caf\udce9 \ud800 größe \U0001f600"


def reader(data: bytes) -> Callable[[int], bytearray]:
    """What a connection gives that brings these bytes."""
    left = memoryview(data)

    def receive(size: int) -> bytearray:
        nonlocal left
        taken, left = bytearray(left[:size]), left[size:]
        return taken

    return receive


def sent(message: Any) -> bytes:
    return b"".join(bytes(part) for part in call_codec.encode(message))


def around(body: bytes) -> bytes:
    """A frame with a body that we did not make."""
    return struct.pack("!IQ", 0, len(body)) + body


def request_of(data: bytes, most: int = codec.FRAME_LIMIT) -> Request:
    return call_codec.read_request(reader(data), lambda _ident, _method: most)


def answer_of(data: bytes, method: str) -> Any:
    return call_codec.read_answer(*codec.read_frame(reader(data)), method)


def asked(*args: Any, **kwargs: Any) -> Request:
    """A call with these arguments, as it arrives."""
    return request_of(sent(("node", "exchange", args, kwargs)))


def argument(value: Any) -> Argument:
    return asked(value).args[0]


def answered(result: Any, method: str = "") -> Any:
    """What a caller of that method reads of it."""
    kind, found = answer_of(sent(("#RETURN", result)), method)
    assert kind == "#RETURN"
    return found


def example(kind: type[McguiError]) -> McguiError:
    """An error of that class, with a value for each of its parameters."""
    failure = TaskFailure(3, "raised", "ValueError", "bad", "Traceback ...", "'x'", "lab-3")
    made: dict[Any, Any] = {
        int: 7, bool: True, str: "why", tuple[str, ...]: ("f", "g"), int | None: 3, TaskFailure: failure,
        tuple[TaskFailure, ...]: (failure,),
    }  # fmt: skip
    if "__init__" not in vars(kind):
        return kind("Something is wrong.")
    hints = typing.get_type_hints(kind.__init__, {**vars(errors), "TaskFailure": TaskFailure})
    return kind(*(made[hint] for name, hint in hints.items() if name != "return"))


# --- what travels ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__name__)
def test_every_message_arrives_as_it_was(kind: type) -> None:
    @given(of(kind))
    def check(message: Any) -> None:
        if "inf" not in repr(message):
            assert argument(message).read(kind) == message

    check()


def test_a_call_arrives_with_its_arguments_by_place_and_by_name() -> None:
    request = asked("id", 5, wait=0.5)
    assert (request.ident, request.method) == ("node", "exchange")
    assert [request.args[0].read(str), request.args[1].read(int)] == ["id", 5]
    assert {name: value.read(float) for name, value in request.kwargs.items()} == {"wait": 0.5}


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_says_the_same_on_both_sides(kind: type[McguiError]) -> None:
    error = example(kind)
    said, arrived = answer_of(sent(("#ERROR", error)), "wait")
    assert (said, type(arrived)) == ("#ERROR", kind)
    assert (str(arrived), arrived.args, vars(arrived)) == (str(error), error.args, vars(error))


@given(st.text(st.characters(), max_size=9))
def test_every_text_arrives_as_it_was_also_one_that_is_no_utf_8(text: str) -> None:
    message = Report(statuses=(messages.TaskStatus(1, 0, text, None),), unfit=(messages.Unfit(1, ODD, "", text),))
    assert argument(message).read(Report) == message
    assert answered({text: ODD}, "links") == {text: ODD}
    assert str(answer_of(sent(("#ERROR", BadInput(text))), "")[1]) == text


@pytest.mark.parametrize("size", [0, 1, codec.BUFFER_FROM - 1, codec.BUFFER_FROM, 3 << 20])
@pytest.mark.parametrize("name", ["x", ODD])
def test_bytes_of_any_size_arrive_as_they_were_beside_any_text(size: int, name: str) -> None:
    values = os.urandom(size)
    outcome = Outcome(1, 0, 1, codec.large(values), (), 0.0, name)
    arrived = argument(Report((outcome, outcome))).read(Report)
    assert [(bytes(found.values), found.node) for found in arrived.outcomes] == [(values, name)] * 2
    assert bytes(answered(codec.large(values), "content_piece")) == values
    spec = answered(JobSpec(name, "", "f", pickled_function=codec.large(values)), "spec")
    assert (spec.name, bytes(spec.pickled_function)) == (name, values)


def test_large_bytes_are_not_copied_into_the_body() -> None:
    values = os.urandom(1 << 20)
    first, second = call_codec.encode(("#RETURN", (Block(0, 1, codec.large(values)),)))
    assert len(first) < 1000
    assert second.obj is values
    assert len(call_codec.encode(("#RETURN", (Block(0, 1, codec.large(b"small")),)))) == 1


@pytest.mark.parametrize("name", ["x", ODD])
def test_arguments_that_are_large_lie_beside_the_body_and_arrive_as_they_were(name: str) -> None:
    values = [os.urandom(60_000) for _ in range(20)] + [os.urandom(100_000)]
    outcomes = tuple(Outcome(1, at, at + 1, codec.large(data), (), 0.0, name) for at, data in enumerate(values))
    data = sent(("node", "exchange", ("id", Report(outcomes)), {"visit": 7}))
    body, sizes = codec.read_body(reader(data))
    assert len(body) < 100
    assert len(sizes) == 2
    request = request_of(data)
    assert request.kwargs["visit"].read(int) == 7
    arrived = request.args[1].read(Report).outcomes
    assert [(bytes(found.values), found.node) for found in arrived] == [(data, name) for data in values]


def test_bytes_that_look_like_the_mark_of_a_buffer_are_bytes() -> None:
    mark = b"mcgui buffer\0\0\0\1"
    assert answered(mark, "content_piece") == mark


def test_what_a_call_may_not_bring_is_refused_before_it_is_read() -> None:
    asked_for: list[tuple[str | None, str]] = []

    def allowed(ident: str | None, method: str) -> int:
        asked_for.append((ident, method))
        return 99_999

    data = sent(("node", "exchange", (codec.large(bytes(100_000)),), {}))
    body, sizes = codec.read_body(reader(data))
    head = 12 + 8 * len(sizes) + len(body)
    with pytest.raises(FrameInvalid, match="99,999 is the most that exchange may bring"):
        call_codec.read_request(reader(data[:head]), allowed)
    assert asked_for == [("node", "exchange")]
    assert request_of(data, 100_000).args


def test_a_body_of_a_request_that_would_be_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(FrameInvalid, match="it claims"):
        request_of(struct.pack("!IQ", 0, call_codec.BODY_LIMIT + 1))


# --- what does not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (int, 1.0), (int, True), (int, "1"), (int, 1 << 63), (int, None), (float, float("nan")),
        (float, float("inf")), (float, -float("inf")), (float, "1"), (float, True), (str, b"x"), (str, 1), (bytes, "x"),
        (bool, 1), (tuple[int, ...], {}), (tuple[int, ...], (1, "x")), (tuple[int, str], (1,)), (tuple[int, str], (1, "x", 2)),
        (dict[str, int], ()), (dict[str, int], {"x": "y"}), (int | None, "x"), (float | None, float("nan")),
        (Report, ()), (Report, {"outcomes": 5}), (Report, {"outcomes": ({},)}), (OutputQuery, {"job": 0.5}),
        (NodeReport, NodeReport(1, 0, float("nan"), 0)), (NodeReport, NodeReport(1, 0, 0.0, 1 << 63)),
        (NodeReport, NodeReport(1, 0, 0.0, 0, reason_code="no such code")),  # type: ignore[arg-type]
        (Outcome, Outcome(1, 0, 1, "text", (), 0.1)),  # type: ignore[arg-type]
        (Outcome, Outcome(1, 0, 1, Stored("x", 0, 1.5), (), 0.1)),  # type: ignore[arg-type]
        (Outcome, Outcome(1, 0, 1, b"", (), 0.1, accepted=((1, 2, 3),))),  # type: ignore[arg-type]
        (JobSpec, JobSpec("j", "", "f", timeout=float("inf"))),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_of_another_type_is_refused_with_its_place(hint: Any, value: Any) -> None:
    with pytest.raises(BadInput, match="Expected|missing|Invalid"):
        argument(value).read(hint)


def test_a_field_that_is_missing_is_refused_and_one_with_a_default_is_not() -> None:
    whole = dataclasses.asdict(Outcome(1, 0, 1, b"x", (), 0.1))
    assert argument(whole).read(Outcome) == Outcome(1, 0, 1, b"x", (), 0.1)
    del whole["token"]
    assert argument(whole).read(Outcome).token == b""
    del whole["values"]
    with pytest.raises(BadInput, match="missing required field `values`"):
        argument(whole).read(Outcome)


@pytest.mark.parametrize("number", [0, 3, 1 << 31])
def test_a_buffer_that_is_not_there_is_refused(number: int) -> None:
    request = asked(b"mcgui buffer" + number.to_bytes(4, "big"), codec.large(bytes(70_000)))
    assert len(request.args[1].read(bytes)) == 70_000
    with pytest.raises(BadInput, match="there is no buffer"):
        request.args[0].read(bytes)


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"hello", b"\x94", pickle.dumps(("node", "join", (), {})), b"\x80", b"\x90"]
)
def test_a_body_that_is_no_request_and_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(FrameInvalid, match="no request"):
        request_of(around(body))
    with pytest.raises(FrameInvalid, match="no answer"):
        answer_of(around(body), "wait")


@given(st.binary(max_size=60), st.integers(0, 120))
def test_broken_bytes_raise_nothing_else(garbage: bytes, at: int) -> None:
    data = sent(("node", "exchange", ("id", Report((Outcome(1, 0, 1, b"x", (), 0.1, ODD),))), {"visit": 1}))
    body = data[12 : 12 + at] + garbage + data[12 + at + len(garbage) :]
    try:
        request = request_of(around(body))
    except FrameInvalid:
        return
    for each in (*request.args, *request.kwargs.values()):
        for hint in (Report, str, int, Any):
            try:
                each.read(hint)
            except BadInput:
                continue


@pytest.mark.parametrize("name", ["Exception", "OSError", "TYPE_CHECKING", "__builtins__", "nowhere", ""])
def test_an_error_of_no_class_of_ours_is_refused(name: str) -> None:
    with pytest.raises(FrameInvalid):
        answer_of(sent(("#ERROR", (name, ("x",)))), "wait")


@pytest.mark.parametrize("args", [("x", "y"), (), ({},)], ids=repr)
def test_an_error_with_other_arguments_is_refused(args: Any) -> None:
    with pytest.raises(FrameInvalid):
        answer_of(sent(("#ERROR", ("JobUnknown", args))), "wait")


@pytest.mark.parametrize("value", [object(), 1 << 64, int, lambda: 0, McguiError("x")], ids=range(5))
def test_what_no_message_holds_is_said_where_it_would_be_sent(value: Any) -> None:
    with pytest.raises(BadInput, match="cannot be sent"):
        call_codec.encode(("cluster", "set_priority", (1, value), {}))


def test_an_answer_of_another_type_than_the_call_has_is_refused() -> None:
    assert answered(5, "submit") == 5
    with pytest.raises(FrameInvalid, match="no answer to submit"):
        answered("five", "submit")
    assert ANSWERS["submit"] is int
