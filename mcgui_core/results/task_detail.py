"""One task with all that is known of it: for whoever looks closer than a line of a table lets him."""

from __future__ import annotations

import pprint
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.protocol.messages import Picture, TaskOutput
from mcgui_core.protocol.queries import OutputQuery, TaskDetail
from mcgui_core.results.outcome_reader import OutcomeReader, arguments_between
from mcgui_core.results.reduce import as_picture
from mcgui_core.values.display import full
from mcgui_core.values.text import cut

FindOutput = Callable[[OutputQuery, int | None, int], tuple[tuple[TaskOutput, ...], int | None]]

#: Characters of an argument or a result that are shown.
TEXT_LIMIT = 100_000
#: Pieces of output that are asked for at once, and pages of it that are looked through at most.
OUTPUT_PIECES, OUTPUT_PAGES = 1000, 20
#: Characters of a repr above which a list, dict or the like is laid out over several lines.
WIDTH = 100
#: Pixels of a picture in one direction; larger ones are thinned out.
PICTURE_LIMIT = 2048
#: Bytes of a file with a picture that is shown, and how such files begin: PNG, JPEG.
IMAGE_LIMIT = 32 << 20
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def detail(job: Job, reader: OutcomeReader, index: int, find_output: FindOutput) -> TaskDetail | None:
    """None where the job has no such task. `find_output` is the cluster's."""
    found = _outcome(job, reader, index)
    return None if found is None else replace(found, output=_printed(job, index, find_output))


def _printed(job: Job, index: int, find_output: FindOutput) -> str:
    """What the task printed; of very much the last."""
    text, before = "", None
    for _ in range(OUTPUT_PAGES):
        pieces, before = find_output(OutputQuery(job=job.id, task=index), before, OUTPUT_PIECES)
        text = "".join(piece.text for piece in pieces) + text
        if before is None or len(text) > TEXT_LIMIT:
            break
    return cut(text, TEXT_LIMIT, between="\n\n")


def _outcome(job: Job, reader: OutcomeReader, index: int) -> TaskDetail | None:
    if not 0 <= index < job.status.total:
        return None
    argument = laid_out(arguments_between(job, index, index + 1)[0])
    for _, _, settled in reader.between(job, index, index + 1):
        task = settled.get(index)
        if task is None:
            break
        if task.failure is not None:
            failure = task.failure
            text = failure.traceback.rstrip() or f"{failure.type}: {failure.message}".removeprefix(": ")
            return TaskDetail(index, argument, "failed", text, failure.node or task.node)
        return TaskDetail(
            index, argument, "done", laid_out(task.value), task.node, picture_of(task.value), image=image_in(task.value)
        )
    return TaskDetail(index, argument, "waiting", "", "")


def laid_out(value: Any) -> str:
    """The value to be read: text as it is, containers over several lines where they are long, the rest by its repr."""
    if isinstance(value, str):
        return cut(value, TEXT_LIMIT, between="\n\n")
    text = full(value)
    if WIDTH < len(text) <= TEXT_LIMIT and "\n" not in text and isinstance(value, list | tuple | dict | set):
        try:
            return pprint.pformat(value, width=WIDTH, compact=True, sort_dicts=False)
        except Exception:  # noqa: BLE001 - the user's own repr and comparison may raise anything
            return text
    return cut(text, TEXT_LIMIT, between="\n\n")


def picture_of(value: Any) -> Picture | None:
    """What an array of two dimensions (or three: grey, RGB or RGBA) looks like; None for anything else.

    Bytes are pixels as they are. Other numbers are spread from the smallest, black, to the largest, white; in an array
    with several channels, fractions from 0 to 1 are colours as they are.
    """
    if type(value).__module__.startswith("PIL.") and getattr(value, "mode", "") not in ("L", "RGB", "RGBA", "I", "F"):
        value = value.convert("RGBA")  # its pixels are numbers of colours
    interface = getattr(value, "__array_interface__", None)
    if isinstance(value, type) or not isinstance(interface, dict):
        return None
    import numpy as np  # somebody's array is here, so it is too

    array = np.asarray(value)
    if array.ndim not in (2, 3) or min(array.shape[:2]) < 2 or array.dtype.kind not in "buif":
        return None
    step = max(1, -(-max(array.shape[:2]) // PICTURE_LIMIT))
    array = array[::step, ::step]
    if array.dtype != np.uint8:
        array = _as_bytes(np, array)
    return as_picture(np.ascontiguousarray(array))


def image_in(value: Any) -> bytes:
    """The value where it is the content of a PNG or JPEG file; for whoever shows it to decode."""
    if isinstance(value, bytes | bytearray) and value.startswith(_IMAGES) and len(value) <= IMAGE_LIMIT:
        return bytes(value)
    return b""


def _as_bytes(np: Any, array: Any) -> Any:
    numbers = array.astype(float)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if array.ndim == 3 and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    spread = np.zeros_like(numbers) if high <= low else (numbers - low) / (high - low)
    return np.nan_to_num(np.clip(spread, 0, 1) * 255).astype(np.uint8)
