"""Frames, and the unpickler that lets nothing of a peer's run."""

from __future__ import annotations

import copyreg
import os
import pickle
import struct
import subprocess
import sys
import typing
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcgui_core import errors
from mcgui_core.errors import BadInput, FrameInvalid, McguiError
from mcgui_core.protocol import codec, messages
from mcgui_core.protocol.messages import Outcome, Report, TaskFailure
from mcgui_core.protocol.pipe_channel import PipeChannel
from tests.core.strategies import MESSAGES, of

ERRORS = [found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, McguiError)]


def reader(data: bytes) -> Callable[[int], bytearray]:
    """What a connection gives that brings these bytes and then ends."""
    left = memoryview(data)

    def receive(size: int) -> bytearray:
        nonlocal left
        if size > len(left):
            raise EOFError
        taken, left = bytearray(left[:size]), left[size:]
        return taken

    return receive


def frame(message: Any) -> bytes:
    return b"".join(bytes(part) for part in codec.encode(message))


def travelled(message: Any) -> Any:
    return codec.read(reader(frame(message)))


def around(pickled: bytes, buffers: tuple[bytes, ...] = ()) -> bytes:
    """A frame with a body that we did not make."""
    head = struct.pack("!IQ", len(buffers), len(pickled))
    return head + b"".join(len(b).to_bytes(8, "big") for b in buffers) + pickled + b"".join(buffers)


# --- what travels ---------------------------------------------------------------------------------------------------

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: st.tuples(inner, inner) | st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_every_dataclass_arrives_as_it_was(kind: type) -> None:
    @given(of(kind))
    def check(message: Any) -> None:
        assert travelled(message) == message

    check()


def example(kind: type[McguiError]) -> McguiError:
    """An error of that class, with a value for each of its parameters."""
    made: dict[Any, Any] = {
        int: 7,
        bool: True,
        str: "why",
        tuple[str, ...]: ("f", "g"),
        int | None: 3,
        TaskFailure: TaskFailure(3, "raised", "ValueError", "bad", "Traceback ...", "'x'", "lab-3"),
        tuple[TaskFailure, ...]: (TaskFailure(3, "died", "", "by SIGKILL", ""),),
    }
    if "__init__" not in vars(kind):
        return kind("Something is wrong.")
    hints = typing.get_type_hints(kind.__init__, {**vars(errors), "TaskFailure": TaskFailure})
    return kind(*(made[hint] for name, hint in hints.items() if name != "return"))


def test_what_a_library_does_to_the_pickling_of_errors_does_not_reach_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(copyreg.dispatch_table, BadInput, lambda _error: (str, ("spoilt",)))
    error = example(BadInput)
    assert str(travelled(("#ERROR", error))[1]) == str(error)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_says_the_same_on_both_sides(kind: type[McguiError]) -> None:
    error = example(kind)
    arrived = travelled(("#ERROR", error))[1]
    assert type(arrived) is kind
    assert (str(arrived), arrived.args, vars(arrived)) == (str(error), error.args, vars(error))


@given(PLAIN)
def test_plain_values_arrive_as_they_were(message: Any) -> None:
    assert travelled(message) == message


@pytest.mark.parametrize("size", [0, 1, codec.BUFFER_FROM - 1, codec.BUFFER_FROM, 3 << 20])
def test_bytes_of_any_size_arrive_as_they_were(size: int) -> None:
    values = os.urandom(size)
    outcome = Outcome(1, 0, 1, codec.large(values), (), 0.0)
    assert bytes(travelled(Report((outcome, outcome))).outcomes[1].values) == values


def test_large_bytes_are_not_copied_into_the_pickle() -> None:
    values = os.urandom(1 << 20)
    first, second = codec.encode(Outcome(1, 0, 1, codec.large(values), (), 0.0))
    assert len(first) < 1000
    assert second.obj is values
    assert len(codec.encode(Outcome(1, 0, 1, codec.large(b"small"), (), 0.0))) == 1


def test_what_came_as_a_buffer_can_travel_on() -> None:
    arrived = travelled(codec.large(os.urandom(1 << 17)))
    assert travelled(codec.large(memoryview(arrived))) == arrived


# --- what is refused ------------------------------------------------------------------------------------------------


