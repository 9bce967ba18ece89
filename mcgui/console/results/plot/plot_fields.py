"""What a plot is of: which columns, drawn how; and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from mcgui.console.parts.elided_label import ElidedChoice, ElidedLabel, fewer_parts
from mcgui.console.results.plot.chart_content import KINDS
from mcgui.icons import show_copied
from mcgui.plain_text import plain_tip
from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.queries import TableColumn

#: What stands in the second field for bars, and in the third for points of one colour.
OFTEN: Final = "how often"
PLAIN: Final = "one colour"
#: Pixels between two fields, and where there is little room.
_GAP: Final = 8
_TIGHT: Final = 4
#: Pixels from which on there is room for a word between two fields, and on the button.
_ROOMY: Final = 560
#: Pixels beside the fields that are too few for the plot in words.
_FEW: Final = 170
#: Pixels from which on there is room for the field of colours, which is in the menu otherwise.
_FOUR: Final = 490
_FILES: Final = {
    "png": "Save as a picture…",
    "svg": "Save as SVG…",
    "csv": "Save the numbers…",
    "copy": "Copy the picture",
}


class PlotFields(QWidget):
    """Signals:
    changed(): another plot is wanted: `titles`, `kind`, `log`.
    file_wanted(kind): "png", "svg", "csv", or "copy" for the clipboard.
    """

    changed = Signal()
    file_wanted = Signal(str)

    def __init__(self, parent: QWidget, kinds: Sequence[str] = KINDS, which: QWidget | None = None) -> None:
        """`which` is a field that stands in the place of the one for colours, where those say something else."""
        super().__init__(parent)
        self._has_colour = which is None
        self._drawn: dict[str, str] = {}
        self._others: tuple[QWidget, ...] = ()
        self._row = QHBoxLayout(self)
        self.up = self._field("What is plotted")
        self.against = QLabel("against", self)
        set_tone(self.against, "muted")
        self.across = self._field("Against what it is plotted")
        self.across.setMinimumWidth(max(self.across.minimumWidth(), self.across.width_with(OFTEN)))
        self.colour = self._field("By which column points are coloured")
        self.kind = self._field("How it is drawn")
        self.kind.addItems(kinds)
        self.kind.setMinimumWidth(self.kind.sizeHint().width())  # its words are few and short
        self.words = ElidedLabel(self)
        self.words.setAccessibleName("The plot in words")
        set_tone(self.words, "muted")
        self.more = QPushButton("More", self)
        self.more.setAccessibleName("Axes of the plot, and files of it")
        self.more.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        menu = QMenu(self.more)
        self.log_across, self.log_up = QAction("Logarithmic across", menu), QAction("Logarithmic up", menu)
        for action in (self.log_across, self.log_up):
            action.setCheckable(True)
            action.toggled.connect(self.changed)
            menu.addAction(action)
        self.colours = QMenu("Colour by", menu)
        self.colours.triggered.connect(lambda action: self.colour.setCurrentText(action.text()))
        menu.addMenu(self.colours)
        menu.addSeparator()
        self.files = {}
        for name, label in _FILES.items():
            self.files[name] = menu.addAction(label)
            self.files[name].setData(name)
        menu.aboutToShow.connect(self._fill_colours)
        menu.triggered.connect(self._on_menu)
        self.more.setMenu(menu)
        layout = self._row
        layout.setContentsMargins(8, 2, 4, 0)  # as in the row above
        layout.setSpacing(_GAP)
        self._others = (self.up, self.against, self.across, which or self.colour, self.kind, self.more)
        for widget in self._others[:-1]:
            layout.addWidget(widget)
        layout.addWidget(self.words, 1)
        layout.addStretch(0)
        layout.addWidget(self.more)
        self.show_columns(())

    def _field(self, name: str) -> ElidedChoice:
        made = guard_from_wheel(ElidedChoice(self, Qt.TextElideMode.ElideLeft))  # "result." stands before all of them
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        made.setMinimumContentsLength(5)
        made.setMinimumWidth(scaled(84))  # of a long title, the end is enough where there is little room
        made.currentTextChanged.connect(self._on_chosen)
        return made

    @property
    def titles(self) -> tuple[str, ...]:
        """Of the columns: up, across, colour; none where there is nothing to plot."""
        up, across, colour = self.up.currentText(), self.across.currentText(), self.colour.currentText()
        if not up or across in ("", OFTEN):
            return (up,) if up else ()
        return (up, across) if colour in ("", PLAIN) else (up, across, colour)

    @property
    def log(self) -> tuple[bool, bool]:
        """Across and up."""
        return self.log_across.isChecked(), self.log_up.isChecked()

    def show_columns(self, columns: Sequence[TableColumn]) -> None:
        """Which there are: keep what was chosen if it is among them."""
        drawn = {column.title: column.drawn for column in columns if column.drawn or column.title == "task"}
        results = [title for title in drawn if title.startswith("result")]
        names = list(drawn) if results else []  # arguments alone are not worth a picture
        if drawn == self._drawn and self.up.count():
            return
        self._drawn = drawn
        first = next((title for title in results if drawn[title] == "number"), results[0] if results else "")
        others = [name for name in names if name != "task"]
        for field, entries, usual in (
            (self.up, others, first),
            (self.across, [OFTEN, *names] if names else [], OFTEN),
            (self.colour, [PLAIN, *others] if names else [], PLAIN),
        ):
            before = field.currentText()
            field.blockSignals(True)
            field.clear()
            field.addItems(entries)
            field.setCurrentText(before if before in entries else usual)
            field.blockSignals(False)
        self._on_chosen()

    def minimumSizeHint(self) -> QSize:
        """Of what is there where there is little room."""
        few = (self.up, self.across, self.kind, self.more)
        margins = self._row.contentsMargins()
        wide = sum(one.minimumSizeHint().width() for one in few) + 3 * _TIGHT + margins.left() + margins.right()
        return QSize(wide, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # something in it became wider, or went
            self._arrange()
        return handled

    def say(self, words: str) -> None:
        """The plot in words; where they have no room, the menu's tip has them."""
        self.words.say(words, short=fewer_parts(words))
        self.more.setToolTip(plain_tip(words))
        self._show_words()

    def _show_words(self) -> None:
        """Where there is room for some of them: no more than their first letters say nothing."""
        shown = [one for one in self._others if not one.isHidden()]
        margins = self._row.contentsMargins()
        needed = sum(one.sizeHint().width() + self._row.spacing() for one in shown) + margins.left() + margins.right()
        self.words.setVisible(self.width() - needed >= min(scaled(_FEW), self.words.sizeHint().width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= scaled(_ROOMY)
        self.more.setText("More" if roomy else "…")
        self._row.setSpacing(_GAP if roomy else _TIGHT)
        self._arrange()

    def _arrange(self) -> None:
        """Show what else there is room for beside what one needs, so that no title is cut for it."""
        if not self._others:
            return  # it is being made
        often = self.across.currentText() == OFTEN
        coloured = self._has_colour and not often and self._is_roomy(_FOUR, self.colour)
        self.colour.setVisible(coloured)
        self.against.setVisible(self._is_roomy(_ROOMY, self.against, *([self.colour] if coloured else [])))
        self._show_words()

    def _is_roomy(self, wide: int, *more: QWidget) -> bool:
        """Whether it is so many pixels wide, and these fit beside the rest."""
        optional = (self.colour, self.against)
        needed = [one for one in self._others if one not in optional and not one.isHidden()]
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        taken = sum(one.sizeHint().width() + gap for one in (*needed, *more)) + margins.left() + margins.right()
        return self.width() >= scaled(wide) and self.width() >= taken

    @Slot()
    def _fill_colours(self) -> None:
        """The menu has them where the field has no room."""
        self.colours.clear()
        often = self.across.currentText() == OFTEN
        self.colours.menuAction().setVisible(self._has_colour and not often and self.colour.isHidden())
        for at in range(self.colour.count()):
            action = self.colours.addAction(self.colour.itemText(at))
            action.setCheckable(True)
            action.setChecked(at == self.colour.currentIndex())

    @Slot()
    def _on_chosen(self) -> None:
        often = self.across.currentText() == OFTEN
        self.against.setText("counted" if often else "against")
        self.kind.setVisible(not often)
        self._arrange()
        if self.sender() is self.across and not often:
            boxes = self._drawn.get(self.across.currentText()) == "category"
            self.kind.blockSignals(True)
            self.kind.setCurrentText("Boxes" if boxes else "Points")
            self.kind.blockSignals(False)
        self.changed.emit()

    @Slot(QAction)
    def _on_menu(self, action: QAction) -> None:
        if action.data():
            self.file_wanted.emit(action.data())
            if action.data() == "copy":
                show_copied(self.more)
