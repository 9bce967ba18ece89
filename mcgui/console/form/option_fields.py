"""Fields for the options of a job, made from what `RunOptions` says of each.

Each has `choose(value)`, `chosen` and the signal `edited`, shows a value as it is and gives it back as it was shown:
none is rounded or brought into a narrower range.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSize, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from mcgui.console.parts.elided_label import ElidedChoice, elide_choice
from mcgui.scale import scaled
from mcgui.theme import pad
from mcgui.wheel_guard import guard_from_wheel
from mcgui_core.protocol.option_kinds import Bytes, Choice, FunctionName, OptionKind, Seconds, Seed, WholeNumber, YesNo

#: Digits behind the point that can be typed.
_DIGITS = 9
_MEGA = 10**6
#: Pixels of a number at least.
_LEAST = 120


class ChoiceField(ElidedChoice):
    """One of a few, by what people call them."""

    edited = Signal()

    def __init__(self, kind: Choice, words: dict[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        guard_from_wheel(self)
        for choice in kind.choices:
            self.addItem(words.get(choice, choice), choice)
        self.currentIndexChanged.connect(self.edited)

    def minimumSizeHint(self) -> QSize:
        """With which each is whole: the form gives it a line of its own where its label leaves it less."""
        return QSize(max(map(self.width_with, self.texts)), super().minimumSizeHint().height())

    @property
    def chosen(self) -> str:
        return str(self.currentData())

    def choose(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))


class YesNoField(QCheckBox):
    """Whether something is done."""

    edited = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.toggled.connect(self.edited)

    @property
    def chosen(self) -> bool:
        return self.isChecked()

    def choose(self, value: bool) -> None:
        self.setChecked(value)


class WholeField(QSpinBox):
    """A whole number; below the least is none, where that may be."""

    edited = Signal()

    def __init__(self, kind: WholeNumber, parent: QWidget) -> None:
        super().__init__(parent)
        guard_from_wheel(self)
        self._none = kind.least - 1 if kind.none else None
        self.setRange(kind.least if self._none is None else self._none, kind.most)
        self.setSpecialValueText(kind.none)
        self.valueChanged.connect(self.edited)
        pad(self)

    @property
    def chosen(self) -> int | None:
        return None if self.value() == self._none else self.value()

    def choose(self, value: int | None) -> None:
        self.setValue(self.minimum() if value is None else value)


class RealField(QDoubleSpinBox):
    """A number, in units of `unit`; 0 is none, where that may be.

    What was chosen is remembered, and given back until somebody types or clicks another number: a spin box rounds.
    """

    edited = Signal()

    def __init__(self, kind: Seconds | Bytes, unit: int, suffix: str, parent: QWidget) -> None:
        super().__init__(parent)
        guard_from_wheel(self)
        self._kind, self._unit = kind, unit
        self._given: tuple[float | None, float] = (None if kind.none else 0.0, 0.0)  # chosen, and shown for it
        self.setDecimals(_DIGITS)
        self.setRange(0, kind.most / unit)
        self.setSuffix(suffix)
        self.setSpecialValueText(kind.none)
        self.valueChanged.connect(self.edited)
        pad(self)

    @property
    def chosen(self) -> float | None:
        given, shown = self._given
        if self.value() == shown:
            return given
        if self._kind.none and not self.value():
            return None
        if isinstance(self._kind, Bytes):
            return max(round(self.value() * self._unit), 1)
        return max(self.value() * self._unit, self._kind.least)

    def choose(self, value: float | None) -> None:
        self._given = (value, 0.0)
        self.setValue((value or 0.0) / self._unit)
        self._given = (value, self.value())

    def textFromValue(self, value: float) -> str:
        """As many digits as are needed to tell it from every other number."""
        text = self.locale().toString(value, "f", QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value)
        return text.replace(self.locale().groupSeparator(), "")


class TextField(QLineEdit):
    """A name, or another short text; where nothing is written there is none."""

    edited = Signal()

    def __init__(self, kind: FunctionName | Seed, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(kind.none)
        self.textChanged.connect(self.edited)

    @property
    def chosen(self) -> str | None:
        return self.text().strip() or None

    def choose(self, value: str | None) -> None:
        self.setText(value or "")


OptionField = ChoiceField | YesNoField | WholeField | RealField | TextField


def option_field(kind: OptionKind, words: dict[str, str], parent: QWidget) -> OptionField:
    """The field for a kind of option. `words` is what its choices are called."""
    field = _field(kind, words, parent)
    if isinstance(field, QAbstractSpinBox):  # not by the largest number that there may be, which nobody types
        field.setMinimumWidth(scaled(_LEAST))
    field.setAccessibleName(kind.title)
    field.setAccessibleDescription(kind.text)
    field.setToolTip(kind.text)
    if isinstance(field, ChoiceField):
        elide_choice(field)
    return field


def _field(kind: OptionKind, words: dict[str, str], parent: QWidget) -> OptionField:
    match kind:
        case Choice():
            return ChoiceField(kind, words, parent)
        case YesNo():
            return YesNoField(parent)
        case WholeNumber():
            return WholeField(kind, parent)
        case Seconds():
            return RealField(kind, 1, " s", parent)
        case Bytes():
            return RealField(kind, _MEGA, " MB", parent)
        case FunctionName() | Seed():
            return TextField(kind, parent)
    raise AssertionError(f"no field is known for {type(kind).__name__}")
