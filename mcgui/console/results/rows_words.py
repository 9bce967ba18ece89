"""What is said of the rows of results in sight: above them, in their place where there are none, and for an export."""

from __future__ import annotations

from dataclasses import dataclass

from mcgui import format
from mcgui.console.results.result_source import Order
from mcgui.console.results.table_query import TableQuery
from mcgui_core.protocol.messages import JobStatus


@dataclass(frozen=True)
class RowsInSight:
    """What is known of them.

    `where` is the filter that is asked for ("": none), `problem` what is wrong with the one that is typed, in words.
    `is_ordered`: an order is asked for; `is_in_order`: the rows in sight stand in it; `is_filtered`: they are those
    that the filter keeps, and not the ones of before. `count` rows were found in `part` of the job (0.0 to 1.0): where
    `is_answered`, else that is about what was asked for before. `has_failed`: there was no answer, and it is asked for
    again in a moment.
    """

    where: str = ""
    problem: str = ""
    is_ordered: bool = False
    is_in_order: bool = True
    is_filtered: bool = True
    is_answered: bool = True
    has_failed: bool = False
    count: int = 0
    part: float = 1.0


def rows_asked_for(
    query: TableQuery, in_sight: tuple[str, Order] | None, problem: str, has_failed: bool
) -> RowsInSight:
    """`in_sight` are filter and order of the rows in sight; None where there are none."""
    where, order = in_sight or (query.where, query.order)
    return RowsInSight(
        where=query.where,
        problem=problem,
        is_ordered=query.order is not None,
        is_in_order=query.is_answered and order == query.order,
        is_filtered=query.is_answered and where == query.where,
        is_answered=query.is_answered,
        has_failed=has_failed,
        count=query.count,
        part=query.part,
    )


def line_above(
    job: JobStatus, rows: RowsInSight, is_reduced: bool = False, between: tuple[int, int] | None = None
) -> tuple[str, str]:
    """What is seen, or what is wrong with the filter: words that are cut where there is no room, and those behind them
    that are not. `between` are the first and the last task in the table, where not all are in it."""
    if rows.problem:
        return rows.problem, ""
    order = _so_far(rows)
    if rows.where:
        found = format.count(rows.count) if rows.is_answered else "…"
        read = f", {rows.part:.0%} looked through" if rows.is_answered and rows.part < 1 else ""
        return f"{order}{found} of {format.plural(job.total, 'task')}{read}  ·  {job.name}", ""
    if is_reduced:
        words, kept = f"{job.reduce}(results)", f" of {format.plural(job.done, 'result')}"
    else:
        words, kept = job.name, f"  ·  {format.count(job.done)} of {format.plural(job.total, 'result')}"
    if between is not None:
        kept += f"  ·  here {format.count(between[0])} to {format.count(between[1])}"
    return order + words, kept


def _so_far(rows: RowsInSight) -> str:
    """Before all else: the least of all rows may be among those that were not read, or what is seen are still the rows
    of before."""
    if rows.where and not rows.is_filtered:
        return "not filtered  ·  " if rows.has_failed else "being filtered  ·  "
    if not rows.is_ordered:
        return ""
    if not rows.is_in_order:
        return "not sorted  ·  " if rows.has_failed else "being sorted  ·  "
    return f"{rows.part:.0%} of the rows sorted  ·  " if rows.part < 1 else ""


def instead_of_rows(rows: RowsInSight) -> tuple[str, str]:
    """Why the filter keeps no row: in two words, and in a sentence."""
    if rows.problem:
        return "The filter is not understood", rows.problem
    if rows.is_answered and rows.part >= 1:
        return "No task fits", "There is no task in this job that the filter keeps."
    if rows.is_answered:
        return "Searching", f"{rows.part:.0%} of the tasks have been looked through."
    if rows.has_failed:
        return "Not searched yet", "The tasks could not be looked through. That is tried again in a moment."
    return "Searching", "The tasks are being looked through."


def rows_to_export(job: JobStatus, rows: RowsInSight) -> str:
    """How many rows an export as shown has; "" while that is not known."""
    if not rows.where:
        return format.plural(job.total, "row")
    return format.plural(rows.count, "row") if rows.is_answered and rows.part >= 1 else ""


def why_none(job: JobStatus) -> str:
    """Why a job that is over has no result at all."""
    if job.failed:
        return "Each of its tasks that ran failed. Failures says how."
    return job.reason or "It was over before a task was done."
