"""Who needs text of twice the size, or has a small screen, can use the whole window: no word is cut that cannot be seen
some other way, and nothing reaches out of its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from mcgui.console.arguments.sweep_axes_model import COUNT, VALUES
from mcgui.console.dock_area import Scrolled
from mcgui.console.files.examples import examples
from mcgui.console.parts.elided_label import ElidedChoice
from mcgui.console.parts.scroll_when_small import ScrollWhenSmall
from mcgui.console.parts.window_message_bar import Message
from mcgui.console.tables.table_view import row_height
from mcgui.scale import scaled
from mcgui.theme import Theme
from mcgui_core.arguments.argument_source import ArgumentSource
from mcgui_core.protocol.messages import Picture, Reduced
from mcgui_core.protocol.queries import TaskDetail
from tests.gui.snapshots import NOW, job, snapshot
from tests.gui.window.crowd import crowd
from tests.gui.window.cut_text import problems
from tests.pictures.gallery.cut_words import _at_the_edge, written_lines
from tests.pictures.panels import PANELS, _arguments
from tests.pictures.situations import Situation
from tests.pictures.situations import stage as bring
from tests.pictures.stage import POINTS, Stage, missing_font, one_font, stopped_clock

_LARGE, _SMALL = QSize(1440, 900), QSize(1280, 680)
#: (part of the usual size of text, size of the window)
SIZES = [(1.0, _SMALL), (1.5, _SMALL), (2.0, _LARGE), (2.0, _SMALL)]


@pytest.fixture
def sized(qapp: QApplication, theme: Theme, tmp_path: Path, share: float, size: QSize) -> Iterator[Stage]:
    """A window of this size, with text of so many times the usual size."""
    missing = missing_font()
    if missing:
        pytest.skip(f"The font {missing}, by which the size is doubled, is not installed")
    with one_font(qapp, share * POINTS), stopped_clock(), patch("tests.pictures.stage.SIZE", size):
        theme.set_scheme("light")  # in the measures of this text
        made = Stage(theme, tmp_path)
        yield made
        made.close()
    theme.set_scheme("light")


def seen_whole(widget: QWidget) -> bool:
    """Whether no part of it is beyond the edge of what it lies in."""
    return widget.visibleRegion().boundingRect().size() == widget.size()


def walked(stage: Stage, situation: Situation) -> str:
    """What is wrong in any panel, a line each."""
    found = {}
    for name, (show, situations) in PANELS.items():
        if situation in situations:
            found |= {f"{name}: {problem}": None for problem in problems(show(stage, situation))}
    return "\n".join(found)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_every_word_is_there_and_nothing_lies_over_it(sized: Stage) -> None:
    bring(sized, "full")
    window = sized.window
    assert walked(sized, "full") == ""
    for view in (one for one in window.findChildren(QTableView) if one.model().rowCount()):
        assert view.rowHeight(0) >= QFontMetrics(view.font()).height(), view.accessibleName()
    for dock in window.docks.findChildren(QDockWidget):
        inside = dock.widget().mapTo(window, dock.widget().rect().bottomRight())
        assert inside.x() <= window.width(), f"{dock.windowTitle()} ends at {inside.x()} of {window.width()}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.0, _SMALL), (1.5, _LARGE), (2.0, _SMALL)])
def test_names_of_any_length_and_hundreds_of_rows_leave_every_panel_its_place(sized: Stage) -> None:
    sized.settle()
    docks = sized.window.docks.findChildren(QDockWidget)
    before = {dock.windowTitle(): dock.width() for dock in docks}
    crowd(sized)
    assert {dock.windowTitle(): dock.width() for dock in docks} == before
    assert walked(sized, "full") == ""


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.0, _SMALL), (1.5, _SMALL), (2.0, _SMALL)])
def test_each_link_is_in_its_drawer_in_sight(sized: Stage) -> None:
    sized.window.parts.actions["links"].setChecked(True)
    panel = sized.window.parts.links
    sized.settle()
    scrolled = panel.parentWidget()
    assert scrolled is not None
    for (kind, what), button in panel.buttons.items():
        place = QRect(button.mapTo(scrolled, QPoint(0, 0)), button.size())
        assert scrolled.rect().contains(place), f"{what} {kind} is at {place.getRect()} of {scrolled.rect().getRect()}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES[:3])  # in the smallest, its last nine letters
def test_the_name_of_a_file_and_an_expression_are_read_in_their_fields(sized: Stage) -> None:
    fields = sized.window.parts.form.arguments.fields
    for kind in ("csv", "jsonl", "folder"):
        for name in ("throws-of-whom.csv", "flights.jsonl"):
            fields.set_source(ArgumentSource(kind, path=f"/data/{name}"))
            sized.settle()
            room = fields.path.width() - 16
            assert room >= QFontMetrics(fields.path.font()).horizontalAdvance(name), f"{kind} has {room} pixels"
    fields.set_source(ArgumentSource("expression", text="range(1_000_000)"))
    sized.settle()
    room = fields.expression.width() - 16
    assert room >= QFontMetrics(fields.expression.font()).horizontalAdvance("range(1_000_000)"), "it shows _000)"
    fields.set_source(ArgumentSource("expression", text="[0.05] * 30 + [30] * 20"))
    sized.settle()
    room = fields.expression.width() - 16
    assert room >= QFontMetrics(fields.expression.font()).horizontalAdvance("[0.05] * 30 + [30] * 20")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.0, _SMALL), (1.5, _SMALL), (2.0, _SMALL)])
def test_where_we_serve_what_is_wrong_and_what_stays_here_is_read_whole(sized: Stage, tmp_path: Path) -> None:
    sized.session.tell("serving")
    environment, work = sized.window.parts.environment, tmp_path / "work.py"
    work.write_text("\n" * 25 + 'TEXT = open("zero.txt").read()\ndef square(x):\n    return undefined_name\n')
    (tmp_path / "zero.txt").write_text("0")
    environment.open_path(work)
    status, travels = environment._status, environment.travels
    sized.wait(lambda: status.text().startswith("line 28") and travels.trouble.whole == "zero.txt stays here")
    sized.settle()
    assert "192.168.1.20:8888" in sized.window.serving._said.first.text()
    assert " ".join(status.lines(status.width())) == "line 28: undefined name 'undefined_name'"
    assert status.height() >= status.heightForWidth(status.width())
    assert travels.trouble.text() == "zero.txt stays here"
    environment.set_source("def square(x):\n    return x\n")
    sized.wait(lambda: not travels.trouble.whole)
    sized.settle()
    assert travels.height() == travels.toggle.height(), "there is an empty line below it"
    environment.open_path(work)
    sized.wait(lambda: travels.trouble.whole)
    sized.settle()
    assert travels.toggle.lines(travels.toggle.width())[0].endswith(f": 1 file, {work.stat().st_size} bytes")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_no_field_is_lower_than_its_text(sized: Stage) -> None:
    for situation in ("empty", "full"):
        bring(sized, situation)
        for tab in ("results", "log"):
            PANELS[tab][0](sized, situation)
            for field in (one for kind in (QComboBox, QLineEdit) for one in sized.window.findChildren(kind)):
                needed = QFontMetrics(field.font()).height() + 4  # with its border, and a little air
                assert not field.isVisible() or field.height() >= needed, f"{situation}: {field.accessibleName()}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_what_a_column_is_read_as_can_be_read_in_the_form(sized: Stage, tmp_path: Path) -> None:
    section = sized.window.parts.form.arguments
    table = tmp_path / "flights.csv"
    table.write_text("from;to;passengers;miles;of whom\nLHR;JFK;212;3451.5;2025-12-31\n")
    sized.window.parts.environment.set_source("def fly(start, end, passengers, miles): ...")
    section.set_source(ArgumentSource("csv", path=str(table)))
    sized.wait(lambda: not section.waiting and bool(section.names.type_combos))
    section.rename.set_open(True)
    sized.settle()
    assert section.names.combos["of whom"].currentText() == "of whom  (as it is)"
    for field, combo in (*section.names.type_combos.items(), *section.names.combos.items()):
        assert combo.isVisible()
        option = QStyleOptionComboBox()
        combo.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo).width() - 2
        assert room >= QFontMetrics(combo.font()).horizontalAdvance(combo.currentText()), f"{field}: {room}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_it_is_seen_what_is_typed_to_replace_with(sized: Stage) -> None:
    bar = sized.window.parts.environment.find_bar
    bar.open(replacing=True)
    sized.settle()
    assert [problem for problem in problems(bar) if "Replace with" in problem] == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_it_is_seen_what_is_looked_for(sized: Stage) -> None:
    bar = sized.window.parts.environment.find_bar
    bar.open()
    sized.settle()
    needed = QFontMetrics(bar.field.font()).horizontalAdvance("coordinates(x, y)")
    assert bar.field.width() - 18 >= needed, bar.field.width()
    assert list(problems(bar)) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_the_values_of_a_sweep_and_how_its_axes_go_together_are_whole(sized: Stage) -> None:
    sweep = sized.window.parts.form.arguments.fields.sweep
    axes = (("angle", "10 to 80 step 10"), ("speed", "log 1 to 1000 in 4"), ("height", "0 to 1 in 11"))
    sized.window.parts.form.arguments.fields.set_source(ArgumentSource("sweep", axes=axes))
    sized.settle()
    metrics, room = QFontMetrics(sweep.view.font()), sweep.view.columnWidth(VALUES) - 16
    assert [values for _, values in axes if metrics.horizontalAdvance(values) > room] == []
    assert not sweep.view.isColumnHidden(COUNT)
    assert sweep.combine.width() >= sweep.combine.width_with(sweep.combine.currentText())


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_what_the_arguments_of_a_table_are_takes_few_lines_and_the_form_is_in_sight(
    sized: Stage, tmp_path: Path, share: float, size: QSize
) -> None:
    section = sized.window.parts.form.arguments
    table = tmp_path / "throws.csv"
    table.write_text("angle;speed;of whom\n" + "".join(f"{row};{row},25;Ada\n" for row in range(10, 90)))
    section.set_source(ArgumentSource("csv", path=str(table)))
    sized.wait(lambda: not section.waiting and section.line.text().startswith("80 tasks"))
    sized.settle()
    assert len(section.line.lines(section.line.width())) <= 5, section.line.lines(section.line.width())
    (form,) = (one for one in sized.window.findChildren(Scrolled) if one.isAncestorOf(section))
    lacks = form.verticalScrollBar().maximum()
    assert (lacks > 0) == ((share, size) == SIZES[-1]), f"{lacks} pixels of the form are out of sight"
    for at in range(0, lacks, 7):
        form.verticalScrollBar().setValue(at)
        assert [*_at_the_edge(form)] == [], f"these are cut {at} pixels from the top"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.0, _SMALL), (1.5, _SMALL), (2.0, _SMALL)])
def test_the_columns_of_jobs_that_are_shown_are_all_in_sight_with_the_word_of_a_state(sized: Stage) -> None:
    bring(sized, "error")
    tabs = sized.window.parts.tabs
    tabs.bring(tabs.jobs)
    sized.settle()
    view = tabs.jobs.view
    assert view.horizontalScrollBar().maximum() == 0
    state = next(at for at, one in enumerate(tabs.jobs.model.columns) if one.title == "State")
    room = view.columnWidth(state) - scaled(20) - 16
    assert room >= QFontMetrics(view.font()).horizontalAdvance("Stopped"), room
    written = [line.text for line in written_lines(view.viewport())]
    assert [word in written for word in ("Pi · throw", "Stopped")] == [True, True], written
    assert "1,015 of 5,000" in written


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.5, _SMALL)])
def test_how_many_tasks_failed_is_the_last_of_a_job_to_be_out_of_sight(sized: Stage) -> None:
    bring(sized, "full")
    tabs = sized.window.parts.tabs
    tabs.bring(tabs.jobs)
    sized.settle()
    titles = [one.title for at, one in enumerate(tabs.jobs.model.columns) if not tabs.jobs.view.isColumnHidden(at)]
    assert titles == ["#", "Name", "State", "Progress", "Failed"]
    assert "712,003 of 1,000,000" in [line.text for line in written_lines(tabs.jobs.view.viewport())]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_the_row_that_is_chosen_is_whole_whatever_stands_above_its_table(sized: Stage) -> None:
    bring(sized, "full")
    parts = sized.window.parts
    held = replace(job(2, state="paused", name="Held over night"), running=0, reason_code="held")
    sized.session.snapshot_arrived.emit(snapshot(version=30, jobs=(job(1, state="finished"), held)))
    parts.tabs.bring(parts.tabs.jobs)
    parts.controller.show_job(1)
    parts.actions["describe_job"].trigger()
    sized.settle()
    view = parts.tabs.jobs.view
    assert view.viewport().height() >= row_height()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_no_word_of_the_details_of_a_task_is_cut(sized: Stage, share: float) -> None:
    bring(sized, "full")
    job = sized.window.parts.controller.job
    assert job is not None
    reduced = Reduced("<picture>", picture=Picture(8, 8, 1, bytes(64)))
    sized.window.parts.tabs.results.show_reduced(reduced)
    results = sized.window.parts.tabs.results
    sized.window.parts.tabs.bring(results)
    picture = Picture(8, 8, 1, bytes(64))
    for number, shown in enumerate((None, picture, None)):
        found = TaskDetail(number, "3", "done", "1", "this computer", shown)
        with patch.object(sized.script, "detail", lambda _job, _task, found=found: found, create=True):
            results.go_to(number)
            sized.wait(lambda found=found: results.detail.detail == found)
        sized.settle()
        assert list(problems(results.detail)) == []
        whole = sized.window.centralWidget()
        assert isinstance(whole, ScrollWhenSmall)
        assert share > 1 or whole.verticalScrollBar().maximum() == 0, "with usual text, all is in sight"
        assert results.detail._title.text().startswith(f"Task {number}")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_the_count_of_a_sweep_is_one_line(sized: Stage) -> None:
    fields = sized.window.parts.form.arguments.fields
    axes = (("angle", "10 to 80 step 10"), ("speed", "log 1 to 1000 in 4"), ("height", "0 to 1 in 11"))
    fields.set_source(ArgumentSource("sweep", axes=axes))
    sized.settle()
    count = fields.sweep.count
    assert count.text().endswith("tasks")
    assert count.isVisible()
    assert count.width() >= QFontMetrics(count.font()).horizontalAdvance(count.text()), count.width()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_the_name_of_an_error_is_not_cut_in_the_form(sized: Stage) -> None:
    assert list(problems(_arguments(sized, "error"))) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(2.0, _SMALL)])
def test_no_window_is_wider_than_a_small_screen_whatever_is_chosen_or_opened(sized: Stage, tmp_path: Path) -> None:
    bring(sized, "full")
    parts = sized.window.parts
    fields, tabs = parts.form.arguments.fields, parts.tabs
    whole = sized.window.centralWidget()
    assert isinstance(whole, ScrollWhenSmall)
    wide = {}

    def look(what: str) -> None:
        sized.settle()
        if whole.horizontalScrollBar().maximum():
            wide[what] = whole.horizontalScrollBar().maximum()

    _arguments(sized, "full")  # with what came of a try
    fields.encoding.show_found("cp1252")
    for choice in range(fields.kind_combo.count()):
        fields.kind_combo.setCurrentIndex(choice)
        fields.encoding.show()
        look(fields.kind_combo.currentText())
    table = tmp_path / "a table with a long name.csv"
    table.write_text("sample;of whom;how much of it\n1;Ada;2,5\n")
    parts.form.arguments.set_source(ArgumentSource("csv", path=str(table)))
    sized.wait(lambda: not parts.form.arguments.waiting and parts.form.arguments.names.isVisible())
    look("columns that do not fit")
    parts.form.options.toggle.set_open(True)
    look("options")
    parts.environment.find_bar.open(replacing=True)
    look("find and replace")
    for tab in (tabs.jobs, tabs.results, tabs.failures, tabs.log):
        tabs.bring(tab)
        look(tab.accessibleName() or type(tab).__name__)
    tabs.bring(tabs.results)
    tabs.results.head.plot.setChecked(True)
    look("plot")
    assert wide == {}


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_what_is_chosen_in_the_form_is_whole(sized: Stage, tmp_path: Path) -> None:
    form = sized.window.parts.form
    table, folder = tmp_path / "throws.csv", tmp_path / "flights"
    table.write_bytes("angle;für wen\n10;Jürgen\n".encode("cp1252"))
    folder.mkdir()
    (folder / "a.txt").write_text("1")
    flights = Path(__file__).parents[3] / "resources" / "examples" / "flights.jsonl"
    for source in (
        ArgumentSource("csv", path=str(table)),
        ArgumentSource("jsonl", path=str(flights)),
        ArgumentSource("folder", path=str(folder), content="named"),
    ):
        form.arguments.set_source(source)
        sized.wait(lambda: not form.arguments.waiting)
        form.arguments.rename.set_open(True)
        sized.settle()
        shown = [one for one in form.arguments.findChildren(ElidedChoice) if one.isVisible()]
        assert len(shown) >= 2
        for choice in shown:
            text = choice.currentText()
            assert choice.width() >= min(choice.width_with(text), form.arguments.width() - 8), text
    form.options.toggle.click()
    sized.settle()
    for choice in form.options.findChildren(ElidedChoice):
        assert choice.width() >= choice.width_with(choice.currentText()), choice.currentText()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_options_that_are_unfolded_are_in_sight(sized: Stage) -> None:
    options = sized.window.parts.form.options
    options.toggle.click()
    sized.settle()
    name = options.form.name
    assert not name.visibleRegion().isEmpty()
    assert name.visibleRegion().boundingRect().height() == name.height()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(2.0, _SMALL)])
def test_a_drawer_that_opens_is_in_sight_wherever_the_window_is_scrolled_to(sized: Stage) -> None:
    bring(sized, "full")
    whole = sized.window.centralWidget()
    assert isinstance(whole, ScrollWhenSmall)
    for name, panel in (("links", "links"), ("connect", "connect")):
        whole.verticalScrollBar().setValue(whole.verticalScrollBar().maximum())
        sized.window.parts.actions[name].setChecked(True)
        sized.settle()
        shown = getattr(sized.window.parts, panel)
        place = shown.mapTo(whole.viewport(), QPoint(0, 0))
        assert whole.viewport().rect().contains(place), f"{name} is at {place.y()}"
        sized.window.parts.actions[name].setChecked(False)
        sized.settle()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_no_worker_is_seen_by_the_tops_of_its_letters(sized: Stage) -> None:
    bring(sized, "full")
    view = sized.window.parts.workers.view
    last = view.rowAt(view.viewport().height() - 1)
    seen = view.viewport().height() - view.rowViewportPosition(last)
    air = (view.rowHeight(last) - QFontMetrics(view.font()).height()) // 2  # above its words
    assert last < 0 or seen <= air or seen >= 0.75 * view.rowHeight(last), f"{seen} pixels of row {last}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), SIZES)
def test_what_the_throughput_is_counted_in_is_whole_or_short(sized: Stage) -> None:
    bring(sized, "full")
    words = sized.window.parts.plot._words.text()
    assert re.fullmatch(r"([\d,.]+k? )?(tasks per second|tasks/s)", words), words


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [*SIZES, (1.5, _LARGE)])
def test_the_ways_to_start_a_worker_are_whole(sized: Stage) -> None:
    sized.window.parts.actions["add_workers"].setChecked(True)
    sized.settle()
    assert list(problems(sized.window.parts.add_workers)) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [*SIZES, (1.5, _LARGE)])
def test_nothing_scrolls_as_a_whole_whatever_is_in_sight_or_opened(sized: Stage, share: float, size: QSize) -> None:
    areas = sized.window.findChildren(ScrollWhenSmall)
    assert {area.accessibleName() for area in areas} == {"The window", "The panels"}
    smallest = share == 2 and size == _SMALL  # there, the list of failures has no room beside the workers
    parts, scrolled = sized.window.parts, []

    def look(what: str) -> None:
        sized.settle()
        scrolled.extend((what, one.accessibleName()) for one in areas if one.verticalScrollBar().maximum())

    bring(sized, "full")
    for tab in (parts.tabs.jobs, parts.tabs.results, *(() if smallest else (parts.tabs.failures, parts.tabs.log))):
        parts.tabs.bring(tab)
        look(tab.accessibleName() or type(tab).__name__)
    parts.tabs.bring(parts.tabs.jobs)
    parts.actions["delete_job"].trigger()
    look("a question above the jobs")
    parts.tabs.jobs.question.clear()
    parts.environment.notice.say("This is the environment as job 6 ran it. No line differs from it as it is now.")
    look("a notice above the source")
    parts.environment.notice.clear()
    parts.environment.find_bar.open(replacing=True)
    look("find and replace")
    assert scrolled == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(2.0, _SMALL)])
def test_a_question_that_a_command_asks_is_in_sight_with_its_answers(sized: Stage) -> None:
    bring(sized, "full")
    parts = sized.window.parts
    old = tuple(
        replace(job(number, state="finished"), finished=NOW - days * 86_400)
        for number, days in ((1, 40), (2, 9), (3, 2))
    )
    held = replace(job(5, state="paused", name="Held over night"), running=0, reason_code="held")
    sized.session.snapshot_arrived.emit(snapshot(version=30, jobs=(*old, held)))
    parts.controller.show_job(1)
    sized.settle()
    for command in ("describe_job", "delete_old_jobs"):
        parts.actions[command].trigger()
        sized.settle()
    answers = parts.tabs.jobs.question.findChildren(QPushButton)
    assert [answer.text() for answer in answers if not seen_whole(answer)] == []
    assert len(answers) == 3


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(2.0, _SMALL)])
def test_what_is_wrong_is_in_sight_where_it_is_typed(sized: Stage) -> None:
    bring(sized, "full")
    section = sized.window.parts.form.arguments
    entry = section.fields._entry
    (form,) = (one for one in sized.window.findChildren(Scrolled) if one.isAncestorOf(section))

    def type_in(text: str) -> None:
        entry.setText(text)
        sized.wait(lambda: bool(section.problem))
        sized.settle()

    for typed in (entry, sized.window.parts.environment.editor):
        form.verticalScrollBar().setValue(0)
        typed.setFocus()
        type_in(f"range(1{typed.accessibleName()[:3]}")
        assert seen_whole(section.line), section.line.text()
        assert seen_whole(entry)
    wrong = ArgumentSource("sweep", axes=(("angle", "10 to"), ("speed", "1, 2")))
    for typed, is_seen in ((sized.window.parts.form.function.combo, False), (section.fields.sweep.view, True)):
        section.set_source(ArgumentSource("sweep"))
        sized.settle()
        form.verticalScrollBar().setValue(0)
        typed.setFocus()
        section.set_source(wrong)
        sized.wait(lambda: bool(section.problem))
        sized.settle()
        assert seen_whole(section.line) == is_seen, "who is at another field finds the form where it was"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.5, _SMALL), (2.0, _SMALL)])
def test_tool_bar_and_progress_stay_in_sight_where_the_panels_scroll(sized: Stage) -> None:
    bring(sized, "full")
    parts = sized.window.parts
    parts.actions["add_workers"].setChecked(True)
    sized.settle()
    (panels,) = (one for one in sized.window.findChildren(ScrollWhenSmall) if one.accessibleName() == "The panels")
    assert panels.verticalScrollBar().maximum() > 0
    assert panels.verticalScrollBar().value() == 0
    for one in (sized.window._tool_bar, parts.drawers.add_workers, parts.strip):
        place = QRect(one.mapTo(sized.window, QPoint(0, 0)), one.size())
        assert sized.window.rect().contains(place), one.accessibleName()
        assert one.visibleRegion().boundingRect().size() == one.size(), one.accessibleName()
    parts.messages.say(Message("a", "30 rows written to whole.csv."))
    sized.settle()
    (frame,) = parts.messages.findChildren(QFrame, "message")
    edges = [one.mapTo(sized.window, one.rect().topRight()).x() for one in (frame, parts.tabs)]
    assert edges[0] == edges[1], "a message reaches beyond the panel that it lies over"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.5, _SMALL), (2.0, _LARGE)])
def test_all_steps_to_add_workers_are_in_sight_while_their_drawer_is_open(sized: Stage) -> None:
    bring(sized, "full")
    panel = sized.window.parts.add_workers
    sized.window.parts.actions["add_workers"].setChecked(True)
    sized.settle()
    assert panel.visibleRegion().boundingRect().size() == panel.size()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.0, _SMALL), (1.5, _SMALL), (2.0, _SMALL)])
def test_messages_cut_through_no_row_of_what_they_lie_over(sized: Stage) -> None:
    bring(sized, "full")
    bar, tabs = sized.window.parts.messages, sized.window.parts.tabs
    for number in range(3):
        bar.say(Message(str(number), f"{number} rows written to whole.csv.", "info"))
        sized.settle()
        top = bar.mapTo(sized.window, QPoint(0, 0)).y()
        for one in tabs.findChildren(QWidget):
            if isinstance(one, QLabel | QAbstractButton | QLineEdit | QHeaderView) and one.isVisible():
                edge = one.mapTo(sized.window, QPoint(0, 0)).y()
                assert not edge < top < edge + one.height(), f"{number + 1} messages cut {one!r}"
        view = tabs.results.view
        at = view.viewport().mapFrom(sized.window, QPoint(0, top)).y()
        assert at <= 0 or view.rowAt(at) != view.rowAt(at - 1), f"{number + 1} messages cut a row"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.5, _SMALL), (2.0, _SMALL)])
def test_the_examples_are_whole_once_this_computer_has_joined(sized: Stage) -> None:
    bring(sized, "empty")
    sized.session.snapshot_arrived.emit(snapshot(version=2, jobs=(), nodes=snapshot().nodes[:1], samples=()))
    sized.settle()
    shown = [one for one in sized.window.parts.first_run.findChildren(QPushButton) if one.isVisible()]
    assert len(shown) == len(examples())
    assert [one.text() for one in shown if one.visibleRegion().boundingRect().size() != one.size()] == []
    words = [one for one in sized.window.parts.first_run.findChildren(QLabel) if one.isVisible()]
    assert [one.text() for one in words if one.height() < one.heightForWidth(one.width())] == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.5, _SMALL), (2.0, _SMALL)])
def test_three_lines_of_the_source_are_in_sight_beside_a_full_form(sized: Stage) -> None:
    bring(sized, "full")
    environment = sized.window.parts.environment
    environment.notice.say("This is the environment as job 6 ran it. No line differs from it as it is now.")
    sized.settle()
    assert environment.editor.viewport().height() >= 3 * QFontMetrics(environment.editor.font()).height()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("share", "size"), [(1.0, _SMALL), (1.0, _LARGE)])
def test_what_was_raised_is_read_before_where(sized: Stage) -> None:
    bring(sized, "full")
    tabs = sized.window.parts.tabs
    tabs.bring(tabs.failures)
    sized.settle()
    for view in (tabs.failures.group_view, tabs.failures.view):
        assert "ValueError: sample 1013 is outside of the square" in [
            line.text for line in written_lines(view.viewport())
        ]
        assert view.horizontalScrollBar().maximum() == 0
