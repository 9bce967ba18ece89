"""Where the panels are: the default, what a person makes of it, and how they share the room."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mcgui.console.column_heights import Comfort
from mcgui.console.dock_area import DockArea, Scrolled
from mcgui.console.parts.elided_label import ElidedLabel, WrappedLabel
from mcgui.console.parts.hint_room import HintRoom, HintRooms
from mcgui.console.parts.scroll_when_small import ScrollBetween, ScrollWhenSmall
from mcgui.console.parts.window_message_bar import Message
from mcgui.settings import Settings
from mcgui.theme import Theme
from tests.gui.consoles import console

LEFT, RIGHT = ("editor", "form"), ("table", "plot")
HEIGHTS = {"editor": 400, "form": 100, "table": 250, "plot": 250}


class Form(QWidget):
    """A panel whose height depends on its width, and which can grow."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel("words " * 20)
        self.words.setWordWrap(True)
        self.more = QLabel("\n".join("more" for _ in range(9)))
        self.more.hide()
        layout = QVBoxLayout(self)
        layout.addWidget(self.words)
        layout.addWidget(self.more)


@pytest.fixture
def form() -> Form:
    return Form()


#: Pixels of comfort that `area` has, in the order in which it is given up.
COMFORTS = {"plot": 90, "table": 30, "editor": 50}
#: Less than so many pixels of that of the plot are worth nothing.
FOLDS = 40


@pytest.fixture
def area(qtbot: QtBot, theme: Theme, form: Form) -> DockArea:
    made = DockArea(theme)
    qtbot.addWidget(made)
    for name in (*LEFT, *RIGHT):
        widget = form if name == "form" else QWidget()
        widget.setMinimumSize(80, 40)
        made.add(name, name.capitalize(), widget, left=name in LEFT, whole=name == "form")
    for name, pixels in COMFORTS.items():
        least = FOLDS if name == "plot" else 0
        made.give_way(Comfort(name, lambda pixels=pixels: pixels, lambda least=least: least))  # type: ignore[misc]
    made.resize(1000, 600)
    made.arrange(LEFT, RIGHT, HEIGHTS, (300, 700))
    with qtbot.waitExposed(made):
        made.show()
    return made


def dock(area: DockArea, name: str) -> QDockWidget:
    found = area.findChild(QDockWidget, name)
    assert isinstance(found, QDockWidget)
    return found


def test_the_default_has_two_columns(area: DockArea) -> None:
    places = {name: dock(area, name).geometry() for name in (*LEFT, *RIGHT)}
    assert places["editor"].right() < places["table"].left()
    assert places["editor"].bottom() < places["form"].top()
    assert places["table"].bottom() < places["plot"].top()


def test_what_the_window_grows_by_goes_to_the_right(qtbot: QtBot, area: DockArea) -> None:
    qtbot.waitUntil(lambda: abs(dock(area, "editor").width() - 300) < 8)
    area.resize(1600, 600)
    qtbot.waitUntil(lambda: dock(area, "table").width() > 1200)
    assert abs(dock(area, "editor").width() - 300) < 8


def test_clicks_that_no_panel_wants_leave_the_columns_as_they_are(qtbot: QtBot, area: DockArea) -> None:
    qtbot.waitUntil(lambda: abs(dock(area, "editor").width() - 300) < 8)
    before = dock(area, "editor").width()
    for number in range(5):
        for name in ("table", "form"):
            qtbot.mouseClick(dock(area, name).widget(), Qt.MouseButton.LeftButton)
        area.resize(1000 + number % 2, 600)  # as the window is at the next start
        QApplication.processEvents()
    assert (area.left_width, dock(area, "editor").width()) == (300, before)


def test_a_column_that_was_dragged_wider_keeps_its_width(qtbot: QtBot, area: DockArea) -> None:
    qtbot.waitUntil(lambda: abs(dock(area, "editor").width() - 300) < 8)
    separator = QPoint(dock(area, "editor").geometry().right() + 2, 200)
    qtbot.mouseMove(area, separator)
    qtbot.mousePress(area, Qt.MouseButton.LeftButton, pos=separator)
    qtbot.mouseMove(area, separator + QPoint(60, 0))
    qtbot.waitUntil(lambda: dock(area, "editor").width() > 340)
    qtbot.mouseRelease(area, Qt.MouseButton.LeftButton, pos=separator + QPoint(60, 0))
    area.resize(1600, 600)
    qtbot.waitUntil(lambda: dock(area, "table").width() > 1000)
    assert abs(dock(area, "editor").width() - 360) < 8
    assert area.left_width == 360


def test_a_form_that_unfolds_gets_the_height_it_needs_and_gives_it_back(
    qtbot: QtBot, area: DockArea, form: Form
) -> None:
    qtbot.waitUntil(lambda: form.height() >= form.words.heightForWidth(form.words.width()))
    before = dock(area, "form").height()
    form.more.show()
    qtbot.waitUntil(lambda: dock(area, "form").height() >= before + form.more.sizeHint().height())
    form.more.hide()
    qtbot.waitUntil(lambda: dock(area, "form").height() <= before + 4)


