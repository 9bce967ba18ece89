"""The list of names that may stand at the cursor, and below it what the chosen one is."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mcgui.console.analysis.jedi_completer import Completion, Described
from mcgui.plain_text import unturned
from mcgui.theme import Theme, monospace, set_tone

_Index = QModelIndex | QPersistentModelIndex
_KIND: Final = Qt.ItemDataRole.UserRole
#: Rows in sight, and pixels.
_ROWS, _WIDTH = 9, 360
#: What jedi calls things, in words that mean something to whoever writes.
_WORDS: Final = {"statement": "value", "instance": "value", "param": "parameter", "path": "file"}


class CompletionModel(QAbstractListModel):
    """Those of the offered names that begin as what was typed does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Completion, ...] = ()
        self._shown: tuple[Completion, ...] = ()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.name
        kind = _WORDS.get(one.kind, one.kind)
        if role == _KIND:
            return kind
        return f"{one.name}, {kind}" if role == Qt.ItemDataRole.AccessibleTextRole else None

    def set_names(self, names: tuple[Completion, ...], prefix: str) -> None:
        self._all = names
        self.narrow(prefix)

    def narrow(self, prefix: str) -> None:
        """Show what begins with this; what has its very letters, capitals and all, first."""
        begun = [one for one in self._all if one.name.lower().startswith(prefix.lower())]
        begun.sort(key=lambda one: (not one.name.startswith(prefix), one.name.startswith("_")))
        self.beginResetModel()
        self._shown = tuple(begun)
        self.endResetModel()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self._shown)


class _Rows(QStyledItemDelegate):
    """Paints the name on the left, and what kind of thing it is on the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colours = self._theme.colours
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        if chosen:
            painter.fillRect(rect, colours.soft)
        inner = rect.adjusted(8, 0, -8, 0)
        kind = str(index.data(_KIND))
        painter.setPen(colours.text if chosen else colours.muted)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, kind)
        painter.setPen(colours.text)
        metrics = QFontMetrics(painter.font())
        room = inner.width() - metrics.horizontalAdvance(kind) - 12
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(_WIDTH, QFontMetrics(option.font).height() + 6)


class CompletionPopup(QFrame):
    """Lies over the window, below the cursor, and never takes the keyboard away from the text.

    Signals:
        chosen(str): this name is to be put in.
        current_changed(str): this name is looked at.
    """

    chosen = Signal(str)
    current_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._window = theme, parent
        self.setObjectName("completionPopup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model = CompletionModel(self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setFont(monospace())
        self.view.setItemDelegate(_Rows(theme, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName("Names that may stand here")
        self.heading, self.doc = self._label(), self._label()
        self.heading.setFont(monospace())
        set_tone(self.doc, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 3, 1, 4)
        layout.setSpacing(4)
        layout.addWidget(self.view)
        layout.addWidget(self.heading)
        layout.addWidget(self.doc)
        self.view.clicked.connect(self._on_clicked)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def set_window(self, window: QWidget) -> None:
        """Lie over another window from now on: a panel can float, and come back."""
        if self._window is not window:
            self._window = window
            self.setParent(window)

    @property
    def current(self) -> str:
        """The name that is looked at; "" where there is none."""
        return str(self.view.currentIndex().data() or "")

    def show_names(self, names: tuple[Completion, ...], prefix: str, below: QRect) -> None:
        """Offer these below (or above) a rectangle of the window; hide where none begins with `prefix`."""
        self.model.set_names(names, prefix)
        self._show_at(below)

    def narrow(self, prefix: str, below: QRect) -> None:
        self.model.narrow(prefix)
        self._show_at(below)

    def step(self, by: int) -> None:
        """Look at the next name, or the one before; after the last one comes the first."""
        count = self.model.rowCount()
        row = self.view.currentIndex().row() + by
        # A page stops at the end, where one step goes round.
        self._look_at(row % count if abs(by) == 1 else min(max(row, 0), count - 1))

    def describe(self, described: Described | None) -> None:
        """Say what the name is that is looked at."""
        if described is None or described.name != self.current:
            return
        self.heading.setText(unturned(described.heading))
        self.doc.setText(unturned(described.doc))
        self.heading.show()
        self.doc.setVisible(bool(described.doc))
        self.adjustSize()

    @property
    def page(self) -> int:
        return _ROWS

    def _show_at(self, below: QRect) -> None:
        rows = self.model.rowCount()
        if not rows:
            self.hide()
            return
        height = self.view.sizeHintForRow(0) * min(rows, _ROWS) + 2 * self.view.frameWidth() + 2
        self.view.setFixedSize(_WIDTH, height)
        self._look_at(0)
        self.adjustSize()
        room = self._window.rect()
        # Where it is too low for the list with its description, it stands above the line.
        top = below.bottom() + 3
        if top + height + 70 > room.bottom():
            top = max(below.top() - self.height() - 3, 0)
        self.move(QPoint(max(min(below.left() - 8, room.right() - self.width()), 0), top))
        self.show()
        self.raise_()

    def _look_at(self, row: int) -> None:
        for label in (self.heading, self.doc):
            label.hide()
        self.view.setCurrentIndex(self.model.index(row))
        self.view.scrollTo(self.model.index(row))
        self.current_changed.emit(self.current)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(str(index.data()))

    def _label(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFixedWidth(_WIDTH - 16)
        label.setContentsMargins(8, 0, 0, 0)
        label.hide()
        return label

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#completionPopup {{ background: {colours.panel.name()}; border: 1px solid {colours.border.name()};"
            " border-radius: 5px; }"
        )
