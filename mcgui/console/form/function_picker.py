"""Choosing a function of the environment: a list that follows the editor as it is typed in."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from inspect import cleandoc
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QGridLayout, QToolButton, QWidget

from mcgui.console.form.function_delegate import KIND, NAME, PURPOSE, UNFIT, FunctionDelegate, kind_of
from mcgui.console.parts.elided_label import ElidedChoice, WrappedLabel
from mcgui.console.parts.hint_room import HintRoom
from mcgui.icons import icon
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.theme import set_tone
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.environment.environment_source import Environment, FunctionInfo
from mcgui_core.errors import FunctionNotFound

#: Why a function is no good choice, as a sentence; "" where it may be one.
Fit = Callable[[FunctionInfo], str]
_EMPTY: Final = Environment.parse("")
#: An imported name or a class may be run, but is rarely what is meant.
_CHOSEN_UNASKED: Final = ("def", "lambda", "partial")


class FunctionPicker(QWidget):
    """A combo box of the functions that an environment defines, and what is to say of the one that is chosen.

    `none` is the text for "no function" where that may be chosen (such as "(none)"); "" where one has to be. `fit` says
    why a function cannot be used here although it can be run.

    The choice is kept while the source changes: by name, or by place where one function was renamed. A chosen function
    that is gone stays shown as missing, so that nobody runs another one by accident.

    Signals:
        changed(): another function is chosen, or the same one is different.
        jump_wanted(int): go to this line, where the chosen function is defined.
    """

    changed = Signal()
    jump_wanted = Signal(int)

    def __init__(self, name: str, none: str = "", parent: QWidget | None = None, fit: Fit | None = None) -> None:
        super().__init__(parent)
        self._none, self._fit = none, fit
        self._notes: Fit | None = None
        self._environment = _EMPTY
        self._unknown = ""  # why nobody knows what functions there are
        self._chosen = ""  # the name; "" is none
        self.combo = guard_from_wheel(ElidedChoice(self))
        self.combo.setAccessibleName(name)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(8)
        self.combo.activated.connect(self._on_activated)
        self.remark = WrappedLabel(self)
        HintRoom(self.remark, 1)
        self.combo.setItemDelegate(FunctionDelegate(self.combo))
        self.jump_button = QToolButton(self)
        self.jump_button.setProperty("flat", True)
        self.jump_button.setIconSize(QSize(scaled(15), scaled(15)))
        self.jump_button.setAccessibleName(f"Go to the definition: {name}")
        self.jump_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has an action for it
        self.jump_button.clicked.connect(self.jump)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self.combo, 0, 0)
        layout.addWidget(self.jump_button, 0, 1)
        policy = self.jump_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the list keeps its width, whatever is chosen in it
        self.jump_button.setSizePolicy(policy)
        layout.addWidget(self.remark, 1, 0, 1, 2)
        self._dress()
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
            function = self.function
            return self._fit(function) if self._fit is not None and function is not None else ""
        if self._none:
            return ""
        if not self._environment.functions:
            return self._unknown or "The environment defines no function at its top level yet."
        return "Choose the function to run."

    def needed(self) -> int:
        """Pixels of its width with which what is chosen is whole."""
        layout = self.layout()
        gap = layout.spacing() if layout is not None else 0
        return self.combo.width_with(self.combo.currentText()) + gap + self.jump_button.sizeHint().width()

    def choose(self, name: str) -> None:
        """Choose by name, whether the environment defines it (by now) or not; "" chooses none."""
        if name != self._chosen:
            self._chosen = name
            self._show()
            self.changed.emit()

    def offers(self, name: str) -> bool:
        """Whether the environment defines this function."""
        return self._environment.function(name) is not None

    @Slot()
    def jump(self) -> None:
        """Go to where the chosen function is defined."""
        if self.function is not None:
            self.jump_wanted.emit(self.function.line)

    def set_notes(self, notes: Fit) -> None:
        """Say in the list, below each function, why it does not suit what is loaded. It can be chosen all the same."""
        self._notes = notes
        for row in range(self.combo.count()):
            function = self._environment.function(str(self.combo.itemData(row, NAME) or ""))
            if function is not None:
                self._describe(row, function)

    # Following the editor

    def set_environment(self, environment: Environment) -> None:
        """Offer the functions of this environment. One that does not compile is not given here: the list stays."""
        old, before = self._environment, (self._chosen, self.function, self.problem)
        self._environment, self._unknown = environment, ""
        self._chosen = self._follow(old.functions)
        if old.functions != environment.functions or before != (self._chosen, self.function, self.problem):
            self._show()
        if before != (self._chosen, self.function, self.problem):
            self.changed.emit()

    def set_unknown(self, why: str) -> None:
        """There is no other environment that could be offered, as this sentence says: the list stays."""
        if why != self._unknown:
            self._unknown = why
            self._show_remark()

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
        self.choose(self.combo.itemData(index, NAME))

    # Showing it

    def _show(self) -> None:
        with QSignalBlocker(self.combo):
            self.combo.clear()
            if self._none:
                self._add(self._none, "")
            before = ""
            for function in self._environment.functions:
                if function.kind == "import" and before not in ("", "import"):
                    self.combo.insertSeparator(self.combo.count())  # what is imported follows what is defined
                before = function.kind
                self._add(function.name + function.signature, function.name)
                self._describe(self.combo.count() - 1, function)
            if self._chosen and self.function is None:
                # Missing, or of a star import: the remark says which.
                self._add(self._chosen, self._chosen)
            self.combo.setCurrentIndex(self.combo.findData(self._chosen, NAME) if self._chosen or self._none else -1)
        nothing = not self._environment.functions
        self.combo.setPlaceholderText("No function" if nothing else "Choose a function")
        self._show_remark()

    def _add(self, text: str, name: str) -> None:
        self.combo.addItem(unturned(text))
        self.combo.setItemData(self.combo.count() - 1, name, NAME)

    def _describe(self, row: int, function: FunctionInfo) -> None:
        """Tell what stands below a function in the list: why it cannot be used, or else what it is for."""
        refusal = f"cannot be run: {function.refusal}" if function.refusal else ""
        misfit = next((why for fit in (self._fit, self._notes) if fit is not None and (why := fit(function))), "")
        purpose = refusal or misfit or function.doc
        for role, value in (
            (KIND, kind_of(function)),
            (PURPOSE, unturned(purpose)),
            (UNFIT, bool(refusal or misfit)),
            (Qt.ItemDataRole.ToolTipRole, _tip(function, refusal or misfit)),
            (Qt.ItemDataRole.AccessibleTextRole, f"{function.name}{function.signature}. {purpose}"),
        ):
            self.combo.setItemData(row, value, role)

    def _show_remark(self) -> None:
        function = self.function
        doc = function.doc if function else ""
        needs_choice = not self._none and not self._chosen
        self.remark.setText(self.problem or doc)
        set_tone(self.remark, "bad" if self.problem and not needs_choice else "muted")
        self.combo.setAccessibleDescription(self.remark.text())
        tip = _tip(function) if function else ""
        self.remark.setToolTip(tip)
        self.combo.setToolTip(tip)
        self.jump_button.setVisible(function is not None)
        where = f"Go to line {function.line}, where it is defined" if function else ""
        self.jump_button.setToolTip(where)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        self.jump_button.setIcon(icon("jump", self.palette().color(QPalette.ColorRole.PlaceholderText)))


def _tip(function: FunctionInfo, remark: str = "") -> str:
    """All that the source tells of a function: its signature, and the whole docstring."""
    parts = (function.name + function.signature, remark, cleandoc(function.docstring) or function.doc)
    text = unturned("\n\n".join(part for part in parts if part))
    # Qt takes what looks like HTML for it.
    return f"<p style='white-space: pre'>{escape(text)}</p>" if "<" in text or "&" in text else text