@pytest.fixture
def room(qtbot: QtBot, area: DockArea) -> QWidget:
    """The window that `area` is in, which it scrolls in where that is too low."""
    window = within(qtbot, area)
    qtbot.waitUntil(lambda: not area._heights._timer.isActive())
    return window


def within(qtbot: QtBot, area: DockArea) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    between = ScrollBetween(area, area.least_height, window)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(between)
    area.keep_within(between.viewport())
    window.resize(1000, 600)
    with qtbot.waitExposed(window):
        window.show()
    return window


def heights(area: DockArea) -> tuple[int, ...]:
    return tuple(dock(area, name).height() for name in (*LEFT, *RIGHT))


def claimed(area: DockArea) -> dict[str, int]:
    """Pixels that each panel claims beyond its least 40."""
    QApplication.processEvents()
    return {name: dock(area, name).widget().minimumHeight() - 40 for name in COMFORTS}


def test_what_gives_way_first_in_a_column_is_what_was_told_first(area: DockArea, room: QWidget) -> None:
    enough = sum(dock(area, name).minimumSizeHint().height() for name in RIGHT) + 4
    assert claimed(area) == COMFORTS
    for lack, plot, table in ((0, 90, 30), (10, 80, 30), (50, 40, 30), (51, 0, 30), (90, 0, 30), (100, 0, 20)):
        room.resize(1000, enough - lack)
        assert (claimed(area)["plot"], claimed(area)["table"]) == (plot, table), lack
        assert area.height() == enough - lack, "nothing is higher than the room"
    room.resize(1000, enough)
    assert claimed(area) == COMFORTS


def test_a_panel_that_scrolls_gives_way_before_any_comfort_of_its_column(
    qtbot: QtBot, area: DockArea, room: QWidget, form: Form
) -> None:
    form.more.show()
    room.resize(1000, 300)
    qtbot.waitUntil(lambda: dock(area, "form").height() < form.sizeHint().height())
    assert claimed(area)["editor"] == COMFORTS["editor"]
    assert area.height() == 300


def test_heights_are_those_of_the_room_whether_it_grew_or_shrank_to_it(
    area: DockArea, room: QWidget, form: Form
) -> None:
    form.more.show()
    QApplication.processEvents()
    seen: dict[int, set[tuple[int, ...]]] = {}
    for height in (*range(320, 240, -5), *range(240, 320, 2)):
        room.resize(1000, height)
        QApplication.processEvents()
        at_once = heights(area)
        QApplication.processEvents()
        assert heights(area) == at_once, f"they move on in a window that stays {height} pixels high"
        seen.setdefault(height, set()).add(at_once)
    assert {height: found for height, found in seen.items() if len(found) > 1} == {}


def test_room_for_hints_is_kept_only_where_nobody_scrolls_for_it_and_nothing_swings(qtbot: QtBot, theme: Theme) -> None:
    area, form, hint = DockArea(theme), Form(), WrappedLabel()
    layout = form.layout()
    assert layout is not None
    layout.addWidget(hint)
    assert (hint.heightForWidth(200), hint.minimumSizeHint().height()) == (0, 0), "without words it takes a line"
    HintRoom(hint, 3)
    editor, spares = QWidget(), HintRooms(form)
    editor.setMinimumSize(80, 40)
    area.add("editor", "Editor", editor, left=True)
    area.add("form", "Form", form, left=True, whole=True, spares=(spares,))
    area.arrange(LEFT, (), HEIGHTS, (300, 700))
    window = within(qtbot, area)
    qtbot.waitUntil(lambda: not area._heights._timer.isActive())
    scrolled = dock(area, "form").widget().findChild(Scrolled)
    assert scrolled is not None
    kept, given = 3 * hint.fontMetrics().lineSpacing(), dict[int, set[bool]]()
    low = dock(area, "editor").minimumSizeHint().height() + dock(area, "form").minimumSizeHint().height() - 2 * kept
    heights = range(low, low + 3 * kept)
    for words in ("", "some words", ""):
        hint.setText(words)
        for height in (*reversed(heights), *heights):
            window.resize(300, height)
            for _ in range(3):
                QApplication.processEvents()
            has_room = hint.minimumHeight() == kept
            scrolls = scrolled.verticalScrollBar().maximum() > 0
            assert not (has_room and scrolls), f"at {height} it scrolls beside an empty room"
            given.setdefault(height, set()).add(has_room)
    assert {len(had) for had in given.values()} == {1}, "it depends on the words, or on what it was before"
    had = [has_room for height in heights for has_room in given[height]]
    assert had == sorted(had)
    assert {*had} == {False, True}


def test_heights_come_back_after_a_panel_needed_more_for_a_while(qtbot: QtBot, area: DockArea, room: QWidget) -> None:
    before = heights(area)
    layout = dock(area, "table").widget().layout()
    assert layout is not None
    (table,) = (item.widget() for item in [layout.itemAt(0)] if item is not None)
    assert table is not None
    table.setMinimumHeight(430)
    qtbot.waitUntil(lambda: dock(area, "table").height() > 430)
    assert dock(area, "plot").height() < before[-1]
    table.setMinimumHeight(40)
    qtbot.waitUntil(lambda: heights(area) == before)


