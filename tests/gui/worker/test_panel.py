"""The panel of the tray worker, part by part, fed with states as the session makes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from mcgui.theme import Theme
from mcgui.worker.actions import WorkerActions
from mcgui.worker.limits.limits_card import MORE_ROWS
from mcgui.worker.panel.processors_card import ProcessorsCard
from mcgui.worker.panel.throughput_plot import ThroughputPlot
from mcgui.worker.panel.worker_panel import WorkerPanel, place_beside
from mcgui.worker.session.throughput_history import Rates
from mcgui.worker.state import KINDS, WorkerState
from mcgui_core.protocol.lan_discovery import FoundMaster
from tests.pictures.gallery.cut_words import _at_the_edge
from tests.pictures.stage import POINTS, one_font

LINK = "mcgui://lab:8888#w.very-secret-indeed"


def working(**changes: Any) -> WorkerState:
    """A state of today, whichever day that is by now."""
    state = WorkerState(
        kind="working", master="lab:8888", since=1_760_000_000.0, nprocs=6, cpus=8, busy=6, done=18204, failed=2,
        cpu=71.0, memory=1_100_000_000, running=True, slots=6, day=time.strftime("%Y-%m-%d"), done_today=18204,
        failed_today=2, done_ever=1_204_551,
    )  # fmt: skip
    return replace(state, **changes)


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def actions(qtbot: QtBot) -> WorkerActions:
    return WorkerActions(8)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, actions: WorkerActions) -> Iterator[WorkerPanel]:
    made = WorkerPanel(theme, actions, LINK)
    qtbot.addWidget(made, before_close_func=lambda widget: widget.hide())
    actions.show_state(working())
    made.show_state(working())
    made.show()
    qtbot.waitExposed(made)
    yield made
    theme.set_scheme("light")


def words(widget: QWidget, name: str) -> str:
    """What a label shows; "" where it is hidden."""
    label = widget.findChild(QLabel, name)
    assert label is not None
    return label.text() if label.isVisible() else ""


def drop(panel: WorkerPanel, data: QMimeData) -> bool:
    """Drag this over the panel and let it go there. Whether it was taken."""
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(5, 5), copy, data, left, no_key)
    QApplication.sendEvent(panel, over)
    if over.isAccepted():
        QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), copy, data, left, no_key))
    return over.isAccepted()


def test_the_panel_says_for_whom_how_much_and_what_it_takes(panel: WorkerPanel) -> None:
    assert words(panel, "headline") == "Working for lab"
    assert words(panel, "details").endswith("encrypted · 6 tasks running")
    assert words(panel, "nprocs") == "6"
    assert words(panel, "totals") == "18,204 tasks · 2 failed · 1,204,551 in all"
    assert (words(panel, "Ours CPU"), words(panel, "Ours memory")) == ("71 % CPU", "1.1 GB")
    assert words(panel, "This computer CPU").endswith(" % CPU")
    assert words(panel, "This computer memory").endswith("B")
    assert words(panel, "message") == words(panel, "linkProblem") == ""


def test_what_an_agent_takes_is_unknown_while_there_is_none(panel: WorkerPanel) -> None:
    panel.show_state(WorkerState())
    assert (words(panel, "Ours CPU"), words(panel, "Ours memory")) == ("–", "–")


def test_a_reason_is_shown_below_the_headline_and_goes_when_it_is_over(panel: WorkerPanel) -> None:
    panel.show_state(working(kind="connecting", message="No master answers at lab:8888 <b>."))
    assert words(panel, "message") == "No master answers at lab:8888 <b>."
    panel.show_state(working())
    assert words(panel, "message") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_fits_into_the_panel(panel: WorkerPanel, theme: Theme, kind: str, scheme: str) -> None:
    theme.set_scheme(scheme)  # type: ignore[arg-type]
    panel.show_state(working(kind=kind, message="A reason that is rather long. " * 6))
    panel.log.toggle.set_open(True)
    panel.log.add("A line.")
    QApplication.processEvents()
    for child in panel.findChildren(QWidget):
        if child.isVisible() and child.parentWidget() in (panel, panel.head, panel.link, panel.processors, panel.tasks):
            assert child.parentWidget().rect().contains(child.geometry()), f"{child} is cut off"
            assert child.height() >= child.minimumSizeHint().height(), f"{child} is squeezed"


def test_everything_that_can_be_used_has_a_name_for_screen_readers(panel: WorkerPanel) -> None:
    panel.log.toggle.set_open(True)
    for kind in (QAbstractButton, QLineEdit, QSlider, QPlainTextEdit, ThroughputPlot):
        for widget in panel.findChildren(kind):
            if not widget.objectName().startswith("qt_"):
                assert widget.accessibleName() or getattr(widget, "text", str)(), f"{widget} has no name"
    assert panel.processors.slider.accessibleDescription() == "6 of 8 processors, 2 left for you"


def test_a_screen_reader_is_told_a_window_and_a_fold_is_a_button_that_says_which_way_it_is(panel: WorkerPanel) -> None:
    def role(widget: QWidget) -> QAccessible.Role:
        return QAccessible.queryAccessibleInterface(widget).role()

    fold = panel.log.toggle
    assert (role(panel), role(fold)) == (QAccessible.Role.Window, QAccessible.Role.PushButton)
    assert not fold.isCheckable()
    said = [fold.accessibleDescription()]
    fold.click()
    assert [*said, fold.accessibleDescription()] == ["folded", "unfolded"]


def test_the_tab_key_goes_down_the_panel_as_one_reads(panel: WorkerPanel) -> None:
    panel.limits.more.set_open(True)
    stops: list[QWidget] = []
    one: QWidget = panel.head.leave
    for _ in range(400):
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(one)
        one = one.nextInFocusChain()
        if one is panel.head.leave:
            break
    places = [QRect(stop.mapTo(panel, QPoint(0, 0)), stop.size()) for stop in stops]
    back = [
        f"{after.accessibleName() or after} after {before.accessibleName() or before}"
        for (before, here), (after, there) in pairwise(zip(stops, places, strict=True))
        if there.bottom() < here.top()
    ]
    assert len(stops) > 15
    assert back == []
    assert (stops[0], stops[-1]) == (panel.head.leave, panel.quit)


# --- the link --------------------------------------------------------------------------------------------------------


def test_before_joining_there_is_a_hidden_link_and_connect(
    panel: WorkerPanel, actions: WorkerActions, qtbot: QtBot
) -> None:
    actions.show_state(WorkerState(nprocs=6, cpus=8))
    panel.show_state(WorkerState(nprocs=6, cpus=8))
    field = panel.link.field
    assert field.isVisible()
    assert field.echoMode() == QLineEdit.EchoMode.Password
    assert field.displayText().count("m") == 0
    assert not panel.head.leave.isVisible()
    with qtbot.waitSignal(panel.link.join_asked) as asked:
        qtbot.mouseClick(panel.link.connect_button, Qt.MouseButton.LeftButton)
    assert asked.args == [LINK]


def test_without_a_link_there_is_nothing_to_connect_with(panel: WorkerPanel, qtbot: QtBot) -> None:
    panel.show_state(WorkerState())
    panel.link.show_link("")
    assert not panel.link.connect_button.isEnabled()
    with qtbot.assertNotEmitted(panel.link.join_asked):
        qtbot.keyClick(panel.link.field, Qt.Key.Key_Return)


def test_show_reveals_the_link_and_joining_hides_it_again(panel: WorkerPanel, qtbot: QtBot) -> None:
    panel.show_state(WorkerState())
    qtbot.mouseClick(panel.link.show_link_button, Qt.MouseButton.LeftButton)
    assert panel.link.field.displayText() == LINK
    assert panel.link.show_link_button.text() == "Hide"
    qtbot.keyClick(panel.link.field, Qt.Key.Key_Return)
    assert panel.link.field.echoMode() == QLineEdit.EchoMode.Password


def test_once_joined_the_link_is_gone_and_there_is_a_way_out(
    panel: WorkerPanel, actions: WorkerActions, qtbot: QtBot
) -> None:
    assert not panel.link.isVisible()
    with qtbot.waitSignal(actions.leave.triggered):
        qtbot.mouseClick(panel.head.leave, Qt.MouseButton.LeftButton)


def test_a_worker_that_leaves_cannot_be_told_to_leave_again(panel: WorkerPanel, actions: WorkerActions) -> None:
    leaving = working(leaving=True)
    actions.show_state(leaving)
    panel.show_state(leaving)
    assert panel.head.leave.isVisible()
    assert not panel.head.leave.isEnabled()
    assert words(panel, "headline") == "Leaving lab"


def test_a_pause_that_waits_for_tasks_offers_to_wait_no_longer(
    panel: WorkerPanel, actions: WorkerActions, qtbot: QtBot
) -> None:
    assert not panel.head.hand_back.isVisible()
    actions.show_state(working(kind="paused", limit="pause", busy=2))
    assert panel.head.hand_back.text() == "Give back 2 running tasks now"
    with qtbot.waitSignal(actions.hand_back.triggered):
        qtbot.mouseClick(panel.head.hand_back, Qt.MouseButton.LeftButton)
    actions.show_state(working(kind="paused", limit="pause", busy=0))
    assert not panel.head.hand_back.isVisible()


def test_a_link_that_was_opened_is_asked_about_before_it_is_joined(panel: WorkerPanel, qtbot: QtBot) -> None:
    for button, joins in ((panel.offer.decline, False), (panel.offer.accept, True)):
        panel.offer.show_link("mcgui://other:8888#w.key")
        assert words(panel, "offer") == "Work for other:8888?"
        with qtbot.waitSignal(panel.offer.accepted, raising=joins, timeout=200 if not joins else 5000) as accepted:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert accepted.signal_triggered == joins
        assert not panel.offer.isVisible()
    assert accepted.args == ["mcgui://other:8888#w.key"]


def test_masters_of_the_network_are_listed_while_none_is_joined_and_lack_only_their_key(
    panel: WorkerPanel, qtbot: QtBot
) -> None:
    panel.link.show_masters((FoundMaster("lab-3", "10.0.0.5:8888"), FoundMaster("shop", "10.0.0.9:8888")))
    assert not panel.link.nearby.isVisible()
    panel.show_state(WorkerState())
    lines = [button.text() for button in panel.link.nearby.buttons]
    assert lines == ["lab-3 · 10.0.0.5:8888", "shop · 10.0.0.9:8888"]
    qtbot.mouseClick(panel.link.nearby.buttons[1], Qt.MouseButton.LeftButton)
    assert panel.link.field.displayText() == "mcgui://10.0.0.9:8888#"
    assert words(panel, "keyHint") == "Now type or paste the key of shop: what stands after # in its link."
    with qtbot.waitSignal(panel.link.join_asked) as asked:
        qtbot.keyClicks(panel.link.field, "w.abc")
        qtbot.keyClick(panel.link.field, Qt.Key.Key_Return)
    assert asked.args == ["mcgui://10.0.0.9:8888#w.abc"]
    panel.link.show_masters(())
    assert not panel.link.nearby.isVisible()


def test_a_whole_link_pasted_behind_an_address_that_was_picked_takes_its_place(
    panel: WorkerPanel, qtbot: QtBot
) -> None:
    panel.show_state(WorkerState())
    panel.link.show_masters((FoundMaster("lab", "lab:8888"),))
    qtbot.mouseClick(panel.link.nearby.buttons[0], Qt.MouseButton.LeftButton)
    QApplication.clipboard().setText(LINK)
    panel.link.field.paste()
    assert panel.link.field.link == LINK


def test_a_link_that_is_pasted_with_blanks_around_it_is_joined_without_them(panel: WorkerPanel, qtbot: QtBot) -> None:
    panel.show_state(WorkerState())
    panel.link.field.clear()
    assert not panel.link.connect_button.isEnabled()
    QApplication.clipboard().setText(f"  {LINK}\n")
    panel.link.field.paste()
    with qtbot.waitSignal(panel.link.join_asked) as asked:
        qtbot.keyClick(panel.link.field, Qt.Key.Key_Return)
    assert asked.args == [LINK]


@pytest.mark.parametrize("as_url", [False, True], ids=["as text", "as a URL"])
@pytest.mark.parametrize("state", [WorkerState(), working()], ids=["not joined", "joined"])
def test_a_link_can_be_dropped_anywhere_on_the_panel(
    panel: WorkerPanel, qtbot: QtBot, as_url: bool, state: WorkerState
) -> None:
    panel.show_state(state)
    data = QMimeData()
    if as_url:
        data.setUrls([QUrl(LINK)])
    else:
        data.setText(f"\n {LINK} and more")
    with qtbot.waitSignal(panel.link.join_asked) as asked:
        assert drop(panel, data)
    assert asked.args == [LINK]


def test_what_is_no_text_cannot_be_dropped(panel: WorkerPanel) -> None:
    data = QMimeData()
    data.setData("image/png", b"\x89PNG")
    assert not drop(panel, data)


def test_what_is_wrong_with_a_link_stands_below_the_field(panel: WorkerPanel) -> None:
    panel.show_state(WorkerState(kind="trouble", link_problem="This is not a join link: it is empty."))
    assert words(panel, "linkProblem") == "This is not a join link: it is empty."
    assert panel.link.field.isVisible()


def test_the_key_is_in_no_title_and_no_accessible_text(panel: WorkerPanel) -> None:
    for widget in (panel, *panel.findChildren(QWidget)):
        texts = (widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        assert not any("secret" in text for text in texts)


# --- the slider ------------------------------------------------------------------------------------------------------


def drag(qtbot: QtBot, card: ProcessorsCard, *values: int) -> None:
    """Press the slider's handle and move it over these values, without letting go."""
    slider = card.slider
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.position_of(slider.value()).toPoint())
    for value in values:
        qtbot.mouseMove(slider, slider.position_of(value).toPoint())


