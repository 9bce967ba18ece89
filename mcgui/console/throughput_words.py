"""The throughput plot in words and numbers: for a screen reader, under the mouse, in a file. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from mcgui import format
from mcgui.console.throughput_history import Window
from mcgui.console.worker_columns import clock

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
    shares = {node: float(rates.sum()) for node, rates in window.done.items() if rates.any()}
    if len(shares) > 1:
        whole = sum(shares.values())
        most = sorted(shares, key=lambda node: -shares[node])[:_NAMED]
        listed = ", ".join(f"{names.get(node, node)} {shares[node] / whole:.0%}" for node in most)
        text += f" Of these: {listed}{' and others' if len(shares) > _NAMED else ''}."
    return text


def reading(window: Window, point: int, names: Mapping[str, str], now: float) -> tuple[tuple[str, str], ...]:
    """One point, as rows of (what, how much): the moment, all of them, each node, what failed.

    `now` is what "ago" counts from.
    """
    begin = window.moment(point)
    ago = max(now - begin - window.step, 0.0)
    rows = [(clock(begin), "now" if ago < window.step else f"{format.age(ago)} ago")]
    rows.append(("All workers", f"{format.rate(float(window.total[point]))}/s"))
    at = {node: float(rates[point]) for node, rates in window.done.items() if rates[point]}
    most = sorted(at, key=lambda node: -at[node])
    if len(most) > 1:
        rows += [(names.get(node, node), f"{format.rate(at[node])}/s") for node in most[:_NAMED]]
        if most[_NAMED:]:
            others = sum(at[node] for node in most[_NAMED:])
            rows.append((format.plural(len(most) - _NAMED, "other"), f"{format.rate(others)}/s"))
    failed = float(window.failed[point])
    if failed:
        rows.append(("Failed", f"{format.rate(failed)}/s"))
    return tuple(rows)


def csv_rows(window: Window, names: Mapping[str, str]) -> Iterator[list[str]]:
    """The window as a table: a row a point; when it begins, tasks a second done and failed, then those of each node."""
    nodes = [node for node, rates in window.done.items() if rates.any()]
    yield ["time", "done_per_second", "failed_per_second", *(names.get(node, node) for node in nodes)]
    total = window.total
    for point in range(len(window.times)):
        moment = datetime.fromtimestamp(window.moment(point)).astimezone()
        values = (total[point], window.failed[point], *(window.done[node][point] for node in nodes))
        yield [moment.isoformat(timespec="milliseconds"), *(f"{float(value):g}" for value in values)]
