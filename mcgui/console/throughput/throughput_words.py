"""The throughput plot in words and numbers: for a screen reader, under the mouse, in a file. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import numpy as np

from mcgui import format
from mcgui.console.throughput.throughput_history import Window
from mcgui.console.workers.worker_columns import clock

#: Nodes that a reading names.
_NAMED: Final = 6


def summary(window: Window, names: Mapping[str, str]) -> str:
    """The picture in words."""
    total = window.total
    if not total.any() and not window.failed.any():
        return "No task was completed in this time."
    span = format.duration(len(window.times) * window.step)
    words = [
        f"The last {span}: now {format.rate(float(total[-1]))} tasks a second",
        f"{format.rate(float(total.mean()))} on average",
        f"{format.rate(float(total.max()))} at most",
    ]
    failed = round(float(window.failed.sum()) * window.step)
    if failed:
        words.append(f"{format.plural(failed, 'task')} failed")
    text = ", ".join(words) + "."
    shares = window.rates.sum(axis=1)
    busy = int(np.count_nonzero(shares))
    if busy > 1:
        most = np.argsort(-shares, kind="stable")[: min(busy, _NAMED)]
        listed = ", ".join(f"{_name(window, row, names)} {shares[row] / shares.sum():.0%}" for row in most)
        text += f" Of these: {listed}{' and others' if busy > _NAMED else ''}."
    return text


def reading(
    window: Window, point: int, names: Mapping[str, str], now: float, most_named: int = _NAMED
) -> tuple[tuple[str, str], ...]:
    """One point, as rows of (what, how much): the moment, all of them, those nodes that did most, what failed.

    `now` is what "ago" counts from.
    """
    named = min(max(most_named, 0), _NAMED)
    begin = window.moment(point)
    ago = max(now - begin - window.step, 0.0)
    rows = [(clock(begin), "now" if ago < window.step else f"{format.age(ago)} ago")]
    rows.append(("All workers", f"{format.rate(float(window.total[point]))}/s"))
    at = window.rates[:, point]
    busy = int(np.count_nonzero(at))
    if busy > 1:
        most = np.argsort(-at, kind="stable")[:busy]
        rows += [(_name(window, row, names), f"{format.rate(float(at[row]))}/s") for row in most[:named]]
        if busy > named:
            others = float(at[most[named:]].sum())
            rows.append((format.plural(busy - named, "other" if named else "worker"), f"{format.rate(others)}/s"))
    failed = float(window.failed[point])
    if failed:
        rows.append(("Failed", f"{format.rate(failed)}/s"))
    return tuple(rows)


def _name(window: Window, row: int, names: Mapping[str, str]) -> str:
    node = window.nodes[row]
    return names.get(node, node)


def csv_rows(window: Window, names: Mapping[str, str]) -> Iterator[list[str]]:
    """The window as a table: a row a point; when it begins, tasks a second done and failed, then those of each node."""
    nodes = list(window.busy)
    yield ["time", "done_per_second", "failed_per_second", *(names.get(node, node) for node in nodes)]
    total = window.total
    for point in range(len(window.times)):
        moment = datetime.fromtimestamp(window.moment(point)).astimezone()
        values = (total[point], window.failed[point], *(rates[point] for rates in window.busy.values()))
        yield [moment.isoformat(timespec="milliseconds"), *(f"{float(value):g}" for value in values)]