class Reduces:
    """Pickles as a call of something."""

    def __init__(self, *reduced: Any) -> None:
        self.reduced = reduced

    def __reduce__(self) -> Any:
        return self.reduced


def named(module: str, name: str) -> bytes:
    """A pickle of protocol 4 that is nothing but this name."""
    return b"\x80\x04" + b"".join(b"\x8c" + bytes([len(s)]) + s.encode() for s in (module, name)) + b"\x93."


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "getattr"),
        ("builtins", "object"),
        ("mcgui_core.protocol.messages.job_messages", "RunOptions"),  # what a module imported is not its own
        ("mcgui_core.protocol.messages", "Outcome"),  # where it is shown, and not where it is
        ("mcgui_core.protocol.messages.job_messages", "Any"),
        ("mcgui_core.protocol.messages.job_messages", "FINAL_STATES"),
        ("mcgui_core.protocol.messages.job_messages", "__builtins__"),
        ("mcgui_core.protocol.messages.task_messages", "Outcome.__init__"),
        ("mcgui_core.protocol.messages.task_messages", "Outcome.__init__.__globals__"),
        ("mcgui_core.protocol.messages.job_messages", "nowhere"),
        ("mcgui_core.errors", "Exception"),
        ("mcgui_core.errors", "TYPE_CHECKING"),
        ("mcgui_core.protocol.codec", "read"),
        ("mcgui_core.master.hub", "Hub"),
        ("mcgui_core", "Master"),
        ("copyreg", "_reconstructor"),
        ("multiprocessing.managers", "RebuildProxy"),
    ],
)
def test_no_other_name_is_admitted(module: str, name: str) -> None:
    with pytest.raises(FrameInvalid, match="which no message may"):
        codec.read(reader(around(named(module, name))))


def test_a_call_does_not_happen(tmp_path: Any) -> None:
    witness = tmp_path / "witness"
    for trick in (
        Reduces(os.mkdir, (str(witness),)),
        Reduces(eval, (f"__import__('os').mkdir({str(witness)!r})",)),
        (messages.Chunk(1, 1, 0, 1), os.mkdir),
        [messages.Chunk(1, 1, 0, 1), Reduces(os.mkdir, (str(witness),))],
        ("cluster", "submit", (Reduces(os.mkdir, (str(witness),)),), {}),
    ):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            try:
                pickled = pickle.dumps(trick, protocol)
            except TypeError:  # slots, before protocol 2
                continue
            with pytest.raises(FrameInvalid):
                codec.read(reader(around(pickled)))
    assert not witness.exists()


def test_admitted_classes_cannot_be_made_to_call_anything(tmp_path: Any) -> None:
    """An object's state is set by the pickle itself: attributes of ours, and nothing that runs."""
    witness = tmp_path / "witness"
    state = (None, {"start": Reduces(os.mkdir, (str(witness),))})
    with pytest.raises(FrameInvalid):
        codec.read(reader(around(pickle.dumps(Reduces(messages.Chunk, (1, 1, 0, 1), state)))))
    assert not witness.exists()


@pytest.mark.parametrize("kind", [*MESSAGES, *ERRORS], ids=lambda kind: kind.__name__)
def test_an_admitted_class_cannot_be_changed(kind: type) -> None:
    """A pickle may give an object its state; here the object is the class itself."""
    name = named(kind.__module__, kind.__name__).removesuffix(b".")
    for state in ((None, {"__str__": 1, "__init__": 2}), {"__str__": 1}, ValueError):
        with pytest.raises(FrameInvalid):
            codec.read(reader(around(name + pickle.dumps(state, 4)[2:-1] + b"b.")))
    assert kind.__str__ != 1
    assert kind.__init__ != 2


def test_a_persistent_id_is_refused() -> None:
    with pytest.raises(FrameInvalid, match="persistent"):
        codec.read(reader(around(b"\x80\x04\x8c\x01xQ.")))


@pytest.mark.parametrize("body", [b"", b".", b"\x80\x04", b"\x80\xff.", b"hello", b"\x80\x05\x97.", b"0" * 100])
def test_a_body_that_is_no_pickle_is_refused(body: bytes) -> None:
    with pytest.raises(FrameInvalid):
        codec.read(reader(around(body)))


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_too_short(garbage: bytes) -> None:
    with pytest.raises((FrameInvalid, EOFError)):
        codec.read(reader(b"\xff" + garbage))


