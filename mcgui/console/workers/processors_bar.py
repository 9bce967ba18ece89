"""A line in the panel of workers that asks how many processors the selected ones are to give."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from mcgui import format
from mcgui.console.parts.buttons import icon_button
from mcgui.console.parts.focus_return import FocusReturn
from mcgui.console.workers.oversubscription import oversubscription
from mcgui.icons import icon
from mcgui.plain_text import plain_button
from mcgui.scale import scaled
from mcgui.theme import Theme, set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.messages import NodeStatus

#: Slots of one node: far beyond any machine, and little enough that a slip of the finger starts no thousand processes.
MOST = 256


class ProcessorsBar(QFrame):
    """Hidden until `ask`. `answered(ids, nprocs)` when the person has said how many."""

    answered = Signal(tuple, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._nodes: tuple[NodeStatus, ...] = ()
        self._focus = FocusReturn(self)
        self.setAccessibleName("Set processors")
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.spin = guard_from_wheel(QSpinBox(self))
        self.spin.setRange(1, MOST)
        self.spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spin.setMinimumWidth(scaled(76))
        self.spin.setAccessibleName("Processors")
        self.spin.valueChanged.connect(self._say)
        self._label.setBuddy(self.spin)
        self._hint = QLabel(self)
        set_tone(self._hint, "muted")
        self.set_button = QPushButton("Set", self)
        self.set_button.setAccessibleName("Set the number of processors")
        self.set_button.clicked.connect(self._on_set)
        self._close = icon_button("Leave the processors as they are", self, "Leave the processors as they are (Esc)")
        self._close.clicked.connect(self._leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._label, self.spin, self.set_button, self._hint):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._close)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def ask(self, nodes: Sequence[NodeStatus]) -> None:
        """Ask about these nodes, with the keyboard on the number."""
        self._nodes = tuple(nodes)
        name = nodes[0].name if len(nodes) == 1 else format.plural(len(nodes), "worker")
        self._label.setText(plain_button(f"Processors of {'each of ' * (len(nodes) > 1)}{name}"))
        self.spin.setValue(max(nodes[0].nprocs, 1))
        self._say()
        self.show()
        self.spin.setFocus(Qt.FocusReason.OtherFocusReason)
        self.spin.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self._leave()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._on_set()
            case _:
                super().keyPressEvent(event)

    @Slot()
    def _on_set(self) -> None:
        self.spin.interpretText()
        self._leave()
        self.answered.emit(tuple(node.id for node in self._nodes), self.spin.value())

    @Slot()
    def _leave(self) -> None:
        self._focus.give_back()
        self.hide()

    @Slot()
    def _say(self) -> None:
        """What the number means for the machines."""
        if not self._nodes:
            return
        cpus = [node.cpus for node in self._nodes]
        warning = oversubscription(self.spin.value(), cpus)
        enough = f"of {cpus[0]}" if len(cpus) == 1 else f"of {min(cpus)} or more"
        self._hint.setText(warning or enough)
        set_tone(self._hint, "warn" if warning else "muted")

    @Slot()
    def _dress(self) -> None:
        self._close.setIcon(icon("close", self._theme.colours.muted))