def let_go(qtbot: QtBot, card: ProcessorsCard) -> None:
    slider = card.slider
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=slider.position_of(slider.value()).toPoint())


def test_a_drag_shows_every_value_and_counts_only_the_last(panel: WorkerPanel, qtbot: QtBot) -> None:
    chosen: list[int] = []
    panel.processors.chosen.connect(chosen.append)
    drag(qtbot, panel.processors, 5, 4, 3)
    assert words(panel, "nprocs") == "3"
    assert chosen == []
    let_go(qtbot, panel.processors)
    assert chosen == [3]


def test_a_slider_that_rests_under_the_hand_counts_too(panel: WorkerPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.processors.chosen) as chosen:
        drag(qtbot, panel.processors, 2)
    assert chosen.args == [2]
    let_go(qtbot, panel.processors)


def test_a_state_that_arrives_during_a_drag_does_not_pull_the_handle_away(panel: WorkerPanel, qtbot: QtBot) -> None:
    drag(qtbot, panel.processors, 3)
    panel.show_state(working(done_today=18300))
    assert panel.processors.slider.value() == 3
    assert words(panel, "totals").startswith("18,300")
    let_go(qtbot, panel.processors)


def test_a_click_on_the_track_moves_the_handle_there(panel: WorkerPanel, qtbot: QtBot) -> None:
    slider = panel.processors.slider
    with qtbot.waitSignal(panel.processors.chosen) as chosen:
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.position_of(2).toPoint())
    assert chosen.args == [2]


