"""The panel of the throughput: tasks completed in each second, over time, all together or each worker's share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QImage, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QMenu, QSizePolicy, QToolButton, QWidget

from mcgui import format
from mcgui.background import Background
from mcgui.card import Card
from mcgui.console.files.file_dialogs import FileDialogs
from mcgui.console.parts.buttons import icon_button, segment_button
from mcgui.console.parts.elided_label import ElidedLabel
from mcgui.console.parts.first_picture import Later
from mcgui.console.parts.panel_notice import Notice
from mcgui.console.parts.time_slices import TimeSlices
from mcgui.console.throughput.throughput_history import TOLD, ThroughputHistory, Window
from mcgui.console.workers.worker_columns import clock
from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.settings import Settings
from mcgui.theme import Theme, set_tone
from mcgui_core.protocol.messages import NodeStatus

if TYPE_CHECKING:
    from mcgui.console.throughput.throughput_picture import ThroughputPicture

#: Label -> seconds that the view looks back at most; None: all there is.
SPANS: Final[dict[str, int | None]] = {"1 min": 60, "10 min": 600, "All": None}
_WORDS: Final = "tasks per second"
#: Pixels of the height of the drawing with its axis, where there is room; of less than the least, nothing can be read
#: beside it: a number stands for it, with a drawing without axes below it where that has its least.
_HIGH: Final = 90
_LEAST: Final = 46
_LINE: Final = 12
_SHORT: Final = "tasks/s"
#: Where choices are kept.
_BY_WORKER: Final = "throughput/by_worker"
_SPAN: Final = "throughput/span"


class ThroughputPlot(Card):
    """Draws a ThroughputHistory. `show_nodes` gives the names; the picture moves on by itself once a second.

    While there is less than a minute to see, the picture is closer: ten seconds at first. Where there is no room for
    it, the number of now stands in its place: the one that the table of workers has as their sum.

    With `settings`, it looks back as far as it did last time, by worker or not.
    """

    drawn = Signal()

    def __init__(
        self,
        history: ThroughputHistory,
        theme: Theme,
        background: Background | None = None,
        dialogs: FileDialogs | None = None,
        time_slices: TimeSlices | None = None,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Throughput", parent)
        self._history, self._theme, self._background, self._settings = history, theme, background, settings
        self._dialogs = dialogs or FileDialogs()
        self._time_slices = time_slices or TimeSlices(self)
        self._names: dict[str, str] = {}
        self._ahead = 0.0  # the master's clock minus ours
        self._span: int | None = 60
        self._rate = 0.0  # tasks a second of all nodes, as they are told
        self._folded = False  # there is no room for the drawing
        self._stopped_at: float | None = None  # the master's time at which the picture stands still
        self._make_head()
        self._restore_choices()
        self._say()
        self.notice = Notice(theme, self)
        module = "mcgui.console.throughput.throughput_picture"
        self._picture: Later[ThroughputPicture] = Later(module, self._make_picture, background, self)
        self._picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture.setMinimumHeight(1)  # how much of it there is room for, is said by its comfort
        self._picture.installEventFilter(self)
        self._picture.made.connect(self._fold)
        self._picture.made.connect(self._on_second)  # in a turn of its own: making it took long enough
        self.body.addWidget(self.notice)
        self.body.addWidget(self._picture)
        if (layout := self.layout()) is not None:  # the drawing has air of its own; folded, it needs none
            margins = layout.contentsMargins()
            layout.setContentsMargins(margins.left(), margins.top(), margins.right(), margins.bottom() // 2)
            layout.setSpacing(2)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_second)
        self._timer.start()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _make_picture(self) -> ThroughputPicture:
        from mcgui.console.throughput.throughput_picture import ThroughputPicture

        return ThroughputPicture(self._theme, self._names, self._picture)

    @property
    def canvas(self) -> ThroughputPicture:
        return self._picture.widget

    def _make_head(self) -> None:
        self._words = ElidedLabel(self, least=0, few=len(_WORDS))  # where it gets narrow, this gives way first
        self._words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        set_tone(self._words, "muted")
        self.header.addWidget(self._words)
        self.by_node = segment_button("By worker", "Show each worker's share, or all of them as one", self)
        self.by_node.setChecked(True)
        self.by_node.toggled.connect(self.draw)
        self.header.addWidget(self.by_node)
        self._spans = QButtonGroup(self)
        for number, label in enumerate(SPANS):
            button = segment_button(label, f"Look back {label}" if SPANS[label] else "Look back to the beginning", self)
            button.setChecked(number == 0)
            self._spans.addButton(button, number)
            button.setAutoExclusive(True)  # which a screen reader calls a radio button
            self.header.addWidget(button)
        self._spans.idClicked.connect(self._on_span_chosen)
        self._pause = icon_button("Hold the picture still", self, size=15)
        self._pause.setCheckable(True)
        self._pause.toggled.connect(self.set_paused)
        self._export = icon_button("Save the picture or its numbers", self, size=15)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._export.setMenu(self._menu)
        self._export.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.header.addWidget(self._pause)
        self.header.addWidget(self._export)

    def _restore_choices(self) -> None:
        if self._settings is None:
            return
        self.by_node.setChecked(self._settings.flag(_BY_WORKER, True))
        span = self._settings.text(_SPAN)
        if span in SPANS:
            self._spans.button(list(SPANS).index(span)).setChecked(True)
            self._span = SPANS[span]
        self.by_node.toggled.connect(self._remember_choices)
        self._spans.idClicked.connect(self._remember_choices)

    @Slot()
    def _remember_choices(self) -> None:
        assert self._settings is not None, "connected with them only"
        self._settings.set(_BY_WORKER, self.by_node.isChecked())
        self._settings.set(_SPAN, list(SPANS)[self._spans.checkedId()])

    def set_actions(self, pause: QAction, picture: QAction, numbers: QAction) -> None:
        """Let these do what the buttons do."""
        self._menu.addActions([picture, numbers])
        pause.toggled.connect(self._pause.setChecked)
        self._pause.toggled.connect(pause.setChecked)
        picture.triggered.connect(self.save_picture)
        numbers.triggered.connect(self.save_numbers)

    # Its height

    def comfort(self) -> int:
        """Pixels of its height that it can do without: the drawing's."""
        return max(_HIGH, scaled(60)) - 1

    def least(self) -> int:
        """Pixels of them with which the drawing can be read still."""
        return scaled(_LEAST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._picture and event.type() == QEvent.Type.Resize:
            self._fold()
        return super().eventFilter(watched, event)

    @Slot()
    def _fold(self) -> None:
        """Have the number of now stand for a drawing that is too low to be read, and for what chooses it."""
        if not self._picture.is_made:
            return
        height = self._picture.height()
        folded = height < self.least()
        self.canvas.show_axes(not folded)
        self.canvas.setVisible(height >= scaled(_LINE))
        if folded != self._folded:
            self._folded = folded
            for button in (self.by_node, *self._spans.buttons()):
                button.setVisible(not folded)
            self._say()
            self.draw()

    def _say(self) -> None:
        """What is drawn, or the number of now where nothing is."""
        if self._stopped_at is not None:
            self._words.say(f"held at {clock(self._stopped_at)}")
        elif self._folded:
            now = self._rate
            self._words.say(f"{format.rate(now)} {_WORDS}", short=f"{format.rate(now, short=True)} {_SHORT}")
        else:
            self._words.say(_WORDS, short=_SHORT)

    # Drawing

    def show_nodes(self, nodes: tuple[NodeStatus, ...], now: float) -> None:
        """The nodes' names, and the time on the master's clock."""
        names = {node.id: node.name for node in nodes}
        are_new = names.items() - self._names.items()
        self._names.update(names)
        self._ahead = now - time.time()
        self._rate = sum(node.rate for node in nodes)
        if self._folded:
            self._say()
        if are_new:  # what is drawn has their ids in place of them
            self._time_slices.put("plot", self.draw)

    def set_span(self, seconds: int | None) -> None:
        """Look back so far; None: to the beginning."""
        self._span = seconds
        self.draw()

    @property
    def window_shown(self) -> Window | None:
        """What is drawn."""
        return self.canvas.window_shown

    @property
    def now(self) -> float:
        """The time at which the picture ends, on the master's clock."""
        return self._stopped_at if self._stopped_at is not None else time.time() + self._ahead - TOLD

    @Slot()
    def _on_second(self) -> None:
        self._time_slices.put("plot", self.draw)

    @Slot()
    def draw(self) -> None:
        """Draw the picture of this moment, unless nobody would see it."""
        if self._is_seen and self._picture.is_made:
            self._draw_now()

    @property
    def _is_seen(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def _draw_now(self) -> None:
        now = self.now
        # Closer, while there is little to see; never further than was asked for.
        close = self._history.busy_span(now, 60)
        window = self._history.window(now, close if self._span == 60 else self._span)
        self.canvas.show_shares(window, self.by_node.isChecked(), now)
        self._timer.setInterval(1000 if len(window.times) * window.step > 30 else 500)
        self.drawn.emit()

    # Holding still, and saving

    @Slot(bool)
    def set_paused(self, paused: bool) -> None:
        """Hold the picture as it is, or go on. What happens meanwhile is kept."""
        self._stopped_at = time.time() + self._ahead - TOLD if paused else None
        self._say()
        self._dress_buttons()
        self.draw()

    @Slot()
    def save_picture(self) -> None:
        """Ask for a file, and write the picture into it."""
        path = self._dialogs.path_for_export(self, "Save the picture", Path("throughput.png"), "PNG (*.png)")
        if path is not None:
            image = self._drawn().grab().toImage()  # twice as fine on a screen that is
            self._write(path, lambda: _save_image(image, path))

    @Slot()
    def save_numbers(self) -> None:
        """Ask for a file, and write what is drawn into it as CSV."""
        rows = self._drawn().numbers()
        assert rows is not None, "it is drawn"
        path = self._dialogs.path_for_export(self, "Save the numbers", Path("throughput.csv"), "CSV (*.csv)")
        if path is not None:
            self._write(path, lambda: _save_csv(rows, path))

    def _drawn(self) -> ThroughputPicture:
        """The picture as it is seen; of this moment, where nobody sees it or nothing had its turn yet to be drawn."""
        picture = self.canvas
        if not self._is_seen or picture.window_shown is None:
            self._draw_now()
        return picture

    def _write(self, path: Path, work: Callable[[], None]) -> None:
        assert self._background is not None, "a panel that saves has somebody who writes"
        self._background.run(
            work,
            lambda _nothing: self.notice.say(f"Saved as {path}", "info"),
            lambda error: self.notice.say(f"{path} was not written: {getattr(error, 'strerror', None) or error}"),
        )

    # Looks

    @Slot(int)
    def _on_span_chosen(self, number: int) -> None:
        self.set_span(list(SPANS.values())[number])

    @Slot()
    def _on_theme_changed(self) -> None:
        self._dress_buttons()
        self.draw()

    def _dress_buttons(self) -> None:
        self._words.setMinimumHeight(self.by_node.sizeHint().height())  # the head is as high without that button
        colour = self._theme.colours.muted
        self._pause.setIcon(icon("run" if self._stopped_at is not None else "pause", colour))
        self._pause.setToolTip("Let the picture move on" if self._stopped_at is not None else "Hold the picture still")
        self._export.setIcon(icon("export", colour))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draw()


def _save_image(image: QImage, path: Path) -> None:
    if not image.save(str(path)):
        raise OSError("the picture cannot be written there")


def _save_csv(rows: Iterable[list[str]], path: Path) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
