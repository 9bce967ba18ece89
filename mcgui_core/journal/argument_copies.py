"""Arguments of one job that go to another: from the journal to the journal. They stay closed, and leave nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from mcgui_core.base.ranges import Range
from mcgui_core.errors import BadInput
from mcgui_core.journal.journal import Journal
from mcgui_core.protocol.messages import Block
from mcgui_core.values.picked_values import pick

#: Bytes of arguments and blocks that are copied at once: a moment's work, while others wait.
COPIED_BYTES, COPIED_BLOCKS = 16 << 20, 256


def copied_blocks(journal: Journal, job: int, ranges: Iterable[Range], start: int) -> tuple[Block, ...]:
    """The first of the arguments in these ranges (ascending) of a job, for another one, where they begin at `start`.

    Raises BadInput where they cannot be read.
    """
    copies: list[Block] = []
    size = 0
    source: Block | None = None  # the block of which some are picked
    picked: list[Range] = []

    def finish() -> None:
        nonlocal start, size
        if source is not None and picked:
            count = sum(stop - first for first, stop in picked)
            copies.append(Block(start, count, pick(source.data, source.count, picked)))
            start += count
            size += len(source.data)
            picked.clear()

    for first, high in ranges:
        low = first
        while low < high:
            if source is None or low >= source.start + source.count:
                finish()
                if size >= COPIED_BYTES or len(copies) >= COPIED_BLOCKS:
                    return tuple(copies)
                source = _block(journal, job, low)
            end = min(high, source.start + source.count)
            picked.append((low - source.start, end - source.start))
            low = end
    finish()
    return tuple(copies)


def _block(journal: Journal, job: int, index: int) -> Block:
    """That which holds an argument, with its bytes."""
    try:
        (found,) = journal.jobs.blocks(job, index, index + 1)
        return journal.values.loaded(found, "data")
    except (ValueError, OSError) as error:  # there is none, or its file is not there any more
        raise BadInput(f"The arguments of job {job} from {index:,} on cannot be read.") from error