def test_the_slider_obeys_the_keyboard(panel: WorkerPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.processors.chosen) as chosen:
        qtbot.keyClick(panel.processors.slider, Qt.Key.Key_Left)
    assert chosen.args == [5]


def test_another_button_of_the_mouse_does_not_move_the_slider(panel: WorkerPanel, qtbot: QtBot) -> None:
    slider = panel.processors.slider
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=slider.position_of(1).toPoint())
    assert slider.value() == 6


def test_a_computer_with_one_processor_has_a_slider_that_is_full(qtbot: QtBot, theme: Theme) -> None:
    card = ProcessorsCard(theme)
    qtbot.addWidget(card)
    card.show_state(working(nprocs=1, cpus=1))
    slider = card.slider
    assert (slider.minimum(), slider.maximum()) == (1, 1)
    assert slider.position_of(1).x() > slider.width() / 2


def test_more_processors_than_there_are_can_be_shown(panel: WorkerPanel) -> None:
    panel.show_state(working(nprocs=12))
    assert panel.processors.slider.value() == 12
    assert "more than there are" in panel.processors.slider.accessibleDescription()
    panel.show_state(working(nprocs=2))
    assert panel.processors.slider.maximum() == 12


# --- plot, log, buttons, place ---------------------------------------------------------------------------------------


