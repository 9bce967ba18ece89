"""Choosing a function of the environment: a list that follows the editor as it is typed in."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mcgui.theme import set_tone
from mcgui_core.environment import Environment, FunctionInfo
from mcgui_core.errors import FunctionNotFound

_NAME: Final = Qt.ItemDataRole.UserRole
_EMPTY: Final = Environment.parse("")
#: An imported name or a class may be run, but is rarely what is meant.
_CHOSEN_UNASKED: Final = ("def", "lambda", "partial")


class FunctionPicker(QWidget):
    """A combo box of the functions that an environment defines, and what is to say of the one that is chosen.

    `none` is the text for "no function" where that may be chosen (such as "(none)"); "" where one has to be.

    The choice is kept while the source changes: by name, or by place where one function was renamed. A chosen function
    that is gone stays shown as missing, so that nobody runs another one by accident.

    Signals:
        changed(): another function is chosen, or the same one is different.
        jump_wanted(int): go to this line, where the chosen function is defined.
    """

    changed = Signal()
    jump_wanted = Signal(int)

    def __init__(self, name: str, none: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = none
        self._environment = _EMPTY
        self._chosen = ""  # the name; "" is none
        self.combo = QComboBox(self)
        self.combo.setAccessibleName(name)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(12)
        self.combo.activated.connect(self._on_activated)
        self.remark = QLabel(self)
        self.remark.setTextFormat(Qt.TextFormat.PlainText)
        self.remark.setWordWrap(True)
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.combo)
        layout.addWidget(self.remark)
        self._show()

    # What is chosen

    @property
    def name(self) -> str:
        """The name of the chosen function, also where it is missing or refused; "" where none is chosen."""
        return self._chosen

    @property
    def function(self) -> FunctionInfo | None:
        """The chosen function, where the environment defines it."""
        return self._environment.function(self._chosen)

    @property
    def problem(self) -> str:
        """Why the choice cannot be used, as a sentence; "" where it can, or where it cannot be told before it runs."""
        if self._chosen:
            try:
                self._environment.check(self._chosen)
            except FunctionNotFound as error:
                return str(error)
            return ""
        if self._none:
            return ""
        if not self._environment.functions:
            return self.tr("The environment defines no function at its top level yet.")
        return self.tr("Choose the function to run.")

    def choose(self, name: str) -> None:
        """Choose by name, whether the environment defines it (by now) or not; "" chooses none."""
        if name != self._chosen:
            self._chosen = name
            self._show()
            self.changed.emit()

    @Slot()
    def jump(self) -> None:
        """Go to where the chosen function is defined."""
        if self.function is not None:
            self.jump_wanted.emit(self.function.line)

    # Following the editor

    def set_environment(self, environment: Environment) -> None:
        """Offer the functions of this environment. One that does not compile is not given here: the list stays."""
        old, before = self._environment, (self._chosen, self.function, self.problem)
        self._environment = environment
        self._chosen = self._follow(old.functions)
        if old.functions != environment.functions or before != (self._chosen, self.function, self.problem):
            self._show()
        if before != (self._chosen, self.function, self.problem):
            self.changed.emit()

    def start_over(self) -> None:
        """Forget the choice, as when another file was opened: the next environment gives the first one that runs."""
        self._chosen, self._environment = "", _EMPTY
        self._show()

    def _follow(self, old: tuple[FunctionInfo, ...]) -> str:
        """What the choice is among the functions of now."""
        functions = self._environment.functions
        names = [one.name for one in functions]
        if self._chosen in names:
            return self._chosen
        if not self._chosen:
            first = next((one.name for one in functions if not one.refusal and one.kind in _CHOSEN_UNASKED), "")
            return "" if self._none else first
        old_names = [one.name for one in old]
        if self._chosen in old_names and len(names) == len(old_names):
            place = old_names.index(self._chosen)
            if names[:place] + names[place + 1 :] == old_names[:place] + old_names[place + 1 :]:
                return names[place]  # it was renamed
        return self._chosen

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.choose(self.combo.itemData(index, _NAME))

    # Showing it

    def _show(self) -> None:
        with QSignalBlocker(self.combo):
            self.combo.clear()
            if self._none:
                self._add(self._none, "")
            for function in self._environment.functions:
                self._add(function.name + function.signature, function.name, function.refusal or function.doc)
            if self._chosen and self.function is None:
                # Missing, or of a star import: the remark says which.
                self._add(self._chosen, self._chosen)
            self.combo.setCurrentIndex(self.combo.findData(self._chosen, _NAME) if self._chosen or self._none else -1)
        nothing = not self._environment.functions
        self.combo.setPlaceholderText(self.tr("No function") if nothing else self.tr("Choose a function"))
        self._show_remark()

    def _add(self, text: str, name: str, tip: str = "") -> None:
        self.combo.addItem(text)
        row = self.combo.count() - 1
        self.combo.setItemData(row, name, _NAME)
        self.combo.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)

    def _show_remark(self) -> None:
        function = self.function
        doc = function.doc if function else ""
        needs_choice = not self._none and not self._chosen
        self.remark.setText(self.problem or doc)
        self.remark.setVisible(bool(self.remark.text()))
        set_tone(self.remark, "bad" if self.problem and not needs_choice else "muted")
        self.combo.setAccessibleDescription(self.remark.text())
        self.combo.setToolTip((function.name + function.signature) if function else "")
