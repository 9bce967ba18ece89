"""From a line of a traceback to that line in the editor: by a double click on it, or from the menu of the text."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mcgui.console.environment.editor_page import UNNAMED
from mcgui.console.environment.environment_panel import EnvironmentPanel
from mcgui.exact_text import ExactTextEdit
from mcgui.plain_text import plain_button

_PLACE: Final = re.compile(r'^\s*File "([^"\n]+)", line ([0-9]+)', re.MULTILINE)
#: Places that the menu offers, the last ones: where it was raised is nearest to the end.
_MOST: Final = 5
_TIP: Final = "A double click goes to this line in the editor"


class TracebackLines(QObject):
    """Follows texts in which there may be tracebacks. Files of Python and of packages lead nowhere, nor do those that
    neither are open nor travel with what is in front."""

    def __init__(self, environment: EnvironmentPanel, parent: QWidget) -> None:
        super().__init__(parent)
        self._environment = environment
        self._texts: dict[QObject, ExactTextEdit] = {}  # by what the mouse is over

    def follow(self, text: ExactTextEdit) -> None:
        """Lead from the lines of this text from now on."""
        self._texts[text.viewport()] = text
        text.viewport().installEventFilter(self)
        text.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        text.customContextMenuRequested.connect(partial(self._on_menu, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        text = self._texts.get(watched)
        if text is None:
            return False
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick:
            found = self._place_at(text, event.position().toPoint())
            return found is not None and self._environment.go_to_place_of(*found)
        if isinstance(event, QHelpEvent) and self._place_at(text, event.pos()) is not None:
            QToolTip.showText(event.globalPos(), _TIP, text)
            return True
        return False

    def _place_at(self, text: ExactTextEdit, where: QPoint) -> tuple[str, int] | None:
        found = _places(text.cursorForPosition(where).block().text())
        return found[0] if found and self._environment.has_place_of(found[0][0]) else None

    def _on_menu(self, text: ExactTextEdit, where: QPoint) -> None:
        menu = text.createStandardContextMenu(where)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        there = [one for one in dict.fromkeys(_places(text.exact)) if self._environment.has_place_of(one[0])]
        for file, line in reversed(there[-_MOST:]):
            name = "the environment" if file == UNNAMED else re.split(r"[/\\]", file)[-1]
            action = menu.addAction(plain_button(f"Go to line {line} of {name}"))
            action.triggered.connect(partial(self._on_chosen, file, line))
        menu.popup(text.viewport().mapToGlobal(where))

    def _on_chosen(self, file: str, line: int, _checked: bool = False) -> None:
        self._environment.go_to_place_of(file, line)


def _places(text: str) -> list[tuple[str, int]]:
    """The files and lines that a traceback in it names, in their order."""
    return [(match[1], int(match[2])) for match in _PLACE.finditer(text)]