def test_the_plot_tells_in_words_what_it_draws(panel: WorkerPanel) -> None:
    plot = panel.tasks.plot
    plot.show_rates(())
    assert plot.accessibleDescription() == "Tasks a second will be drawn here"
    plot.show_rates((Rates(5.0, 0.0), Rates(40.0, 1.0), Rates(12.0, 0.0)))
    assert plot.accessibleDescription() == "12 tasks a second now, 40 at most in the last 6 s"


def test_the_plot_draws_done_and_failed_tasks_in_different_colours(panel: WorkerPanel, theme: Theme) -> None:
    plot = panel.tasks.plot
    plot.show_rates(tuple(Rates(10.0, 1.0 if place == 50 else 0.0) for place in range(100)))
    image = plot.grab().toImage()
    seen = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    for colour in (theme.colours.accent, theme.colours.bad):
        assert sum(abs(one.hue() - colour.hue()) < 6 and one.saturation() > 150 for one in seen) > 10


def test_the_log_is_folded_away_and_makes_its_own_room(panel: WorkerPanel, qtbot: QtBot) -> None:
    height = panel.height()
    assert not panel.log.text.isVisible()
    qtbot.mouseClick(panel.log.toggle, Qt.MouseButton.LeftButton)
    assert panel.log.text.isVisible()
    assert panel.height() > height
    qtbot.mouseClick(panel.log.toggle, Qt.MouseButton.LeftButton)
    assert not panel.log.text.isVisible()
    assert panel.height() == height


