"""What an empty panel says: what will be here, and what to do next. And the stack that shows it while it is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from mcgui.plain_text import unturned
from mcgui.screen_reader import give_role
from mcgui.theme import set_tone


class EmptyState(QWidget):
    """A title, a sentence, and the next steps as buttons."""

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(title)
        self._title = QLabel(unturned(title), self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)  # names of jobs are anybody's
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._sentence = QLabel(unturned(sentence), self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        set_tone(self._sentence, "muted")
        self._steps = QHBoxLayout()
        self._steps.addStretch(1)
        self._steps.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 12)
        layout.setSpacing(6)
        layout.addStretch(1)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._sentence)
        layout.addLayout(self._steps)
        layout.addStretch(2)

    def minimumSizeHint(self) -> QSize:
        """While it is seen, with all lines that its sentence has in this width: none of them is cut."""
        hint, layout = super().minimumSizeHint(), self.layout()
        assert layout is not None
        if not self.isVisible() or not layout.hasHeightForWidth():
            return hint
        return QSize(hint.width(), layout.totalHeightForWidth(max(self.width(), hint.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.updateGeometry()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.updateGeometry()

    def add_step(self, label: str, action: Callable[[], object]) -> QPushButton:
        """Offer a next step."""
        button = QPushButton(label, self)
        button.setAccessibleName(label)
        button.clicked.connect(action)
        self._steps.insertWidget(self._steps.count() - 1, button)
        return button

    def say(self, title: str, sentence: str) -> None:
        """Say something else."""
        self._title.setText(unturned(title))
        self._sentence.setText(unturned(sentence))
        self.setAccessibleName(title)


class EmptyStack(QStackedLayout):
    """Either the content or what stands there while it is empty."""

    def __init__(self, content: QWidget, empty: QWidget) -> None:
        super().__init__()
        self._content, self._empty = content, empty
        self.addWidget(content)
        self.addWidget(empty)
        self.show_content(False)

    def minimumSize(self) -> QSize:
        """What the one in sight needs: what nobody sees claims no room."""
        shown = self.currentWidget()
        return shown.minimumSizeHint().expandedTo(shown.minimumSize()) if shown is not None else QSize()

    def show_content(self, there: bool) -> None:
        """The focus goes along: from what goes out of sight it would first go to whatever comes next in the window."""
        before, after = self.currentWidget(), self._content if there else self._empty
        focus = QApplication.focusWidget()
        if before not in (None, after) and focus is not None and (focus is before or before.isAncestorOf(focus)):
            after.setGeometry(before.geometry())
            after.show()
            last: QWidget | None = after.focusWidget()
            (after if last is None else last).setFocus()
        self.setCurrentWidget(after)
