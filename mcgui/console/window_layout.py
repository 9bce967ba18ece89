"""Where the panels and the window are: the default, what is remembered of them, and the way to each by its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRect, QSize, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QTabBar, QWidget

from mcgui.console.actions import ActionRegistry
from mcgui.console.column_heights import Comfort
from mcgui.console.dock_area import DockArea
from mcgui.console.parts.window_message_bar import Message
from mcgui.console.window_parts import Parts
from mcgui.scale import scaled
from mcgui.settings import Settings

#: Pixels of the window at first, where the screen has as many.
_SIZE: Final = QSize(1440, 900)
#: What a window manager may put around it.
_FRAME: Final = QSize(8, 40)
_LEFT: Final = ("environment", "job")
_RIGHT: Final = ("workers", "throughput", "work")
_HEIGHTS: Final = {"environment": 600, "job": 260, "workers": 285, "throughput": 240, "work": 310}
_WIDTHS: Final = (490, 910)
#: Pixels of a window's top that have to be on some screen, so that a mouse can take hold of it.
_HOLD: Final = 48


class WindowLayout(QObject):
    """Arranges the panels of a window, and keeps their arrangement for the next time."""

    def __init__(self, window: QWidget, docks: DockArea, parts: Parts, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._docks, self._settings = window, docks, settings
        tabs = parts.tabs
        for name, title, widget in (
            ("environment", "Environment", parts.environment),
            ("job", "Job", parts.form),
            ("workers", "Workers", parts.workers),
            ("throughput", "Throughput", parts.plot),
            ("work", "Jobs and results", tabs),
        ):
            spares = parts.form.spares if name == "job" else ()
            docks.add(name, title, widget, left=name in _LEFT, whole=name == "job", spares=spares)
        # What gives way in a window that is too low for all, the first one first.
        docks.give_way(
            Comfort("throughput", parts.plot.comfort, parts.plot.least),
            Comfort("work", tabs.comfort),
            Comfort("workers", parts.workers.comfort, parts.workers.least_comfort),
            Comfort("work", parts.first_run.comfort),
            Comfort("environment", parts.environment.comfort),
        )
        self._tabs, self._messages = tabs, parts.messages
        self._panels: dict[str, tuple[str, QWidget]] = {
            "go_environment": ("environment", parts.environment),
            "go_job": ("job", parts.form),
            "go_workers": ("workers", parts.workers),
            "go_throughput": ("throughput", parts.plot),
            "go_jobs": ("work", tabs.jobs),
            "go_results": ("work", tabs.results),
            "go_failures": ("work", tabs.failures),
            "go_log": ("work", tabs.log),
        }

    def connect_actions(self, actions: ActionRegistry) -> None:
        """Let the actions of the menu View do what they say."""
        actions["reset_layout"].triggered.connect(self.reset_by_hand)
        for name in self._panels:
            actions[name].triggered.connect(self._on_go)

    @Slot()
    def reset(self) -> None:
        """Put all panels where they are at first."""
        self._docks.arrange(_LEFT, _RIGHT, _HEIGHTS, (scaled(_WIDTHS[0]), _WIDTHS[1]))

    @Slot()
    def reset_by_hand(self) -> None:
        """The same, with a way back for who did not mean it."""
        before, left = self._docks.layout_state(), self._docks.left_width
        self.reset()
        undo = ("Undo", lambda: self._put_back(before, left))
        text = "All panels are where they were at first."
        self._messages.say(Message("layout", text, "info", actions=(undo,), passes=True))

    def _put_back(self, state: QByteArray, left: int) -> None:
        self._docks.restore_layout(state)
        self._docks.left_width = left

    def restore(self) -> None:
        """Put window and panels where they were last time; where that is not known, where they are at first."""
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        self._window.resize(_SIZE.boundedTo(screen - _FRAME))
        self.reset()
        geometry = self._settings.data("console/geometry")
        if not geometry.isEmpty():
            self._window.restoreGeometry(geometry)
            self._come_back()
        if self._docks.restore_layout(self._settings.data("console/layout")):
            self._docks.left_width = self._settings.number("console/left", _WIDTHS[0])

    def remember(self) -> None:
        """Keep size and layout for the next time."""
        self._settings.set("console/geometry", self._window.saveGeometry())
        self._settings.set("console/layout", self._docks.layout_state())
        self._settings.set("console/left", self._docks.left_width)
        self._settings.sync()

    def go_to(self, name: str) -> None:
        """Bring this panel in sight, and the focus into it."""
        dock, panel = self._panels[name]
        if dock == "work":
            self._tabs.bring(panel)
        self._go_to(dock, panel)

    def go_to_work(self) -> None:
        """The same for what is shown of the job, whichever of the tabs that is."""
        self._go_to("work", self._tabs.current)

    def _go_to(self, dock: str, panel: QWidget) -> None:
        self._docks.show_panel(dock)
        panel.window().activateWindow()  # where it floats
        first = _first_control(panel)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _come_back(self) -> None:
        """A screen that is not there any more must not keep the window."""
        place = self._window.geometry()
        top = QRect(place.left(), place.top(), place.width(), _HOLD)
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if not any(screen.intersected(top).width() >= _HOLD for screen in screens):
            self._window.move(screens[0].topLeft())

    @Slot()
    def _on_go(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction), "connected to actions only"
        self.go_to(action.objectName())


def _first_control(panel: QWidget) -> QWidget | None:
    """What of the panel the Tab key reaches first: a table or an editor before the fields and buttons around it."""
    wanted = Qt.FocusPolicy.TabFocus
    found = [one for one in _in_tab_order(panel) if one.isVisible() and one.isEnabled()]
    reached = [one for one in found if one.focusPolicy() & wanted and not isinstance(one, QTabBar)]
    main = [one for one in reached if one.property("main")]
    areas = [one for one in reached if one.inherits("QAbstractScrollArea")]
    return next(iter([*main, *areas, *reached]), None)


def _in_tab_order(panel: QWidget) -> Iterator[QWidget]:
    """What is in the panel, as the Tab key comes to it: not as it lies in boxes and splitters."""
    one = panel.nextInFocusChain()
    while one is not None and one is not panel:
        if panel.isAncestorOf(one):
            yield one
        one = one.nextInFocusChain()