def test_a_panel_that_was_closed_and_moved_comes_back_with_the_default(qtbot: QtBot, area: DockArea) -> None:
    dock(area, "plot").close()
    area.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock(area, "editor"))
    area.arrange(LEFT, RIGHT, HEIGHTS, (300, 700))
    assert dock(area, "plot").isVisible()
    assert area.dockWidgetArea(dock(area, "editor")) == Qt.DockWidgetArea.LeftDockWidgetArea


def test_a_layout_of_another_version_is_not_forced_on_the_panels(area: DockArea) -> None:
    assert not area.restore_layout(area.saveState(99))


def test_the_window_remembers_how_it_was_left(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as first:
        first.window.resize(first.window.width(), 640)
        first.window.docks.findChild(QDockWidget, "throughput").close()  # type: ignore[union-attr]
    with console(qtbot, theme, tmp_path, serving=False) as second:
        assert second.window.height() == 640
        assert not second.window.parts.plot.isVisible()
        second.window.parts.actions["reset_layout"].trigger()
        assert second.window.parts.plot.isVisible()


def test_each_panel_is_reached_by_its_key_also_when_it_was_closed(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        window = opened.window
        with qtbot.waitActive(window):
            window.activateWindow()
        window.docks.findChild(QDockWidget, "workers").close()  # type: ignore[union-attr]
        parts = window.parts
        panels = (parts.environment, parts.form, parts.workers, parts.plot, parts.tabs.jobs, parts.tabs.results)
        for number, panel in enumerate((*panels, parts.tabs.failures, parts.tabs.log), 1):
            qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
            assert panel.isVisible()
            focus = window.focusWidget()
            assert focus is not None
            assert panel.isAncestorOf(focus), panel.accessibleName()


def test_a_window_that_was_left_on_a_screen_that_is_gone_comes_back(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as first:
        first.window.move(30_000, 20_000)
        qtbot.waitUntil(lambda: first.window.x() == 30_000)
    with console(qtbot, theme, tmp_path, serving=False) as second:
        screen = second.window.screen().availableGeometry()
        place = second.window.geometry()
        assert screen.intersected(place).width() > 400
        assert screen.top() <= place.top() < screen.bottom() - 400


def test_a_reset_of_the_layout_can_be_undone(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        window = opened.window
        window.docks.findChild(QDockWidget, "throughput").close()  # type: ignore[union-attr]
        window.parts.actions["reset_layout"].trigger()
        assert window.parts.plot.isVisible()
        (message,) = (one for one in window.parts.messages.messages if one.about == "layout")
        button = next(one for one in window.parts.messages.findChildren(QPushButton) if one.text() == "Undo")
        button.click()
        assert not window.parts.plot.isVisible()
        assert message not in window.parts.messages.messages


@pytest.mark.parametrize("kept", [b"", b"nonsense", b"\0" * 5000])
def test_a_layout_that_cannot_be_read_leaves_the_default(
    qtbot: QtBot, theme: Theme, tmp_path: Path, kept: bytes
) -> None:
    settings = Settings(tmp_path / "mcgui.ini")
    for key in ("console/layout", "console/geometry"):
        settings.set(key, QByteArray(kept))
    settings.sync()
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        docks = opened.window.docks.findChildren(QDockWidget)
        assert len(docks) >= 5
        assert all(one.isVisible() and not one.isFloating() for one in docks)


def test_text_that_does_not_fit_ends_in_dots_and_is_whole_in_its_tip(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()
    label.say("a result that is much longer than there is room for")
    assert label.text().endswith("…")
    assert label.toolTip() == label.whole
    label.resize(900, 20)
    assert label.text() == label.whole


@pytest.mark.timeout(120)
def test_a_message_above_the_panels_takes_its_room_from_them(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        window = opened.window
        opened.wait(window.isVisible)
        opened.settle()
        whole = next(one for one in window.findChildren(ScrollWhenSmall))
        assert whole.verticalScrollBar().maximum() == 0
        window.parts.messages.say(Message("test", "Something happened.", "info", actions=(("Undo", int),)))
        opened.settle()
        assert whole.verticalScrollBar().maximum() == 0


@pytest.mark.timeout(120)
def test_a_message_covers_nothing_of_the_form(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with console(qtbot, theme, tmp_path, serving=False) as opened:
        window, parts = opened.window, opened.window.parts
        opened.wait(window.isVisible)
        parts.messages.say(Message("test", "Something happened. " * 9, "info"))
        for size in ((1440, 900), (1000, 680)):
            window.resize(*size)
            opened.settle()
            left = parts.messages.mapTo(window, QPoint(0, 0)).x()
            assert left >= parts.tabs.mapTo(window, QPoint(0, 0)).x() > parts.form.width() / 2
            assert left + parts.messages.width() == window.width()
