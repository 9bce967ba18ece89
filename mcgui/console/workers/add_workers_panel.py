"""The panel that tells in three steps how another computer joins; and who works along already without that."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mcgui.card import Card
from mcgui.console.master.session import SessionState
from mcgui.console.parts.buttons import icon_button
from mcgui.console.workers.copy_field import CopyField
from mcgui.console.workers.dask_cluster_rows import DaskClusterRows
from mcgui.console.workers.join_commands import hidden, ways
from mcgui.console.workers.local_worker_row import LocalWorkerRow
from mcgui.console.workers.qr_code import QrCode
from mcgui.console.workers.step_box import StepBox, explanation
from mcgui.icons import icon
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone
from mcgui_core.protocol.join_link import JoinLink

#: Pixels of the panel below which the steps stand below each other.
_NARROW = 1120
#: ... and times the width of these words.
_WORDS, _TIMES = "Command prompt", 10
_LEAST = 480
#: Pixels between two steps that stand beside each other, and below each other.
_BESIDE, _BELOW = 28, 14


class AddWorkers(Card):
    """Shows a master's worker link, and what to do with it.

    Signals: `sharing_wanted(bool)`: let other computers reach the master, or only this one. `closed`.
    """

    sharing_wanted = Signal(bool)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Add workers", parent)
        self._theme = theme
        self._link = ""
        self._close = icon_button("Close this panel", self, size=15)
        self._close.clicked.connect(self.closed)
        self.header.addWidget(self._close)
        self._steps = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._steps.setSpacing(_BESIDE)
        self._second, self._third = self._make_second(), self._make_third()
        self._steps.addWidget(self._make_first(), 3)
        self._last_steps = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._last_steps.setSpacing(_BESIDE)
        self._last_steps.addWidget(self._second, 7)
        self._last_steps.addWidget(self._third, 4)
        self._steps.addLayout(self._last_steps, 11)
        self.body.addLayout(self._steps)
        self.setMinimumWidth(scaled(_LEAST))  # else the steps beside each other would be the least
        theme.changed.connect(self._dress)
        self._dress()
        self._on_way_chosen(0)

    # The steps

    def _make_first(self) -> QWidget:
        step = StepBox(1, "Let others reach this computer", self._theme, self)
        self.share = QCheckBox("Let other computers join", self)
        self.share.setAccessibleName("Let other computers join")
        self.share.clicked.connect(self.sharing_wanted)
        self._reach = explanation("", self)
        step.body.addWidget(self.share)
        step.body.addWidget(self._reach)
        return step

    def _make_second(self) -> QWidget:
        step = StepBox(2, "Start a worker on the other computer", self._theme, self)
        self._make_code()
        step.head.addWidget(self.show_key)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self._make_commands(), 1)
        row.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        step.body.addLayout(row)
        return step

    def _make_commands(self) -> QVBoxLayout:
        self._ways = QButtonGroup(self)
        choice = QHBoxLayout()
        choice.setSpacing(6)
        for number, way in enumerate(ways("")):
            button = QPushButton(way.label, self)
            button.setProperty("segment", True)
            button.setCheckable(True)
            button.setChecked(number == 0)
            button.setAccessibleName(f"How to join: {way.label}")
            self._ways.addButton(button, number)
            button.setAutoExclusive(True)  # which a screen reader calls a radio button
            choice.addWidget(button)
        choice.addStretch(1)
        self._ways.idClicked.connect(self._on_way_chosen)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._captions: list[QLabel] = []
        self._fields: list[CopyField] = []
        for row, (caption, _) in enumerate(ways("")[0].lines):
            words = QLabel(caption, self)
            set_tone(words, "muted")
            field = CopyField(caption, self._theme, self)
            words.setBuddy(field.field)
            self._captions.append(words)
            self._fields.append(field)
            grid.addWidget(words, row, 0)
            grid.addWidget(field, row, 1)
        self.link_field = CopyField("The worker link", self._theme, self)
        label = QLabel("Worker link", self)
        set_tone(label, "muted")
        label.setBuddy(self.link_field.field)
        grid.addWidget(label, len(self._fields), 0)
        grid.addWidget(self.link_field, len(self._fields), 1)
        self._then = explanation("", self)
        made = QVBoxLayout()
        made.setSpacing(8)
        made.addLayout(choice)
        made.addLayout(grid)
        made.addWidget(self._then)
        made.addStretch(1)
        return made

    def _make_code(self) -> None:
        self.code = QrCode("The worker link as a QR code", parent=self)
        self.code.hide()
        self.show_key = QPushButton("Show key and QR code", self)
        self.show_key.setCheckable(True)
        self.show_key.setAccessibleName("Show the key in the link, and the QR code")
        self.show_key.setToolTip("Whoever sees the key can join. It is covered for screens that others look at")
        self.show_key.toggled.connect(self._fill)

    def _make_third(self) -> QWidget:
        step = StepBox(3, "See it appear under Workers", self._theme, self)
        self.own = LocalWorkerRow(self)
        self.dask = DaskClusterRows(self._theme, self)
        step.body.addWidget(
            explanation("It appears within a second, and takes tasks at once. These work along without a link:", self)
        )
        step.body.addWidget(self.own)
        step.body.addWidget(self.dask)
        return step

    # What it shows

    @property
    def link(self) -> str:
        return self._link

    def show_session(self, state: SessionState, worker_link: str) -> None:
        """Show how the session stands; `worker_link` is "" while there is no master."""
        self._link = worker_link
        wish = state.wish
        self.share.setVisible(wish.own)
        self.share.setChecked(wish.shared)
        self.share.setEnabled(state.kind != "starting")
        self._reach.setText(self._reach_words(state))
        self.own.show_wish(wish.worker, wish.nprocs, possible=bool(worker_link))
        self.dask.setEnabled(bool(worker_link))
        self._fill()

    def _reach_words(self, state: SessionState) -> str:
        wish = state.wish
        if not self._link:
            return state.problem or "The master is starting. Its link will be here in a moment."
        if not wish.own:
            return f"Workers join the master at {state.address}, which runs on its own."
        if wish.shared:
            return (
                f"Every computer that reaches {JoinLink.parse(self._link).address} and has the link can work here. "
                "Connections are encrypted. A worker runs your functions, and can do nothing else."
            )
        return (
            "The master listens on 127.0.0.1, which only this computer reaches. Switch this on to let others in; "
            "jobs and results are kept, and what runs is run again."
        )

    @Slot(int)
    def _on_way_chosen(self, _number: int) -> None:
        self._fill()

    @Slot()
    def _fill(self) -> None:
        bare = self.show_key.isChecked()
        covered = self._link if bare else hidden(self._link)
        number = max(self._ways.checkedId(), 0)
        shown, whole = ways(covered)[number], ways(self._link)[number]
        lines = zip(self._captions, self._fields, shown.lines, whole.lines, strict=True)
        for words, field, (caption, command), (_, copied) in lines:
            words.setText(caption)
            field.set_text(command, copied if self._link else "")
            field.field.setAccessibleName(f"{caption}: the command")
        self._then.setText(shown.then)
        self._then.setVisible(bool(shown.then))
        self.link_field.set_text(covered, self._link)
        self.code.set_text(self._link if bare else "")
        self.code.setVisible(bare and bool(self._link))
        self.show_key.setText("Cover the key" if bare else "Show key and QR code")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Letters grow more in width than lines do in height: beside each other, the ways to start were cut.
        words = self.fontMetrics().horizontalAdvance(_WORDS) * _TIMES
        narrow = self.width() < max(scaled(_NARROW), words)
        _stand(self._steps, below=narrow)
        # The last two are the highest, and beside each other as long as that cuts nothing.
        needed = sum(step.minimumSizeHint().width() for step in (self._second, self._third)) + _BESIDE
        margins = self.contentsMargins() + self._margins()
        _stand(self._last_steps, below=narrow and self.width() - margins.left() - margins.right() < needed)

    def _margins(self) -> QMargins:
        layout = self.layout()
        return layout.contentsMargins() if layout is not None else QMargins()

    @Slot()
    def _dress(self) -> None:
        self._close.setIcon(icon("close", self._theme.colours.muted))


def _stand(steps: QBoxLayout, below: bool) -> None:
    """Have these stand below each other, or beside each other."""
    way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
    if steps.direction() != way:
        steps.setDirection(way)
        steps.setSpacing(_BELOW if below else _BESIDE)
