"""What the call takes that the cursor is in, with the parameter in bold that is being written."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from mcgui.console.analysis.jedi_completer import CallSignature
from mcgui.plain_text import unturned
from mcgui.scale import scaled
from mcgui.theme import Theme, monospace

#: Pixels, where text has its usual size.
_WIDEST, _AIR = 640, 24


class SignatureHint(QLabel):
    """Lies over the window, above the line of the cursor."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._window = theme, parent
        self.setObjectName("signatureHint")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setProperty("html", True)
        self.setWordWrap(True)
        self.setFont(monospace())
        self.setContentsMargins(8, 4, 8, 4)
        self.setIndent(0)  # which the height for a width leaves out
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_signature(self, signature: CallSignature, line: QRect) -> None:
        """Show it above a line, which is given in the window's coordinates."""
        parameters = [escape(unturned(parameter)) for parameter in signature.parameters]
        doc = unturned(signature.doc)
        if signature.index is not None and signature.index < len(parameters):
            parameters[signature.index] = f"<b>{parameters[signature.index]}</b>"
        words = f"{escape(signature.name)}({', '.join(parameters)})"
        if doc:
            words += f"<br><span style='color: {self._theme.colours.muted.name()}'>{escape(doc)}</span>"
        self.setText(words)
        plain = f"{signature.name}({', '.join(signature.parameters)})"
        self.setAccessibleName(plain)
        self.ensurePolished()  # with the font of the style sheet, in which it is measured
        wanted = max(self.fontMetrics().horizontalAdvance(line) for line in (plain, doc)) + scaled(_AIR)
        room = self._window.rect()
        self.setFixedWidth(min(wanted, scaled(_WIDEST), room.width()))
        self.setFixedHeight(self.heightForWidth(self.width()))
        top = line.top() - self.height() - 3
        if top < 0:
            top = line.bottom() + 3
        self.move(QPoint(max(min(line.left(), room.right() - self.width()), 0), top))
        self.show()
        self.raise_()

    def set_window(self, window: QWidget) -> None:
        """Lie over another window from now on: a panel can float, and come back."""
        if self._window is not window:
            self._window = window
            self.setParent(window)

    @Slot()
    def _dress(self) -> None:
        colours = self._theme.colours
        self.setStyleSheet(
            f"#signatureHint {{ background: {colours.panel.name()}; border: 1px solid {colours.border.name()};"
            " border-radius: 5px; }"
        )
