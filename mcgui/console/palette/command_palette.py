"""The command palette: everything that the window can do, found by a few letters and done by Enter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QColor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.palette.palette_delegate import PaletteDelegate
from mcgui.console.palette.palette_model import PaletteModel
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone

_WIDTH: Final = 620
_HEIGHT: Final = 420
_TOP: Final = 54
#: Rows that are as good as any number: more never fit.
_MOST_ROWS: Final = 30
#: These move the choice while the field has the focus.
_MOVES: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QFrame):
    """Lies over the window while it is open; `leaves` gives what can be found: (path of the menu, action)."""

    def __init__(self, leaves: Callable[[], Iterable[tuple[str, QAction]]], theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._leaves, self._theme = leaves, theme
        self._before: QWidget | None = None  # had the focus
        self.setObjectName("palette")
        self.setAccessibleName("Find an action")
        self.setAutoFillBackground(True)
        self._field = QLineEdit(self)
        self._field.setAccessibleName("Letters of the action to find")
        self._field.setPlaceholderText("What do you want to do?")
        self._field.setClearButtonEnabled(False)
        self._field.textChanged.connect(self._on_typed)
        self._field.installEventFilter(self)
        self.model = PaletteModel(self)
        self.list = QListView(self)
        self.list.setAccessibleName("Actions that fit")
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._on_chosen)
        self._nothing = QLabel("No action has these letters.", self)
        set_tone(self._nothing, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self._field)
        layout.addWidget(self._nothing, 1)
        layout.addWidget(self.list, 1)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 110))
        self.setGraphicsEffect(shadow)
        theme.changed.connect(self._dress)
        window.installEventFilter(self)
        self._dress()
        self.hide()

    @property
    def typed(self) -> QLineEdit:
        """The field that letters are typed into."""
        return self._field

    @Slot()
    def open(self) -> None:
        """Open it, empty; once more closes it."""
        if self.isVisible():
            self.dismiss()
            return
        self._before = QApplication.focusWidget()
        self.model.set_leaves(tuple(self._leaves()))
        self._field.clear()
        self._on_typed("")
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def dismiss(self) -> None:
        """Close it, and give the focus back to whoever had it."""
        if not self.isVisible():
            return
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        if watched is self._field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            # After the focus has settled: a click on the list takes it nowhere.
            QTimer.singleShot(0, self, self._close_without_focus)
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in _MOVES:
            QApplication.sendEvent(self.list, event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_chosen(self.list.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):  # there is nowhere else to go in here
            return False
        return True

    @Slot()
    def _close_without_focus(self) -> None:
        focus = QApplication.focusWidget()
        if self.isVisible() and focus is not None and not self.isAncestorOf(focus):
            self._before = None
            self.hide()

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        self.model.find(typed)
        self._place()
        there = self.model.rowCount() > 0
        self.list.setVisible(there)
        self._nothing.setVisible(not there)
        if there:
            self.list.setCurrentIndex(self.model.index(0, 0))
            self.list.scrollToTop()

    @Slot("QModelIndex")
    def _on_chosen(self, index: QModelIndex) -> None:
        """Do it; what cannot be done now stays in sight with its reason."""
        if not index.isValid():
            return
        entry = self.model.entry(index.row())
        if entry.why_not:
            return
        # First the focus goes back: what is done may be about whoever has it.
        self.dismiss()
        entry.action.trigger()

    def _place(self) -> None:
        window = self.window()
        width, most = min(scaled(_WIDTH), window.width() - 24), min(scaled(_HEIGHT), window.height() - _TOP - 12)
        rows = min(self.model.rowCount(), _MOST_ROWS)
        around = self._field.sizeHint().height() + 34
        ends = list(accumulate(self.list.sizeHintForRow(row) for row in range(rows))) or [scaled(44)]
        height = around + max((end for end in ends if end + around <= most), default=ends[0])  # no half of a row
        self.setGeometry((window.width() - width) // 2, _TOP, width, height)

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#palette {{ background: {colours.panel.name()}; border: 1px solid {colours.border.name()};"
            " border-radius: 10px; }"
        )
