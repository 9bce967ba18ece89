"""The line above the log: which lines are wanted, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from mcgui.console.log.log_lines import Kind, LogQuery
from mcgui.console.parts.elided_label import ElidedChoice, ElidedLabel
from mcgui.console.parts.search_field import SearchField
from mcgui.icons import icon, show_copied
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.messages import JobStatus, NodeStatus

T = TypeVar("T")
#: Milliseconds after a key press in which nothing else is typed, before the log is searched.
_PAUSE: Final = 250
#: Jobs that are offered, the newest.
_JOBS: Final = 50
#: What is said of the lines has the room of this beside the choices; where that is too little, a shorter form of it.
_WORDS: Final = "The latest 10,000 entries"
#: What the buttons say, and the pixels of one that shows a sign instead.
_COPY: Final = "Copy all"
_SAVE: Final = "Save…"
_SIGN: Final = 34
_KINDS: Final[dict[str, Kind]] = {"Everything": "", "Events": "events", "Printed": "out", "Errors printed": "err"}


class LogHeader(QWidget):
    """Signals: asked(LogQuery); copy_wanted(); save_wanted(); earlier_wanted()."""

    asked = Signal(object)
    copy_wanted = Signal()
    save_wanted = Signal()
    earlier_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._query = LogQuery()
        self._there: tuple[str, ...] = ()  # nodes that the master tells of
        self._heard: set[str] = set()  # and those that are known by what they printed, or were asked for
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.words = ElidedLabel(self, least=scaled(160))  # a count that is cut says nothing
        set_tone(self.words, "muted")
        self.earlier = _button("Earlier", "Look for lines from before those that are shown", self)
        self.earlier.clicked.connect(self.earlier_wanted)
        self.earlier.hide()
        self.kind: _Choice[str] = _Choice("Show only lines of this kind", _KINDS, self)
        self.node: _Choice[str] = _Choice(
            "Show only what this worker said, or what is about it", ("All workers",), self
        )
        self.job: _Choice[int] = _Choice("Show only what is about this job", ("All jobs",), self)
        self.kind.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # its words are few, and short
        for choice in (self.kind, self.node, self.job):
            choice.currentIndexChanged.connect(self._ask)
        self.filter = SearchField(self)
        self.filter.setPlaceholderText("Search the log")
        self.filter.setAccessibleName("Search the log")
        self.filter.setToolTip(
            "Show only lines that have this text, or were printed on a worker with it in its name, be it gone or not"
        )
        self.filter.setMaximumWidth(scaled(170))
        self.filter.setMinimumWidth(scaled(110))
        self.filter.textChanged.connect(self._pause.start)
        self._copy = _button(_COPY, "Copy the lines that are shown", self)
        self._copy.clicked.connect(self.copy_wanted)
        self._copy.clicked.connect(lambda: show_copied(self._copy))
        self._save = _button(_SAVE, "Write all lines that fit, also those of before, to a file", self)
        self._save.clicked.connect(self.save_wanted)
        self._choices, self._buttons = _row(self.kind, self.node), _row(self.filter, self._copy, self._save)
        self._choices.addStretch(1)  # a row of their own is wider than they are: they begin where the words do
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 4, 4, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self.words, 0, 0)
        self._grid.addWidget(self.earlier, 0, 1)
        self._rows, self._in_signs = 0, False
        self._divide(1)
        theme.changed.connect(self._dress)

    def minimumSizeHint(self) -> QSize:
        """What it needs with three rows, as it has before anything is cut."""
        margins = self._grid.contentsMargins()
        first = self.words.minimumSizeHint().width() + 8 + self.job.minimumSizeHint().width()
        second = self.kind.sizeHint().width() + 8 + self.node.minimumSizeHint().width()
        least = max(first, second, self._buttons.minimumSize().width()) + margins.left() + margins.right()
        return QSize(least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_rows()

    def offer_earlier(self, offered: bool) -> None:
        """Whether there are lines from before those that are shown."""
        self.earlier.setVisible(offered)
        self._choose_rows()

    def _choose_rows(self) -> None:
        self._in_signs = False
        self._dress()  # with the texts on them, which are measured
        rows = self._rows_needed(in_signs=False)
        self._in_signs = rows == 3 > self._rows_needed(in_signs=True)
        self._dress()
        self._divide(2 if self._in_signs else rows)

    @Slot()
    def _dress(self) -> None:
        """The buttons say what they do, or show it by signs where that saves a row, which is one more of the log."""
        for button, text, sign in ((self._copy, _COPY, "copy"), (self._save, _SAVE, "save")):
            if not button.property("copied"):
                button.setText("" if self._in_signs else text)
                button.setIcon(icon(sign, self._theme.colours.muted) if self._in_signs else QIcon())

    def _rows_needed(self, in_signs: bool) -> int:
        choices = sum(choice.sizeHint().width() + 8 for choice in (self.kind, self.node, self.job))
        margins = self._grid.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        earlier = 0 if self.earlier.isHidden() else self.earlier.sizeHint().width() + 8
        if in_signs:  # beside the shortest words and the shortest field
            buttons = self.filter.minimumWidth() + 2 * (8 + scaled(_SIGN))
            return 2 if room >= max(choices, self.words.minimumSizeHint().width() + 8 + earlier + buttons) else 3
        buttons = sum(one.sizeHint().width() + 8 for one in (self.filter, self._copy, self._save)) - 8
        words = self.words.fontMetrics().horizontalAdvance(_WORDS) + 8 + earlier
        return 1 if room >= words + choices + buttons else 2 if room >= max(choices, words + buttons) else 3

    def _divide(self, rows: int) -> None:
        """Words, choices and buttons in so many rows."""
        if rows == self._rows:
            return
        self._rows = rows
        for row in (self._choices, self._buttons):
            self._grid.removeItem(row)
        self._choices.removeWidget(self.job)  # from where it is: else it would be there twice, and leave a gap
        if rows == 3:
            self._grid.addWidget(self.job, 0, 2)
        else:
            self._grid.removeWidget(self.job)
            self._choices.insertWidget(2, self.job)
        self._grid.addLayout(
            self._buttons, rows - 1 if rows == 3 else 0, 0 if rows == 3 else 3, 1, 4 if rows == 3 else 1
        )
        self._grid.addLayout(self._choices, int(rows > 1), 2 if rows == 1 else 0, 1, 1 if rows == 1 else 4)

    @property
    def query(self) -> LogQuery:
        """What is wanted."""
        return LogQuery(
            self.filter.text().strip(),
            self.node.value or "",
            _KINDS[self.kind.currentText()],
            self.job.value,
        )

    def show_nodes(self, nodes: tuple[NodeStatus, ...]) -> None:
        """Offer these, those that have gone too."""
        self._there = tuple(node.name for node in nodes)
        self._offer_nodes()

    def add_nodes(self, names: Iterable[str]) -> None:
        """Offer these too: nodes that may have left before the master was started, and are known by their lines."""
        if not self._heard.issuperset(names := tuple(names)):
            self._heard.update(names)
            self._offer_nodes()

    def forget_nodes(self) -> None:
        """Another master is shown, with nodes of its own."""
        self._there = ()
        self._heard.clear()
        self._offer_nodes()

    def _offer_nodes(self) -> None:
        names = sorted(self._heard.union(self._there))
        self.node.offer([("All workers", None), *((name, name) for name in names)])

    def show_jobs(self, jobs: tuple[JobStatus, ...]) -> None:
        newest = sorted(jobs, key=lambda job: -job.id)[:_JOBS]
        self.job.offer([("All jobs", None), *((f"{job.id}: {job.name}", job.id) for job in newest)])

    def show_only(self, node: str) -> None:
        """Show all that this node said, and what is about it."""
        self.add_nodes((node,))
        for choice in (self.kind, self.node, self.job):
            choice.blockSignals(True)  # all of it is asked at once
            choice.setCurrentIndex(0)
        self.node.choose(node)
        for choice in (self.kind, self.node, self.job):
            choice.blockSignals(False)
        self.filter.clear()
        self._pause.stop()
        self._ask()

    @Slot()
    def _ask(self) -> None:
        query = self.query
        if query != self._query:
            self._query = query
            self.asked.emit(query)


class _Choice(ElidedChoice, Generic[T]):
    """Offers what there is to choose from, which may be hundreds of nodes and is told again with each snapshot."""

    def __init__(self, name: str, texts: Iterable[str], parent: QWidget) -> None:
        super().__init__(parent)
        guard_from_wheel(self)
        self._entries: list[tuple[str, T | None]] = []
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMaximumWidth(scaled(150))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(8)  # where there is less room than that
        self.offer([(text, None) for text in texts])

    @property
    def value(self) -> T | None:
        """What the chosen text stands for."""
        return self._entries[self.currentIndex()][1]

    def choose(self, value: T | None) -> None:
        """Choose what stands for this, or else the first."""
        values = [known for _, known in self._entries]
        self.setCurrentIndex(values.index(value) if value in values else 0)

    def offer(self, entries: list[tuple[str, T | None]]) -> None:
        """Offer these (text, value), and keep what is chosen; where they are the same as before, do nothing."""
        if entries == self._entries or self.view().isVisible():  # not under somebody's pointer
            return
        chosen = self.value if self._entries else None
        self._entries = entries
        self.blockSignals(True)
        self.clear()
        self.addItems([unturned(text) for text, _ in entries])  # one by one, 500 nodes take 20 ms
        self.choose(chosen)
        self.blockSignals(False)
        if self.value != chosen:  # it is not offered any more
            self.currentIndexChanged.emit(self.currentIndex())


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return row


def _button(text: str, tip: str, head: LogHeader) -> QPushButton:
    button = QPushButton(text, head)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    return button