def test_what_is_unfolded_is_in_sight_on_a_screen_that_is_too_low(
    theme: Theme, actions: WorkerActions, qapp: QApplication, qtbot: QtBot
) -> None:
    with one_font(qapp, 2 * POINTS):
        panel = WorkerPanel(theme, actions, LINK)
        qtbot.addWidget(panel, before_close_func=lambda widget: widget.hide())
        panel.show_state(working())
        panel.show()
        qtbot.waitUntil(lambda: panel._scroll.verticalScrollBar().maximum() > 0)
        qtbot.mouseClick(panel.log.toggle, Qt.MouseButton.LeftButton)
        text = panel.log.text
        qtbot.waitUntil(lambda: text.isVisible() and text.visibleRegion().boundingRect().size() == text.size())
        panel.limits.more.set_open(True)
        row = panel.limits.rows[MORE_ROWS[-1]]
        qtbot.waitUntil(lambda: row.isVisible() and row.visibleRegion().boundingRect().size() == row.size())


@pytest.mark.parametrize("share", [1.5, 2.0])
def test_no_row_of_what_scrolls_is_seen_in_part(
    theme: Theme, actions: WorkerActions, qapp: QApplication, qtbot: QtBot, share: float
) -> None:
    with one_font(qapp, share * POINTS):
        panel = WorkerPanel(theme, actions, LINK)
        qtbot.addWidget(panel, before_close_func=lambda widget: widget.hide())
        panel.show_state(working())
        panel.limits.more.set_open(True)
        panel.show()
        bar = panel._scroll.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.maximum() > 0)
        QApplication.processEvents()
        for at in range(0, bar.maximum() + 1, 5):
            bar.setValue(at)
            assert {*_at_the_edge(panel._scroll)} <= {"'idle'", "'Tasks a second will be drawn here'"}  # no rows


def test_the_whole_log_is_copied_with_its_times(panel: WorkerPanel, qtbot: QtBot) -> None:
    panel.log.add("Joined lab:8888 with 6 processors.")
    panel.log.add("Paused.")
    panel.log.toggle.set_open(True)
    qtbot.mouseClick(panel.log.copy, Qt.MouseButton.LeftButton)
    assert panel.log.copy.text() == "Copied"
    lines = QApplication.clipboard().text().splitlines()
    assert [line.partition("  ")[2] for line in lines] == ["Joined lab:8888 with 6 processors.", "Paused."]
    assert all(line[2] == line[5] == ":" for line in lines)


def test_the_log_does_not_grow_without_end(panel: WorkerPanel) -> None:
    for number in range(1100):
        panel.log.add(str(number))
    assert panel.log.text.blockCount() == 1000
    assert panel.log.text.toPlainText().endswith("1099")


def test_the_buttons_follow_their_actions(qtbot: QtBot, theme: Theme) -> None:
    actions = WorkerActions(8)
    panel = WorkerPanel(theme, actions)
    qtbot.addWidget(panel, before_close_func=lambda widget: widget.hide())
    actions.show_state(WorkerState())
    assert (panel.pause.text(), panel.pause.isEnabled()) == ("Pause", False)
    actions.show_state(working(kind="paused", limit="pause"))
    assert (panel.pause.text(), panel.pause.isEnabled()) == ("Resume", True)
    with qtbot.waitSignal(actions.quit.triggered):
        qtbot.mouseClick(panel.quit, Qt.MouseButton.LeftButton)


