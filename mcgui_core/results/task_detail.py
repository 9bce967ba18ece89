"""One task with all that is known of it: for whoever looks closer than a line of a table lets him."""

from __future__ import annotations

import pprint
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mcgui_core.client.job import Job
from mcgui_core.protocol.messages import Picture, TaskOutput
from mcgui_core.protocol.queries import OutputQuery, TaskDetail
from mcgui_core.results.outcome_reader import OutcomeReader, Settled, arguments_between
from mcgui_core.results.pictures import image_in, picture_of
from mcgui_core.results.result_table import parts
from mcgui_core.values.display import full
from mcgui_core.values.text import cut

FindOutput = Callable[[OutputQuery, int | None, int], tuple[tuple[TaskOutput, ...], int | None]]

#: Characters of an argument or a result that are shown.
TEXT_LIMIT = 100_000
#: Pieces of output that are asked for at once, and pages of it that are looked through at most.
OUTPUT_PIECES, OUTPUT_PAGES = 1000, 20
#: Items of a list that is longer than could be shown: so many from each end.
ITEMS = TEXT_LIMIT // 6
#: Characters of a repr above which a list, dict or the like is laid out over several lines.
WIDTH = 100


def settled_task(job: Job, reader: OutcomeReader, index: int) -> Settled | None:
    """What became of one task; None where it waits, or there is none."""
    if not 0 <= index < job.status.total:
        return None
    return next((settled[index] for _, _, settled in reader.between(job, index, index + 1) if index in settled), None)


def detail_of(job: Job, index: int, task: Settled | None, find_output: FindOutput) -> TaskDetail | None:
    """The task with what became of it; None where the job has no such task. `find_output` is the cluster's."""
    if not 0 <= index < job.status.total:
        return None
    argument = laid_out(arguments_between(job, index, index + 1)[0])
    return replace(_with_outcome(index, argument, task), output=_printed(job, index, find_output))


def _printed(job: Job, index: int, find_output: FindOutput) -> str:
    """What the task printed; of very much the last."""
    text, before = "", None
    for _ in range(OUTPUT_PAGES):
        pieces, before = find_output(OutputQuery(job=job.id, task=index), before, OUTPUT_PIECES)
        text = "".join(piece.text for piece in pieces) + text
        if before is None or len(text) > TEXT_LIMIT:
            break
    return cut(text, TEXT_LIMIT, between="\n\n")


def _with_outcome(index: int, argument: str, task: Settled | None) -> TaskDetail:
    if task is None:
        return TaskDetail(index, argument, "waiting", "", "")
    if task.failure is not None:
        failure = task.failure
        text = failure.traceback.rstrip() or f"{failure.type}: {failure.message}".removeprefix(": ")
        return TaskDetail(index, argument, "failed", text, failure.node or task.node)
    picture, image = seen_in(task.value)
    return TaskDetail(index, argument, "done", laid_out(task.value), task.node, picture, image=image)


def seen_in(value: Any) -> tuple[Picture | None, bytes]:
    """What can be seen of a result, as `picture_of` and `image_in` give it; of a record, the first that can be seen of
    what it has."""
    try:
        found = [value, *(parts(value) or {}).values()]
    except Exception:  # noqa: BLE001 - a property of the user's may raise anything
        found = [value]
    for one in found:
        picture, image = picture_of(one), image_in(one)
        if picture is not None or image:
            return picture, image
    return None, b""


def laid_out(value: Any) -> str:
    """The value to be read: text as it is, containers over several lines where they are long, the rest by its repr."""
    if isinstance(value, str):
        return cut(value, TEXT_LIMIT, between="\n\n")
    if type(value) in (list, tuple) and len(value) > 2 * ITEMS:  # the repr of 25,000,000 numbers takes half a minute
        first, last = full(value[:ITEMS])[:-1][: TEXT_LIMIT // 2], full(value[-ITEMS:])[1:][-TEXT_LIMIT // 2 :]
        return f"{first}\n\n… of {len(value):,} items, those between are left out …\n\n{last}"
    text = full(value)
    if WIDTH < len(text) <= TEXT_LIMIT and "\n" not in text and isinstance(value, list | tuple | dict | set):
        try:
            return pprint.pformat(value, width=WIDTH, compact=True, sort_dicts=False)
        except Exception:  # noqa: BLE001 - the user's own repr and comparison may raise anything
            return text
    return cut(text, TEXT_LIMIT, between="\n\n")
