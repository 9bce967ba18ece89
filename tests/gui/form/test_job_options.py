"""The row of a job's options: a field for each, and no value is changed by being shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QFormLayout, QLabel
from pytestqt.qtbot import QtBot

from mcgui.console.form.job_options import JobOptions, JobOptionsRow
from mcgui.console.form.option_fields import ChoiceField, RealField
from mcgui.theme import Theme
from mcgui_core.protocol.run_options import OPTIONS
from tests.core.strategies import run_options


@pytest.fixture
def row(qtbot: QtBot, theme: Theme) -> JobOptionsRow:
    row = JobOptionsRow(theme)
    qtbot.addWidget(row)
    return row


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(options=run_options())
def test_whatever_is_shown_is_given_back_as_it_was(row: JobOptionsRow, options: dict[str, Any]) -> None:
    shown = JobOptions(name="Any", **{**options, "call": "single"})
    row.set_options(shown)
    assert row.options == shown


def test_each_option_has_a_field_with_a_name_and_a_line_about_it(row: JobOptionsRow) -> None:
    assert row.form.isHidden()  # until it is unfolded
    labels = {label.text(): label.buddy() for label in row.findChildren(QLabel)}
    for name, kind in OPTIONS.items():
        if name != "call":  # that is chosen beside the arguments
            assert labels[kind.title] is row.form.field(name)
            assert row.form.field(name).accessibleName() == kind.title
            assert row.form.field(name).toolTip().splitlines()[-1] == kind.text


def test_what_is_chosen_of_a_few_stands_in_the_tip_of_its_field(row: JobOptionsRow) -> None:
    field = row.form.field("on_error")
    assert isinstance(field, ChoiceField)
    for value, words in ((row.options.on_error, "go on with the others"), ("stop", "stop the job")):
        field.choose(value)
        assert field.toolTip().splitlines()[0] == words


def test_nothing_is_said_of_what_is_as_usual(row: JobOptionsRow) -> None:
    assert row.options == JobOptions()
    assert row.toggle.text() == "Options"


def test_the_line_sums_up_what_is_not_as_usual(row: JobOptionsRow) -> None:
    row.set_options(
        JobOptions(
            name="Pi",
            retries=1,
            backoff=3.0,
            timeout=0.04,
            memory=2 * 10**9,
            hedge=False,
            on_error="stop",
            priority=5000,
            chunksize=7,
            shared="table = load()\nscale = 2",
        )
    )
    assert row.toggle.text() == (
        "Options: “Pi”, 1 retry, first retry after 3 s, 40 ms a task, 2.0 GB a process, late tasks are not repeated, "
        "stops at a failure, priority 5000, 7 tasks a chunk, shared table, scale"
    )


def test_a_number_has_the_digits_that_it_needs(row: JobOptionsRow) -> None:
    for value, text in ((0.04, "0.04 s"), (0.25, "0.25 s"), (1234567.5, "1234567.5 s"), (None, "none")):
        row.form.field("timeout").choose(value)  # type: ignore[arg-type]
        field = row.form.field("timeout")
        assert isinstance(field, RealField)
        assert field.text() == text


def test_a_number_can_be_typed_with_a_comma_where_people_write_one(row: JobOptionsRow, qtbot: QtBot) -> None:
    field = row.form.field("timeout")
    field.setLocale(QLocale(QLocale.Language.German))
    field.selectAll()  # type: ignore[union-attr]
    qtbot.keyClicks(field, "0,125")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert row.options.timeout == 0.125


def test_a_change_is_told(row: JobOptionsRow, qtbot: QtBot) -> None:
    for name, value in (("hedge", False), ("memory", 10**9), ("chunksize", 3), ("on_error", "stop"), ("backoff", 1.5)):
        with qtbot.waitSignal(row.changed):
            row.form.field(name).choose(value)  # type: ignore[arg-type]
        assert getattr(row.options, name) == value


def test_the_fields_stand_in_the_order_of_the_options(row: JobOptionsRow) -> None:
    layout = row.form.layout()
    assert isinstance(layout, QFormLayout)
    fields = [layout.itemAt(i, QFormLayout.ItemRole.FieldRole).widget() for i in range(layout.rowCount())]
    assert fields == [
        row.form.name,
        *(row.form.field(name) for name in OPTIONS if name != "call"),
        row.form.shared,
        row.form.remark,
    ]