def test_typing_goes_into_an_empty_link_field_first(qtbot: QtBot, theme: Theme) -> None:
    panel = WorkerPanel(theme, WorkerActions(8))
    qtbot.addWidget(panel, before_close_func=lambda widget: widget.hide())
    panel.show_state(WorkerState())
    panel.show()
    assert panel.focusWidget() is panel.link.field


def test_after_joining_the_keyboard_steers_the_slider_and_not_disconnect(panel: WorkerPanel, qtbot: QtBot) -> None:
    panel.show_state(WorkerState(nprocs=6, cpus=8))
    panel.link.field.setFocus()
    qtbot.waitUntil(panel.link.field.hasFocus)
    panel.show_state(working())
    assert panel.focusWidget() is panel.processors.slider


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_message_makes_the_panel_higher_and_not_wider(panel: WorkerPanel, qtbot: QtBot, kind: str) -> None:
    width, height = panel.width(), panel.height()
    long = "The master at a-host-with-a-long-name.example.org:8888 does not accept this key. " * 8
    panel.show_state(working(kind=kind, message=long, link_problem=long))
    qtbot.waitUntil(lambda: panel.height() > height)
    assert panel.width() == width


def test_the_panel_redraws_nothing_while_nobody_sees_it(panel: WorkerPanel) -> None:
    panel.hide()
    before = panel.tasks.plot.rates
    panel.show_state(working(done=99_999))
    assert panel.tasks.plot.rates is before


@pytest.mark.parametrize(
    ("icon", "corner"),
    [
        (QRect(1400, 876, 24, 24), QPoint(1440 - 430, 876 - 600 - 6)),  # below on the right, where most trays are
        (QRect(1400, 0, 24, 24), QPoint(1440 - 430, 24 + 6)),  # above on the right
        (QRect(0, 876, 24, 24), QPoint(0, 876 - 600 - 6)),  # below on the left
        (QRect(700, 0, 24, 24), QPoint(711 - 215, 30)),  # in the middle above
        (QRect(1416, 400, 24, 24), QPoint(1010, 300)),  # at a side, where there is less room below than it needs
    ],
)
def test_the_panel_opens_beside_the_icon_and_wholly_on_the_screen(icon: QRect, corner: QPoint) -> None:
    screen = QRect(0, 0, 1440, 900)
    size = QSize(430, 600)
    assert place_beside(icon, size, screen) == corner
    assert screen.contains(QRect(corner, size))


@pytest.mark.parametrize("icon", [QRect(), QRect(0, 776, 24, 24), QRect(776, 0, 24, 24)])
def test_the_panel_opens_no_higher_than_the_screen(panel: WorkerPanel, icon: QRect) -> None:
    room = panel.screen().availableGeometry()
    panel.hide()
    panel.resize(panel.width(), room.height() + 60)  # as on a screen that is lower than it is at first
    panel.bring_up(icon)
    assert panel.height() < room.height()
    assert panel.frameGeometry().bottom() <= room.bottom()


def test_a_panel_that_grows_at_the_bottom_of_the_screen_stays_on_it(panel: WorkerPanel, qtbot: QtBot) -> None:
    room = panel.screen().availableGeometry()
    panel.resize(panel.minimumSize())
    panel.move(room.left(), room.bottom() + 1 - panel.frameGeometry().height())
    before = panel.height()
    panel.offer.show_link(LINK)
    panel.limits.more.set_open(True)
    qtbot.waitUntil(lambda: panel.height() > before + 50)
    assert panel.frameGeometry().bottom() <= room.bottom()
    assert panel.frameGeometry().top() >= room.top()


def test_the_first_moment_of_work_is_drawn(qtbot: QtBot, theme: Theme) -> None:
    plot = ThroughputPlot(theme)
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show_rates((Rates(5000.0),))
    image = plot.grab().toImage()
    low = image.height() - 2 * plot.fontMetrics().height()  # above the words below the drawing
    assert image.pixelColor(image.width() - 4, low) != image.pixelColor(image.width() // 2, low)
