"""What makes a form easy on the eye: where there is little room, it does without that before it scrolls."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QLayout

from mcgui.console.form.form_rows import FormRows
from mcgui.console.parts.hint_room import HintRoom

#: Pixels above and below the fields, and those where there is little room.
_AROUND, _TIGHT = (10, 12), (4, 5)
_AIR: Final = sum(_AROUND) - sum(_TIGHT)


class FormAir:
    """Gaps between its rows, and around them, and the summary of its arguments in as many lines as it has (`Spare`)."""

    def __init__(self, around: QLayout, rows: FormRows, arguments: HintRoom) -> None:
        self._around, self._rows, self._arguments = around, rows, arguments
        self._is_given = True

    def spare(self) -> int:
        return _AIR + self._rows.air + self._arguments.foldable

    def given(self) -> int:
        return self.spare() if self._is_given else 0

    def give(self, is_given: bool) -> None:
        if is_given == self._is_given:
            return
        self._is_given = is_given
        above, below = _AROUND if is_given else _TIGHT
        margins = self._around.contentsMargins()
        self._around.setContentsMargins(margins.left(), above, margins.right(), below)
        self._rows.set_tight(not is_given)
        self._arguments.fold(not is_given)