#: Without the opcode of a bytearray: for one that claims more bytes than there are, CPython 3.11 reads a field that it
#: has not set, and may complain on standard error.
GARBAGE = st.binary(max_size=60).filter(lambda garbage: b"\x96" not in garbage)


@given(GARBAGE, st.integers(0, 40))
def test_a_broken_pickle_raises_nothing_else(garbage: bytes, at: int) -> None:
    body = pickle.dumps(("node", "join", (messages.Chunk(1, 2, 3, 4),), {}), 5)
    broken = body[:at] + garbage + body[at + len(garbage) :]
    try:
        codec.read(reader(around(broken)))
    except FrameInvalid as error:
        assert str(error).startswith("A message was refused: ")


@pytest.mark.parametrize("cut", [0, 5, 12, 20, -1])
def test_a_frame_that_ends_early_is_no_message(cut: int) -> None:
    whole = frame(codec.large(os.urandom(1 << 17)))
    with pytest.raises(EOFError):
        codec.read(reader(whole[:cut]))


@pytest.mark.parametrize(
    ("count", "length"), [(0, codec.FRAME_LIMIT + 1), (0, 2**64 - 1), (codec.BUFFERS_LIMIT + 1, 10), (2**32 - 1, 10)]
)
def test_a_frame_that_claims_too_much_is_refused_before_anything_is_read(count: int, length: int) -> None:
    with pytest.raises(FrameInvalid, match="claims"):
        codec.read(reader(struct.pack("!IQ", count, length)))


def test_buffers_that_are_too_large_together_are_refused_before_they_are_read() -> None:
    sizes = (2**63).to_bytes(8, "big") * 2
    with pytest.raises(FrameInvalid, match="claims"):
        codec.read(reader(struct.pack("!IQ", 2, 10) + sizes))


def test_a_smaller_limit_can_be_asked_for() -> None:
    with pytest.raises(FrameInvalid, match="claims 3"):
        codec.read(reader(frame(b"x" * 300)), limit=200)


def test_a_message_that_is_too_large_is_refused_where_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "FRAME_LIMIT", 1000)
    with pytest.raises(FrameInvalid, match="bytes and 0 buffers, and 1,000 and"):
        codec.encode(b"x" * 2000)
    monkeypatch.setattr(codec, "BUFFERS_LIMIT", 2)
    with pytest.raises(FrameInvalid, match="3 buffers"):
        codec.encode([pickle.PickleBuffer(b"x") for _ in range(3)])


# --- pipes ----------------------------------------------------------------------------------------------------------


def test_a_pipe_carries_messages_both_ways_and_says_when_the_other_side_is_gone() -> None:
    (there_out, here_in), (here_out, there_in) = os.pipe(), os.pipe()
    here = PipeChannel(os.fdopen(here_out, "rb"), os.fdopen(here_in, "wb"))
    there = PipeChannel(os.fdopen(there_out, "rb"), os.fdopen(there_in, "wb"))
    for message in (("run", 1), messages.Chunk(1, 2, 3, 4)):
        here.send(message)
        there.send(there.receive())
        assert here.receive() == message
    there.close()
    with pytest.raises(EOFError):
        here.receive()
    with pytest.raises(BrokenPipeError):
        here.send("are you there?")
    here.close()
    here.close()


GARBAGE = """
import gc
from mcgui_core.protocol import codec
gc.disable()
class Error(Exception):
    pass
for kept in (slice(None), slice(5, None)):
    for _ in range(50):
        view = memoryview(bytearray(1 << 17)).toreadonly()[kept]
        buffers = [codec.large(view) for _ in range(5)]
        assert all(bytes(buffer.raw()) == bytes(view) for buffer in buffers)
        error = Error()
        error.had, error.itself = (view, buffers), error
        del view, buffers, error
        gc.collect()
print("alive")
"""


def test_a_message_that_becomes_garbage_with_the_error_it_met_ends_no_process() -> None:
    """CPython's collector crashes at a PickleBuffer of a memoryview in a circle."""
    done = subprocess.run([sys.executable, "-c", GARBAGE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
