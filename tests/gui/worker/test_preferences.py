"""The preferences: what is typed becomes the owner's limits, and nothing before OK."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from mcgui.theme import Theme
from mcgui.worker.limits.week_picture import WeekPicture
from mcgui.worker.preferences.preferences_dialog import Choice, Preferences
from mcgui.worker.preferences.programs_field import ProgramsField
from mcgui_core.owner.limits import Limits
from mcgui_core.owner.weekly_schedule import Period, Schedule

LIMITS = Limits(
    on=frozenset({"mains"}), idle_minutes=7.5, in_use_nprocs=2, programs=("blender",), memory=3_456_789_012,
    schedule=Schedule((Period((0, 1, 2, 3, 4), 480, 1080, 2), Period((4, 5), 1320, 360, 8)), 0), grace_minutes=3.0,
)  # fmt: skip
Make = Callable[..., Preferences]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Make:
    def made(limits: Limits = LIMITS) -> Preferences:
        dialog = Preferences(theme, limits, 8, frozenset({"joined"}), at_login=False)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


def press(qtbot: QtBot, dialog: Preferences, button: QDialogButtonBox.StandardButton) -> None:
    qtbot.mouseClick(dialog.buttons.button(button), Qt.MouseButton.LeftButton)


def retype(qtbot: QtBot, dialog: Preferences, row: int, column: int, text: str) -> None:
    """Double-click a cell of the schedule, type, and press Enter."""
    table = dialog.schedule.table
    dialog.pages.setCurrentIndex(1)
    table.setCurrentCell(row, column)
    table.edit(table.currentIndex())
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.findChild(QLineEdit) is None)


OK, CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel


def test_ok_without_a_change_changes_nothing_not_even_what_the_fields_round(make: Make, qtbot: QtBot) -> None:
    dialog = make()
    press(qtbot, dialog, OK)
    assert dialog.choice == Choice(LIMITS, frozenset({"joined"}), at_login=False)


def test_cancel_keeps_what_was(make: Make, qtbot: QtBot) -> None:
    dialog = make()
    dialog.in_use.setValue(5)
    press(qtbot, dialog, CANCEL)
    assert dialog.choice.limits == LIMITS
    assert dialog.result() == Preferences.DialogCode.Rejected


def test_every_field_reaches_the_limits(make: Make, qtbot: QtBot) -> None:
    dialog = make()
    dialog.idle.setValue(10)
    dialog.in_use.setValue(0)
    dialog.programs.line.setText(" steam, blender ,, steam")
    dialog.memory.setValue(8)
    dialog.load.setValue(30)
    dialog.free.setValue(2.5)
    dialog.disk.setValue(3)
    dialog.share.click()
    dialog.grace.setValue(0)
    dialog.in_memory.click()
    assert not dialog.grace.isEnabled(), "they are not given back then"
    dialog.low_priority.click()
    dialog.keep_awake.click()
    dialog.at_login.click()
    dialog.notices["joined"].click()
    dialog.notices["lost"].click()
    press(qtbot, dialog, OK)
    chosen = dialog.choice.limits
    assert (chosen.on, chosen.schedule) == (LIMITS.on, LIMITS.schedule)
    assert (chosen.idle_minutes, chosen.in_use_nprocs, chosen.memory) == (10.0, 0, 8_000_000_000)
    assert (chosen.programs, chosen.grace_minutes) == (("steam", "blender"), 0.0)
    assert chosen.stop_in_memory
    assert (chosen.load_percent, chosen.free_memory, chosen.disk) == (30, 2_500_000_000, 3_000_000_000)
    assert not chosen.share
    assert (chosen.low_priority, chosen.keep_awake) == (False, True)
    assert (dialog.choice.quiet, dialog.choice.at_login) == (frozenset({"lost"}), True)


def test_the_schedule_is_typed_into_and_drawn_at_once(make: Make, qtbot: QtBot) -> None:
    dialog = make()
    retype(qtbot, dialog, 0, 0, "Mon, Wed")
    retype(qtbot, dialog, 0, 3, "6")
    assert dialog.week.day_in_words(0) == "Mon: no work from 00:00, 6 processors from 08:00, no work from 18:00"
    assert dialog.week.day_in_words(1) == "Tue: no work from 00:00"
    press(qtbot, dialog, OK)
    assert dialog.choice.limits.schedule.periods[0] == Period((0, 2), 480, 1080, 6)


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        (0, "someday", "Period 1: 'someday' is no day of the week: write Mon, Tue, Wed, Thu, Fri, Sat or Sun."),
        (1, "9 o'clock", 'Period 1: "9 o\'clock" is no time of day: write it like 18:30.'),
        (2, "25:00", "Period 1: '25:00' is no time of day: write it like 18:30."),
        (3, "many", "Period 1: 'many' is no number of processors; 0 means no work."),
        (3, "-1", "Period 1: '-1' is no number of processors; 0 means no work."),
    ],
)
def test_what_is_no_period_is_told_in_place_and_cannot_be_taken(
    make: Make, qtbot: QtBot, column: int, text: str, problem: str
) -> None:
    dialog = make()
    retype(qtbot, dialog, 0, column, text)
    assert dialog.problem.isVisible()
    assert dialog.problem.text() == problem
    assert not dialog.buttons.button(OK).isEnabled()
    retype(qtbot, dialog, 0, column, ["Sat", "9:00", "24:00", "0", "0"][column])
    assert not dialog.problem.isVisible()
    assert dialog.buttons.button(OK).isEnabled()


def test_the_keyboard_comes_to_the_pages_by_their_bar_alone(make: Make) -> None:
    dialog = make()
    assert dialog.pages.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert dialog.pages.tabBar().focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_screen_reader_hears_the_column_of_a_period_with_its_cell(make: Make) -> None:
    dialog = make()
    table = dialog.schedule.table
    heard = [table.model().index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(4)]
    assert [cell.split(": ")[0] for cell in heard] == ["Days", "From", "To", "Processors"]
    assert heard == [f"{cell.split(': ')[0]}: {table.model().index(0, n).data()}" for n, cell in enumerate(heard)]


def test_periods_are_added_and_removed(make: Make, qtbot: QtBot) -> None:
    dialog = make(Limits())
    assert not dialog.schedule.remove.isEnabled()
    dialog.pages.setCurrentIndex(1)
    for _ in range(2):
        qtbot.mouseClick(dialog.schedule.add, Qt.MouseButton.LeftButton)
    assert len(dialog.schedule.periods()) == 2
    assert "2 processors from 08:00" in dialog.week.accessibleDescription()
    for _ in range(2):
        qtbot.mouseClick(dialog.schedule.remove, Qt.MouseButton.LeftButton)
    assert dialog.schedule.periods() == ()
    assert not dialog.schedule.remove.isEnabled()


def test_the_dialog_opens_where_a_limit_is_set(make: Make, qtbot: QtBot) -> None:
    dialog = make()
    dialog.show_page("schedule")
    assert dialog.pages.currentIndex() == 1
    dialog.show_page("programs")
    assert dialog.pages.currentIndex() == 0
    assert dialog.focusWidget() is dialog.programs.line


# --- the picture of the week -----------------------------------------------------------------------------------------


def test_the_week_says_in_words_what_is_under_the_mouse(qtbot: QtBot, theme: Theme) -> None:
    week = WeekPicture(theme, 8)
    qtbot.addWidget(week)
    week.resize(week.sizeHint())
    week.show_schedule(LIMITS.schedule)
    right, top = week.width() - 3, 2
    assert week.words_at(right, top) == "Mon 23:50: no work"
    rows = week.height() - week.fontMetrics().height() - 4
    assert week.words_at(right, rows * 5.5 / 7) == "Sat 23:50: 8 processors"
    assert week.words_at(2, top) == week.words_at(right, week.height() - 1) == ""
    assert week.day_in_words(6) == "Sun: 8 processors from 00:00, no work from 06:00"
    week.show_schedule(Schedule())
    assert week.words_at(right, top) == "Mon 23:50: as the slider says"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_processors_are_drawn_stronger(qtbot: QtBot, theme: Theme, scheme: str) -> None:
    theme.set_scheme(scheme)  # type: ignore[arg-type]
    week = WeekPicture(theme, 8)
    qtbot.addWidget(week)
    week.resize(500, week.sizeHint().height())
    every_day = tuple(range(7))
    week.show_schedule(Schedule((Period(every_day, 0, 480, 8), Period(every_day, 480, 960, 2)), 0))
    image = week.grab().toImage()
    row = week.fontMetrics().height() // 4
    left = week.fontMetrics().horizontalAdvance("Wed") + 10
    span = 500 - left
    strong, weak, none = (image.pixelColor(round(left + span * share), row) for share in (0.1, 0.4, 0.9))
    accent = theme.colours.accent

    def distance(colour: object) -> int:
        return sum(abs(getattr(colour, part)() - getattr(accent, part)()) for part in ("red", "green", "blue"))

    assert distance(strong) < distance(weak) < distance(none)


def test_a_week_shows_what_begins_ten_minutes_before_midnight(qtbot: QtBot, theme: Theme) -> None:
    week = WeekPicture(theme, 4)
    qtbot.addWidget(week)
    week.show_schedule(Schedule((Period((0,), 23 * 60 + 50, 24 * 60, 0),)))
    assert week.day_in_words(0) == "Mon: as the slider says from 00:00, no work from 23:50"


def test_a_program_is_picked_from_those_that_run_now(qtbot: QtBot) -> None:
    field = ProgramsField(("blender",), to_pick=lambda: ("play.py", "r&d", "steam"))
    qtbot.addWidget(field)
    for number in (2, 1, 1):
        field.menu.aboutToShow.emit()
        field.menu.actions()[number].trigger()
    assert field.programs == ("blender", "steam", "r&d")


def test_where_no_program_can_be_seen_the_menu_says_so_and_picks_none(qtbot: QtBot) -> None:
    field = ProgramsField((), to_pick=lambda: ())
    qtbot.addWidget(field)
    field.menu.aboutToShow.emit()
    (said,) = field.menu.actions()
    assert not said.isEnabled()
    assert field.programs == ()


def test_processors_of_a_period_stand_on_the_right_below_their_title(make: Make) -> None:
    dialog = make()
    model = dialog.schedule.table.model()
    sides = [model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole) for column in range(4)]
    sides.append(model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole))
    assert [bool(side & Qt.AlignmentFlag.AlignRight.value) for side in map(int, sides)] == [False] * 3 + [True] * 2
