"""What is said of rows, by what is known of them."""

from __future__ import annotations

import pytest

from mcgui.console.results.rows_words import RowsInSight, instead_of_rows, line_above, rows_to_export
from tests.gui.snapshots import job

JOB = job(1, total=5000, done=5000, failed=0, running=0, state="finished")


@pytest.mark.parametrize(
    ("rows", "above", "instead", "exported"),
    [
        (RowsInSight(), "Pi  ·  5,000 of 5,000 results", None, "5,000 rows"),
        (RowsInSight(where="done", count=3), "3 of 5,000 tasks  ·  Pi", None, "3 rows"),
        (RowsInSight(where="done", count=0), "0 of 5,000 tasks  ·  Pi", "No task fits", "0 rows"),
        (
            RowsInSight(where="done", count=0, part=0.5),
            "0 of 5,000 tasks, 50% looked through  ·  Pi",
            "Searching",
            "",
        ),
        # What is known is about what was asked for before, whatever that is.
        (
            RowsInSight(where="done", is_answered=False, is_filtered=False),
            "being filtered  ·  … of 5,000 tasks  ·  Pi",
            "Searching",
            "",
        ),
        (
            RowsInSight(where="done", is_answered=False, is_filtered=False, count=3, part=0.5),
            "being filtered  ·  … of 5,000 tasks  ·  Pi",
            "Searching",
            "",
        ),
        # How many there are is known before they are here.
        (
            RowsInSight(where="done", is_filtered=False, is_ordered=True, is_in_order=False, count=3),
            "being filtered  ·  3 of 5,000 tasks  ·  Pi",
            None,
            "3 rows",
        ),
        (
            RowsInSight(where="done", is_answered=False, is_filtered=False, has_failed=True),
            "not filtered  ·  … of 5,000 tasks  ·  Pi",
            "Not searched yet",
            "",
        ),
        (RowsInSight(where="done", problem="No.", part=0.5), "No.", "The filter is not understood", ""),
        (
            RowsInSight(is_ordered=True, is_in_order=False, is_answered=False),
            "being sorted  ·  Pi  ·  5,000 of 5,000 results",
            None,
            "5,000 rows",
        ),
        (
            RowsInSight(is_ordered=True, is_in_order=False, part=0.5),
            "being sorted  ·  Pi  ·  5,000 of 5,000 results",
            None,
            "5,000 rows",
        ),
        (
            RowsInSight(is_ordered=True, is_in_order=False, has_failed=True),
            "not sorted  ·  Pi  ·  5,000 of 5,000 results",
            None,
            "5,000 rows",
        ),
        (
            RowsInSight(is_ordered=True, part=0.5),
            "50% of the rows sorted  ·  Pi  ·  5,000 of 5,000 results",
            None,
            "5,000 rows",
        ),
        (RowsInSight(where="done", is_ordered=True, count=3), "3 of 5,000 tasks  ·  Pi", None, "3 rows"),
    ],
)
def test_what_is_known_of_rows_has_words(rows: RowsInSight, above: str, instead: str | None, exported: str) -> None:
    assert "".join(line_above(JOB, rows)) == above
    if instead is not None:
        assert instead_of_rows(rows)[0] == instead
    assert rows_to_export(JOB, rows) == exported


def test_numbers_stand_behind_what_is_cut() -> None:
    assert line_above(JOB, RowsInSight(), between=(0, 999)) == (
        "Pi",
        "  ·  5,000 of 5,000 results  ·  here 0 to 999",
    )
    words, kept = line_above(JOB, RowsInSight(), is_reduced=True)
    assert (words, kept) == (f"{JOB.reduce}(results)", " of 5,000 results")
